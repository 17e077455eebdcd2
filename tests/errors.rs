//! What a refusal says to the client, and to the log.
#![allow(clippy::unwrap_used)]

use std::error::Error;

use propelauth_edge::{AuthError, Claim, Forbidden, InvalidSignature, MetadataError, Unauthorized};

#[test]
fn unauthorized() {
    let (no_token, invalid_token) = ("Bearer", r#"Bearer error="invalid_token""#);
    let invalid = "Invalid access token";
    for (error, public_message, www_authenticate, log) in [
        (Unauthorized::MissingHeader, "No authorization header found", no_token, "no Authorization header"),
        (
            Unauthorized::MalformedHeader,
            "Invalid authorization header. Expected: Bearer {accessToken}",
            no_token,
            "Authorization header that is not `Bearer`, one space and a token",
        ),
        (Unauthorized::TokenTooLong, invalid, invalid_token, "access token longer than the limit"),
        (Unauthorized::MalformedToken, invalid, invalid_token, "malformed access token"),
        (Unauthorized::UnsupportedAlgorithm, invalid, invalid_token, "signature algorithm other than RS256"),
        (Unauthorized::UnsupportedCritical, invalid, invalid_token, "unsupported critical extension"),
        (Unauthorized::InvalidSignature, invalid, invalid_token, "invalid signature"),
        (Unauthorized::InvalidPayload, invalid, invalid_token, "claims that are not a well-formed JSON object"),
        (Unauthorized::MissingClaim(Claim::Exp), invalid, invalid_token, "missing claim `exp`"),
        (
            Unauthorized::MissingClaim(Claim::UserId),
            "Invalid payload in token",
            invalid_token,
            "missing claim `user_id`",
        ),
        (Unauthorized::InvalidClaim(Claim::UserId), invalid, invalid_token, "invalid claim `user_id`"),
        (Unauthorized::WrongIssuer, invalid, invalid_token, "access token of another issuer"),
        (Unauthorized::Expired, invalid, invalid_token, "expired access token"),
        (Unauthorized::NotYetValid, invalid, invalid_token, "access token that is not yet valid"),
        (
            Unauthorized::BufferTooSmall { needed: 700 },
            invalid,
            invalid_token,
            "buffer too small for the access token, 700 octets needed",
        ),
    ] {
        let of_both = AuthError::from(error);
        assert_eq!((error.status(), of_both.status()), (401, 401));
        assert_eq!([error.public_message(), of_both.public_message()], [public_message; 2]);
        assert_eq!([error.www_authenticate(), of_both.www_authenticate()], [www_authenticate; 2]);
        assert_eq!([error.to_string(), of_both.to_string(), of_both.source().unwrap().to_string()], [log; 3]);
    }
}

#[test]
fn forbidden() {
    for (error, public_message, log) in [
        (Forbidden::NotMemberOfOrg, "User is not a member of org", "user who is not a member of the org"),
        (Forbidden::MissingRole, "User doesn't have required role", "user without the role in the org"),
        (
            Forbidden::MissingPermission,
            "User doesn't have required permission",
            "user without the permission in the org",
        ),
    ] {
        let of_both = AuthError::from(error);
        assert_eq!((error.status(), of_both.status()), (403, 403));
        assert_eq!([error.public_message(), of_both.public_message()], [public_message; 2]);
        let www_authenticate = r#"Bearer error="insufficient_scope""#;
        assert_eq!([error.www_authenticate(), of_both.www_authenticate()], [www_authenticate; 2]);
        assert_eq!([error.to_string(), of_both.to_string(), of_both.source().unwrap().to_string()], [log; 3]);
    }
}

#[test]
fn signature_and_metadata() {
    assert_eq!(InvalidSignature.to_string(), "invalid signature");
    assert_eq!(MetadataError::ModulusEven.to_string(), "the verifier key has an even modulus");
    let too_large = format!("the verifier key has more than {} bits", propelauth_edge::limits::MAX_MODULUS_BITS);
    assert_eq!(MetadataError::ModulusTooLarge.to_string(), too_large);
}
