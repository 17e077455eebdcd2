//! Signs tokens with the keys of the test data.

use std::fs;
use std::sync::LazyLock;

use base64ct::{Base64UrlUnpadded, Encoding};
use rsa::PrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding, Signer};

pub const ISSUER: &str = "https://auth.acme-example.com";
pub const NOW: i64 = 1_760_000_000;

#[derive(Clone, Copy)]
pub enum Key {
    Own,
    Other,
}

impl Key {
    pub fn pem(self) -> &'static str {
        static PEMS: LazyLock<[String; 2]> =
            LazyLock::new(|| ["rsa2048", "rsa3072"].map(|name| file(&format!("{name}.pem"))));
        &PEMS[self as usize]
    }
}

/// Reads a file of the test data's keys.
pub fn file(name: &str) -> String {
    fs::read_to_string(format!("{}/tests/data/keys/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

pub fn sign(key: Key, message: &[u8]) -> Vec<u8> {
    static KEYS: LazyLock<[SigningKey<Sha256>; 2]> = LazyLock::new(|| {
        ["rsa2048", "rsa3072"]
            .map(|name| SigningKey::new(PrivateKey::from_pkcs8_pem(&file(&format!("private/{name}.pem"))).unwrap()))
    });
    KEYS[key as usize].sign(message).to_vec()
}

pub fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}
