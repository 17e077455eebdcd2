//! Keys, as PEM and as DER: one that is accepted is the key that `rsa` reads.
#![no_main]

use std::fmt::Display;

use base64ct::{Base64, Encoding};
use libfuzzer_sys::fuzz_target;
use propelauth_edge::VerifyingKey;
use rsa::PublicKey;
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::pkcs8::DecodePublicKey;

fuzz_target!(|octets: &[u8]| {
    if let Ok(key) = VerifyingKey::from_public_key_der(octets) {
        same(&key, PublicKey::from_public_key_der(octets));
    }
    if let Ok(pem) = str::from_utf8(octets)
        && let Ok(key) = VerifyingKey::from_public_key_pem(pem)
    {
        let mut parts = pem.split("-----").skip(1);
        let [label, body] = [(); 2].map(|()| parts.next().expect("between its first and its last line"));
        let body: String = body.replace("\\r", "").replace("\\n", "").split_ascii_whitespace().collect();
        let der = Base64::decode_vec(&body).expect("accepted base64");
        // The label says which of the two forms it is.
        match label {
            "BEGIN PUBLIC KEY" => same(&key, PublicKey::from_public_key_der(&der)),
            "BEGIN RSA PUBLIC KEY" => same(&key, PublicKey::from_pkcs1_der(&der)),
            _ => panic!("accepted {label:?}"),
        }
    }
});

/// `rsa` knows no exponents above 2^33.
fn same(key: &VerifyingKey, expected: Result<PublicKey, impl Display>) {
    match (PublicKey::try_from(key), expected) {
        (Ok(key), Ok(expected)) => assert_eq!(key, expected),
        (Err(_), _) => assert!(key.public_exponent() > PublicKey::MAX_PUB_EXPONENT),
        (Ok(_), Err(error)) => panic!("{error}"),
    }
}
