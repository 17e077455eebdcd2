//! Products of digits with f64 and a fused multiplication and addition, that is, one rounding.
//!
//! Digits a and b are integers with |a b| < 2^102 - 2^51. To a f64 between 2^103 and 2^104 the unit in the last place
//! is 2^51. So h = fma(a, b, 3 2^102) stays in that binade, and its bits, as an integer, are those of 3 2^102 plus r, the
//! multiple of 2^51 next to a b. |a b - r 2^51| <= 2^50, so l = fma(a, b, 3 2^102 + 3 2^51 - h) is exact, between 2^52
//! and 2^53, and its bits are those of 3 2^51 plus a b - r 2^51. Such bits can be added up as integers; what the two
//! constants add is taken off at once by subtracting the bits that the product -a b gives, every other time.

use super::vector::{DIGIT_BITS, Vector};
use super::{Engine, Number, columns};

/// The middle of the binade with unit 2^51.
pub(super) const HIGH: f64 = (3u128 << 102) as f64;
/// The middle of the binade with unit 1.
const LOW: f64 = (3u64 << 51) as f64;
pub(super) const BOTH: f64 = ((3u128 << 102) + (3u128 << 51)) as f64;

/// Lanes of f64, or of the integers that are their bits.
pub(super) trait F64Lanes<const M: usize>: Copy {
    fn load(words: &[u64; M]) -> Self;
    fn store(self, words: &mut [u64; M]);
    fn splat(word: u64) -> Self;
    /// a b + c of f64, rounded once.
    fn multiply_add(a: Self, b: Self, c: Self) -> Self;
    /// c - a b of f64, rounded once.
    fn negative_multiply_add(a: Self, b: Self, c: Self) -> Self;
    fn subtract_f64(self, other: Self) -> Self;
    fn add(self, other: Self) -> Self;
    fn subtract(self, other: Self) -> Self;
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    /// Shifts signed integers right by the bits of a digit.
    fn shift_right(self) -> Self;

    /// [`Vector::add_tiles`].
    #[inline(always)]
    fn add_tiles(low: &mut [[u64; M]], high: &mut [[u64; M]], digits: [Fma<Self>; M], b: &[[u64; M]]) {
        columns::add_tiles(low, high, digits, b);
    }

    /// [`Engine::square_inline`], compiled for the processor.
    fn square(engine: &mut Engine<'_, Fma<Self>, M>, a: &mut Number<u64>) {
        engine.square_inline(a);
    }

    /// [`Engine::multiply_inline`], compiled for the processor.
    fn multiply(engine: &mut Engine<'_, Fma<Self>, M>, a: &mut Number<u64>, b: &Number<u64>) {
        engine.multiply_inline(a, b);
    }
}

#[derive(Clone, Copy)]
pub(super) struct Fma<L>(pub(super) L);

impl<L: F64Lanes<M>, const M: usize> Vector<M> for Fma<L> {
    type Word = u64;

    const ZERO: u64 = 0;
    const ROUNDING: u64 = 1 << (DIGIT_BITS - 1);

    #[inline(always)]
    fn factors(digits: &[u64; M]) -> Self {
        Self(L::load(digits)).to_factors()
    }

    #[inline(always)]
    fn digit(factor: u64) -> i64 {
        (f64::from_bits(factor) + LOW).to_bits().wrapping_sub(LOW.to_bits()) as i64
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
        let h = L::multiply_add(a.0, b.0, f64_lanes(HIGH));
        let l = L::multiply_add(a.0, b.0, f64_lanes::<L, M>(BOTH).subtract_f64(h));
        high.0 = high.0.add(h.subtract(f64_lanes(HIGH)));
        low.0 = low.0.add(l.subtract(f64_lanes(LOW)));
    }

    #[inline(always)]
    fn multiply_add_two(low: &mut Self, high: &mut Self, [a0, a1]: [Self; 2], [b0, b1]: [Self; 2]) {
        let both = f64_lanes::<L, M>(BOTH);
        let h = L::multiply_add(a0.0, b0.0, f64_lanes(HIGH));
        let l = L::multiply_add(a0.0, b0.0, both.subtract_f64(h));
        high.0 = high.0.add(h);
        low.0 = low.0.add(l);
        let h = L::negative_multiply_add(a1.0, b1.0, f64_lanes(HIGH));
        let l = L::negative_multiply_add(a1.0, b1.0, both.subtract_f64(h));
        high.0 = high.0.subtract(h);
        low.0 = low.0.subtract(l);
    }

    #[inline(always)]
    fn add_tiles(low: &mut [[u64; M]], high: &mut [[u64; M]], digits: [Self; M], b: &[[u64; M]]) {
        L::add_tiles(low, high, digits, b);
    }

    #[inline(always)]
    fn column(low: Self, high: Self) -> Self {
        low.add(high)
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

    /// For integers of at most 2^51 on both sides of 0.
    #[inline(always)]
    fn to_factors(self) -> Self {
        Self(self.0.add(f64_lanes(LOW)).subtract_f64(f64_lanes(LOW)))
    }

    fn square(engine: &mut Engine<'_, Self, M>, a: &mut Number<u64>) {
        L::square(engine, a);
    }

    fn multiply(engine: &mut Engine<'_, Self, M>, a: &mut Number<u64>, b: &Number<u64>) {
        L::multiply(engine, a, b);
    }
}

#[inline(always)]
fn f64_lanes<L: F64Lanes<M>, const M: usize>(value: f64) -> L {
    L::splat(value.to_bits())
}
