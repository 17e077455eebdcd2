//! 28-bit digits in 32-bit words, for targets whose widest fast multiplication is 32 by 32 bits: wasm and 32-bit
//! processors.
//!
//! Eight spare bits in a 64-bit sum allow a whole column of products to be added before any carry. Four rows of
//! products are added at a time, so that each column is loaded and stored once per four. R is 2^(28 L) with at least
//! two bits to spare, so numbers stay below 2 n without a comparison.

// Comments next to the sums prove their bounds.
#![allow(clippy::arithmetic_side_effects)]

use super::arithmetic::Arithmetic;
use crate::limits::MAX_MODULUS_BITS;
use crate::rsa::modpow::modulus::{LIMBS, Limbs, Modulus};

const DIGIT_BITS: u32 = 28;
const DIGIT_MASK: u64 = (1 << DIGIT_BITS) - 1;

/// The number of rows of products that are added at a time.
const ROWS: usize = 4;

/// Digits of the largest modulus. The sum of a column is at most this many products below 2^56 and what another column
/// carries, which is less than 2^37: below 148 * 2^56 < 2^64.
const DIGITS: usize = digits(MAX_MODULUS_BITS);
const _: () = assert!(DIGITS + 1 < 1 << (64 - 2 * DIGIT_BITS));

/// The number of zeros above the digits of a number, for rows and columns that extend past them.
const PADDING: usize = 2 * (ROWS - 1);

/// Returns the number of digits for a modulus of this size: 4 n <= R = 2^(28 digits).
const fn digits(bits: u32) -> usize {
    (bits + 2).div_ceil(DIGIT_BITS) as usize
}

type Digits = [u32; DIGITS + PADDING];
/// Sums of products.
type Columns = [u64; 2 * (DIGITS + PADDING)];

#[derive(Clone)]
pub(super) struct Constants {
    len: usize,
    negative_inverse: u32,
    n: Digits,
    r_squared: Digits,
}

impl Constants {
    /// Returns the power of two that `r_squared` is.
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
    pub(super) fn modpow(&self, _: &Modulus, number: &mut Limbs, exponent: u64) {
        Arithmetic::modpow(&mut { self }, number, exponent);
    }

    /// a = t / R mod n, for t < 4 n^2. (4 n^2 + R n) / R <= 2 n because 4 n <= R.
    #[inline(always)]
    fn reduce(&self, t: &mut Columns, a: &mut Digits) {
        // Carries of each column go one column up, which makes room for as many products again.
        let mut below = 0;
        for column in t.iter_mut().take(2 * self.len) {
            let carry = below >> DIGIT_BITS;
            below = *column;
            *column = (*column & DIGIT_MASK) + carry;
        }
        for k in (0..self.len).step_by(ROWS) {
            let t = t.get_mut(k..).unwrap_or_default();
            match self.len - k {
                1 => self.clear::<1>(t),
                2 => self.clear::<2>(t),
                3 => self.clear::<3>(t),
                _ => self.clear::<ROWS>(t),
            }
        }
        let mut sum = 0;
        for (to, column) in a.iter_mut().zip(t.iter().skip(self.len)).take(self.len) {
            sum += column;
            *to = (sum & DIGIT_MASK) as u32;
            sum >>= DIGIT_BITS;
        }
    }

    /// Adds the multiple of n that makes the lowest K columns a multiple of 2^(28 K), and carries the rest to the
    /// column above.
    #[inline(always)]
    fn clear<const K: usize>(&self, t: &mut [u64]) {
        let Some((lowest, t)) = t.split_first_chunk_mut::<K>() else { return };
        let Some(n) = self.n.first_chunk::<ROWS>() else { return };
        let mut quotients = [0; ROWS];
        let mut carry = 0;
        for (k, column) in lowest.iter().enumerate() {
            let known = quotients.iter().take(k).zip(n.iter().skip(1).take(k).rev());
            let sum = *column + carry + known.map(|(&q, &n)| product(q, n)).sum::<u64>();
            let quotient = (sum as u32).wrapping_mul(self.negative_inverse) & DIGIT_MASK as u32;
            carry = (sum + product(quotient, n[0])) >> DIGIT_BITS;
            if let Some(to) = quotients.get_mut(k) {
                *to = quotient;
            }
        }
        if let Some(column) = t.first_mut() {
            *column += carry;
        }
        // Down from n[K - 1], which is multiplied by the second quotient in the column above.
        let mut below = [0; ROWS - 1];
        below.iter_mut().zip(n.iter().take(K).rev()).for_each(|(to, &n)| *to = n);
        add_rows(t, quotients, below, self.above(&self.n, K));
    }

    /// Returns the digits from this one on in whole tiles, with the zeros that the last rows need.
    #[inline(always)]
    fn above<'d>(&self, digits: &'d Digits, from: usize) -> &'d [[u32; ROWS]] {
        let tiles = (self.len + ROWS - 1).saturating_sub(from).div_ceil(ROWS);
        digits.get(from..).and_then(|digits| digits.as_chunks().0.get(..tiles)).unwrap_or_default()
    }
}

impl Arithmetic for &Constants {
    type Number = Digits;

    fn number(&self, limbs: &Limbs) -> Digits {
        to_digits(limbs)
    }

    /// Numbers are below 2 n, so one subtraction is enough.
    fn least_residue(&self, number: &Digits, to: &mut Limbs) {
        let mut reduced = [0; DIGITS + PADDING];
        let mut borrow = 0;
        for ((to, &digit), &n) in reduced.iter_mut().zip(number).zip(&self.n) {
            let difference = i64::from(digit) - i64::from(n) + borrow;
            *to = (difference as u64 & DIGIT_MASK) as u32;
            borrow = difference >> DIGIT_BITS;
        }
        to_limbs(if borrow == 0 { &reduced } else { number }, to);
    }

    fn r_squared(&self) -> Digits {
        self.r_squared
    }

    #[inline(never)]
    fn multiply(&mut self, a: &mut Digits, b: &Digits) {
        let mut t = [0; 2 * (DIGITS + PADDING)];
        for row in (0..self.len).step_by(ROWS) {
            let columns = t.get_mut(row..).unwrap_or_default();
            add_rows(columns, rows(a, row), [0; ROWS - 1], self.above(b, 0));
        }
        self.reduce(&mut t, a);
    }

    #[inline(never)]
    fn square(&mut self, a: &mut Digits) {
        let mut t = [0; 2 * (DIGITS + PADDING)];
        for row in (0..self.len).step_by(ROWS) {
            let digits = rows(a, row);
            let doubled = digits.map(|digit| 2 * digit);
            let columns = t.get_mut(2 * row..).unwrap_or_default();
            for (i, (&digit, twice)) in digits.iter().zip(doubled).enumerate() {
                let mut factors = digits.iter().skip(i);
                let mut columns = columns.iter_mut().skip(2 * i);
                if let (Some(column), Some(&factor)) = (columns.next(), factors.next()) {
                    *column += product(digit, factor);
                }
                columns.zip(factors).for_each(|(column, &factor)| *column += product(twice, factor));
            }
            let columns = columns.get_mut(ROWS..).unwrap_or_default();
            add_rows(columns, doubled, [0; ROWS - 1], self.above(a, row + ROWS));
        }
        self.reduce(&mut t, a);
    }
}

/// Adds the products of four digits by those of `b`, and by the three digits below `b`. The first column is that of the
/// first digit by the first of `b`.
#[inline(always)]
fn add_rows(columns: &mut [u64], [r0, r1, r2, r3]: [u32; ROWS], below: [u32; ROWS - 1], b: &[[u32; ROWS]]) {
    let [mut b1, mut b2, mut b3] = below;
    for ([c0, c1, c2, c3], &[d0, d1, d2, d3]) in columns.as_chunks_mut().0.iter_mut().zip(b) {
        *c0 += product(r0, d0) + product(r1, b1) + product(r2, b2) + product(r3, b3);
        *c1 += product(r0, d1) + product(r1, d0) + product(r2, b1) + product(r3, b2);
        *c2 += product(r0, d2) + product(r1, d1) + product(r2, d0) + product(r3, b1);
        *c3 += product(r0, d3) + product(r1, d2) + product(r2, d1) + product(r3, d0);
        (b1, b2, b3) = (d3, d2, d1);
    }
}

#[inline(always)]
fn product(a: u32, b: u32) -> u64 {
    u64::from(a) * u64::from(b)
}

/// Returns four digits from this one on.
#[inline(always)]
fn rows(digits: &Digits, row: usize) -> [u32; ROWS] {
    digits.get(row..).and_then(<[_]>::first_chunk).copied().unwrap_or_default()
}

#[allow(clippy::indexing_slicing)] // `const`, and the indices are bounded by the lengths
const fn to_digits(limbs: &Limbs) -> Digits {
    let mut digits = [0; DIGITS + PADDING];
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

/// Converts digits of a number below 2^4096.
fn to_limbs(digits: &Digits, limbs: &mut Limbs) {
    let mut pending = 0u128;
    let mut bits = 0;
    let mut digits = digits.iter();
    for limb in limbs {
        while bits < 64 {
            pending |= u128::from(digits.next().copied().unwrap_or_default()) << bits;
            bits += DIGIT_BITS;
        }
        *limb = pending as u64;
        pending >>= 64;
        bits -= 64;
    }
}
