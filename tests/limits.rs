//! What is at a limit passes, and what is one beyond it is refused, for the reason that the limit is.
#![allow(clippy::unwrap_used)]

mod common;

use std::fmt::Write as _;

use common::mint::{HEADER, ISSUER, Mint, NOW};
use propelauth_edge::limits::{MAX_HEADER_PARAMETERS, MAX_ISSUER_LEN, MAX_OTHER_CLAIMS, MAX_TOKEN_LEN};
use propelauth_edge::{MetadataError, TokenVerificationMetadata, Unauthorized, Verifier};

/// Claims that pass, with more members.
fn claims(more: &str) -> String {
    let now = NOW.as_secs();
    format!(r#"{{"user_id":"u","iss":"{ISSUER}","iat":{now},"exp":{}{more}}}"#, now + 60)
}

/// So many members of unlike names, each behind a comma.
fn members(count: usize) -> String {
    (0..count).fold(String::new(), |mut text, i| {
        write!(text, r#","name {i}":{i}"#).unwrap();
        text
    })
}

fn validate(verifier: &Verifier, token: &str) -> Result<(), Unauthorized> {
    let mut buffer = vec![0; Verifier::buffer_len(token)];
    verifier.validate_access_token(token, NOW, &mut buffer).map(|_| ())
}

#[test]
fn length_of_a_token() {
    let mint = Mint::new("rsa2048");
    let of_payload = |len: usize| {
        let filled = claims(&format!(r#","properties":{{"a":"{}"}}"#, "x".repeat(len)));
        mint.token_with_header(HEADER.as_bytes(), filled.as_bytes())
    };
    // Three octets of payload make four characters, and white space in the header the rest.
    let mut longest = of_payload((MAX_TOKEN_LEN - of_payload(0).len()) / 4 * 3 - 3);
    let mut blanks = String::new();
    while longest.len() < MAX_TOKEN_LEN {
        blanks.push(' ');
        let payload = longest.split('.').nth(1).unwrap();
        let header = common::mint::base64url(format!("{HEADER}{blanks}").as_bytes());
        longest = mint.sign_text(&format!("{header}.{payload}"));
    }
    assert_eq!(longest.len(), MAX_TOKEN_LEN);
    assert_eq!(validate(&mint.verifier, &longest), Ok(()));
    let beyond = format!("{longest}A");
    assert_eq!(validate(&mint.verifier, &beyond), Err(Unauthorized::TokenTooLong));
    assert_eq!(Verifier::buffer_len(&beyond), 0);
}

#[test]
fn parameters_of_a_header() {
    let mint = Mint::new("rsa2048");
    let with = |count| {
        mint.token_with_header(format!(r#"{{"alg":"RS256"{}}}"#, members(count)).as_bytes(), claims("").as_bytes())
    };
    assert_eq!(validate(&mint.verifier, &with(MAX_HEADER_PARAMETERS - 1)), Ok(()));
    assert_eq!(validate(&mint.verifier, &with(MAX_HEADER_PARAMETERS)), Err(Unauthorized::MalformedToken));
}

#[test]
fn claims_that_are_not_read() {
    let mint = Mint::new("rsa2048");
    let with = |count| mint.token(claims(&members(count)).as_bytes());
    assert_eq!(validate(&mint.verifier, &with(MAX_OTHER_CLAIMS)), Ok(()));
    assert_eq!(validate(&mint.verifier, &with(MAX_OTHER_CLAIMS + 1)), Err(Unauthorized::InvalidPayload));
}

#[test]
fn length_of_an_issuer() {
    let verifier_key = &common::corpus::own_key_pem("rsa2048");
    let with = |len: usize| {
        let issuer = &"x".repeat(len);
        Verifier::new(TokenVerificationMetadata { verifier_key, issuer }).map(|verifier| verifier.issuer() == issuer)
    };
    assert_eq!(with(MAX_ISSUER_LEN), Ok(true));
    assert_eq!(with(MAX_ISSUER_LEN + 1), Err(MetadataError::IssuerTooLong));
    assert_eq!(with(0), Err(MetadataError::IssuerMissing));
}
