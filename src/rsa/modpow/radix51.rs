//! Arithmetic in radix 2^51, for processors that multiply vectors of f64 with one rounding (FMA) or of 52-bit integers
//! (AVX512-IFMA).
//!
//! Products are added up in columns. Nothing is carried until digits are needed as factors again, and then only by one
//! place, in all lanes at once. So digits are slightly wider than 51 bits, and numbers are slightly larger than n.
//!
//! Reduction is by B^K in four folds, where B is the radix: T becomes (T div B^k) + (T mod B^k) c for c = B^-k mod n,
//! which is T B^-k modulo n. Unlike Montgomery's quotients, the digits of T mod B^k do not depend on each other. A fold
//! of k digits leaves at least k digits above those of n. So the folds get smaller, and a number keeps some digits
//! above those of n: its absolute value is below B^spare n. An ordinary Montgomery reduction by B^spare finishes the
//! computation.
//!
//! The control flow does not depend on carries or comparisons. So running the code on intervals instead of digits, in
//! the tests, proves for all inputs that no sum overflows its lane and that no f64 is rounded where it must be exact.
//!
//! | step | file |
//! |---|---|
//! | selecting a processor's backend | here, with `crate::cpu` |
//! | multiply, square, reduce | here |
//! | columns: add up products, take digits | `columns` |
//! | digits and factors: how many, and their layout | `number` |
//! | one product of two vectors of digits | `fma`, `ifma`, through `lanes` |
//! | the instructions | `avx2`, `avx512`, `neon`, `relaxed_simd` |

// Two folds, worked through in radix B = 10 for n = 997, which has three digits, and one spare digit. They take two
// digits and one, so K = 3. Their constants are c2 = 10^-2 mod n = 668 (66800 = 67 n + 1) and c1 = 10^-1 mod n = 698
// (6980 = 7 n + 1). T = 352 * 351 = 123552.
//
//      column        5   4   3   2   1   0
//      T             1   2   3   5 | 5   2        k = 2: 52 is taken away,
//                            1   2   3   5        T div 100
//                            1   3   3   6        2 c2
//                        3   3   4   0            5 c2, one column up
//                        -----------------
//      T'                3   5   9   7 | 1        5 digits: as many as c2 has, and k more. k = 1: 1 is taken away,
//                            3   5   9   7        T' div 10
//                                6   9   8        1 c1
//                            -------------
//      T''                   4   2   9   5        4 digits: those of n, and the spare one
//
// T'' 10^3 = T modulo n (4295000 - 123552 = 4184 n), and T'' is below 10 n, so it can be a factor of the next product.
// In the code the lines of a fold are rows in the tiles of `columns`, none of them is carried, and the columns stay where
// they are: a fold adds c times its digits to the columns above these.

// All sums are bounded: by the run on intervals, and in comments next to them.
#![allow(clippy::arithmetic_side_effects)]

use core::iter;

use super::arithmetic::Arithmetic;
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
use crate::cpu::MaddIsFused;
#[cfg(target_arch = "x86_64")]
use crate::cpu::{HasAvx2, HasIfma};
use crate::limits::MIN_MODULUS_BITS;
use crate::rsa::modpow::modulus::{LIMBS, Limbs, Modulus};
use columns::Columns;
use lanes::{DIGIT_BITS, Lanes, Multiplier, Step};
use number::{Digits, FOLDS, MAX, Number, PADDING, Sizes, to_digits};

mod columns;
mod lanes;
mod number;

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

/// The available vector instructions. Each value proves that they can be used.
#[derive(Clone, Copy, Debug)]
pub(in crate::rsa) enum InstructionSet {
    #[cfg(target_arch = "x86_64")]
    Avx512(HasIfma),
    #[cfg(target_arch = "x86_64")]
    Avx2(HasAvx2),
    #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
    Neon,
    #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
    RelaxedSimd(MaddIsFused),
    #[cfg(test)]
    EmulatedFma,
    #[cfg(test)]
    EmulatedIfma,
}

impl InstructionSet {
    #[inline]
    pub(super) fn fastest() -> Option<Self> {
        #[cfg(target_arch = "x86_64")]
        return HasIfma::detect().map(Self::Avx512).or_else(|| HasAvx2::detect().map(Self::Avx2));
        #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
        return Some(Self::Neon);
        #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
        return MaddIsFused::detect().map(Self::RelaxedSimd);
        #[allow(unreachable_code)] // not where tests run on other processors
        None
    }
}

/// The constants of a modulus.
#[derive(Clone)]
pub(super) struct Constants {
    /// B^-k mod n for the k of each fold.
    folds: [Digits; FOLDS],
    /// B^(2 K - spare) mod n.
    into_domain: Digits,
}

impl Constants {
    /// Returns the power of two that `into_domain` is.
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
        // From the last, smallest fold to the first.
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
    pub(super) fn modpow(&self, by: InstructionSet, modulus: &Modulus, number: &mut Limbs, exponent: u64) {
        match by {
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512(proof) => avx512::modpow(proof, self, modulus, number, exponent),
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx2(proof) => avx2::modpow(proof, self, modulus, number, exponent),
            #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
            InstructionSet::Neon => neon::modpow(self, modulus, number, exponent),
            #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
            InstructionSet::RelaxedSimd(proof) => relaxed_simd::modpow(proof, self, modulus, number, exponent),
            #[cfg(test)]
            InstructionSet::EmulatedFma => emulated::fma(self, modulus, number, exponent),
            #[cfg(test)]
            InstructionSet::EmulatedIfma => emulated::ifma(self, modulus, number, exponent),
        }
    }

    #[inline(always)]
    fn modpow_on<X, L, const M: usize>(&self, modulus: &Modulus, number: &mut Limbs, exponent: u64)
    where
        X: Multiplier<L, M>,
        L: Lanes<M, Word = u64>,
    {
        let mut arithmetic = Radix51::<X, L, M>::new(modulus, self);
        arithmetic.set_folds();
        arithmetic.modpow(number, exponent);
    }
}

/// Limbs of a number, plus one for its sign.
const NUMBER_LIMBS: usize = (MAX.number() as u32 * DIGIT_BITS).div_ceil(64) as usize + 1;

/// The arithmetic modulo one n, with one multiplier and one kind of lanes.
struct Radix51<'a, X, L: Lanes<M>, const M: usize> {
    modulus: &'a Modulus,
    constants: &'a Constants,
    sizes: Sizes,
    folds: [Number<L::Word>; FOLDS],
    /// The sums of the current product, and the digits that a fold removes.
    columns: Columns<X, L, M>,
    folded: Number<L::Word>,
}

impl<'a, X: Multiplier<L, M>, L: Lanes<M>, const M: usize> Radix51<'a, X, L, M> {
    #[inline(always)]
    fn new(modulus: &'a Modulus, constants: &'a Constants) -> Self {
        let sizes = Sizes::new(modulus.bits());
        Self { modulus, constants, sizes, folds: [Number::ZERO; FOLDS], columns: Columns::ZERO, folded: Number::ZERO }
    }

    /// a = a b B^-K mod n.
    #[inline(always)]
    fn multiply_assign(&mut self, a: &mut Number<L::Word>, b: &Number<L::Word>) {
        let len = self.sizes.number();
        self.columns.clear(2 * len);
        for row in (0..len).step_by(M) {
            self.columns.add_products(row, a.rows(row, 0), 0, b, len, 0);
        }
        self.reduce(self.sizes, a);
    }

    /// a = a^2 B^-K mod n.
    #[inline(always)]
    fn square_assign(&mut self, a: &mut Number<L::Word>) {
        match self.common_sizes() {
            Some(sizes) => self.square_sized(sizes, a),
            None => self.square_sized(self.sizes, a),
        }
    }

    /// Returns the sizes of the most common moduli as constants, so that a second copy of the code has constant loop
    /// bounds. Used only where speed is worth the size, and for squares, which dominate the running time.
    #[inline(always)]
    fn common_sizes(&self) -> Option<Sizes> {
        const COMMON: Sizes = Sizes::new(MIN_MODULUS_BITS);
        (cfg!(target_arch = "x86_64") && self.sizes.modulus == COMMON.modulus).then_some(COMMON)
    }

    #[inline(always)]
    fn square_sized(&mut self, sizes: Sizes, a: &mut Number<L::Word>) {
        let len = sizes.number();
        self.columns.clear(2 * len);
        for row in (0..len).step_by(M) {
            let digits = a.rows(row, 0);
            self.columns.finish_square(row, digits, a, len);
            self.columns.add_products(row, digits, 0, a, len, row / M + 2);
        }
        self.reduce(sizes, a);
    }

    /// Sets a = T B^-K mod n, for the T in the columns.
    ///
    /// With |T| <= (4.1 n B^spare)^2, each fold's product contributes at most (1 + 2^-40) n B^spare, and T 5 n B^(spare
    /// - 1). With digits of both signs, half of that.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn reduce(&mut self, sizes: Sizes, a: &mut Number<L::Word>) {
        let mut column = 0;
        for (k, factor) in sizes.folds.into_iter().zip(&self.folds) {
            self.columns.take_digits(column, k, &mut self.folded);
            column += k;
            // Starts some zeros below the digits, so that the columns form whole vectors in memory.
            let zeros = column % M;
            for row in (0..zeros + k).step_by(M) {
                let digits = self.folded.rows(row, zeros);
                let leading = zeros.saturating_sub(row);
                self.columns.add_products(column + row - zeros, digits, leading, factor, sizes.modulus, 0);
            }
        }
        self.columns.number(column, sizes.number(), a);
    }
}

impl<X: Multiplier<L, M>, L: Lanes<M, Word = u64>, const M: usize> Radix51<'_, X, L, M> {
    /// Separate from `new`: the value is large, so it is filled in place.
    #[inline(always)]
    fn set_folds(&mut self) {
        for (fold, digits) in self.folds.iter_mut().zip(&self.constants.folds) {
            fold.set::<X, L, M>(digits, 0);
        }
    }
}

impl<X: Multiplier<L, M>, L: Lanes<M, Word = u64>, const M: usize> Arithmetic for Radix51<'_, X, L, M> {
    type Number = Number<u64>;

    /// Returns the number times B^spare, which `least_residue` divides by.
    #[inline(always)]
    fn number(&self, limbs: &Limbs) -> Number<u64> {
        let mut number = Number::ZERO;
        number.set::<X, L, M>(&to_digits(limbs, self.sizes.modulus), self.sizes.spare);
        number
    }

    #[inline(always)]
    fn r_squared(&self) -> Number<u64> {
        let mut number = Number::ZERO;
        number.set::<X, L, M>(&self.constants.into_domain, 0);
        number
    }

    #[inline(always)]
    fn multiply(&mut self, a: &mut Number<u64>, b: &Number<u64>) {
        L::run(Multiply(self, a, b));
    }

    #[inline(always)]
    fn square(&mut self, a: &mut Number<u64>) {
        L::run(Square(self, a));
    }

    /// Made a multiple of B^spare and divided by it, a number is between -2.1 n and 5.1 n.
    fn least_residue(&self, number: &Number<u64>, to: &mut Limbs) {
        let mut limbs = [0; NUMBER_LIMBS];
        let used = (self.sizes.number() as u32 * DIGIT_BITS).div_ceil(64) as usize + 1;
        let limbs = limbs.get_mut(..used).unwrap_or_default();
        let mut digits = number.0.iter().skip(PADDING).map(|&factor| X::digit(factor));
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
        reduce_by_subtraction(limbs, self.modulus.limbs());
        *to = [0; LIMBS];
        to.iter_mut().zip(&*limbs).for_each(|(to, limb)| *to = *limb);
    }
}

// Square and product are separate functions. Inlined into the loop over the exponent, which calls each in one place,
// they take 0.4 % more instructions, and their stack adds to that of the last step.

struct Multiply<'r, 'a, X, L: Lanes<M>, const M: usize>(
    &'r mut Radix51<'a, X, L, M>,
    &'r mut Number<L::Word>,
    &'r Number<L::Word>,
);

impl<X: Multiplier<L, M>, L: Lanes<M>, const M: usize> Step for Multiply<'_, '_, X, L, M> {
    #[inline(always)]
    fn run(self) {
        self.0.multiply_assign(self.1, self.2);
    }
}

struct Square<'r, 'a, X, L: Lanes<M>, const M: usize>(&'r mut Radix51<'a, X, L, M>, &'r mut Number<L::Word>);

impl<X: Multiplier<L, M>, L: Lanes<M>, const M: usize> Step for Square<'_, '_, X, L, M> {
    #[inline(always)]
    fn run(self) {
        self.0.square_assign(self.1);
    }
}

/// Reduces a number in two's complement modulo n by repeated subtraction. It is a small multiple of n, so this is
/// short.
fn reduce_by_subtraction(number: &mut [u64], n: &Limbs) {
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
}
