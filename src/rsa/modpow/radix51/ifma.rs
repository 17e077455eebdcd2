//! Products of digits with the multiplier for 52-bit integers, which adds the low or the high 52 bits of a product.
//!
//! The digits stay in radix 2^51: so one carry is enough to make factors below 2^52 of columns. The high parts count
//! twice.

use super::vector::Vector;
use super::{Engine, Number};

/// Lanes of 64-bit integers.
pub(super) trait IfmaLanes<const M: usize>: Copy {
    fn load(words: &[u64; M]) -> Self;
    fn store(self, words: &mut [u64; M]);
    fn splat(word: u64) -> Self;
    /// sum + (a b mod 2^52), for a, b < 2^52.
    fn multiply_add_low(sum: Self, a: Self, b: Self) -> Self;
    /// sum + (a b div 2^52), for a, b < 2^52.
    fn multiply_add_high(sum: Self, a: Self, b: Self) -> Self;
    fn add(self, other: Self) -> Self;
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    /// Shifts right by the bits of a digit.
    fn shift_right(self) -> Self;

    /// [`Engine::square_inline`], compiled for the processor.
    fn square(engine: &mut Engine<'_, Ifma<Self>, M>, a: &mut Number<u64>) {
        engine.square_inline(a);
    }

    /// [`Engine::multiply_inline`], compiled for the processor.
    fn multiply(engine: &mut Engine<'_, Ifma<Self>, M>, a: &mut Number<u64>, b: &Number<u64>) {
        engine.multiply_inline(a, b);
    }
}

#[derive(Clone, Copy)]
pub(super) struct Ifma<L>(L);

impl<L: IfmaLanes<M>, const M: usize> Vector<M> for Ifma<L> {
    type Word = u64;

    const ZERO: u64 = 0;
    const ROUNDING: u64 = 0;

    #[inline(always)]
    fn factors(digits: &[u64; M]) -> Self {
        Self(L::load(digits))
    }

    #[inline(always)]
    fn digit(factor: u64) -> i64 {
        factor as i64
    }

    #[inline(always)]
    fn load(words: &[u64; M]) -> Self {
        Self(L::load(words))
    }

    #[inline(always)]
    fn store(self, words: &mut [u64; M]) {
        self.0.store(words);
    }

    #[inline(always)]
    fn splat(word: u64) -> Self {
        Self(L::splat(word))
    }

    #[inline(always)]
    fn integer(value: u64) -> Self {
        Self(L::splat(value))
    }

    #[inline(always)]
    fn multiply_add(low: &mut Self, high: &mut Self, a: Self, b: Self) {
        low.0 = L::multiply_add_low(low.0, a.0, b.0);
        high.0 = L::multiply_add_high(high.0, a.0, b.0);
    }

    #[inline(always)]
    fn multiply_add_two(low: &mut Self, high: &mut Self, [a0, a1]: [Self; 2], [b0, b1]: [Self; 2]) {
        Self::multiply_add(low, high, a0, b0);
        Self::multiply_add(low, high, a1, b1);
    }

    #[inline(always)]
    fn column(low: Self, high: Self) -> Self {
        low.add(high).add(high)
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(self.0.add(other.0))
    }

    #[inline(always)]
    fn and(self, mask: [u64; M]) -> Self {
        Self(self.0.and(L::load(&mask)))
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        Self(self.0.or(other.0))
    }

    #[inline(always)]
    fn carry(self) -> Self {
        Self(self.0.shift_right())
    }

    #[inline(always)]
    fn to_factors(self) -> Self {
        self
    }

    fn square(engine: &mut Engine<'_, Self, M>, a: &mut Number<u64>) {
        L::square(engine, a);
    }

    fn multiply(engine: &mut Engine<'_, Self, M>, a: &mut Number<u64>, b: &Number<u64>) {
        L::multiply(engine, a, b);
    }
}
