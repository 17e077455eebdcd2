//! The number of digits, and the layout of a number in memory.

use super::lanes::{DIGIT_BITS, DIGIT_MASK, Lanes, Multiplier, Word};
use crate::limits::MAX_MODULUS_BITS;

/// Lanes of the widest vector.
pub(super) const MAX_LANES: usize = 8;

/// Folds of one reduction.
pub(super) const FOLDS: usize = 4;

/// The number of bits by which the top digit of a number, a sum of four products, can exceed that of n.
const SPARE_BITS: u32 = 2;

/// The numbers of digits, for moduli of one size.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    /// Digits of n.
    pub(super) modulus: usize,
    /// Digits of a number above those of n.
    pub(super) spare: usize,
    /// Digits that each fold removes.
    pub(super) folds: [usize; FOLDS],
}

impl Sizes {
    /// A fold of k digits turns len digits into max(len - k, modulus + k). So the last one, of `spare` digits, accepts
    /// modulus + 2 spare digits, the third removes up to 2 spare, the second 4 spare, the first 8 spare. Four folds are
    /// enough for 2 (modulus + spare) digits if 14 spare > modulus, and for one more digit, which keeps their rest
    /// small compared with n B^spare. The first two remove as few as possible, in whole vectors.
    pub(super) const fn new(bits: u32) -> Self {
        let modulus = (bits + SPARE_BITS).div_ceil(DIGIT_BITS) as usize;
        let spare = modulus / 14 + 1;
        let product = 2 * (modulus + spare) + 1;
        let first = (product - (modulus + 8 * spare)).next_multiple_of(4);
        let len = if product - first > modulus + first { product - first } else { modulus + first };
        let second = (len - (modulus + 4 * spare)).next_multiple_of(4);
        let second = if second > 4 * spare { 4 * spare } else { second };
        Self { modulus, spare, folds: [first, second, 2 * spare, spare] }
    }

    /// Digits of a number.
    pub(super) const fn number(&self) -> usize {
        self.modulus + self.spare
    }

    /// Returns K, the number of digits that one reduction removes.
    pub(super) const fn reduction(&self) -> usize {
        let [first, second, third, fourth] = self.folds;
        first + second + third + fourth
    }
}

pub(super) const MAX: Sizes = Sizes::new(MAX_MODULUS_BITS);

/// The digits of a number below n.
pub(super) type Digits = [u64; MAX.modulus];

/// Returns the lowest `len` digits, at most as many as the largest modulus has.
#[allow(clippy::indexing_slicing)] // `const`, and the indices are bounded by the lengths
pub(super) const fn to_digits(limbs: &[u64], len: usize) -> Digits {
    let mut digits = [0; MAX.modulus];
    let mut i = 0;
    while i < len && i < MAX.modulus {
        let bit = i * DIGIT_BITS as usize;
        let (limb, shift) = (bit / 64, bit % 64);
        let low = if limb < limbs.len() { limbs[limb] >> shift } else { 0 };
        let high = if shift > 0 && limb + 1 < limbs.len() { limbs[limb + 1] << (64 - shift) } else { 0 };
        digits[i] = (low | high) & DIGIT_MASK;
        i += 1;
    }
    digits
}

/// Zeros before and after the digits of a number, for tiles that begin or end there.
pub(super) const PADDING: usize = MAX_LANES;

/// Words of a number, in whole vectors, so that the last one is complete.
const WORDS: usize = PADDING + MAX.number().next_multiple_of(MAX_LANES) + PADDING;

/// A number as factors, least significant digit first, with zeros on both sides.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Number<W>(pub(super) [W; WORDS]);

impl<W: Word> Number<W> {
    pub(super) const ZERO: Self = Self([W::ZERO; WORDS]);

    /// Returns M digits from this one on, each in all lanes, for digits above this many zeros.
    #[inline(always)]
    pub(super) fn rows<L: Lanes<M, Word = W>, const M: usize>(&self, row: usize, zeros: usize) -> [L; M] {
        match self.0.get(PADDING + row - zeros..).and_then(<[_]>::first_chunk::<M>) {
            Some(digits) => digits.map(L::splat),
            None => [L::integer(0); M],
        }
    }
}

impl Number<u64> {
    /// Stores these digits above this many zeros. Inlined, like everything in this file, into code that is compiled for
    /// a processor's vectors. A WebAssembly module is compiled for one engine, where copies would take kilobytes.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(super) fn set<X: Multiplier<L, M>, L: Lanes<M, Word = u64>, const M: usize>(
        &mut self,
        digits: &Digits,
        zeros: usize,
    ) {
        let (whole, rest) = digits.as_chunks::<M>();
        let mut last = [0; M];
        last.iter_mut().zip(rest).for_each(|(to, digit)| *to = *digit);
        let to = self.0.get_mut(PADDING + zeros..).unwrap_or_default().as_chunks_mut::<M>().0;
        for (to, digits) in to.iter_mut().zip(whole.iter().chain([&last])) {
            X::to_factors(L::load(digits)).store(to);
        }
    }
}
