//! This lint is an error unless allowed, and these crates do not allow it.
#![forbid(long_running_const_eval)]

use propelauth_edge::{TokenVerificationMetadata, Verifier, VerifyingKey};

const ISSUER: &str = "https://auth.example.com";

static RSA_2048: Verifier = Verifier::embed(TokenVerificationMetadata {
    verifier_key: include_str!("../../data/keys/rsa2048.pem"),
    issuer: ISSUER,
});

static RSA_3072: Verifier = Verifier::embed(TokenVerificationMetadata {
    verifier_key: include_str!("../../data/keys/rsa3072.pem"),
    issuer: ISSUER,
});

static RSA_4096: Verifier = Verifier::embed(TokenVerificationMetadata {
    verifier_key: include_str!("../../data/keys/rsa4096.pem"),
    issuer: ISSUER,
});

static ESCAPED_LINE_ENDS: Verifier = Verifier::embed(TokenVerificationMetadata {
    verifier_key: include_str!("../../data/keys/pem_escaped_newlines.pem"),
    issuer: ISSUER,
});

/// A key that is decoded twice takes the longest.
static BASE64: Verifier = Verifier::embed(TokenVerificationMetadata {
    verifier_key: include_str!("rsa4096.pem.base64"),
    issuer: ISSUER,
});

static TWO: Verifier = {
    let present = Verifier::embed(TokenVerificationMetadata {
        verifier_key: include_str!("../../data/keys/rsa4096.pem"),
        issuer: ISSUER,
    });
    match present.with_leeway(5).with_additional_key(include_str!("../../data/keys/rsa2048_crlf.pem")) {
        Ok(both) => both,
        Err(error) => panic!("{}", error.message()),
    }
};

static TWO_ISSUERS: Verifier = {
    let present = Verifier::embed(TokenVerificationMetadata {
        verifier_key: include_str!("../../data/keys/rsa2048.pem"),
        issuer: ISSUER,
    });
    match present.with_additional_issuer("https://auth.12345.propelauthtest.com") {
        Ok(both) => both,
        Err(error) => panic!("{}", error.message()),
    }
};

const KEY: VerifyingKey = match VerifyingKey::from_public_key_der(include_bytes!("../../data/keys/der_binary.der")) {
    Ok(key) => key,
    Err(error) => panic!("{}", error.message()),
};

fn main() {
    for verifier in [&RSA_2048, &RSA_3072, &RSA_4096, &ESCAPED_LINE_ENDS, &BASE64, &TWO, &TWO_ISSUERS] {
        assert_eq!(verifier.issuer(), ISSUER);
    }
    assert_eq!(TWO_ISSUERS.additional_issuer(), Some("https://auth.12345.propelauthtest.com"));
    assert_eq!(KEY.modulus_bits(), 2048);
}
