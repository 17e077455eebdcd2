//! RS256 compared with RustCrypto's `rsa` and `num-bigint`, under random keys of odd sizes and under awkward moduli:
//! next to a power of two, with long runs of ones, or one away from a multiple of 2^64.

use num_bigint::BigUint;
use propelauth_edge::VerifyingKey;
use proptest::collection::vec;
use proptest::prelude::*;
use rsa::pkcs1v15;
use rsa::sha2::{Digest, Sha256};
use rsa::signature::Verifier;
use rsa::{BoxedUint, PublicKey};

use crate::check;

/// The DER of DigestInfo before the digest (RFC 8017 section 9.2, note 1).
const DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

/// The beginning of the modulus, as far as it can be chosen: about a thousand bits.
#[derive(Clone, Copy, Debug)]
enum Top {
    Random,
    /// A one followed by zeros: the smallest possible top digit.
    PowerOfTwo,
    /// Ones.
    Ones,
    /// A one, a zero, and then ones.
    OnesBelow,
    /// Digits of ones and digits of zeros in turn, whatever the size of a digit.
    Runs,
}

/// The end of the modulus, in 64 bits.
#[derive(Clone, Copy, Debug)]
enum Low {
    Random,
    One,
    MinusOne,
}

#[derive(Clone, Debug)]
struct Shape {
    bits: u64,
    top: Top,
    low: Low,
    exponent: u32,
    random: Vec<u8>,
}

fn shape() -> impl Strategy<Value = Shape> {
    // Sizes next to those of whole digits of 28, 32, 51, 52 and 64 bits, and any other.
    let bits = prop_oneof![
        1 => prop::sample::select(vec![2048, 2049, 2079, 2080, 2081, 2091, 2092, 2112, 2128, 2184, 3072, 4080, 4095, 4096]),
        2 => 2048u64..=4096,
    ];
    let top = prop::sample::select(vec![Top::Random, Top::PowerOfTwo, Top::Ones, Top::OnesBelow, Top::Runs]);
    let low = prop::sample::select(vec![Low::Random, Low::One, Low::MinusOne]);
    let exponent = prop::sample::select(vec![65537, 65537, 3, 5, 17, 0x1_0003, 0xffff_fffb]);
    (bits, top, low, exponent, vec(any::<u8>(), 1024)).prop_map(|(bits, top, low, exponent, random)| Shape {
        bits,
        top,
        low,
        exponent,
        random,
    })
}

struct Key {
    n: BigUint,
    e: BigUint,
    d: BigUint,
}

impl Key {
    /// Returns a modulus of this shape. The last prime is searched where the product has the shape, and is long enough
    /// for that. The others are random, of at most 200 bits, and so found quickly.
    fn new(shape: &Shape) -> Self {
        let one = BigUint::from(1u8);
        let bits = shape.bits;
        let e = BigUint::from(shape.exponent);
        let (small, large) = shape.random.split_at(512);
        let (mut p, mut totient) = (one.clone(), one.clone());
        for (i, random) in small.chunks_exact(24).take((bits as usize - 1250) / 200).enumerate() {
            // The first byte makes them different.
            let start = BigUint::from_bytes_be(&[&[i as u8 + 1], random].concat()) | &one;
            let prime = next_prime(start, &BigUint::from(2u8), &e);
            totient *= &prime - &one;
            p *= prime;
        }
        let random = BigUint::from_bytes_be(large) % (&one << (bits - 1));
        let top = match shape.top {
            Top::Random => (&one << (bits - 1)) + &random,
            Top::PowerOfTwo => &one << (bits - 1),
            // Prevents the upward search from making it longer.
            Top::Ones => (&one << bits) - (&one << (bits - 1000)),
            Top::OnesBelow => (&one << (bits - 1)) + (&one << (bits - 2)) - (&one << (bits - 1000)),
            Top::Runs => {
                let runs = (0..bits / 128).map(|i| ((&one << 64) - &one) << (128 * i)).sum::<BigUint>();
                (&one << (bits - 1)) + (runs >> 2)
            }
        };
        let word = BigUint::from(u64::MAX) + &one;
        let low = match shape.low {
            Low::Random => BigUint::from(random.iter_u64_digits().next().unwrap_or(1) | 1),
            Low::One => one.clone(),
            Low::MinusOne => BigUint::from(u64::MAX),
        };
        let wanted = low * p.modinv(&word).unwrap() % &word;
        let start = (&top / &p >> 64u32 << 64u32) + &word + wanted;
        let q = next_prime(start, &word, &e);
        let n = &p * &q;
        assert_eq!(n.bits(), bits, "{shape:?}");
        let d = e.modinv(&(totient * (&q - &one))).unwrap();
        Self { n, e, d }
    }

    fn byte_len(&self) -> usize {
        self.n.bits().div_ceil(8) as usize
    }

    fn fixed_len(&self, value: &BigUint) -> Vec<u8> {
        let bytes = value.to_bytes_be();
        [vec![0; self.byte_len().saturating_sub(bytes.len())], bytes].concat()
    }

    /// EMSA-PKCS1-v1_5 (RFC 8017 section 9.2), raised to the private exponent.
    fn sign(&self, message: &[u8]) -> BigUint {
        let digest = Sha256::digest(message);
        let padding = vec![0xff; self.byte_len() - 3 - DIGEST_INFO.len() - digest.len()];
        let encoded = [&[0, 1], padding.as_slice(), &[0], &DIGEST_INFO, digest.as_slice()].concat();
        BigUint::from_bytes_be(&encoded).modpow(&self.d, &self.n)
    }
}

/// Returns the first prime from `start` in steps of `step` that is not one more than a multiple of the exponent.
fn next_prime(start: BigUint, step: &BigUint, exponent: &BigUint) -> BigUint {
    let one = BigUint::from(1u8);
    let sieve: Vec<u32> = (3u32..2000).step_by(2).filter(|n| (3..*n).step_by(2).all(|m| n % m != 0)).collect();
    let mut candidate = start;
    loop {
        let has_small_factor = sieve.iter().any(|&prime| (&candidate % prime) == BigUint::ZERO);
        if !has_small_factor && is_prime(&candidate) && (&candidate - &one).modinv(exponent).is_some() {
            return candidate;
        }
        candidate += step;
    }
}

/// The Miller-Rabin test. Composites of this size do not pass it by chance.
fn is_prime(n: &BigUint) -> bool {
    let one = BigUint::from(1u8);
    let minus_one = n - &one;
    let twos = minus_one.trailing_zeros().unwrap();
    let odd = &minus_one >> twos;
    [2u8, 3, 5, 7].into_iter().all(|base| {
        let mut power = BigUint::from(base).modpow(&odd, n);
        if power == one || power == minus_one {
            return true;
        }
        (1..twos).any(|_| {
            power = &power * &power % n;
            power == minus_one
        })
    })
}

/// Checks that both give one verdict, and returns it.
fn verdict(
    own: &VerifyingKey,
    judge: &pkcs1v15::VerifyingKey<Sha256>,
    message: &[u8],
    signature: &[u8],
) -> Result<bool, TestCaseError> {
    let own = own.verify(message, signature).is_ok();
    let by_judge =
        pkcs1v15::Signature::try_from(signature).is_ok_and(|signature| judge.verify(message, &signature).is_ok());
    prop_assert_eq!(own, by_judge, "signature {:02x?}", signature);
    Ok(own)
}

#[test]
fn signatures_are_judged_as_by_rsa() {
    let flips = vec((any::<prop::sample::Index>(), 0u8..8), 4);
    let messages = vec(vec(any::<u8>(), 0..200), 4);
    check("signatures against rsa", 12, (shape(), messages, flips), |(shape, messages, flips)| {
        let key = Key::new(&shape);
        let own = VerifyingKey::from_components(&key.n.to_bytes_be(), &key.e.to_bytes_be()).unwrap();
        prop_assert_eq!(u64::from(own.modulus_bits()), shape.bits);
        let boxed = |value: &BigUint| BoxedUint::from_be_slice(&value.to_bytes_be(), value.bits() as u32).unwrap();
        let judge = pkcs1v15::VerifyingKey::<Sha256>::new(PublicKey::new(boxed(&key.n), boxed(&key.e)).unwrap());

        for (message, (position, bit)) in messages.iter().zip(flips) {
            let number = key.sign(message);
            let signature = key.fixed_len(&number);
            prop_assert!(verdict(&own, &judge, message, &signature)?, "a good signature is refused");
            let mut damaged = signature.clone();
            damaged[position.index(signature.len())] ^= 1 << bit;
            prop_assert!(!verdict(&own, &judge, message, &damaged)?, "a damaged signature is taken");
            prop_assert!(!verdict(&own, &judge, &[message.as_slice(), &[0]].concat(), &signature)?);

            // The residue as a larger number, and the number in another length.
            let larger = key.fixed_len(&(&number + &key.n));
            prop_assert!(!verdict(&own, &judge, message, &larger)?, "a number above the modulus is taken");
            prop_assert!(own.verify(message, &[&[0], signature.as_slice()].concat()).is_err(), "a longer signature");
            prop_assert!(own.verify(message, &signature[1..]).is_err(), "a shorter signature");
            let negative = key.fixed_len(&(&key.n - &number));
            prop_assert!(!verdict(&own, &judge, message, &negative)?, "the negative is taken");
        }
        let one = BigUint::from(1u8);
        for number in [BigUint::ZERO, one.clone(), &key.n - &one, key.n.clone(), &key.n + &one] {
            prop_assert!(!verdict(&own, &judge, &messages[0], &key.fixed_len(&number))?, "{} is taken", number);
        }
        Ok(())
    });
}
