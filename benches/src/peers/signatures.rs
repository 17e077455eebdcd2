use aws_lc_rs::signature as aws;
use ring::signature as ring;
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::pkcs8::EncodePublicKey;
use rsa::sha2::Sha256;
use rsa::signature::Verifier;

use crate::fixture::Key;

/// Returns whether a signature over a message is valid.
pub type Signatures = Box<dyn Fn(&[u8], &[u8]) -> bool>;

/// Returns every peer's verification of RSASSA-PKCS1-v1_5 with SHA-256 under this key.
pub fn signatures(key: &Key) -> Vec<(&'static str, Signatures)> {
    let public = key.private().to_public_key();
    let spki = public.to_public_key_der().expect("a valid key").into_vec();
    let pkcs1 = public.to_pkcs1_der().expect("a valid key").as_bytes().to_vec();

    let parsed = aws::ParsedPublicKey::new(&aws::RSA_PKCS1_2048_8192_SHA256, &spki).expect("a valid key");
    let unparsed = aws::UnparsedPublicKey::new(&aws::RSA_PKCS1_2048_8192_SHA256, spki);
    let of_ring = ring::UnparsedPublicKey::new(&ring::RSA_PKCS1_2048_8192_SHA256, pkcs1);
    let of_rsa = VerifyingKey::<Sha256>::new(public);
    vec![
        ("aws-lc-rs, parsed key", Box::new(move |message, signature| parsed.verify_sig(message, signature).is_ok())),
        ("aws-lc-rs, unparsed key", Box::new(move |message, signature| unparsed.verify(message, signature).is_ok())),
        ("ring", Box::new(move |message, signature| of_ring.verify(message, signature).is_ok())),
        (
            "rsa",
            Box::new(move |message, signature| {
                Signature::try_from(signature).is_ok_and(|signature| of_rsa.verify(message, &signature).is_ok())
            }),
        ),
    ]
}
