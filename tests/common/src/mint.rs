//! Tokens for the tests, signed with RustCrypto's `rsa`.

use base64ct::{Base64UrlUnpadded, Encoding};
use propelauth_edge::{TokenVerificationMetadata, UnixTime, Verifier};
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::signature::{SignatureEncoding, Signer};
use rsa::{PrivateKey, sha2::Sha256};

use super::corpus;

pub const HEADER: &str = r#"{"typ":"JWT","alg":"RS256"}"#;
pub const ISSUER: &str = "https://auth.acme-example.com";
pub const NOW: UnixTime = UnixTime::from_secs(1_760_000_000);

/// A private key of this repository's data, and the verifier with its public key.
pub struct Mint {
    key: SigningKey<Sha256>,
    pub verifier: Verifier,
}

impl Mint {
    /// `name` as in `keys/private`.
    pub fn new(name: &str) -> Self {
        let key = PrivateKey::from_pkcs8_pem(&corpus::own_key_pem(&format!("private/{name}"))).unwrap();
        let verifier_key = corpus::own_key_pem(name);
        let metadata = TokenVerificationMetadata { verifier_key: &verifier_key, issuer: ISSUER };
        Self { key: SigningKey::new(key), verifier: Verifier::new(metadata).unwrap() }
    }

    /// Signs with RSASSA-PKCS1-v1_5 and SHA-256.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message).to_vec()
    }

    /// Returns a token with this payload, which may be any bytes.
    pub fn token(&self, payload: &[u8]) -> String {
        self.token_with_header(HEADER.as_bytes(), payload)
    }

    pub fn token_with_header(&self, header: &[u8], payload: &[u8]) -> String {
        self.sign_text(&format!("{}.{}", base64url(header), base64url(payload)))
    }

    /// Appends a signature to the text, which need not be a header and a payload.
    pub fn sign_text(&self, signing_input: &str) -> String {
        format!("{signing_input}.{}", base64url(&self.sign(signing_input.as_bytes())))
    }
}

pub fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}
