//! 64-bit limbs, for targets that multiply 64 by 64 bits in one instruction.
//!
//! Columns are summed one after the other (product scanning). A square computes each product of two different limbs
//! once. Montgomery reduction is a separate pass. Numbers are below R, not always below n.

// Comments next to the sums prove their bounds.
#![allow(clippy::arithmetic_side_effects)]

use core::ops::Range;

use super::arithmetic::Arithmetic;
use crate::rsa::modpow::modulus::{LIMBS, Limbs, Modulus};

#[derive(Clone)]
pub(super) struct Constants {
    negative_inverse: u64,
    r_squared: Limbs,
}

impl Constants {
    /// Returns the power of two that `r_squared` is.
    pub(super) const fn domain_bits(modulus: &Modulus) -> u32 {
        2 * 64 * width(modulus) as u32
    }

    /// `r_squared` is 2^[`domain_bits`](Self::domain_bits) mod n.
    pub(super) const fn new(modulus: &Modulus, r_squared: &Limbs) -> Self {
        Self { negative_inverse: modulus.negative_inverse(), r_squared: *r_squared }
    }

    pub(super) fn modpow(&self, modulus: &Modulus, number: &mut Limbs, exponent: u64) {
        match width(modulus) {
            32 => self.modpow_in::<32>(modulus, number, exponent),
            48 => self.modpow_in::<48>(modulus, number, exponent),
            _ => self.modpow_in::<LIMBS>(modulus, number, exponent),
        }
    }

    /// Not inlined: each size has its own stack frame.
    #[inline(never)]
    fn modpow_in<const L: usize>(&self, modulus: &Modulus, number: &mut Limbs, exponent: u64) {
        let n = truncate(modulus.limbs());
        Montgomery::<L> { n, negative_inverse: self.negative_inverse, r_squared: &self.r_squared }
            .modpow(number, exponent);
    }
}

/// Returns the number of limbs to calculate with. The loops are compiled for the three usual sizes; a size in between
/// uses the next.
const fn width(modulus: &Modulus) -> usize {
    let bits = modulus.bits();
    if bits <= 2048 {
        32
    } else if bits <= 3072 {
        48
    } else {
        LIMBS
    }
}

fn truncate<const L: usize>(limbs: &Limbs) -> [u64; L] {
    let mut truncated = [0; L];
    truncated.iter_mut().zip(limbs).for_each(|(to, from)| *to = *from);
    truncated
}

struct Montgomery<'a, const L: usize> {
    n: [u64; L],
    negative_inverse: u64,
    r_squared: &'a Limbs,
}

impl<const L: usize> Arithmetic for Montgomery<'_, L> {
    type Number = [u64; L];

    fn number(&self, limbs: &Limbs) -> [u64; L] {
        truncate(limbs)
    }

    /// The last product was one of a number below R by one below n, so it is below (R n + R n) / R = 2 n: one
    /// subtraction is enough.
    fn least_residue(&self, number: &[u64; L], to: &mut Limbs) {
        let (reduced, borrow) = self.subtract_modulus(number);
        let reduced = if borrow { number } else { &reduced };
        *to = [0; LIMBS];
        to.iter_mut().zip(reduced).for_each(|(to, from)| *to = *from);
    }

    fn r_squared(&self) -> [u64; L] {
        truncate(self.r_squared)
    }

    #[inline(never)]
    fn multiply(&mut self, a: &mut [u64; L], b: &[u64; L]) {
        let mut t = [[0; L]; 2];
        let mut sum = Sum::default();
        for (k, digit) in t.as_flattened_mut().iter_mut().enumerate() {
            let low = k.saturating_sub(L - 1);
            sum.add_products(window(a, low..k.min(L - 1) + 1), window(b, low..k.min(L - 1) + 1));
            *digit = sum.take_limb();
        }
        *a = self.reduce(&t);
    }

    #[inline(never)]
    fn square(&mut self, a: &mut [u64; L]) {
        let mut t = [[0; L]; 2];
        let mut sum = Sum::default();
        for (k, digit) in t.as_flattened_mut().iter_mut().enumerate() {
            let low = k.saturating_sub(L - 1);
            let mut half = Sum::default();
            half.add_products(window(a, low..k.div_ceil(2)), window(a, k / 2 + 1..k - low + 1));
            sum.add_twice(&half);
            if let (0, Some(&middle)) = (k % 2, a.get(k / 2)) {
                sum.add_product(middle, middle);
            }
            *digit = sum.take_limb();
        }
        *a = self.reduce(&t);
    }
}

impl<const L: usize> Montgomery<'_, L> {
    /// Returns t / R mod n, below R.
    ///
    /// t is a product of two numbers below R, so (t + q n) / R < R + n. If it does not fit into L limbs, one
    /// subtraction of n makes it fit.
    #[inline(always)]
    fn reduce(&self, t: &[[u64; L]; 2]) -> [u64; L] {
        let [low, high] = t;
        let mut q = [0; L];
        let mut sum = Sum::default();
        for (k, &digit) in low.iter().enumerate() {
            sum.add_limb(digit);
            sum.add_products(window(&q, 0..k), window(&self.n, 1..k + 1));
            let quotient = sum.lowest_limb().wrapping_mul(self.negative_inverse);
            if let (Some(q), Some(&n)) = (q.get_mut(k), self.n.first()) {
                *q = quotient;
                sum.add_product(quotient, n);
            }
            sum.take_limb();
        }
        let mut result = [0; L];
        for (k, (to, &digit)) in result.iter_mut().zip(high).enumerate() {
            sum.add_limb(digit);
            sum.add_products(window(&q, k + 1..L), window(&self.n, k + 1..L));
            *to = sum.take_limb();
        }
        if sum.lowest_limb() != 0 { self.subtract_modulus(&result).0 } else { result }
    }

    /// Returns the number minus n, modulo R, and whether it borrowed.
    #[inline(always)]
    fn subtract_modulus(&self, number: &[u64; L]) -> ([u64; L], bool) {
        let mut difference = *number;
        let mut borrow = 0;
        for (digit, &n) in difference.iter_mut().zip(&self.n) {
            let limb = i128::from(*digit) - i128::from(n) + borrow;
            *digit = limb as u64;
            borrow = limb >> 64;
        }
        (difference, borrow != 0)
    }
}

/// Three limbs: enough for 2^64 products of two limbs.
#[derive(Default)]
struct Sum {
    low: u128,
    high: u64,
}

impl Sum {
    #[inline(always)]
    fn add_limb(&mut self, limb: u64) {
        self.add(u128::from(limb));
    }

    #[inline(always)]
    fn add_product(&mut self, a: u64, b: u64) {
        self.add(u128::from(a) * u128::from(b));
    }

    /// Adds the product of the first of `a` and the last of `b`, and so on.
    #[inline(always)]
    fn add_products(&mut self, a: &[u64], b: &[u64]) {
        for (&a, &b) in a.iter().zip(b.iter().rev()) {
            self.add_product(a, b);
        }
    }

    /// Adds `other` twice. It has at most L / 2 products, so doubling it does not overflow.
    #[inline(always)]
    fn add_twice(&mut self, other: &Sum) {
        self.add(other.low << 1);
        self.high += other.high << 1 | (other.low >> 127) as u64;
    }

    #[inline(always)]
    fn add(&mut self, value: u128) {
        let (low, carry) = self.low.overflowing_add(value);
        self.low = low;
        self.high += u64::from(carry);
    }

    #[inline(always)]
    fn lowest_limb(&self) -> u64 {
        self.low as u64
    }

    /// Removes the lowest limb and returns it.
    #[inline(always)]
    fn take_limb(&mut self) -> u64 {
        let limb = self.lowest_limb();
        self.low = self.low >> 64 | u128::from(self.high) << 64;
        self.high = 0;
        limb
    }
}

/// Returns a range of the slice. All ranges used are valid; an invalid one would be empty instead of a panic.
#[inline(always)]
fn window(slice: &[u64], range: Range<usize>) -> &[u64] {
    slice.get(range).unwrap_or_default()
}
