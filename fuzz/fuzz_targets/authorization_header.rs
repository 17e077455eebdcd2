//! Any value of a header: the token is the text after `Bearer` and one space, or there is no token.
#![no_main]

use libfuzzer_sys::fuzz_target;
use propelauth_edge::{Unauthorized, UnixTime, Verifier};
use propelauth_edge_fuzz::{NOW, VERIFIER, validate};

fuzz_target!(|header: &str| {
    let mut buffer = vec![0; Verifier::buffer_len(header)];
    let result = VERIFIER.validate_access_token_and_get_user(header, UnixTime::from_secs(NOW), &mut buffer);
    let words: Vec<&str> = header.split(' ').collect();
    let expected = match words[..] {
        [""] => Unauthorized::MissingHeader,
        [scheme, token] if scheme.to_ascii_lowercase() == "bearer" => validate(token).expect_err("nobody signed it"),
        _ => Unauthorized::MalformedHeader,
    };
    assert_eq!(result.map(|_| ()), Err(expected));
});
