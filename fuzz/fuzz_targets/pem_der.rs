//! Keys as PEM and as DER: an accepted key equals the one that `rsa` parses.
#![no_main]

use std::fmt::Display;

use base64ct::{Base64, Encoding};
use libfuzzer_sys::fuzz_target;
use propelauth_edge::VerifyingKey;
use rsa::PublicKey;
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::pkcs8::DecodePublicKey;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(key) = VerifyingKey::from_public_key_der(bytes) {
        same(&key, PublicKey::from_public_key_der(bytes));
    }
    if let Ok(pem) = str::from_utf8(bytes)
        && let Ok(key) = VerifyingKey::from_public_key_pem(pem)
    {
        let pem = unquoted(trim(pem));
        if pem.starts_with("-----") {
            return same_as_pem(&key, pem);
        }
        let bytes = Base64::decode_vec(&without_white_space(pem)).expect("accepted base64");
        if bytes.starts_with(b"\x30") {
            // The bytes after the SEQUENCE's length show which of the two formats it is.
            let is_spki = PublicKey::from_public_key_der(&bytes).is_ok() || bytes[4] == 0x30;
            return if is_spki {
                same(&key, PublicKey::from_public_key_der(&bytes));
            } else {
                same(&key, PublicKey::from_pkcs1_der(&bytes));
            };
        }
        same_as_pem(&key, trim(str::from_utf8(&bytes).expect("PEM in base64")));
    }
});

fn same_as_pem(key: &VerifyingKey, pem: &str) {
    let parts: Vec<_> = pem.split("-----").collect();
    let ["", label, body, end, ""] = parts[..] else { panic!("accepted {pem:?}") };
    assert_eq!(Some(end), label.strip_prefix("BEGIN").map(|label| format!("END{label}")).as_deref());
    let der = Base64::decode_vec(&without_white_space(body)).expect("accepted base64");
    // The label shows which of the two formats it is.
    match label {
        "BEGIN PUBLIC KEY" => same(key, PublicKey::from_public_key_der(&der)),
        "BEGIN RSA PUBLIC KEY" => same(key, PublicKey::from_pkcs1_der(&der)),
        _ => panic!("accepted {label:?}"),
    }
}

/// A double backslash before `n` or `r` counts as one.
fn without_white_space(text: &str) -> String {
    let text = text.replace(r"\\n", "").replace(r"\\r", "").replace(r"\n", "").replace(r"\r", "");
    text.replace('\x0b', "").split_ascii_whitespace().collect()
}

fn trim(text: &str) -> &str {
    let mut text = text.strip_prefix('\u{feff}').unwrap_or(text);
    loop {
        let before = text;
        text = text.trim_matches([' ', '\t', '\n', '\x0b', '\x0c', '\r']);
        // One at a time, since the shorter ones are the ends of the longer ones.
        let escapes = [r"\\n", r"\\r", r"\n", r"\r"];
        let without = |escape| text.strip_prefix(escape).or_else(|| text.strip_suffix(escape));
        text = escapes.into_iter().find_map(without).unwrap_or(text);
        if text == before {
            return text;
        }
    }
}

fn unquoted(text: &str) -> &str {
    let inside = ['"', '\''].into_iter().find_map(|mark| text.strip_prefix(mark)?.strip_suffix(mark));
    inside.map_or(text, trim)
}

/// `rsa` does not support exponents above 2^33.
fn same(key: &VerifyingKey, expected: Result<PublicKey, impl Display>) {
    match (PublicKey::try_from(key), expected) {
        (Ok(key), Ok(expected)) => assert_eq!(key, expected),
        (Err(_), _) => assert!(key.public_exponent() > PublicKey::MAX_PUB_EXPONENT),
        (Ok(_), Err(error)) => panic!("{error}"),
    }
}
