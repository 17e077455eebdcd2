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
        Self { modulus, spare, folds: [first, 4 * spare - 2, 2 * spare - 1, spare] }
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
    pub(super) fn modpow<V: Vector<M>, const M: usize>(&self, modulus: &Modulus, base: &Limbs, exponent: u64) -> Limbs {
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
        Self { folds, into_domain: to_digits(into_domain) }
    }
}

/// Words of zeros before and after the digits, so that a vector may begin before or end after them.
const PADDING: usize = MAX_LANES;

/// A number ready for the multiplier: its digits, and zeros around them.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Number<W>([W; NUMBER_WORDS]);
const NUMBER_WORDS: usize = PADDING + MAX.number() + PADDING;

/// Limbs of a number.
const WIDE_LIMBS: usize = (MAX.number() as u32 * DIGIT_BITS).div_ceil(64) as usize + 1;

/// Columns of a product, of zeros before it, and of what follows it in a tile.
const COLUMNS: usize = HEAD + 2 * MAX.number() + 3 * MAX_LANES;
const HEAD: usize = MAX_LANES;

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

/// Sums of products, after some zeros.
#[repr(C, align(64))]
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
        let sizes = Sizes::new(modulus.bits());
        Self {
            modulus,
            prepared,
            sizes,
            folds: prepared
                .folds
                .each_ref()
                .map(|fold| number::<V, M>(fold.get(..sizes.modulus).unwrap_or_default(), 0)),
            columns: Columns { low: [zero; COLUMNS], high: [zero; COLUMNS] },
            folded: Number([zero; NUMBER_WORDS]),
        }
    }

    /// a = a b B^-K mod n.
    #[inline(always)]
    fn multiply_inline(&mut self, a: &mut Number<V::Word>, b: &Number<V::Word>) {
        let len = self.sizes.number();
        self.columns.clear::<V, M>(2 * len);
        for row in (0..len).step_by(M) {
            self.columns.add_rows::<V, M>(row, rows(a, row), b, 0, tiles::<M>(len));
        }
        self.reduce(a);
    }

    /// a = a^2 B^-K mod n.
    ///
    /// The products a[i] a[j] with i < j are added up and doubled, then the squares are added. M rows from i on have
    /// such products from column 2 i + 1 on, and no later rows have any in the columns up to 2 i + 2 M - 1. So these 2 M
    /// columns can be finished.
    #[inline(always)]
    fn square_inline(&mut self, a: &mut Number<V::Word>) {
        let len = self.sizes.number();
        self.columns.clear::<V, M>(2 * len);
        for row in (0..len).step_by(M) {
            let digits = rows(a, row);
            for half in 0..2 {
                let c = 2 * row + half * M;
                let (mut low, mut high) = self.columns.load_halves::<V, M>(c);
                let mut squared = V::integer(0);
                for r in 0..M {
                    // Of row + r the lanes with a column above 2 (row + r).
                    let (above, at) = (2 * r + 1, 2 * r);
                    let digit = digits[r];
                    if above < half * M + M {
                        let Some(words) = a.0.get(PADDING + row + half * M - r..).and_then(<[_]>::first_chunk) else {
                            break;
                        };
                        let mut factor = V::load(words);
                        if above > half * M {
                            factor = factor.and(mask(|lane| lane + half * M >= above));
                        }
                        V::multiply_add(&mut low, &mut high, digit, factor);
                    }
                    if at / M == half {
                        squared = squared.or(digit.and(mask(|lane| lane + half * M == at)));
                    }
                }
                (low, high) = (low.add(low), high.add(high));
                V::multiply_add(&mut low, &mut high, squared, squared);
                self.columns.store_halves(c, low, high);
            }
            let first = row / M + 2;
            self.columns.add_rows::<V, M>(row, digits, a, first, tiles::<M>(len));
        }
        self.reduce(a);
    }

    #[inline(always)]
    fn reduce(&mut self, a: &mut Number<V::Word>) {
        let (rounding, unrounding) = (V::integer(V::ROUNDING), V::integer(V::ROUNDING.wrapping_neg()));
        let mut base = 0;
        for (k, factor) in self.sizes.folds.into_iter().zip(&self.folds) {
            for c in (0..k).step_by(M) {
                let column = self.columns.load::<V, M>(base + c).add(rounding).and([DIGIT_MASK; M]);
                let below = self.columns.load_below::<V, M>(base + c).add(rounding).carry();
                let digits = column.add(below).add(unrounding).and(mask(|lane| c + lane < k));
                if let Some(to) = self.folded.0.get_mut(PADDING + c..).and_then(<[_]>::first_chunk_mut::<M>) {
                    digits.to_multiplier().store(to);
                }
            }
            base += k;
            self.columns.carry_into::<V, M>(base);
            for row in (0..k).step_by(M) {
                let digits = rows(&self.folded, row);
                self.columns.add_rows::<V, M>(base + row, digits, factor, 0, tiles::<M>(self.sizes.modulus));
            }
        }
        let len = self.sizes.number();
        for c in (0..len).step_by(M) {
            let column = self.columns.load::<V, M>(base + c);
            let below = self.columns.load_below::<V, M>(base + c).add(rounding).carry();
            let digits = if c + M < len {
                column.add(rounding).and([DIGIT_MASK; M]).add(unrounding).add(below)
            } else {
                // The top digit carries nowhere.
                let rounded =
                    column.add(rounding).and([DIGIT_MASK; M]).add(unrounding).and(mask(|lane| c + lane + 1 < len));
                rounded.add(column.and(mask(|lane| c + lane + 1 == len))).add(below.and(mask(|lane| c + lane < len)))
            };
            if let Some(to) = a.0.get_mut(PADDING + c..).and_then(<[_]>::first_chunk_mut::<M>) {
                digits.to_multiplier().store(to);
            }
        }
    }
}

/// M digits from this one on, each in all lanes.
#[inline(always)]
fn rows<V: Vector<M>, const M: usize>(digits: &Number<V::Word>, row: usize) -> [V; M] {
    match digits.0.get(PADDING + row..).and_then(<[_]>::first_chunk::<M>) {
        Some(digits) => digits.map(V::splat),
        None => [V::integer(0); M],
    }
}

/// Tiles of M columns that M rows of so many digits go through.
const fn tiles<const M: usize>(digits: usize) -> usize {
    (digits + M - 1).div_ceil(M)
}

impl<W: Copy> Columns<W> {
    #[inline(always)]
    /// Zeros so many columns, and what is read around them.
    fn clear<V: Vector<M, Word = W>, const M: usize>(&mut self, columns: usize) {
        for half in [&mut self.low, &mut self.high] {
            let used = half.as_chunks_mut::<M>().0.iter_mut().take((HEAD + columns).div_ceil(M) + 2);
            used.for_each(|to| V::integer(0).store(to));
        }
    }

    /// Adds the products of M digits by all of b to the columns from `column` on, in the tiles from `first` to `end`.
    #[inline(always)]
    fn add_rows<V: Vector<M, Word = W>, const M: usize>(
        &mut self,
        column: usize,
        digits: [V; M],
        b: &Number<W>,
        first: usize,
        end: usize,
    ) {
        let from = HEAD + column + first * M;
        let low = self.low.get_mut(from..).unwrap_or_default().as_chunks_mut::<M>().0;
        let high = self.high.get_mut(from..).unwrap_or_default().as_chunks_mut::<M>().0;
        let b = b.0.as_chunks::<M>().0;
        let b = b.get(PADDING / M + first - 1..PADDING / M + end.max(first)).unwrap_or_default();
        for ((to_low, to_high), b) in low.iter_mut().zip(high).zip(b.windows(2)) {
            let Some(b) = b.first_chunk::<2>().map(|b| b.as_flattened()) else {
                break;
            };
            let (mut low, mut high) = (V::load(to_low), V::load(to_high));
            let mut r = 0;
            while r + 1 < M {
                let (Some(b0), Some(b1)) =
                    (b.get(M - r..).and_then(<[_]>::first_chunk), b.get(M - r - 1..).and_then(<[_]>::first_chunk))
                else {
                    break;
                };
                V::multiply_add_two(&mut low, &mut high, [digits[r], digits[r + 1]], [V::load(b0), V::load(b1)]);
                r += 2;
            }
            low.store(to_low);
            high.store(to_high);
        }
    }

    #[inline(always)]
    fn carry_into<V: Vector<M, Word = W>, const M: usize>(&mut self, column: usize) {
        let carry = self.load_below::<V, M>(column).add(V::integer(V::ROUNDING)).carry().and(mask(|lane| lane == 0));
        if let Some(low) = self.low.get_mut(HEAD + column..).and_then(<[_]>::first_chunk_mut::<M>) {
            V::load(low).add(carry).store(low);
        }
        if let (Some(low), Some(high)) = (self.low.get_mut(HEAD + column - 1), self.high.get_mut(HEAD + column - 2)) {
            (*low, *high) = (V::word(0), V::word(0));
        }
    }

    #[inline(always)]
    fn load_halves<V: Vector<M, Word = W>, const M: usize>(&self, column: usize) -> (V, V) {
        (load(&self.low, HEAD + column), load(&self.high, HEAD + column))
    }

    #[inline(always)]
    fn store_halves<V: Vector<M, Word = W>, const M: usize>(&mut self, column: usize, low: V, high: V) {
        if let Some(to) = self.low.get_mut(HEAD + column..).and_then(<[_]>::first_chunk_mut::<M>) {
            low.store(to);
        }
        if let Some(to) = self.high.get_mut(HEAD + column..).and_then(<[_]>::first_chunk_mut::<M>) {
            high.store(to);
        }
    }

    #[inline(always)]
    fn load<V: Vector<M, Word = W>, const M: usize>(&self, column: usize) -> V {
        V::columns(load(&self.low, HEAD + column), load(&self.high, HEAD + column - 1))
    }

    #[inline(always)]
    fn load_below<V: Vector<M, Word = W>, const M: usize>(&self, column: usize) -> V {
        V::columns(load(&self.low, HEAD + column - 1), load(&self.high, HEAD + column - 2))
    }
}

#[inline(always)]
fn load<V: Vector<M>, const M: usize>(words: &[V::Word], at: usize) -> V {
    words.get(at..).and_then(<[_]>::first_chunk::<M>).map_or(V::integer(0), V::load)
}

fn mask<const M: usize>(keep: impl Fn(usize) -> bool) -> [u64; M] {
    array::from_fn(|lane| if keep(lane) { u64::MAX } else { 0 })
}

impl<V: Vector<M>, const M: usize> Arithmetic for Engine<'_, V, M> {
    type Number = Number<V::Word>;

    /// `limbs` B^spare: what is divided away at the end.
    fn number(&self, limbs: &Limbs) -> Self::Number {
        number::<V, M>(to_digits(limbs).get(..self.sizes.modulus).unwrap_or_default(), self.sizes.spare)
    }

    fn least_residue(&self, number: &Self::Number) -> Limbs {
        let mut limbs = [0; WIDE_LIMBS];
        let used = (self.sizes.number() as u32 * DIGIT_BITS).div_ceil(64) as usize + 1;
        let limbs = limbs.get_mut(..used).unwrap_or_default();
        let mut digits = number.0.iter().skip(PADDING).map(|&word| V::digit(word));
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
fn number<V: Vector<M>, const M: usize>(digits: &[u64], zeros: usize) -> Number<V::Word> {
    let mut number = Number([V::word(0); NUMBER_WORDS]);
    for (to, &digit) in number.0.iter_mut().skip(PADDING + zeros).zip(digits) {
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
        let low = if limb < limbs.len() { limbs[limb] >> shift } else { 0 };
        let high = if shift > 0 && limb + 1 < limbs.len() { limbs[limb + 1] << (64 - shift) } else { 0 };
        digits[i] = (low | high) & DIGIT_MASK;
        i += 1;
    }
    digits
}

/// The constants of the f64 backends.
mod f64 {
    pub(super) const HIGH_MAGIC: f64 = (3u128 << 102) as f64;
    pub(super) const LOW_MAGIC: f64 = (3u64 << 51) as f64;
    pub(super) const BOTH_MAGIC: f64 = ((3u128 << 102) + (3u128 << 51)) as f64;
}
