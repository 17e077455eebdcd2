//! RSA keys made of many small primes. Anyone could factor the modulus, so signing takes microseconds; to a verifier it
//! is a modulus like any other.

use std::sync::LazyLock;

use num_bigint::BigUint;
use num_integer::Integer;
use rsa::pkcs8::{EncodePublicKey, LineEnding};
use rsa::sha2::{Digest, Sha256};
use rsa::{BoxedUint, PublicKey};

/// The DER of DigestInfo before the digest (RFC 8017 section 9.2, note 1).
const DIGEST_INFO: [u8; 19] = *b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";

/// Primes to choose from, of 40 to 63 bits.
static PRIMES: LazyLock<[u64; 256]> = LazyLock::new(|| {
    std::array::from_fn(|i| {
        let i = i as u64;
        let start = (1 << (40 + i % 24)) + i.wrapping_mul(0x9e37_79b9_7f4a_7c15) % (1 << (40 + i % 24));
        (start | 1..).step_by(2).find(|&n| is_prime(n)).expect("a prime")
    })
});

/// Modulus and exponent.
pub struct Numbers {
    pub n: BigUint,
    pub e: u64,
}

impl Numbers {
    /// Returns the length of the modulus in bytes: k in RFC 8017.
    pub fn byte_len(&self) -> usize {
        self.n.bits().div_ceil(8) as usize
    }

    /// Returns the number in k bytes.
    pub fn fixed_len(&self, number: &BigUint) -> Vec<u8> {
        let bytes = number.to_bytes_be();
        [vec![0; self.byte_len() - bytes.len()], bytes].concat()
    }

    /// EMSA-PKCS1-v1_5 (RFC 8017 section 9.2).
    pub fn encoded(&self, message: &[u8]) -> BigUint {
        let digest = Sha256::digest(message);
        let padding = vec![0xff; self.byte_len() - 3 - DIGEST_INFO.len() - digest.len()];
        BigUint::from_bytes_be(&[&[0, 1], &padding[..], &[0], &DIGEST_INFO, &digest].concat())
    }

    pub fn public_key(&self) -> rsa::Result<PublicKey> {
        let n = BoxedUint::from_be_slice(&self.n.to_bytes_be(), self.byte_len() as u32 * 8).expect("it fits");
        PublicKey::new(n, BoxedUint::from(self.e))
    }
}

pub struct Key {
    pub numbers: Numbers,
    factors: Vec<Factor>,
}

/// A prime, with its constants for the Chinese remainder theorem.
struct Factor {
    prime: u64,
    /// The private exponent modulo this prime minus one.
    d: u64,
    /// The product of the previous primes, and its inverse modulo this one.
    before: BigUint,
    inverse: u64,
}

impl Key {
    /// Multiplies those chosen primes that fit the exponent, up to 4096 bits. Returns `None` for fewer than 2048.
    pub fn new(choice: impl IntoIterator<Item = u8>, e: u64) -> Option<Self> {
        let mut n = BigUint::from(1u8);
        let mut factors: Vec<Factor> = Vec::new();
        for i in choice {
            let prime = PRIMES[usize::from(i)];
            let is_new = factors.iter().all(|factor| factor.prime != prime);
            if let (true, Some(d)) = (is_new, inverse(e % (prime - 1), prime - 1)) {
                let inverse = inverse(remainder(&n, prime), prime)?;
                let product = &n * prime;
                if product.bits() > 4096 {
                    break;
                }
                let before = std::mem::replace(&mut n, product);
                factors.push(Factor { prime, d, before, inverse });
            }
        }
        (n.bits() >= 2048).then_some(Self { numbers: Numbers { n, e }, factors })
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let encoded = self.numbers.encoded(message);
        let mut signature = BigUint::ZERO;
        for factor in &self.factors {
            let p = u128::from(factor.prime);
            let residue = power(remainder(&encoded, factor.prime), factor.d, factor.prime);
            let missing = u128::from(residue) + p - u128::from(remainder(&signature, factor.prime));
            signature += &factor.before * (missing % p * u128::from(factor.inverse) % p);
        }
        self.numbers.fixed_len(&signature)
    }

    pub fn public_key_pem(&self) -> String {
        self.numbers.public_key().expect("a valid key").to_public_key_pem(LineEnding::LF).expect("a valid key")
    }
}

fn remainder(n: &BigUint, divisor: u64) -> u64 {
    (n % divisor).iter_u64_digits().next().unwrap_or(0)
}

fn inverse(a: u64, modulus: u64) -> Option<u64> {
    let gcd = i128::from(a).extended_gcd(&i128::from(modulus));
    (gcd.gcd == 1).then(|| gcd.x.rem_euclid(i128::from(modulus)) as u64)
}

fn power(base: u64, mut exponent: u64, modulus: u64) -> u64 {
    let (mut square, modulus) = (u128::from(base), u128::from(modulus));
    let mut power = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            power = power * square % modulus;
        }
        square = square * square % modulus;
        exponent >>= 1;
    }
    power as u64
}

/// The Miller-Rabin test, with bases that are sufficient for 64 bits.
fn is_prime(n: u64) -> bool {
    const BASES: [u64; 12] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];
    if let Some(divisor) = BASES.into_iter().find(|base| n % base == 0) {
        return n == divisor;
    }
    let twos = (n - 1).trailing_zeros();
    BASES.into_iter().all(|base| {
        let mut x = power(base, (n - 1) >> twos, n);
        x == 1
            || (0..twos).any(|_| {
                let is_minus_one = x == n - 1;
                x = power(x, 2, n);
                is_minus_one
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_good() {
        for (choice, e) in [(0..=255, 65537), (100..=200, 3), (10..=60, 17)] {
            let key = Key::new(choice, e).unwrap();
            let signature = BigUint::from_bytes_be(&key.sign(b"message"));
            assert_eq!(signature.modpow(&BigUint::from(e), &key.numbers.n), key.numbers.encoded(b"message"));
        }
    }
}
