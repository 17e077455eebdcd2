//! The lint is one of those that are errors unless allowed; here nobody can have allowed it.
#![forbid(long_running_const_eval)]

use propelauth_edge::{TokenVerificationMetadata, Verifier, VerifyingKey};

const ISSUER: &str = "https://auth.example.com";

static RSA_2048: Verifier = Verifier::embed(TokenVerificationMetadata {
    verifier_key: include_str!("../data/keys/rsa2048.pem"),
    issuer: ISSUER,
});

static RSA_3072: Verifier = Verifier::embed(TokenVerificationMetadata {
    verifier_key: include_str!("../data/keys/rsa3072.pem"),
    issuer: ISSUER,
});

static RSA_4096: Verifier = Verifier::embed(TokenVerificationMetadata {
    verifier_key: include_str!("../data/keys/rsa4096.pem"),
    issuer: ISSUER,
});

static ESCAPED_LINE_ENDS: Verifier = Verifier::embed(TokenVerificationMetadata {
    verifier_key: include_str!("../data/keys/pem_escaped_newlines.pem"),
    issuer: ISSUER,
});

static TWO: Verifier = {
    let present = Verifier::embed(TokenVerificationMetadata {
        verifier_key: include_str!("../data/keys/rsa4096.pem"),
        issuer: ISSUER,
    });
    match present.with_leeway(5).with_additional_key(include_str!("../data/keys/rsa2048_crlf.pem")) {
        Ok(both) => both,
        Err(error) => panic!("{}", error.message()),
    }
};

const KEY: VerifyingKey = match VerifyingKey::from_public_key_der(include_bytes!("../data/keys/der_binary.der")) {
    Ok(key) => key,
    Err(error) => panic!("{}", error.message()),
};

fn main() {
    for verifier in [&RSA_2048, &RSA_3072, &RSA_4096, &ESCAPED_LINE_ENDS, &TWO] {
        assert_eq!(verifier.issuer(), ISSUER);
    }
    assert_eq!(KEY.modulus_bits(), 2048);
}
