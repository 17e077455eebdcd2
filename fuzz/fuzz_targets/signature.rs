//! Signatures under keys of any size and shape: judged as by `rsa`, and as the definition says, by `num-bigint`.
//!
//! Octets of the input: the exponent, how many primes the modulus is made of, which ones, and the message. Built once as
//! usual and once with `--cfg propelauth_edge_portable`, so that each backend has the same judges.
#![no_main]

use libfuzzer_sys::fuzz_target;
use num_bigint::BigUint;
use propelauth_edge::VerifyingKey;
use propelauth_edge_fuzz::Key;
use rsa::pkcs1v15;
use rsa::sha2::Sha256;
use rsa::signature::Verifier;

const EXPONENTS: [u64; 5] = [65537, 3, 17, 0x1_0000_000f, 0xffff_ffff_ffff_ffc5];

fuzz_target!(|octets: &[u8]| {
    let [exponent, primes, rest @ ..] = octets else { return };
    let Some((primes, message)) = rest.split_at_checked(usize::from(*primes)) else { return };
    any_numbers(primes, message);
    let exponent = EXPONENTS[usize::from(*exponent) % EXPONENTS.len()];
    let Some(key) = Key::new(primes.iter().copied(), exponent) else { return };
    let ours = VerifyingKey::from_components(&key.n.to_bytes_be(), &exponent.to_be_bytes()).expect("a good key");
    let theirs = key.public_key().map(pkcs1v15::VerifyingKey::<Sha256>::new);

    let good = key.sign(message);
    let mut changed = good.clone();
    if let (Some(first), Some(octet)) = (message.first(), message.last()) {
        let at = usize::from(*first) * changed.len() / 256;
        changed[at] ^= octet;
    }
    let longer = [&good[..], message].concat();
    for signature in [&good[..], &changed, &longer, message] {
        let number = BigUint::from_bytes_be(signature);
        let expected = signature.len() == good.len()
            && number < key.n
            && number.modpow(&BigUint::from(exponent), &key.n) == key.encoded(message);
        assert_eq!(ours.verify(message, signature).is_ok(), expected, "the definition");
        if let (Ok(theirs), Ok(signature)) = (&theirs, pkcs1v15::Signature::try_from(signature)) {
            assert_eq!(theirs.verify(message, &signature).is_ok(), expected, "rsa");
        }
    }
});

/// A modulus of any octets, which nobody can sign under.
fn any_numbers(modulus: &[u8], message: &[u8]) {
    let modulus = modulus.repeat(512 / modulus.len().max(1));
    for exponent in [&[3][..], &[1, 0, 1]] {
        if let Ok(key) = VerifyingKey::from_components(&modulus, exponent) {
            let _ = key.verify(message, &modulus[1..]);
            let _ = key.verify(message, message);
        }
    }
}
