//! Arithmetic in radix 2^51, for processors that multiply vectors of f64 with one rounding (FMA) or of 52-bit integers
//! (AVX512-IFMA).
//!
//! Everything is done in columns: the sum of all products that belong to one power of the radix, low halves and high
//! halves apart, `M` columns side by side. Nothing is carried before a digit is needed as a factor again, and then
//! only by one place, in all lanes at once: digits are somewhat wider than 51 bits, numbers somewhat wider than n.
//!
//! Reduction is by B^K in four folds, B being the radix: T becomes (T div B^k) + (T mod B^k) c for c = B^-k mod n,
//! which is T B^-k modulo n. Unlike Montgomery's quotients the digits of T mod B^k do not depend on each other. Each
//! fold leaves k digits above n, so a number has a few digits more than n, and k shrinks from fold to fold.
//!
//! No carry and no comparison decides what is done next, so a run of the same code on intervals in place of digits, in
//! the tests, proves for all inputs that no sum leaves its lane and that no f64 is rounded where it should not be.

// All sums are bounded: by the run on intervals, and in the comments beside them.
#![allow(clippy::arithmetic_side_effects)]

use core::array;
use core::ops::Range;

use super::Arithmetic;
use crate::limits::MAX_MODULUS_BITS;
use crate::rsa::modulus::{LIMBS, Limbs, Modulus};
use vector::{DIGIT_BITS, DIGIT_MASK, Vector};

mod vector;

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
pub(super) mod avx2;

/// Digits of the largest modulus.
const MAX_MODULUS_DIGITS: usize = MAX_MODULUS_BITS.div_ceil(DIGIT_BITS) as usize;
/// Lanes of the widest vector.
const MAX_LANES: usize = 8;
/// Folds of one reduction.
const FOLDS: usize = 4;

/// How many digits there are of everything, for moduli of one size.
#[derive(Clone, Copy)]
struct Sizes {
    /// Digits of n.
    modulus: usize,
    /// Digits that a number has above those of n.
    spare: usize,
    /// Digits that each fold takes away.
    folds: [usize; FOLDS],
}

impl Sizes {
    /// A fold of k digits makes max(length - k, n + k) digits of `length`. The last one has to make n + spare, with its
    /// product reaching further than what it is added to, so that the top digit is not a sum: length <= n + 2 spare - 1.
    /// This, backwards, gives the digits of every fold, and the least number of spare digits that four folds can do with.
    const fn new(bits: u32) -> Self {
        let modulus = bits.div_ceil(DIGIT_BITS) as usize;
        let spare = (modulus + 8).div_ceil(14);
        let first = 2 * (modulus + spare) - (modulus + 8 * spare - 4);
        Self {
            modulus,
            spare,
            folds: [first, 4 * spare - 2, 2 * spare - 1, spare],
        }
    }

    /// Digits of a number.
    const fn number(&self) -> usize {
        self.modulus + self.spare
    }

    /// K: digits that one reduction takes away.
    const fn reduction(&self) -> usize {
        let [first, second, third, fourth] = self.folds;
        first + second + third + fourth
    }
}

const MAX: Sizes = Sizes::new(MAX_MODULUS_BITS);

type Digits = [u64; MAX_MODULUS_DIGITS];

/// What the arithmetic needs to know of a modulus.
#[derive(Clone)]
pub(super) struct Prepared {
    /// B^-k mod n for the k of every fold.
    folds: [Digits; FOLDS],
    /// B^(2 K - spare) mod n.
    into_domain: Digits,
}

impl Prepared {
    pub(super) fn modpow<V: Vector<M>, const M: usize>(
        &self,
        modulus: &Modulus,
        base: &Limbs,
        exponent: u64,
    ) -> Limbs {
        Engine::<V, M>::new(modulus, self).modpow(base, exponent)
    }

    /// Bits of the power of two that [`new`](Self::new) wants.
    pub(super) const fn domain_bits(modulus: &Modulus) -> u32 {
        let sizes = Sizes::new(modulus.bits());
        (2 * sizes.reduction() - sizes.spare) as u32 * DIGIT_BITS
    }

    /// `into_domain` is 2^[`domain_bits`](Self::domain_bits) mod n.
    #[allow(clippy::indexing_slicing)] // `const`
    pub(super) const fn new(modulus: &Modulus, into_domain: &Limbs) -> Self {
        let sizes = Sizes::new(modulus.bits());
        let mut folds = [[0; MAX_MODULUS_DIGITS]; FOLDS];
        let mut power = [0; LIMBS + 1];
        power[0] = 1;
        let (used, _) = power.split_at_mut(modulus.len() + 1);
        let mut digits = 0;
        // From the last fold, the smallest, to the first.
        let mut i = FOLDS;
        while i > 0 {
            i -= 1;
            while digits < sizes.folds[i] {
                modulus.divide_by_power_of_two(used, DIGIT_BITS);
                digits += 1;
            }
            folds[i] = to_digits(used);
        }
        Self {
            folds,
            into_domain: to_digits(into_domain),
        }
    }
}

/// Words of zeros before and after the digits, so that a vector may begin before or end after them.
const PADDING: usize = MAX_LANES;

/// A number ready for the multiplier: its digits, and zeros around them.
pub(super) type Number<W> = [W; NUMBER_WORDS];
const NUMBER_WORDS: usize = PADDING + MAX.number() + PADDING;

/// Limbs of a number.
const WIDE_LIMBS: usize = (MAX.number() as u32 * DIGIT_BITS).div_ceil(64) as usize + 1;

/// Columns of a product, of what follows it in a vector, and of what the first fold reads after its end.
const COLUMNS: usize = 2 * MAX.number() + MAX.folds[0] + 3 * MAX_LANES;

/// The arithmetic on vectors of one kind, for one modulus.
pub(super) struct Engine<'a, V: Vector<M>, const M: usize> {
    modulus: &'a Modulus,
    prepared: &'a Prepared,
    sizes: Sizes,
    folds: [Number<V::Word>; FOLDS],
    columns: Columns<V::Word>,
    /// The digits that a fold takes away.
    folded: Number<V::Word>,
}

/// Sums of products; column c stands at c + 1, after a zero.
struct Columns<W> {
    /// Of low halves.
    low: [W; COLUMNS],
    /// Of high halves.
    high: [W; COLUMNS],
}

impl<'a, V: Vector<M>, const M: usize> Engine<'a, V, M> {
    #[inline(always)]
    fn new(modulus: &'a Modulus, prepared: &'a Prepared) -> Self {
        let zero = V::word(0);
        Self {
            modulus,
            prepared,
            sizes: Sizes::new(modulus.bits()),
            folds: array::from_fn(|i| {
                prepared
                    .folds
                    .get(i)
                    .map_or([zero; NUMBER_WORDS], |fold| number::<V, M>(fold, 0))
            }),
            columns: Columns {
                low: [zero; COLUMNS],
                high: [zero; COLUMNS],
            },
            folded: [zero; NUMBER_WORDS],
        }
    }

    /// a = a b B^-K mod n.
    #[inline(always)]
    fn multiply_inline(&mut self, a: &mut Number<V::Word>, b: &Number<V::Word>) {
        let len = self.sizes.number();
        for c in (0..2 * len).step_by(M) {
            let rows = rows::<M>(c, len, len);
            let (mut low, mut high) = sums::<V, M>(rows.len());
            accumulate(&mut low, &mut high, a, b, c, rows);
            self.columns.store(c, low, high);
        }
        self.reduce(a);
    }

    /// a = a^2 B^-K mod n.
    ///
    /// Column c has the products a[i] a[c - i]. Those with i < c - i are added up and doubled. The rows i below c / 2
    /// have only such in all of the M columns; M / 2 more rows have some, the squares among them.
    #[inline(always)]
    fn square_inline(&mut self, a: &mut Number<V::Word>) {
        let len = self.sizes.number();
        for c in (0..2 * len).step_by(M) {
            let first = (c + 1).saturating_sub(len);
            let middle = c / 2;
            let rows = first..middle.max(first);
            let (mut low, mut high) = sums::<V, M>(rows.len() + M / 2);
            accumulate(&mut low, &mut high, a, a, c, rows);
            let mut squared = V::integer(0);
            for row in 0..M / 2 {
                let (Some(&digit), Some(words)) = (
                    a.get(PADDING + middle + row),
                    a.get(PADDING + c - middle - row..)
                        .and_then(<[_]>::first_chunk::<M>),
                ) else {
                    break;
                };
                let digit = V::splat(digit);
                let above = V::load(words).and(mask(|lane| lane > 2 * row));
                V::multiply_add(&mut low, &mut high, digit, above);
                squared = squared.or(digit.and(mask(|lane| lane == 2 * row)));
            }
            let (mut low_square, mut high_square) = sums::<V, M>(1);
            V::multiply_add(&mut low_square, &mut high_square, squared, squared);
            self.columns.store(
                c,
                low.add(low).add(low_square),
                high.add(high).add(high_square),
            );
        }
        self.reduce(a);
    }

    #[inline(always)]
    fn reduce(&mut self, a: &mut Number<V::Word>) {
        let mut len = 2 * self.sizes.number();
        for (k, factor) in self.sizes.folds.into_iter().zip(&self.folds) {
            for c in (0..k).step_by(M) {
                let digits = self.columns.load::<V, M>(c).and([DIGIT_MASK; M]);
                let carries = self.columns.load_from_below::<V, M>(c).carry();
                if let Some(to) = self
                    .folded
                    .get_mut(PADDING + c..)
                    .and_then(<[_]>::first_chunk_mut::<M>)
                {
                    digits.add(carries).to_multiplier().store(to);
                }
            }
            let mut carry = self
                .columns
                .load_from_below::<V, M>(k)
                .carry()
                .and(mask(|lane| lane == 0));
            for c in (0..len).step_by(M) {
                let rows = rows::<M>(c, k, self.sizes.modulus);
                let (mut low, mut high) = sums::<V, M>(rows.len());
                low = low.add(self.columns.load::<V, M>(c + k)).add(carry);
                carry = V::integer(0);
                accumulate(&mut low, &mut high, &self.folded, factor, c, rows);
                self.columns.store(c, low, high);
            }
            len = (len - k).max(self.sizes.modulus + k);
        }
        for c in (0..len).step_by(M) {
            let mut digits = self.columns.load::<V, M>(c);
            let mut carries = self.columns.load_from_below::<V, M>(c).carry();
            if c + M < len {
                digits = digits.and([DIGIT_MASK; M]);
            } else {
                // The top digit carries nowhere.
                digits = digits.and(array::from_fn(|lane| {
                    if c + lane + 1 < len {
                        DIGIT_MASK
                    } else {
                        u64::MAX
                    }
                }));
                carries = carries.and(mask(|lane| c + lane < len));
            }
            if let Some(to) = a
                .get_mut(PADDING + c..)
                .and_then(<[_]>::first_chunk_mut::<M>)
            {
                digits.add(carries).to_multiplier().store(to);
            }
        }
    }
}

impl<W: Copy> Columns<W> {
    #[inline(always)]
    fn load<V: Vector<M, Word = W>, const M: usize>(&self, column: usize) -> V {
        self.load_from_below(column + 1)
    }

    /// From the column below this one on.
    #[inline(always)]
    fn load_from_below<V: Vector<M, Word = W>, const M: usize>(&self, column: usize) -> V {
        let low = self.low.get(column..).and_then(<[_]>::first_chunk::<M>);
        let high = self.high.get(column..).and_then(<[_]>::first_chunk::<M>);
        match (low, high) {
            (Some(low), Some(high)) => V::columns(V::load(low), V::load(high)),
            _ => V::integer(0),
        }
    }

    #[inline(always)]
    fn store<V: Vector<M, Word = W>, const M: usize>(&mut self, column: usize, low: V, high: V) {
        if let Some(to) = self
            .low
            .get_mut(column + 1..)
            .and_then(<[_]>::first_chunk_mut::<M>)
        {
            low.store(to);
        }
        if let Some(to) = self
            .high
            .get_mut(column + 2..)
            .and_then(<[_]>::first_chunk_mut::<M>)
        {
            high.store(to);
        }
    }
}

/// Empty sums, less the biases of so many multiplications.
#[inline(always)]
fn sums<V: Vector<M>, const M: usize>(multiplications: usize) -> (V, V) {
    let times = (multiplications as u64).wrapping_neg();
    (
        V::integer(V::LOW_BIAS.wrapping_mul(times)),
        V::integer(V::HIGH_BIAS.wrapping_mul(times)),
    )
}

/// The rows that have products in any of M columns from c on: digits i of the first factor for which the second has
/// digits between c - i and c - i + M - 1.
#[inline(always)]
fn rows<const M: usize>(c: usize, first_len: usize, second_len: usize) -> Range<usize> {
    let end = (c + M).min(first_len);
    (c + 1).saturating_sub(second_len).min(end)..end
}

/// Adds a[i] b[c - i + lane] for the given i.
#[inline(always)]
fn accumulate<V: Vector<M>, const M: usize>(
    low: &mut V,
    high: &mut V,
    a: &[V::Word],
    b: &[V::Word],
    c: usize,
    rows: Range<usize>,
) {
    let digits = a
        .get(PADDING + rows.start..PADDING + rows.end)
        .unwrap_or_default();
    let b = b
        .get(PADDING + c + 1 - rows.end..PADDING + c + M - rows.start)
        .unwrap_or_default();
    for (&digit, window) in digits.iter().zip(b.windows(M).rev()) {
        if let Some(window) = window.first_chunk::<M>() {
            V::multiply_add(low, high, V::splat(digit), V::load(window));
        }
    }
}

fn mask<const M: usize>(keep: impl Fn(usize) -> bool) -> [u64; M] {
    array::from_fn(|lane| if keep(lane) { u64::MAX } else { 0 })
}

impl<V: Vector<M>, const M: usize> Arithmetic for Engine<'_, V, M> {
    type Number = Number<V::Word>;

    /// `limbs` B^spare: what is divided away at the end.
    fn number(&self, limbs: &Limbs) -> Self::Number {
        number::<V, M>(&to_digits(limbs), self.sizes.spare)
    }

    fn least_residue(&self, number: &Self::Number) -> Limbs {
        let mut limbs = [0; WIDE_LIMBS];
        let used = (self.sizes.number() as u32 * DIGIT_BITS).div_ceil(64) as usize + 1;
        let limbs = limbs.get_mut(..used).unwrap_or_default();
        let mut digits = number.iter().skip(PADDING).map(|&word| V::digit(word));
        let mut pending = 0i128;
        let mut bits = 0;
        for limb in &mut *limbs {
            while bits < 64 {
                pending += i128::from(digits.next().unwrap_or_default()) << bits;
                bits += DIGIT_BITS;
            }
            *limb = pending as u64;
            pending >>= 64;
            bits -= 64;
        }
        for _ in 0..self.sizes.spare {
            self.modulus.divide_by_power_of_two(limbs, DIGIT_BITS);
        }
        self.modulus.least_residue(limbs)
    }

    fn r_squared(&self) -> Self::Number {
        number::<V, M>(&self.prepared.into_domain, 0)
    }

    fn multiply(&mut self, a: &mut Self::Number, b: &Self::Number) {
        V::multiply(self, a, b);
    }

    fn square(&mut self, a: &mut Self::Number) {
        V::square(self, a);
    }
}

/// The digits after so many zeros.
fn number<V: Vector<M>, const M: usize>(digits: &Digits, zeros: usize) -> Number<V::Word> {
    let mut number = [V::word(0); NUMBER_WORDS];
    for (to, &digit) in number.iter_mut().skip(PADDING + zeros).zip(digits) {
        *to = V::word(digit);
    }
    number
}

#[allow(clippy::indexing_slicing)] // `const`, and the indices are bounded by the lengths
const fn to_digits(limbs: &[u64]) -> Digits {
    let mut digits = [0; MAX_MODULUS_DIGITS];
    let mut i = 0;
    while i < MAX_MODULUS_DIGITS {
        let bit = i * DIGIT_BITS as usize;
        let (limb, shift) = (bit / 64, bit % 64);
        let low = if limb < limbs.len() {
            limbs[limb] >> shift
        } else {
            0
        };
        let high = if shift > 0 && limb + 1 < limbs.len() {
            limbs[limb + 1] << (64 - shift)
        } else {
            0
        };
        digits[i] = (low | high) & DIGIT_MASK;
        i += 1;
    }
    digits
}

/// The constants of the f64 backends.
mod f64 {
    pub(super) const HIGH_MAGIC: f64 = (5u128 << 101) as f64;
    pub(super) const LOW_MAGIC: f64 = (3u64 << 51) as f64;
    pub(super) const BOTH_MAGIC: f64 = ((5u128 << 101) + (3u128 << 51)) as f64;
    pub(super) const INTEGER_MAGIC: f64 = (5u64 << 50) as f64;
}
