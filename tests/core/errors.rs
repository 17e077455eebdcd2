//! Errors as the client and the log see them.
#![allow(clippy::unwrap_used)]

use std::error::Error;

use propelauth_edge::{AuthError, Claim, Forbidden, InvalidSignature, MetadataError, Unauthorized};

/// Returns the variant's name without its content, like `code`.
fn variant(error: &impl std::fmt::Debug) -> String {
    format!("{error:?}").chars().take_while(|c| c.is_ascii_alphanumeric()).collect()
}

#[test]
fn unauthorized() {
    let (no_token, invalid_token) = (Some("Bearer"), Some(r#"Bearer error="invalid_token""#));
    let invalid = "Invalid access token";
    for (error, public_message, www_authenticate, log) in [
        (Unauthorized::MissingHeader, "No authorization header found", no_token, "no Authorization header"),
        (Unauthorized::MissingToken, "No access token found", no_token, "no access token in the request"),
        (
            Unauthorized::RepeatedToken,
            "More than one access token found",
            no_token,
            "more than one access token in the request",
        ),
        (
            Unauthorized::MalformedHeader,
            "Invalid authorization header. Expected: Bearer {accessToken}",
            no_token,
            "Authorization header is not `Bearer`, one space and a token",
        ),
        (Unauthorized::TokenTooLong, invalid, invalid_token, "access token is longer than the limit"),
        (Unauthorized::MalformedToken, invalid, invalid_token, "malformed access token"),
        (Unauthorized::UnsupportedAlgorithm, invalid, invalid_token, "signature algorithm is not RS256"),
        (Unauthorized::UnsupportedCritical, invalid, invalid_token, "unsupported critical extension"),
        (Unauthorized::InvalidSignature, invalid, invalid_token, "invalid signature"),
        (Unauthorized::InvalidPayload, invalid, invalid_token, "claims are not a well-formed JSON object"),
        (Unauthorized::MissingClaim(Claim::Exp), invalid, invalid_token, "missing claim `exp`"),
        (
            Unauthorized::MissingClaim(Claim::UserId),
            "Invalid payload in token",
            invalid_token,
            "missing claim `user_id`",
        ),
        (Unauthorized::InvalidClaim(Claim::UserId), invalid, invalid_token, "invalid claim `user_id`"),
        (Unauthorized::WrongIssuer, invalid, invalid_token, "access token from another issuer"),
        (Unauthorized::WrongAudience, invalid, invalid_token, "access token for another audience"),
        (Unauthorized::Expired, invalid, invalid_token, "expired access token"),
        (Unauthorized::NotYetValid, invalid, invalid_token, "access token not yet valid"),
        (
            Unauthorized::BufferTooSmall { needed: 700 },
            "Internal error",
            None,
            "buffer too small for the access token: 700 bytes needed",
        ),
    ] {
        let of_both = AuthError::from(error);
        // A buffer that is too small is a server-side error.
        let status = if public_message == "Internal error" { 500 } else { 401 };
        assert_eq!([error.status(), of_both.status()], [status; 2]);
        assert_eq!([error.code(), of_both.code()], [&*variant(&error); 2]);
        assert_eq!([error.public_message(), of_both.public_message()], [public_message; 2]);
        assert_eq!([error.www_authenticate(), of_both.www_authenticate()], [www_authenticate; 2]);
        assert_eq!([error.to_string(), of_both.to_string()], [log; 2]);
        assert!(error.source().is_none() && of_both.source().is_none(), "a report would print it twice");
    }
}

#[test]
fn claims_of_errors() {
    for claim in [Claim::Exp, Claim::UserId, Claim::OrgMemberInfo] {
        assert_eq!(Unauthorized::MissingClaim(claim).claim(), Some(claim));
        assert_eq!(Unauthorized::InvalidClaim(claim).claim(), Some(claim));
    }
    assert_eq!(Unauthorized::WrongIssuer.claim(), None);
}

#[test]
fn forbidden() {
    for (error, public_message, log) in [
        (Forbidden::NotMemberOfOrg, "User is not a member of org", "user is not a member of the org"),
        (Forbidden::MissingRole, "User doesn't have required role", "user does not have the role in the org"),
        (
            Forbidden::MissingPermission,
            "User doesn't have required permission",
            "user does not have the permission in the org",
        ),
    ] {
        let of_both = AuthError::from(error);
        assert_eq!((error.status(), of_both.status()), (403, 403));
        assert_eq!([error.public_message(), of_both.public_message()], [public_message; 2]);
        let www_authenticate = r#"Bearer error="insufficient_scope""#;
        assert_eq!((error.www_authenticate(), of_both.www_authenticate()), (www_authenticate, Some(www_authenticate)));
        assert_eq!([error.code(), of_both.code()], [&*variant(&error); 2]);
        assert_eq!([error.to_string(), of_both.to_string()], [log; 2]);
        assert!(error.source().is_none() && of_both.source().is_none(), "a report would print it twice");
    }
}

#[test]
fn codes_of_metadata_errors() {
    macro_rules! with_names {
        ($($variant:ident)*) => { [$((MetadataError::$variant, stringify!($variant)),)*] };
    }
    let all = with_names! {
        IssuerMissing IssuerTooLong IssuerHasWhiteSpace IssuerNotHttps IssuerEndsInSlash IssuerHasPath
        IssuerInvalidHost TooManyIssuers AdditionalIssuerTooLong AudienceMissing AudienceTooLong KeyMissing KeyTooLong TooManyKeys
        NotAPublicKeyPem CertificateGiven PrivateKeyGiven TextAroundPem InvalidPem InvalidDer
        NotAnRsaKey InvalidAlgorithmParameters ModulusTooSmall ModulusTooLarge ModulusEven InvalidExponent
        TestKey
    };
    for (error, name) in all {
        assert_eq!(error.code(), name);
        // `fn main() -> Result<…>` prints the sentence.
        assert_eq!(format!("{error:?}"), error.to_string());
        let of_text = ["NotAPublicKeyPem", "TextAroundPem", "InvalidPem", "InvalidDer"].contains(&name);
        let more = if of_text { "; run `propelauth-edge key` to see what it is" } else { "" };
        assert_eq!(error.to_string(), format!("{}{more}", error.message()));
    }
}

#[test]
fn signature_and_metadata() {
    assert_eq!(InvalidSignature.to_string(), "invalid signature");
    assert_eq!(MetadataError::ModulusEven.to_string(), "the verifier key has an even modulus");
    let too_large = format!("the verifier key has more than {} bits", propelauth_edge::limits::MAX_MODULUS_BITS);
    assert_eq!(MetadataError::ModulusTooLarge.to_string(), too_large);
}
