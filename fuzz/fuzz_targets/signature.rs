//! Signatures under keys of any size and shape, checked against `rsa` and the definition on `num-bigint`. Also the
//! powers, on every backend that can run here.
//!
//! Input bytes: the exponent, the number of primes in the modulus, the primes, and the message.
#![no_main]

use libfuzzer_sys::fuzz_target;
use num_bigint::BigUint;
use propelauth_edge::VerifyingKey;
use propelauth_edge::limits::{MAX_MODULUS_BITS, MIN_MODULUS_BITS};
use propelauth_edge_fuzz::{Key, Numbers};
use rsa::pkcs1v15;
use rsa::sha2::Sha256;
use rsa::signature::Verifier;

const EXPONENTS: [u64; 5] = [65537, 3, 17, 0x1_0000_000f, 0xffff_ffff_ffff_ffc5];

fuzz_target!(|bytes: &[u8]| {
    let [exponent, primes, rest @ ..] = bytes else { return };
    let Some((primes, message)) = rest.split_at_checked(usize::from(*primes)) else { return };
    let exponent = EXPONENTS[usize::from(*exponent) % EXPONENTS.len()];
    any_numbers(primes, exponent, message);
    let Some(key) = Key::new(primes.iter().copied(), exponent) else { return };

    let good = key.sign(message);
    let mut changed = good.clone();
    if let (Some(first), Some(byte)) = (message.first(), message.last()) {
        let at = usize::from(*first) * changed.len() / 256;
        changed[at] ^= byte;
    }
    let longer = [&good[..], message].concat();
    check(&key.numbers, message, &[&good, &changed, &longer, message]);
});

/// Checks a modulus of any bytes, repeated up to the maximum length, and a number below it of the message's bytes,
/// aligned at the bottom or, if it is odd, at the top.
fn any_numbers(modulus: &[u8], e: u64, message: &[u8]) {
    let numbers = Numbers { n: BigUint::from_bytes_be(&modulus.repeat(512 / modulus.len().max(1))), e };
    let has_good_size = (u64::from(MIN_MODULUS_BITS)..=u64::from(MAX_MODULUS_BITS)).contains(&numbers.n.bits());
    if !has_good_size || !numbers.n.bit(0) {
        assert!(VerifyingKey::from_components(&numbers.n.to_bytes_be(), &e.to_be_bytes()).is_err(), "an invalid key");
        return;
    }
    let mut number = BigUint::from_bytes_be(&message.repeat(512 / message.len().max(1))) % &numbers.n;
    if number.bit(0) {
        number = &numbers.n - number;
    }
    check(&numbers, message, &[&numbers.fixed_len(&number)]);
}

/// Runs all checks on each of the signatures.
fn check(key: &Numbers, message: &[u8], signatures: &[&[u8]]) {
    let ours = VerifyingKey::from_components(&key.n.to_bytes_be(), &key.e.to_be_bytes()).expect("a valid key");
    let theirs = key.public_key().map(pkcs1v15::VerifyingKey::<Sha256>::new);
    assert_eq!(theirs.is_ok(), key.e <= rsa::PublicKey::MAX_PUB_EXPONENT);
    for signature in signatures {
        let number = BigUint::from_bytes_be(signature);
        let is_below = signature.len() == key.byte_len() && number < key.n;
        let expected = is_below && {
            let power = number.modpow(&BigUint::from(key.e), &key.n);
            for (backend, ours) in ours.powers(signature) {
                assert_eq!(BigUint::from_bytes_be(&ours), power, "{backend}");
            }
            power == key.encoded(message)
        };
        assert_eq!(ours.verify(message, signature).is_ok(), expected, "the definition");
        if let Ok(theirs) = &theirs {
            let is_good = |signature| theirs.verify(message, &signature).is_ok();
            assert_eq!(pkcs1v15::Signature::try_from(*signature).is_ok_and(is_good), expected, "rsa");
            assert_eq!(ours.verify_with_rsa(message, signature).is_ok(), expected, "rsa in the crate");
        }
    }
}
