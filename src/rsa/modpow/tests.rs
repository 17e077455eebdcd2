//! Compares every backend with big-integer arithmetic, on moduli and numbers chosen to hit their bounds.

use num_bigint::BigUint;
use proptest::prelude::*;
use rsa::hazmat::rsa_encrypt;
use rsa::{BoxedUint, PublicKey};
use std::{vec, vec::Vec};

use super::*;
use crate::rsa::modpow::modulus::LIMBS;

fn modulus(n: &BigUint) -> Modulus {
    Modulus::from_be_bytes(&n.to_bytes_be()).unwrap()
}

fn limbs(value: &BigUint) -> Limbs {
    let mut limbs = [0; LIMBS];
    limbs.iter_mut().zip(value.iter_u64_digits()).for_each(|(to, from)| *to = from);
    limbs
}

/// Checks all backends on base^exponent mod n.
fn check(n: &BigUint, base: &BigUint, exponent: u64) {
    let modulus = modulus(n);
    let base = base % n;
    let expected = limbs(&base.modpow(&exponent.into(), n));
    let base = limbs(&base);
    for (name, power) in backends::powers(&modulus, &base, exponent) {
        assert_eq!(power, expected, "{name}, n = {n:x}");
    }
}

/// Returns odd moduli of this size: all ones, just above a power of two, runs of ones and of zeros.
fn awkward_moduli(bits: u32) -> Vec<BigUint> {
    let one = BigUint::from(1u8);
    let top = &one << (bits - 1);
    vec![
        (&one << bits) - 1u8,
        &top + 1u8,
        &top + (&one << (bits - 2)) + 1u8,
        &top + (&one << (bits / 2)) - 1u8,
        (&one << bits) - (&one << (bits / 2)) + 1u8,
        (&one << bits) - (&one << 28u8) + 1u8,
        (&one << bits) - (&one << (bits - 51)) + 1u8,
        &top + (&one << 51u8) - 1u8,
        &top + (&one << 64u8) - 1u8,
    ]
}

/// Computes base^exponent mod n with RustCrypto's `rsa`, which does not require n to be a product of two primes.
fn power_by_rsa(n: &BigUint, base: &BigUint, exponent: u64) -> BigUint {
    let boxed = |value: &BigUint| {
        let bytes = value.to_bytes_be();
        BoxedUint::from_be_slice(&bytes, n.bits() as u32).unwrap()
    };
    let key = PublicKey::new(boxed(n), BoxedUint::from(exponent)).unwrap();
    BigUint::from_bytes_be(&rsa_encrypt(&key, &boxed(base)).unwrap().to_be_bytes())
}

#[test]
fn awkward_moduli_and_numbers() {
    // Around multiples of 64, 51 and 28: a top digit of one bit, or full.
    let sizes = [
        2048, 2049, 2070, 2071, 2072, 2073, 2090, 2091, 2092, 2093, 2142, 2143, 2560, 3060, 3061, 3071, 3072, 3073,
        3078, 3080, 3081, 3825, 3826, 4079, 4080, 4081, 4095, 4096,
    ];
    for bits in sizes {
        for n in awkward_moduli(bits) {
            let one = BigUint::from(1u8);
            let numbers = [
                BigUint::ZERO,
                one.clone(),
                BigUint::from(2u8),
                &n - 1u8,
                &n - 2u8,
                &n >> 1u8,
                (&one << 2047u16) - 1u8,
            ];
            for base in numbers {
                for exponent in [3, 65537] {
                    check(&n, &base, exponent);
                }
            }
        }
    }
}

/// The control flow depends only on the sizes, so a product that is left out at some size would show here.
#[test]
fn every_number_of_digits() {
    let mut bytes = [0; 512];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = (i * i % 251) as u8 | 1;
    }
    let base = BigUint::from_bytes_be(&bytes);
    // Steps smaller than the smallest digit, of 28 bits.
    for bits in (2048..=4096).step_by(16) {
        check(&((BigUint::from(1u8) << bits) - 1u8), &(&base >> (4096 - bits)), 65537);
    }
}

#[test]
fn powers_of_two() {
    for bits in [2048, 2049, 3071, 4096] {
        for n in awkward_moduli(bits) {
            for exponent in [0, 1, 63, 64, 127, 128, 2047, 2048, 4096, 4144, 8191, 8232] {
                let expected = BigUint::from(2u8).modpow(&exponent.into(), &n);
                assert_eq!(modulus(&n).power_of_two(exponent), limbs(&expected), "2^{exponent} mod {n:x}");
            }
        }
    }
}

proptest! {
    // Elsewhere an emulator may be running this.
    #![proptest_config(ProptestConfig::with_cases(if cfg!(target_arch = "x86_64") { 1500 } else { 100 }))]

    #[test]
    fn random_numbers(
        bytes in prop::collection::vec(any::<u8>(), 512),
        base in prop::collection::vec(any::<u8>(), 512),
        bits in 2048u32..=4096,
        exponent in prop_oneof![Just(3), Just(65537), (1u64..=u64::MAX / 2).prop_map(|half| 2 * half + 1)],
    ) {
        let one = BigUint::from(1u8);
        let n = (BigUint::from_bytes_be(&bytes) % (&one << (bits - 1))) | (&one << (bits - 1)) | one;
        let base = BigUint::from_bytes_be(&base) % &n;
        check(&n, &base, exponent);
        // `rsa` does not support larger exponents.
        if exponent < 1 << 33 {
            prop_assert_eq!(power_by_rsa(&n, &base, exponent), base.modpow(&exponent.into(), &n));
        }
    }
}

/// The largest modulus, all ones. Its constants must not take long enough at compile time for a lint in the user's
/// crate.
#[test]
fn constants_at_compile_time() {
    static MODULUS: Modulus = match Modulus::from_be_bytes(&[0xff; 512]) {
        Ok(modulus) => modulus,
        Err(_) => panic!(),
    };
    static CONSTANTS: BackendConstants = BackendConstants::new(&MODULUS);
    let mut seven = [0; LIMBS];
    seven[0] = 7;
    let n = (BigUint::from(1u8) << 4096u16) - 1u8;
    CONSTANTS.modpow(&MODULUS, &mut seven, 65537);
    assert_eq!(seven, limbs(&BigUint::from(7u8).modpow(&65537u32.into(), &n)));
}
