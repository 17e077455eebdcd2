//! Arithmetic in radix 2^51, for processors that multiply vectors of f64 with one rounding (FMA) or of 52-bit integers
//! (AVX512-IFMA).
//!
//! Products are added up in columns and nothing is carried before a digit is needed as a factor again, and then by one
//! place only, in all lanes at once. So digits are somewhat wider than 51 bits, and numbers are somewhat wider than n.
//!
//! Reduction is by B^K in four folds, B being the radix: T becomes (T div B^k) + (T mod B^k) c for c = B^-k mod n, which
//! is T B^-k modulo n. Unlike Montgomery's quotients, the digits of T mod B^k do not wait for each other. A fold of k
//! digits cannot leave less than k digits above those of n, so the folds get smaller, and a number keeps some digits
//! above those of n: it is below B^spare n on both sides of 0, and an ordinary Montgomery reduction by B^spare ends it all.
//!
//! No carry and no comparison decides what is done next. So a run of the same code on intervals in place of digits (in
//! the tests) proves for all inputs that no sum leaves its lane and that no f64 is rounded where it should not be.

// All sums are bounded: by the run on intervals, and in the comments beside them.
#![allow(clippy::arithmetic_side_effects)]

use core::iter;

use super::Arithmetic;
use crate::limits::{MAX_MODULUS_BITS, MIN_MODULUS_BITS};
use crate::rsa::modulus::{LIMBS, Limbs, Modulus};
use columns::{Columns, rows, tiles};
use vector::{DIGIT_BITS, DIGIT_MASK, Vector};

mod columns;
pub(super) mod detection;
mod vector;

mod fma;
#[cfg(any(test, target_arch = "x86_64"))]
mod ifma;

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod avx2;
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod avx512;
#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
#[allow(unsafe_code)]
mod neon;
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
#[allow(unsafe_code)]
mod relaxed_simd;

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]
mod emulated;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]
mod proof;

/// The vectors that there are here. Each value is a proof that they can be used.
#[derive(Clone, Copy, Debug)]
pub(in crate::rsa) enum Vectors {
    #[cfg(target_arch = "x86_64")]
    Avx512(detection::HasIfma),
    #[cfg(target_arch = "x86_64")]
    Avx2(detection::HasAvx2),
    #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
    Neon,
    #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
    RelaxedSimd(detection::MaddIsFused),
    #[cfg(test)]
    EmulatedFma,
    #[cfg(test)]
    EmulatedIfma,
}

impl Vectors {
    #[inline]
    pub(super) fn fastest() -> Option<Self> {
        #[cfg(target_arch = "x86_64")]
        return detection::HasIfma::detect().map(Self::Avx512).or_else(|| detection::HasAvx2::detect().map(Self::Avx2));
        #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
        return Some(Self::Neon);
        #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
        return detection::MaddIsFused::detect().map(Self::RelaxedSimd);
        #[allow(unreachable_code)] // not where tests run on other processors
        None
    }
}

/// Lanes of the widest vector.
const MAX_LANES: usize = 8;
/// Folds of one reduction.
const FOLDS: usize = 4;

/// Bits by which the top digit of a number, the sum of four products, can be longer than that of n.
const SPARE_BITS: u32 = 2;

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
    /// A fold of k digits makes max(len - k, modulus + k) of len digits. So the last one, of `spare` digits, wants no more
    /// than modulus + 2 spare of them, the third one takes 2 spare at most, the second 4 spare, the first 8 spare, and
    /// four folds do for 2 (modulus + spare) digits and one more, which makes what is left of these small beside n
    /// B^spare, if 14 spare > modulus. The first two take no more than they have to, in whole vectors.
    const fn new(bits: u32) -> Self {
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

/// The digits of a number below n.
type Digits = [u64; MAX.modulus];

/// What the arithmetic needs to know of a modulus.
#[derive(Clone)]
pub(super) struct Prepared {
    /// B^-k mod n for the k of every fold.
    folds: [Digits; FOLDS],
    /// B^(2 K - spare) mod n.
    into_domain: Digits,
}

impl Prepared {
    /// The power of two that `into_domain` is.
    pub(super) const fn domain_bits(modulus: &Modulus) -> Option<u32> {
        let sizes = Sizes::new(modulus.bits());
        Some((2 * sizes.reduction() - sizes.spare) as u32 * DIGIT_BITS)
    }

    /// `into_domain` is 2^[`domain_bits`](Self::domain_bits) mod n.
    #[allow(clippy::indexing_slicing)] // `const`
    pub(super) const fn new(modulus: &Modulus, into_domain: &Limbs) -> Self {
        let sizes = Sizes::new(modulus.bits());
        let mut folds = [[0; MAX.modulus]; FOLDS];
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
            folds[i] = to_digits(used, sizes.modulus);
        }
        Self { folds, into_domain: to_digits(into_domain, sizes.modulus) }
    }

    #[inline]
    pub(super) fn modpow(&self, vectors: Vectors, modulus: &Modulus, base: &Limbs, exponent: u64) -> Limbs {
        match vectors {
            #[cfg(target_arch = "x86_64")]
            Vectors::Avx512(proof) => avx512::modpow(proof, self, modulus, base, exponent),
            #[cfg(target_arch = "x86_64")]
            Vectors::Avx2(proof) => avx2::modpow(proof, self, modulus, base, exponent),
            #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
            Vectors::Neon => neon::modpow(self, modulus, base, exponent),
            #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
            Vectors::RelaxedSimd(proof) => relaxed_simd::modpow(proof, self, modulus, base, exponent),
            #[cfg(test)]
            Vectors::EmulatedFma => emulated::fma(self, modulus, base, exponent),
            #[cfg(test)]
            Vectors::EmulatedIfma => emulated::ifma(self, modulus, base, exponent),
        }
    }

    #[inline(always)]
    fn modpow_on<V: Vector<M>, const M: usize>(&self, modulus: &Modulus, base: &Limbs, exponent: u64) -> Limbs {
        let mut engine = Engine::<V, M>::new(modulus, self);
        engine.set_folds();
        engine.modpow(base, exponent)
    }
}

/// Zeros before and after the digits of a number, for tiles that begin or end there.
const PADDING: usize = MAX_LANES;

/// Words of a number: whole vectors, for the last one would be left out otherwise.
const WORDS: usize = PADDING + MAX.number().next_multiple_of(MAX_LANES) + PADDING;

/// A number as factors, least significant digit first, between zeros.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Number<W>([W; WORDS]);

impl<W: Copy> Number<W> {
    const fn new(zero: W) -> Self {
        Self([zero; WORDS])
    }

    /// Puts these digits above so many zeros. Inlined, as is all here, into what is compiled for a processor with
    /// vectors; a module of WebAssembly is compiled for one engine, and the copies would take kilobytes.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn set<V: Vector<M, Word = W>, const M: usize>(&mut self, digits: &Digits, zeros: usize) {
        let (whole, rest) = digits.as_chunks::<M>();
        let mut last = [0; M];
        last.iter_mut().zip(rest).for_each(|(to, digit)| *to = *digit);
        let to = self.0.get_mut(PADDING + zeros..).unwrap_or_default().as_chunks_mut::<M>().0;
        for (to, digits) in to.iter_mut().zip(whole.iter().chain([&last])) {
            V::factors(digits).store(to);
        }
    }
}

/// Limbs of a number, and one for its sign.
const NUMBER_LIMBS: usize = (MAX.number() as u32 * DIGIT_BITS).div_ceil(64) as usize + 1;

/// The arithmetic modulo one n on vectors of one kind.
pub(super) struct Engine<'a, V: Vector<M>, const M: usize> {
    modulus: &'a Modulus,
    prepared: &'a Prepared,
    sizes: Sizes,
    folds: [Number<V::Word>; FOLDS],
    /// The sums of the product being made, and the digits that a fold takes away from them.
    columns: Columns<V::Word>,
    folded: Number<V::Word>,
}

impl<'a, V: Vector<M>, const M: usize> Engine<'a, V, M> {
    #[inline(always)]
    fn new(modulus: &'a Modulus, prepared: &'a Prepared) -> Self {
        let sizes = Sizes::new(modulus.bits());
        Self {
            modulus,
            prepared,
            sizes,
            folds: [const { Number::new(V::ZERO) }; FOLDS],
            columns: const { Columns::new(V::ZERO) },
            folded: const { Number::new(V::ZERO) },
        }
    }

    /// Beside `new`, as the engine is large: so it is made where it stays.
    #[inline(always)]
    fn set_folds(&mut self) {
        for (fold, digits) in self.folds.iter_mut().zip(&self.prepared.folds) {
            fold.set::<V, M>(digits, 0);
        }
    }

    /// a = a b B^-K mod n.
    #[inline(always)]
    pub(super) fn multiply_inline(&mut self, a: &mut Number<V::Word>, b: &Number<V::Word>) {
        let len = self.sizes.number();
        self.columns.clear::<V, M>(2 * len);
        for row in (0..len).step_by(M) {
            self.columns.add_products::<V, M>(row, rows(a, row, 0), b, 0, tiles::<M>(len));
        }
        self.reduce(self.sizes, a);
    }

    /// a = a^2 B^-K mod n.
    #[inline(always)]
    pub(super) fn square_inline(&mut self, a: &mut Number<V::Word>) {
        match self.common_sizes() {
            Some(sizes) => self.square_sized(sizes, a),
            None => self.square_sized(self.sizes, a),
        }
    }

    /// The sizes of the most common moduli as constants, for a second compilation in which no loop has bounds to look
    /// at. Only where speed is worth the octets, and for squares, which are nearly all there is.
    #[inline(always)]
    fn common_sizes(&self) -> Option<Sizes> {
        const COMMON: Sizes = Sizes::new(MIN_MODULUS_BITS);
        (cfg!(target_arch = "x86_64") && self.sizes.modulus == COMMON.modulus).then_some(COMMON)
    }

    #[inline(always)]
    fn square_sized(&mut self, sizes: Sizes, a: &mut Number<V::Word>) {
        let len = sizes.number();
        self.columns.clear::<V, M>(2 * len);
        for row in (0..len).step_by(M) {
            let digits = rows(a, row, 0);
            self.columns.finish_square::<V, M>(row, digits, a);
            self.columns.add_products::<V, M>(row, digits, a, row / M + 2, tiles::<M>(len));
        }
        self.reduce(sizes, a);
    }

    /// a = T B^-K mod n, for the T in the columns.
    ///
    /// With |T| <= (4.1 n B^spare)^2, what the folds leave is at most (1 + 2^-40) n B^spare from the product of each, and
    /// 5 n B^(spare - 1) from T; with digits on both sides of 0 it is half of that.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn reduce(&mut self, sizes: Sizes, a: &mut Number<V::Word>) {
        let mut column = 0;
        for (k, factor) in sizes.folds.into_iter().zip(&self.folds) {
            self.columns.take_digits::<V, M>(column, k, &mut self.folded);
            column += k;
            // From some zeros below the digits on, so that the columns make whole vectors in memory.
            let zeros = column % M;
            for row in (0..zeros + k).step_by(M) {
                let digits = rows(&self.folded, row, zeros);
                self.columns.add_products::<V, M>(column + row - zeros, digits, factor, 0, tiles::<M>(sizes.modulus));
            }
        }
        self.columns.number::<V, M>(column, sizes.number(), a);
    }
}

impl<V: Vector<M>, const M: usize> Arithmetic for Engine<'_, V, M> {
    type Number = Number<V::Word>;

    /// The number times B^spare, which is what `least_residue` divides by.
    #[inline(always)]
    fn number(&self, limbs: &Limbs) -> Self::Number {
        let mut number = Number::new(V::ZERO);
        number.set::<V, M>(&to_digits(limbs, self.sizes.modulus), self.sizes.spare);
        number
    }

    #[inline(always)]
    fn r_squared(&self) -> Self::Number {
        let mut number = Number::new(V::ZERO);
        number.set::<V, M>(&self.prepared.into_domain, 0);
        number
    }

    /// Made a multiple of B^spare and divided by that, a number is between -2.1 n and 5.1 n.
    fn least_residue(&self, number: &Self::Number) -> Limbs {
        let mut limbs = [0; NUMBER_LIMBS];
        let used = (self.sizes.number() as u32 * DIGIT_BITS).div_ceil(64) as usize + 1;
        let limbs = limbs.get_mut(..used).unwrap_or_default();
        let mut digits = number.0.iter().skip(PADDING).map(|&word| V::digit(word));
        let mut pending = 0i128;
        let mut bits = 0;
        for limb in limbs.iter_mut() {
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
        remainder(limbs, self.modulus.limbs())
    }

    fn multiply(&mut self, a: &mut Self::Number, b: &Self::Number) {
        V::multiply(self, a, b);
    }

    fn square(&mut self, a: &mut Self::Number) {
        V::square(self, a);
    }
}

/// `number` mod n, for a number in two's complement that is longer than n and not many times as large.
fn remainder(number: &mut [u64], n: &Limbs) -> Limbs {
    let is_negative = |number: &[u64]| number.last().is_some_and(|&top| top >> 63 == 1);
    while !is_negative(number) {
        let mut borrow = false;
        for (limb, &n) in number.iter_mut().zip(n.iter().chain(iter::repeat(&0))) {
            let (partial, first) = limb.overflowing_sub(n);
            let (difference, second) = partial.overflowing_sub(u64::from(borrow));
            (*limb, borrow) = (difference, first | second);
        }
    }
    while is_negative(number) {
        let mut carry = false;
        for (limb, &n) in number.iter_mut().zip(n.iter().chain(iter::repeat(&0))) {
            let (partial, first) = limb.overflowing_add(n);
            let (sum, second) = partial.overflowing_add(u64::from(carry));
            (*limb, carry) = (sum, first | second);
        }
    }
    let mut residue = [0; LIMBS];
    residue.iter_mut().zip(&*number).for_each(|(to, &limb)| *to = limb);
    residue
}

/// The least so many digits, which are never more than the largest modulus has.
#[allow(clippy::indexing_slicing)] // `const`, and the indices are bounded by the lengths
const fn to_digits(limbs: &[u64], len: usize) -> Digits {
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
