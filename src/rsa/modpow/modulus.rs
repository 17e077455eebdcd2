//! An RSA modulus and the constants that are computed from it at compile time.
//!
//! This is slow, plain arithmetic for preparing keys; the backends check signatures. All their constants are powers of
//! two modulo n, so one function computes them all.

// Plain loops over fixed-size arrays, also in `const`. Indices are below `LIMBS`.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use crate::error::MetadataError;
use crate::limits::{MAX_MODULUS_BITS, MIN_MODULUS_BITS};

/// Limbs of the largest modulus.
pub(crate) const LIMBS: usize = MAX_MODULUS_BITS as usize / 64;

/// A natural number below 2^4096, least significant limb first.
pub(crate) type Limbs = [u64; LIMBS];

/// An odd modulus of 2048 to 4096 bits.
#[derive(Clone, PartialEq)]
pub(crate) struct Modulus {
    limbs: Limbs,
    bits: u32,
}

impl Modulus {
    /// Parses big-endian bytes, with or without leading zeros.
    pub(crate) const fn from_be_bytes(mut bytes: &[u8]) -> Result<Self, MetadataError> {
        while let [0, rest @ ..] = bytes {
            bytes = rest;
        }
        if bytes.len() > LIMBS * 8 {
            return Err(MetadataError::ModulusTooLarge);
        }
        let bits = match bytes {
            [first, ..] => 8 * bytes.len() as u32 - first.leading_zeros(),
            [] => 0,
        };
        let mut limbs = [0; LIMBS];
        let mut i = 0;
        while i < LIMBS * 8
            && let [rest @ .., last] = bytes
        {
            limbs[i / 8] |= (*last as u64) << (8 * (i % 8));
            bytes = rest;
            i += 1;
        }
        if bits < MIN_MODULUS_BITS {
            return Err(MetadataError::ModulusTooSmall);
        }
        if limbs[0] & 1 == 0 {
            return Err(MetadataError::ModulusEven);
        }
        Ok(Self { limbs, bits })
    }

    pub(crate) const fn limbs(&self) -> &Limbs {
        &self.limbs
    }

    pub(crate) const fn bits(&self) -> u32 {
        self.bits
    }

    /// Returns the length of the modulus, and so of a signature, in bytes (`k` in RFC 8017).
    pub(crate) const fn byte_len(&self) -> usize {
        self.bits.div_ceil(8) as usize
    }

    /// Returns -n^-1 mod 2^64, the constant of Montgomery reduction. Backends with a smaller radix use its low bits.
    pub(crate) const fn negative_inverse(&self) -> u64 {
        // Newton's iteration: n is its own inverse modulo 8, and each step doubles the number of correct bits.
        let n = self.limbs[0];
        let mut inverse = n;
        let mut good_bits = 3;
        while good_bits < 64 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(n.wrapping_mul(inverse)));
            good_bits *= 2;
        }
        inverse.wrapping_neg()
    }

    /// Returns 2^`exponent` mod n.
    ///
    /// Squares and doubles from the top bit of the exponent down, in the Montgomery domain of R = 2^(64 len). The top
    /// bits only double, which is cheaper than squaring up to about 2 len.
    pub(crate) const fn power_of_two(&self, exponent: u32) -> Limbs {
        let mut power = self.montgomery_one();
        let mut rest = 32 - exponent.leading_zeros();
        rest = rest.saturating_sub(7);
        let mut doublings = exponent >> rest;
        while doublings > 0 {
            power = self.double(&power);
            doublings -= 1;
        }
        while rest > 0 {
            rest -= 1;
            power = self.product(&power, &power);
            if exponent >> rest & 1 == 1 {
                power = self.double(&power);
            }
        }
        let mut one = [0; LIMBS];
        one[0] = 1;
        self.product(&power, &one)
    }

    /// Returns 2^`first` mod n and 2^`second` mod n, computing the larger from the smaller.
    pub(crate) const fn powers_of_two(&self, first: u32, second: u32) -> (Limbs, Limbs) {
        let (greater, less) = if first > second { (first, second) } else { (second, first) };
        let power = self.power_of_two(greater);
        let mut divided = [0; LIMBS + 1];
        divided.split_at_mut(LIMBS).0.copy_from_slice(&power);
        let (used, _) = divided.split_at_mut(self.len() + 1);
        let mut bits = greater;
        while bits > less {
            let step = if bits - less > 63 { 63 } else { bits - less };
            self.divide_by_power_of_two(used, step);
            bits -= step;
        }
        let mut quotient = [0; LIMBS];
        quotient.copy_from_slice(divided.split_at(LIMBS).0);
        if first > second { (power, quotient) } else { (quotient, power) }
    }

    /// Divides by 2^`bits` mod n, for 1 to 63 bits, after adding the multiple of n that clears the low bits.
    ///
    /// The number is in two's complement and has more limbs than n. -x becomes at least -x / 2^bits, and x becomes less
    /// than x / 2^bits + n.
    pub(crate) const fn divide_by_power_of_two(&self, number: &mut [u64], bits: u32) {
        let [lowest, ..] = number else { return };
        let quotient = lowest.wrapping_mul(self.negative_inverse()) & ((1 << bits) - 1);
        let mut below = 0;
        let mut carry = 0;
        let mut i = 0;
        while i < number.len() {
            let n = if i < self.len() { self.limbs[i] } else { 0 };
            let sum = number[i] as u128 + quotient as u128 * n as u128 + carry as u128;
            carry = (sum >> 64) as u64;
            if i > 0 {
                number[i - 1] = below >> bits | (sum as u64) << (64 - bits);
            }
            below = sum as u64;
            i += 1;
        }
        if let [.., top] = number {
            *top = (below as i64 >> bits) as u64;
        }
    }

    /// Returns the number of limbs in use.
    pub(crate) const fn len(&self) -> usize {
        let len = self.bits.div_ceil(64) as usize;
        if len < LIMBS { len } else { LIMBS } // never more; this tells the optimizer
    }

    /// Returns the power of two that is R. A number in the Montgomery domain is represented by its product with R.
    pub(crate) const fn domain_bits(&self) -> u32 {
        64 * self.len() as u32
    }

    /// Returns R mod n.
    const fn montgomery_one(&self) -> Limbs {
        let mut power = [0; LIMBS];
        let mut exponent = self.bits - 1; // n is odd and has this bit, so 2^(bits - 1) < n
        let (limb, bit) = (exponent as usize / 64, exponent % 64);
        if limb < LIMBS {
            power[limb] = 1 << bit; // always, but the optimizer cannot tell
        }
        while exponent < self.domain_bits() {
            power = self.double(&power);
            exponent += 1;
        }
        power
    }

    /// Returns 2 a mod n, for a < n.
    const fn double(&self, a: &Limbs) -> Limbs {
        let mut doubled = [0; LIMBS];
        let mut carry = 0;
        let mut i = 0;
        while i < self.len() {
            doubled[i] = a[i] << 1 | carry;
            carry = a[i] >> 63;
            i += 1;
        }
        self.reduce_once(doubled, carry)
    }

    /// Returns a b / R mod n, for a, b < n (Montgomery product, operand scanning).
    pub(crate) const fn product(&self, a: &Limbs, b: &Limbs) -> Limbs {
        let n = &self.limbs;
        let negative_inverse = self.negative_inverse();
        let len = self.len();
        let mut t = [0; LIMBS];
        let mut top = 0;
        let mut i = 0;
        while i < len {
            // t = (t + a[i] b + q n) / 2^64. Neither sum overflows: (2^64 - 1)^2 + 2 (2^64 - 1) = 2^128 - 1.
            let sum = t[0] as u128 + a[i] as u128 * b[0] as u128;
            let q = (sum as u64).wrapping_mul(negative_inverse);
            let mut carry_ab = (sum >> 64) as u64;
            let mut carry_qn = ((sum as u64 as u128 + q as u128 * n[0] as u128) >> 64) as u64;
            let mut j = 1;
            while j < len {
                let sum = t[j] as u128 + a[i] as u128 * b[j] as u128 + carry_ab as u128;
                carry_ab = (sum >> 64) as u64;
                let sum = sum as u64 as u128 + q as u128 * n[j] as u128 + carry_qn as u128;
                carry_qn = (sum >> 64) as u64;
                t[j - 1] = sum as u64;
                j += 1;
            }
            let sum = top as u128 + carry_ab as u128 + carry_qn as u128;
            t[len - 1] = sum as u64;
            top = (sum >> 64) as u64;
            i += 1;
        }
        self.reduce_once(t, top)
    }

    /// Returns a mod n, for a = `top` R + `limbs` < 2 n.
    const fn reduce_once(&self, limbs: Limbs, top: u64) -> Limbs {
        let mut reduced = [0; LIMBS];
        let mut borrow = false;
        let mut i = 0;
        while i < self.len() {
            let (partial, first) = limbs[i].overflowing_sub(self.limbs[i]);
            let (limb, second) = partial.overflowing_sub(borrow as u64);
            reduced[i] = limb;
            borrow = first | second;
            i += 1;
        }
        if top == 1 || !borrow { reduced } else { limbs }
    }
}

/// Converts at most 512 big-endian bytes.
pub(crate) fn limbs_from_be_bytes(bytes: &[u8]) -> Limbs {
    let mut little_endian = [[0; 8]; LIMBS];
    let to = little_endian.as_flattened_mut().iter_mut();
    to.zip(bytes.iter().rev()).for_each(|(to, byte)| *to = *byte);
    little_endian.map(u64::from_le_bytes)
}
