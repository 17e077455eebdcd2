//! 28-bit digits in 32-bit words, for targets whose widest fast multiplication is 32 by 32 bits: wasm and 32-bit
//! processors.
//!
//! Eight spare bits in a 64-bit sum let a whole column of products be added up before anything is carried. R is
//! 2^(28 L) with at least two bits to spare, so numbers stay below 2 n without a comparison.

// All sums are bounded in the comments beside them.
#![allow(clippy::arithmetic_side_effects)]

use core::ops::Range;

use super::Arithmetic;
use crate::limits::MAX_MODULUS_BITS;
use crate::rsa::modulus::{LIMBS, Limbs, Modulus};

const DIGIT_BITS: u32 = 28;
const DIGIT_MASK: u64 = (1 << DIGIT_BITS) - 1;

/// Digits of the largest modulus. The sum of a column is at most this many products below 2^56, a carry below 2^36 and a
/// digit: below 148 * 2^56 < 2^64.
const DIGITS: usize = digits(MAX_MODULUS_BITS);
const _: () = assert!(DIGITS < 1 << (64 - 2 * DIGIT_BITS));

/// Digits for a modulus of so many bits: 4 n <= R = 2^(28 digits).
const fn digits(bits: u32) -> usize {
    (bits + 2).div_ceil(DIGIT_BITS) as usize
}

type Digits = [u32; DIGITS];

#[derive(Clone)]
pub(super) struct Prepared {
    len: usize,
    negative_inverse: u32,
    n: Digits,
    r_squared: Digits,
}

impl Prepared {
    /// The power of two that `r_squared` is.
    pub(super) const fn domain_bits(modulus: &Modulus) -> u32 {
        2 * DIGIT_BITS * digits(modulus.bits()) as u32
    }

    /// `r_squared` is 2^[`domain_bits`](Self::domain_bits) mod n.
    pub(super) const fn new(modulus: &Modulus, r_squared: &Limbs) -> Self {
        let len = digits(modulus.bits());
        Self {
            len,
            negative_inverse: (modulus.negative_inverse() & DIGIT_MASK) as u32,
            n: to_digits(modulus.limbs()),
            r_squared: to_digits(r_squared),
        }
    }

    #[inline(never)]
    pub(super) fn modpow(&self, _: &Modulus, base: &Limbs, exponent: u64) -> Limbs {
        Arithmetic::modpow(&mut { self }, base, exponent)
    }

    fn n(&self) -> &[u32] {
        window(&self.n, 0..self.len)
    }

    /// a = t / R mod n, for t < 4 n^2. (4 n^2 + R n) / R <= 2 n because 4 n <= R.
    #[inline(always)]
    fn reduce(&self, t: &mut [u32], a: &mut Digits) {
        let n = self.n();
        let mut sum = 0;
        for k in 0..self.len {
            let (quotients, rest) = t.split_at_mut_checked(k).unwrap_or_default();
            let (Some(digit), Some(&lowest)) = (rest.first_mut(), n.first()) else {
                break;
            };
            sum += u64::from(*digit) + products(quotients, window(n, 1..k + 1));
            // From here on the quotient's digit stands where the digit that it clears has stood.
            *digit = ((sum as u32).wrapping_mul(self.negative_inverse)) & DIGIT_MASK as u32;
            sum = (sum + u64::from(*digit) * u64::from(lowest)) >> DIGIT_BITS;
        }
        let (quotients, high) = t.split_at_checked(self.len).unwrap_or_default();
        for (k, (to, &digit)) in a.iter_mut().zip(high).enumerate() {
            sum += u64::from(digit) + products(window(quotients, k + 1..self.len), window(n, k + 1..self.len));
            *to = (sum & DIGIT_MASK) as u32;
            sum >>= DIGIT_BITS;
        }
    }
}

impl Arithmetic for &Prepared {
    type Number = Digits;

    fn number(&self, limbs: &Limbs) -> Digits {
        to_digits(limbs)
    }

    /// Numbers are below 2 n: one subtraction will do.
    fn least_residue(&self, number: &Digits) -> Limbs {
        let mut reduced = [0; DIGITS];
        let mut borrow = 0;
        for ((to, &digit), &n) in reduced.iter_mut().zip(number).zip(&self.n) {
            let difference = i64::from(digit) - i64::from(n) + borrow;
            *to = (difference as u64 & DIGIT_MASK) as u32;
            borrow = difference >> DIGIT_BITS;
        }
        to_limbs(if borrow == 0 { &reduced } else { number })
    }

    fn r_squared(&self) -> Digits {
        self.r_squared
    }

    #[inline(never)]
    fn multiply(&mut self, a: &mut Digits, b: &Digits) {
        let mut t = [[0; DIGITS]; 2];
        let t = t.as_flattened_mut().get_mut(..2 * self.len).unwrap_or_default();
        let mut sum = 0;
        for (k, digit) in t.iter_mut().enumerate() {
            let range = k.saturating_sub(self.len - 1)..k.min(self.len - 1) + 1;
            sum += products(window(a, range.clone()), window(b, range));
            *digit = (sum & DIGIT_MASK) as u32;
            sum >>= DIGIT_BITS;
        }
        self.reduce(t, a);
    }

    #[inline(never)]
    fn square(&mut self, a: &mut Digits) {
        let mut t = [[0; DIGITS]; 2];
        let t = t.as_flattened_mut().get_mut(..2 * self.len).unwrap_or_default();
        let mut sum = 0;
        for (k, digit) in t.iter_mut().enumerate() {
            let low = k.saturating_sub(self.len - 1);
            sum += 2 * products(window(a, low..k.div_ceil(2)), window(a, k / 2 + 1..k - low + 1));
            if let (0, Some(&middle)) = (k % 2, a.get(k / 2)) {
                sum += u64::from(middle) * u64::from(middle);
            }
            *digit = (sum & DIGIT_MASK) as u32;
            sum >>= DIGIT_BITS;
        }
        self.reduce(t, a);
    }
}

/// The sum of the first of `a` by the last of `b`, and so on.
#[inline(always)]
fn products(a: &[u32], b: &[u32]) -> u64 {
    a.iter().zip(b.iter().rev()).map(|(&a, &b)| u64::from(a) * u64::from(b)).sum()
}

/// The range of the slice. All ranges used lie inside it; an empty one in place of a panic.
#[inline(always)]
fn window(slice: &[u32], range: Range<usize>) -> &[u32] {
    slice.get(range).unwrap_or_default()
}

#[allow(clippy::indexing_slicing)] // `const`, and the indices are bounded by the lengths
const fn to_digits(limbs: &Limbs) -> Digits {
    let mut digits = [0; DIGITS];
    let mut i = 0;
    while i < DIGITS {
        let bit = i * DIGIT_BITS as usize;
        let (limb, shift) = (bit / 64, bit % 64);
        let low = if limb < LIMBS { limbs[limb] >> shift } else { 0 };
        let high =
            if shift > 64 - DIGIT_BITS as usize && limb + 1 < LIMBS { limbs[limb + 1] << (64 - shift) } else { 0 };
        digits[i] = ((low | high) & DIGIT_MASK) as u32;
        i += 1;
    }
    digits
}

/// From digits that denote a number below 2^4096.
fn to_limbs(digits: &Digits) -> Limbs {
    let mut limbs = [0; LIMBS];
    let mut pending = 0u128;
    let mut bits = 0;
    let mut digits = digits.iter();
    for limb in &mut limbs {
        while bits < 64 {
            pending |= u128::from(digits.next().copied().unwrap_or_default()) << bits;
            bits += DIGIT_BITS;
        }
        *limb = pending as u64;
        pending >>= 64;
        bits -= 64;
    }
    limbs
}
