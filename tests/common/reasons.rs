//! Which variant of `Unauthorized` each `reason` of the corpus stands for.

use propelauth_edge::{Claim, MetadataError, Unauthorized};

use Unauthorized::{
    Expired, InvalidClaim, InvalidPayload, InvalidSignature, MalformedHeader, MalformedToken, MissingClaim, MissingHeader,
    NotYetValid, TokenTooLong, UnsupportedAlgorithm, UnsupportedCritical, WrongIssuer,
};

use super::corpus::{Refused, TokenRow};
use super::tally::Tally;

/// Reasons that name one variant, given the order of checks.
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

/// Reasons that do not tell where the fault is, and the variants that they may mean.
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

/// Rows that have another fault than their reason names, one that is found before.
const FOUND_BEFORE: &[(&str, Unauthorized)] = &[];

/// Reasons for which there is no verifier to begin with.
const NO_VERIFIER: &[(&str, &str, MetadataError)] = &[];

pub fn check(row: &TokenRow, error: Unauthorized, tally: &mut Tally) {
    let found_before = FOUND_BEFORE.iter().find(|(id, _)| *id == row.id);
    let unique = found_before.or_else(|| UNIQUE.iter().find(|(reason, _)| *reason == row.reason));
    if let Some((_, expected)) = unique {
        return tally.same(&row.id, &row.reason, error, *expected);
    }
    let several = SEVERAL.iter().find(|(reason, _)| *reason == row.reason);
    if !several.is_some_and(|(_, variants)| variants.contains(&error)) {
        tally.fail(&row.id, format!("{}: got {error:?}", row.reason));
    }
}

pub fn check_no_verifier(_: &TokenRow, _: Refused, _: &mut Tally) {}

pub fn refused_before_the_oracle_does(row: &TokenRow) -> bool {
    row.id == "duplicate_keys/user_id_null_last"
}
