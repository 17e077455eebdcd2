//! The arithmetic on intervals in place of digits: the proof that no input makes a sum leave its lane, rounds a f64, or
//! gives digits that are wider than those that went in.
//!
//! It is the code that runs on vectors, which decides nothing by the digits. So what holds for intervals that have all
//! digits of all moduli of one size in them holds for each of these. That no product is left out is not shown here, but
//! by `modpow::tests::every_number_of_digits`.

use core::array;
use core::marker::PhantomData;
use std::vec::Vec;

use super::vector::{DIGIT_BITS, DIGIT_MASK};
use super::*;
use crate::limits::MIN_MODULUS_BITS;

/// All integers from `low` to `high`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Interval {
    low: i128,
    high: i128,
}

impl Interval {
    const ZERO: Self = Self { low: 0, high: 0 };

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

/// What differs between the two kinds of multiplier.
trait Multiplier: Copy {
    const ROUNDING: u64;
    /// How often a high part counts.
    const HIGH_WEIGHT: i128;

    fn check_factor(factor: Interval);
    fn check_sum(sum: Interval);
    /// Low and high part of a product.
    fn split(product: Interval) -> (Interval, Interval);
}

/// As in `fma`.
#[derive(Clone, Copy)]
struct F64;

impl Multiplier for F64 {
    const ROUNDING: u64 = 1 << 50;
    const HIGH_WEIGHT: i128 = 1;

    /// As the result of an addition of 3 2^51 in a f64 of unit 1.
    fn check_factor(factor: Interval) {
        assert!(factor.is_in(-(1 << 51), 1 << 51), "{factor:?} is no factor");
    }

    /// As the shift with AVX2 wants it; less than a signed lane has.
    fn check_sum(sum: Interval) {
        assert!(sum.is_in(-(1 << 62), (1 << 62) - 1), "{sum:?} leaves the lane");
    }

    fn split(product: Interval) -> (Interval, Interval) {
        let limit = (1 << 102) - (1 << 51) - 1;
        assert!(product.is_in(-limit, limit), "{product:?} leaves the binade");
        let half = 1 << 50;
        let low = if product.is_in(-half, half) { product } else { Interval::new(-half, half) };
        // Halves may be rounded to either side.
        let high = Interval::new(-((half - product.low) >> DIGIT_BITS), (product.high + half) >> DIGIT_BITS);
        (low, high)
    }
}

/// As in `ifma`.
#[derive(Clone, Copy)]
struct Integers;

impl Multiplier for Integers {
    const ROUNDING: u64 = 0;
    const HIGH_WEIGHT: i128 = 2;

    fn check_factor(factor: Interval) {
        assert!(factor.is_in(0, (1 << 52) - 1), "{factor:?} is no factor");
    }

    fn check_sum(sum: Interval) {
        assert!(sum.is_in(0, (1 << 64) - 1), "{sum:?} leaves the lane");
    }

    fn split(product: Interval) -> (Interval, Interval) {
        let mask = (1 << 52) - 1;
        let low = if product.is_in(0, mask) { product } else { Interval::new(0, mask) };
        (low, Interval::new(product.low >> 52, product.high >> 52))
    }
}

#[derive(Clone, Copy)]
struct Intervals<T, const M: usize>([Interval; M], PhantomData<T>);

impl<T: Multiplier, const M: usize> Intervals<T, M> {
    fn each(f: impl Fn(usize) -> Interval) -> Self {
        Self(array::from_fn(f), PhantomData)
    }

    fn sums(f: impl Fn(usize) -> Interval) -> Self {
        let sums = Self::each(f);
        sums.0.iter().for_each(|&sum| T::check_sum(sum));
        sums
    }
}

impl<T: Multiplier, const M: usize> Vector<M> for Intervals<T, M> {
    type Word = Interval;

    const ZERO: Interval = Interval::ZERO;
    const ROUNDING: u64 = T::ROUNDING;

    fn factors(digits: &[u64; M]) -> Self {
        Self::each(|i| Interval::new(digits[i].into(), digits[i].into()))
    }

    fn digit(_: Interval) -> i64 {
        panic!("an interval is no digit")
    }

    fn load(words: &[Interval; M]) -> Self {
        Self::each(|i| words[i])
    }

    fn store(self, words: &mut [Interval; M]) {
        *words = self.0;
    }

    fn splat(word: Interval) -> Self {
        Self::each(|_| word)
    }

    fn integer(value: u64) -> Self {
        let value = i128::from(value as i64);
        Self::splat(Interval::new(value, value))
    }

    fn multiply_add(low: &mut Self, high: &mut Self, a: Self, b: Self) {
        let products: [_; M] = array::from_fn(|i| {
            T::check_factor(a.0[i]);
            T::check_factor(b.0[i]);
            T::split(a.0[i].product(b.0[i]))
        });
        *low = Self::sums(|i| low.0[i].add(products[i].0));
        *high = Self::sums(|i| high.0[i].add(products[i].1));
    }

    fn multiply_add_two(low: &mut Self, high: &mut Self, [a0, a1]: [Self; 2], [b0, b1]: [Self; 2]) {
        Self::multiply_add(low, high, a0, b0);
        Self::multiply_add(low, high, a1, b1);
    }

    fn column(low: Self, high: Self) -> Self {
        let weigh = |part: Interval| Interval::new(T::HIGH_WEIGHT * part.low, T::HIGH_WEIGHT * part.high);
        Self::sums(|i| low.0[i].add(weigh(high.0[i])))
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

    fn carry(self) -> Self {
        Self::sums(|i| {
            T::check_sum(self.0[i]);
            Interval::new(self.0[i].low >> DIGIT_BITS, self.0[i].high >> DIGIT_BITS)
        })
    }

    fn to_factors(self) -> Self {
        self.0.iter().for_each(|&factor| T::check_factor(factor));
        self
    }

    fn square(engine: &mut Engine<'_, Self, M>, a: &mut Number<Interval>) {
        engine.square_inline(a);
    }

    fn multiply(engine: &mut Engine<'_, Self, M>, a: &mut Number<Interval>, b: &Number<Interval>) {
        engine.multiply_inline(a, b);
    }
}

/// What a digit is wider than 51 bits by, and the top digit of a number than those of the products that it is made of.
const CARRIED: i128 = 1 << 10;

/// A number with these intervals for its top digit and all the others.
fn number_of(digit: Interval, top: Interval, len: usize) -> Number<Interval> {
    let mut number = Number::new(Interval::ZERO);
    number.0[PADDING..PADDING + len].fill(digit);
    number.0[PADDING + len - 1] = top;
    number
}

fn check<T: Multiplier, const M: usize>(bits: u32, widest: Interval) {
    let mut octets = [0xff; 512];
    octets[0] = 0xff >> (bits.next_multiple_of(8) - bits);
    let modulus = Modulus::from_be_bytes(&octets[..bits.div_ceil(8) as usize]).unwrap();
    let prepared = Prepared::new(&modulus, &[0; LIMBS]);
    let mut engine = Engine::<Intervals<T, M>, M>::new(&modulus, &prepared);
    let sizes = engine.sizes;
    let top = 1i128 << bits.saturating_sub((sizes.modulus as u32 - 1) * DIGIT_BITS);
    let below_n = number_of(Interval::new(0, i128::from(DIGIT_MASK)), Interval::new(0, top), sizes.modulus);
    engine.folds = [below_n; FOLDS];

    let widest_top = match T::ROUNDING {
        0 => Interval::new(0, 4 * top + CARRIED),
        _ => Interval::new(-2 * top - CARRIED, 2 * top + CARRIED),
    };
    let all = number_of(widest, widest_top, sizes.number());
    let (mut product, mut square) = (all, all);
    engine.multiply(&mut product, &all);
    engine.square(&mut square);
    for result in [product, square] {
        for (i, (digit, bounds)) in result.0.iter().zip(&all.0).enumerate() {
            assert!(digit.is_in(bounds.low, bounds.high), "{bits} bits: {digit:?} in place of {i}");
        }
    }
}

/// All numbers of bits that make different numbers of digits.
fn sizes() -> Vec<u32> {
    let digits = |bits| Sizes::new(bits).modulus;
    (MIN_MODULUS_BITS..=MAX_MODULUS_BITS)
        .filter(|&bits| bits == MAX_MODULUS_BITS || digits(bits) != digits(bits + 1))
        .collect()
}

#[test]
fn f64_digits_stay_in_their_bounds() {
    // Products have digits on both sides of zero, factors from outside have digits from zero to the radix.
    let widest = Interval::new(-(1 << 50) - CARRIED, (1 << 51) - 1);
    for bits in sizes() {
        check::<F64, 4>(bits, widest);
    }
}

#[test]
fn ifma_digits_stay_in_their_bounds() {
    let widest = Interval::new(0, (1 << 51) + CARRIED);
    for bits in sizes() {
        check::<Integers, 8>(bits, widest);
    }
}

/// What the bounds on whole numbers stand on.
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
        // So that what is left of a product of two numbers is small beside n B^spare.
        assert!(sizes.reduction() > sizes.modulus + sizes.spare);
        assert!(sizes.number() <= MAX.number());
    }
}
