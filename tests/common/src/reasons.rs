//! The variant of `Unauthorized` for each `reason` of the corpus.

use propelauth_edge::{Claim, MetadataError, Unauthorized};

use Unauthorized::{
    Expired, InvalidClaim, InvalidPayload, InvalidSignature, MalformedHeader, MalformedToken, MissingClaim,
    MissingHeader, NotYetValid, TokenTooLong, UnsupportedAlgorithm, UnsupportedCritical, WrongIssuer,
};

use super::corpus::{Refused, TokenRow, matches};
use super::tally::Tally;

/// Reasons with one variant, given the order of checks.
const UNIQUE: &[(&str, Unauthorized)] = &[
    ("no_header", MissingHeader),
    ("invalid_header", MalformedHeader),
    ("malformed_structure", MalformedToken),
    ("bad_base64", MalformedToken),
    ("base64_padding", MalformedToken),
    ("malformed_header", MalformedToken),
    ("duplicate_header_key", MalformedToken),
    ("header_wrong_type", MalformedToken),
    ("kid_not_string", MalformedToken),
    ("alg_not_allowed", UnsupportedAlgorithm),
    ("unsupported_crit", UnsupportedCritical),
    ("b64_false", UnsupportedCritical),
    ("b64_not_true", UnsupportedCritical),
    ("bad_signature", InvalidSignature),
    ("malformed_json", InvalidPayload),
    ("not_json_number", InvalidPayload),
    ("lone_surrogate", InvalidPayload),
    ("payload_not_object", InvalidPayload),
    ("duplicate_claim", InvalidPayload),
    ("missing_exp", MissingClaim(Claim::Exp)),
    ("missing_iat", MissingClaim(Claim::Iat)),
    ("missing_iss", MissingClaim(Claim::Iss)),
    ("missing_user_id", MissingClaim(Claim::UserId)),
    ("bad_exp", InvalidClaim(Claim::Exp)),
    ("bad_iat", InvalidClaim(Claim::Iat)),
    ("bad_nbf", InvalidClaim(Claim::Nbf)),
    ("bad_sub", InvalidClaim(Claim::Sub)),
    ("bad_jti", InvalidClaim(Claim::Jti)),
    ("wrong_issuer", WrongIssuer),
    ("expired", Expired),
    ("not_yet_valid_iat", NotYetValid),
    ("not_yet_valid_nbf", NotYetValid),
    ("empty_user_id", InvalidClaim(Claim::UserId)),
    ("bad_login_method", InvalidClaim(Claim::LoginMethod)),
];

/// Reasons that do not locate the error, and their possible variants.
const SEVERAL: &[(&str, &[Unauthorized])] = &[
    // In the header or in the payload.
    ("not_utf8", &[MalformedToken, InvalidPayload]),
    ("too_deep", &[MalformedToken, InvalidPayload, TokenTooLong]),
    // Of any of the dates.
    ("numeric_date_not_a_number", DATES),
    ("numeric_date_out_of_range", DATES),
    // Of the active org or in the map of all.
    ("org_missing_field", ORGS),
    ("duplicate_org_key", ORGS),
    ("wrong_type", USER),
];

const DATES: &[Unauthorized] = &[InvalidClaim(Claim::Exp), InvalidClaim(Claim::Iat), InvalidClaim(Claim::Nbf)];

const ORGS: &[Unauthorized] = &[InvalidClaim(Claim::OrgMemberInfo), InvalidClaim(Claim::OrgIdToOrgMemberInfo)];

const USER: &[Unauthorized] = &[
    InvalidClaim(Claim::UserId),
    InvalidClaim(Claim::Email),
    InvalidClaim(Claim::FirstName),
    InvalidClaim(Claim::LastName),
    InvalidClaim(Claim::Username),
    InvalidClaim(Claim::LegacyUserId),
    InvalidClaim(Claim::ImpersonatorUserId),
    InvalidClaim(Claim::Properties),
    InvalidClaim(Claim::LoginMethod),
    InvalidClaim(Claim::OrgMemberInfo),
    InvalidClaim(Claim::OrgIdToOrgMemberInfo),
];

/// Rows with a second error, which this crate finds before the one in their reason, or reports differently. A `*`
/// matches any text.
const OTHER_FAULT: &[(&str, Unauthorized)] = &[
    // The reference reads a string or `false` as a number, and compares numbers of any size.
    ("time/nbf_string_future", InvalidClaim(Claim::Nbf)),
    ("time/exp_false", InvalidClaim(Claim::Exp)),
    ("time/exp_below_i64_min", InvalidClaim(Claim::Exp)),
    ("time/exp_u64_negative_wrap", InvalidClaim(Claim::Exp)),
    ("time/iat_i64_max_plus_1", InvalidClaim(Claim::Iat)),
    ("time/iat_u64_max*", InvalidClaim(Claim::Iat)),
    ("time/iat_1e30", InvalidClaim(Claim::Iat)),
    ("time/iat_4000_digits", InvalidClaim(Claim::Iat)),
    // The reference's JSON parser rejects this many digits; they are JSON.
    ("time/exp_5000_digits", InvalidClaim(Claim::Exp)),
    ("time/iat_5000_digits", InvalidClaim(Claim::Iat)),
    // The reference's JSON parser accepts these literals; they are not JSON.
    ("time/*_nan", InvalidPayload),
    ("time/*_infinity", InvalidPayload),
    ("json_malformed/nan_in_header", MalformedToken),
    // Not a string.
    ("issuer/type_*", InvalidClaim(Claim::Iss)),
    // Segments may not be empty.
    ("json_malformed/empty", MalformedToken),
    ("header/b64_false_no_crit_detached", MalformedToken),
    ("alg_confusion/none_*_empty_signature", MalformedToken),
    ("signature/rsa2048_empty", MalformedToken),
    ("signature/rsa3072_empty", MalformedToken),
    ("signature/rsa4096_empty", MalformedToken),
    // The header is valid, the token in it is not.
    ("authorization_header/tab_after_space", MalformedToken),
    // The payload is read only after the signature is verified.
    ("structure/newline_after_dot", InvalidSignature),
    // Longer than the limit.
    ("jsontestsuite/n_structure_open_array_object", TokenTooLong),
    // Each segment is base64url, with the wrong content.
    ("structure/swapped_hp", UnsupportedAlgorithm),
    ("structure/swapped_ps", InvalidSignature),
    ("structure/truncated_minus_2", InvalidSignature),
];

pub fn check(row: &TokenRow, error: Unauthorized, tally: &mut Tally) {
    let other_fault = OTHER_FAULT.iter().find(|(pattern, _)| matches(pattern, &row.id));
    let unique = other_fault.or_else(|| UNIQUE.iter().find(|(reason, _)| *reason == row.reason));
    if let Some((_, expected)) = unique {
        return tally.same_label(&row.id, &row.reason, error, *expected);
    }
    let several = SEVERAL.iter().find(|(reason, _)| *reason == row.reason);
    let variants = several.map_or(&[][..], |(_, variants)| variants);
    let found = variants.iter().find(|variant| **variant == error);
    tally.same_label(&row.id, &row.reason, Some(&error), found.or(variants.first()));
}

/// Checks rows whose key or issuer does not make a verifier.
pub fn check_no_verifier(row: &TokenRow, refused: Refused, tally: &mut Tally) {
    let expected = match row.issuer.as_str() {
        "" => MetadataError::IssuerMissing,
        // The reference accepts it, and a token with it. PropelAuth issues none.
        issuer if issuer.ends_with('/') => MetadataError::IssuerEndsInSlash,
        _ => MetadataError::ModulusTooLarge,
    };
    tally.same_label(&row.id, "no verifier", refused.error, expected);
}

/// Returns whether the reference rejects the row for its claims, after it took the last of two duplicates.
pub fn refused_before_the_oracle_does(row: &TokenRow) -> bool {
    row.reason == "duplicate_claim"
}
