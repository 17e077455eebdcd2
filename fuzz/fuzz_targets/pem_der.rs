//! Keys, as PEM and as DER: one that is accepted is the key that `rsa` reads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use propelauth_edge::VerifyingKey;
use rsa::PublicKey;
use rsa::pkcs8::DecodePublicKey;

fuzz_target!(|octets: &[u8]| {
    if let Ok(key) = VerifyingKey::from_public_key_der(octets) {
        same(&key, PublicKey::from_public_key_der(octets));
    }
    if let Ok(pem) = str::from_utf8(octets)
        && let Ok(key) = VerifyingKey::from_public_key_pem(pem)
    {
        // Line ends of two characters are for environment variables, and only this crate reads them.
        same(&key, PublicKey::from_public_key_pem(pem.replace("\\n", "\n").trim()));
    }
});

/// `rsa` knows no exponents above 2^33.
fn same(key: &VerifyingKey, expected: rsa::pkcs8::spki::Result<PublicKey>) {
    match (PublicKey::try_from(key), expected) {
        (Ok(key), Ok(expected)) => assert_eq!(key, expected),
        (Err(_), _) => {}
        (Ok(_), Err(error)) => panic!("{error}"),
    }
}
