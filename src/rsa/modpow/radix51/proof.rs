//! Runs the arithmetic on intervals instead of digits. This proves that no input makes a sum overflow its lane, rounds
//! a f64, or yields digits wider than the input's.
//!
//! This is the code that runs on vectors, whose control flow does not depend on the digits. So a result for intervals
//! that contain all digits of all moduli of one size holds for each of them. `modpow::tests::every_number_of_digits`
//! shows that no product is left out.

use core::array;
use core::marker::PhantomData;
use std::vec::Vec;

use super::emulated::Emulated;
use super::fma::Fma;
use super::ifma::{Ifma, Madd52};
use super::lanes::{DIGIT_MASK, Word};
use super::*;
use crate::limits::{MAX_MODULUS_BITS, MIN_MODULUS_BITS};

/// All integers from `low` to `high`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Interval {
    low: i128,
    high: i128,
}

impl Word for Interval {
    const ZERO: Self = Self { low: 0, high: 0 };
}

impl From<u64> for Interval {
    fn from(value: u64) -> Self {
        let value = i128::from(value as i64);
        Self::new(value, value)
    }
}

impl Interval {
    fn new(low: i128, high: i128) -> Self {
        assert!(low <= high);
        Self { low, high }
    }

    fn product(self, other: Self) -> Self {
        let corners = [self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high];
        Self::new(*corners.iter().min().unwrap(), *corners.iter().max().unwrap())
    }

    fn is_in(self, low: i128, high: i128) -> bool {
        low <= self.low && self.high <= high
    }

    fn add(self, other: Self) -> Self {
        Self::new(self.low + other.low, self.high + other.high)
    }

    fn and(self, mask: u64) -> Self {
        match mask {
            u64::MAX => self,
            0 => Self::ZERO,
            DIGIT_MASK if self.is_in(0, i128::from(DIGIT_MASK)) => self,
            DIGIT_MASK => Self::new(0, i128::from(DIGIT_MASK)),
            _ => panic!("no such mask"),
        }
    }
}

/// The bounds on sums and factors of one multiplier.
trait Bounds: Copy {
    fn check_sum(sum: Interval);
    fn check_factor(factor: Interval);
}

/// Bounds of `fma`: sums as AVX2's shift requires them, which is less than a signed lane holds; factors are the result
/// of adding 3 2^51 in a f64 of unit 1.
#[derive(Clone, Copy)]
struct Signed;

impl Bounds for Signed {
    fn check_sum(sum: Interval) {
        assert!(sum.is_in(-(1 << 62), (1 << 62) - 1), "{sum:?} leaves the lane");
    }

    fn check_factor(factor: Interval) {
        assert!(factor.is_in(-(1 << 51), 1 << 51), "{factor:?} is no factor");
    }
}

/// Bounds of `ifma`.
#[derive(Clone, Copy)]
struct Unsigned;

impl Bounds for Unsigned {
    fn check_sum(sum: Interval) {
        assert!(sum.is_in(0, (1 << 62) - 1), "{sum:?} leaves the lane");
    }

    fn check_factor(factor: Interval) {
        assert!(factor.is_in(0, (1 << 52) - 1), "{factor:?} is no factor");
    }
}

#[derive(Clone, Copy)]
struct Intervals<B, const M: usize>([Interval; M], PhantomData<B>);

impl<B: Bounds, const M: usize> Intervals<B, M> {
    fn each(f: impl Fn(usize) -> Interval) -> Self {
        Self(array::from_fn(f), PhantomData)
    }

    fn sums(f: impl Fn(usize) -> Interval) -> Self {
        let sums = Self::each(f);
        sums.check_sums();
        sums
    }

    fn check_sums(&self) {
        self.0.iter().for_each(|&sum| B::check_sum(sum));
    }

    /// Adds part of the products of two factors.
    fn add_products(self, a: Self, b: Self, part: impl Fn(Interval) -> Interval) -> Self {
        Self::sums(|i| {
            B::check_factor(a.0[i]);
            B::check_factor(b.0[i]);
            self.0[i].add(part(a.0[i].product(b.0[i])))
        })
    }
}

impl<B: Bounds, const M: usize> Lanes<M> for Intervals<B, M> {
    type Word = Interval;

    fn load(words: &[Interval; M]) -> Self {
        Self::each(|i| words[i])
    }

    fn store(self, words: &mut [Interval; M]) {
        *words = self.0;
    }

    fn splat(word: Interval) -> Self {
        Self::each(|_| word)
    }

    fn add(self, other: Self) -> Self {
        Self::sums(|i| self.0[i].add(other.0[i]))
    }

    fn and(self, mask: [u64; M]) -> Self {
        Self::each(|i| self.0[i].and(mask[i]))
    }

    fn or(self, other: Self) -> Self {
        Self::each(|i| match (self.0[i], other.0[i]) {
            (Interval::ZERO, lane) | (lane, Interval::ZERO) => lane,
            _ => panic!("both lanes are in use"),
        })
    }

    fn shift_right(self) -> Self {
        self.check_sums();
        Self::sums(|i| Interval::new(self.0[i].low >> DIGIT_BITS, self.0[i].high >> DIGIT_BITS))
    }
}

/// [`Ifma`] as it runs on vectors.
impl<const M: usize> Madd52<M> for Intervals<Unsigned, M> {
    fn multiply_add_low(sum: Self, a: Self, b: Self) -> Self {
        let mask = (1 << 52) - 1;
        sum.add_products(a, b, |product| if product.is_in(0, mask) { product } else { Interval::new(0, mask) })
    }

    fn multiply_add_high(sum: Self, a: Self, b: Self) -> Self {
        sum.add_products(a, b, |product| Interval::new(product.low >> 52, product.high >> 52))
    }
}

/// Replaces `Fma`, whose h and l depend on each other, with what `fma` says they add to the sums.
enum FmaInIntegers {}

type SignedLanes<const M: usize> = Intervals<Signed, M>;

impl<const M: usize> Multiplier<SignedLanes<M>, M> for FmaInIntegers {
    const ROUNDING: u64 = <Fma as Multiplier<Emulated<M>, M>>::ROUNDING;

    fn to_factors(digits: SignedLanes<M>) -> SignedLanes<M> {
        digits.0.iter().for_each(|&factor| Signed::check_factor(factor));
        digits
    }

    fn digit(_: u64) -> i64 {
        panic!("an interval is no digit")
    }

    fn multiply_add(low: &mut SignedLanes<M>, high: &mut SignedLanes<M>, a: SignedLanes<M>, b: SignedLanes<M>) {
        let half = 1 << 50;
        let rest = Interval::new(-half, half);
        *low = low.add_products(a, b, |product| if product.is_in(-half, half) { product } else { rest });
        *high = high.add_products(a, b, |product| {
            let limit = (1 << 102) - (1 << 51) - 1;
            assert!(product.is_in(-limit, limit), "{product:?} leaves the binade");
            // Halves may be rounded in either direction.
            Interval::new(-((half - product.low) >> DIGIT_BITS), (product.high + half) >> DIGIT_BITS)
        });
    }

    fn column(low: SignedLanes<M>, high: SignedLanes<M>) -> SignedLanes<M> {
        low.add(high)
    }
}

/// How much wider than 51 bits a digit is, and how much wider than those of its products the top digit of a number is.
const CARRIED: i128 = 1 << 10;

/// Returns a number with these intervals for its top digit and for all others.
fn number_of(digit: Interval, top: Interval, len: usize) -> Number<Interval> {
    let mut number = Number::ZERO;
    number.0[PADDING..PADDING + len].fill(digit);
    number.0[PADDING + len - 1] = top;
    number
}

fn check<X, B, const M: usize>(bits: u32, widest: Interval)
where
    B: Bounds,
    X: Multiplier<Intervals<B, M>, M>,
{
    let mut bytes = [0xff; 512];
    bytes[0] = 0xff >> (bits.next_multiple_of(8) - bits);
    let modulus = Modulus::from_be_bytes(&bytes[..bits.div_ceil(8) as usize]).unwrap();
    let constants = Constants::new(&modulus, &[0; LIMBS]);
    let mut arithmetic = Radix51::<X, Intervals<B, M>, M>::new(&modulus, &constants);
    let sizes = arithmetic.sizes;
    let top = 1i128 << bits.saturating_sub((sizes.modulus as u32 - 1) * DIGIT_BITS);
    let below_n = number_of(Interval::new(0, i128::from(DIGIT_MASK)), Interval::new(0, top), sizes.modulus);
    arithmetic.folds = [below_n; FOLDS];

    let widest_top = match X::ROUNDING {
        0 => Interval::new(0, 4 * top + CARRIED),
        _ => Interval::new(-2 * top - CARRIED, 2 * top + CARRIED),
    };
    let all = number_of(widest, widest_top, sizes.number());
    let (mut product, mut square) = (all, all);
    arithmetic.multiply_assign(&mut product, &all);
    arithmetic.square_assign(&mut square);
    for result in [product, square] {
        for (i, (digit, bounds)) in result.0.iter().zip(&all.0).enumerate() {
            assert!(digit.is_in(bounds.low, bounds.high), "{bits} bits: {digit:?} in place of {i}");
        }
    }
}

/// Returns all sizes in bits that lead to different numbers of digits.
fn sizes() -> Vec<u32> {
    let digits = |bits| Sizes::new(bits).modulus;
    (MIN_MODULUS_BITS..=MAX_MODULUS_BITS)
        .filter(|&bits| bits == MAX_MODULUS_BITS || digits(bits) != digits(bits + 1))
        .collect()
}

#[test]
fn f64_digits_stay_in_their_bounds() {
    // Products have digits of both signs; factors from outside have digits from zero to the radix.
    let widest = Interval::new(-(1 << 50) - CARRIED, (1 << 51) - 1);
    for bits in sizes() {
        check::<FmaInIntegers, Signed, 4>(bits, widest);
    }
}

#[test]
fn ifma_digits_stay_in_their_bounds() {
    let widest = Interval::new(0, (1 << 51) + CARRIED);
    for bits in sizes() {
        check::<Ifma, Unsigned, 8>(bits, widest);
    }
}

/// The facts behind the bounds on whole numbers.
#[test]
fn folds_end_with_a_number() {
    for bits in MIN_MODULUS_BITS..=MAX_MODULUS_BITS {
        let sizes = Sizes::new(bits);
        let mut len = 2 * sizes.number();
        for k in sizes.folds {
            len = (len - k).max(sizes.modulus + k);
        }
        assert_eq!(len, sizes.number(), "{bits} bits");
        assert!(sizes.folds.is_sorted_by(|a, b| a >= b));
        // This keeps the rest of a product of two numbers small compared with n B^spare.
        assert!(sizes.reduction() > sizes.modulus + sizes.spare);
        assert!(sizes.number() <= MAX.number());
    }
}
