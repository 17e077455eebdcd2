//! RustCrypto's `rsa` gives the same verdicts as the built-in implementation.
#![cfg(feature = "rsa")]
#![allow(clippy::unwrap_used)]

use common::corpus::{self, Refused, TokenRow, Verifiers};
use common::tally::Tally;
use propelauth_edge::{Verifier, VerifyingKey};

/// Above the largest exponent that `rsa` supports.
const LARGE_EXPONENT: &str = "rsa2048_e64bit";

#[test]
fn verdicts() {
    let mut tally = Tally::new("verdicts of the rsa engine");
    let mut verifiers = Verifiers::load();
    let rows = corpus::rows::<TokenRow>("tokens");
    for row in &rows {
        let verifier: Result<&Verifier, Refused> = verifiers.get(&row.key, &row.issuer);
        let Ok(verifier) = verifier else { continue };
        if row.key == LARGE_EXPONENT {
            tally.set_aside();
            continue;
        }
        tally.run();
        let (mut own, mut other) = (row.buffer(), row.buffer());
        let own = row.validate(verifier, &mut own).map(|user| user.user_id);
        let verifier = verifier.clone().with_rsa_engine();
        let other = row.validate(&verifier, &mut other).map(|user| user.user_id);
        tally.same(&row.id, "verdict", other, own);
    }
    tally.finish(1);
}

#[test]
fn keys_there_and_back() {
    let pem = include_str!("../data/keys/rsa3071.pem");
    let key = VerifyingKey::from_public_key_pem(pem).unwrap();
    let theirs = rsa::PublicKey::try_from(&key).unwrap();
    let back = VerifyingKey::try_from(&theirs).unwrap();
    assert_eq!((back.modulus_bits(), back.public_exponent()), (3071, 65537));
    let message = b"message";
    assert!(back.verify(message, &[1; 384]).is_err() && back.verify_with_rsa(message, &[1; 384]).is_err());
    let large = VerifyingKey::from_public_key_pem(include_str!("../data/keys/rsa2048_e64bit.pem")).unwrap();
    assert!(rsa::PublicKey::try_from(&large).is_err());
}
