//! Any text in the place of each segment: malformed exactly when `base64ct` says so.
#![no_main]

use base64ct::{Base64UrlUnpadded, Encoding};
use libfuzzer_sys::fuzz_target;
use propelauth_edge::Unauthorized;
use propelauth_edge_fuzz::{HEADER, base64url, token, validate};

fuzz_target!(|text: &str| {
    let header = base64url(HEADER.as_bytes());
    let octets = Base64UrlUnpadded::decode_vec(text).ok().filter(|octets| !octets.is_empty());
    let is_malformed = |token: &str| validate(token) == Err(Unauthorized::MalformedToken);

    assert_eq!(is_malformed(&token(&format!("{header}.{text}"))), octets.is_none(), "payload");
    // The header has to be JSON as well.
    assert!(octets.is_some() || is_malformed(&token(&format!("{text}.e30"))), "header");
    // One that is longer than any is not decoded.
    let signature = validate(&format!("{header}.e30.{text}"));
    let is_too_long = text.len() > 4096 / 8 * 4 / 3 + 1 && !text.contains('.');
    let expected =
        if octets.is_none() && !is_too_long { Unauthorized::MalformedToken } else { Unauthorized::InvalidSignature };
    assert_eq!(signature, Err(expected), "signature");
});
