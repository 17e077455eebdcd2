//! Any text in place of each segment: malformed exactly when `base64ct` says so. Every backend decodes it as `base64ct`
//! does, wherever the text begins.
#![no_main]

use base64ct::{Base64UrlUnpadded, Encoding};
use libfuzzer_sys::fuzz_target;
use propelauth_edge::Unauthorized;
use propelauth_edge_fuzz::{HEADER, base64url, token, validate};

fuzz_target!(|input: &[u8]| {
    let mut expected = vec![0; input.len()];
    let expected = Base64UrlUnpadded::decode(input, &mut expected).ok();
    for at in [0, input.len() % 64] {
        let text = [&vec![0; at], input].concat();
        for (by, decoded) in propelauth_edge::decode_base64url(&text[at..]) {
            assert_eq!(decoded.as_deref(), expected, "{by}, at {at}");
        }
    }
    if let Ok(text) = str::from_utf8(input) {
        in_a_token(text);
    }
});

fn in_a_token(text: &str) {
    let header = base64url(HEADER.as_bytes());
    let bytes = Base64UrlUnpadded::decode_vec(text).ok().filter(|bytes| !bytes.is_empty());
    let is_malformed = |token: &str| validate(token) == Err(Unauthorized::MalformedToken);

    assert_eq!(is_malformed(&token(&format!("{header}.{text}"))), bytes.is_none(), "payload");
    // The header also has to be JSON.
    assert!(bytes.is_some() || is_malformed(&token(&format!("{text}.e30"))), "header");
    // A signature that is too long is not decoded.
    let signature = validate(&format!("{header}.e30.{text}"));
    let is_too_long = text.len() > 4096 / 8 * 4 / 3 + 1 && !text.contains('.');
    let expected =
        if bytes.is_none() && !is_too_long { Unauthorized::MalformedToken } else { Unauthorized::InvalidSignature };
    assert_eq!(signature, Err(expected), "signature");
}
