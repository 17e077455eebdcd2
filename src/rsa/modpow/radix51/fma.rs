//! Products of digits with f64 and fused multiply-add, which rounds once.
//!
//! Digits a and b are integers with |a b| < 2^102 - 2^51. A f64 between 2^103 and 2^104 has a unit in the last place of
//! 2^51. So h = fma(a, b, 3 2^102) stays in that binade, and its bits, as an integer, are those of 3 2^102 plus r,
//! where r 2^51 is the multiple of 2^51 nearest to a b. |a b - r 2^51| <= 2^50, so l = fma(a, b, 3 2^102 + 3 2^51 - h)
//! is exact and between 2^52 and 2^53, and its bits are those of 3 2^51 plus a b - r 2^51. Such bits can be added as
//! integers. To cancel the two constants, every other product is computed as -a b and its bits are subtracted.
//!
//! Constants that fix the place of both halves, and adding the bits of f64 as integers, are from Emmart, Zheng and
//! Weems, "Faster Modular Exponentiation Using Double Precision Floating Point Arithmetic on the GPU" (ARITH 2018).
//! They round toward zero, which these processors do not do by default, and use digits of 52 bits that are never
//! negative.

use super::lanes::{self, DIGIT_BITS, Lanes, Multiplier};

/// The middle of the binade with unit 2^51.
pub(super) const HIGH: f64 = (3u128 << 102) as f64;
/// The middle of the binade with unit 1.
const LOW: f64 = (3u64 << 51) as f64;
pub(super) const BOTH: f64 = ((3u128 << 102) + (3u128 << 51)) as f64;

/// Lanes of f64, or of the integers with their bits.
pub(super) trait F64<const M: usize>: Lanes<M, Word = u64> {
    /// Returns a b + c of f64, rounded once.
    fn multiply_add(a: Self, b: Self, c: Self) -> Self;
    /// Returns c - a b of f64, rounded once.
    fn negative_multiply_add(a: Self, b: Self, c: Self) -> Self;
    fn subtract_f64(self, other: Self) -> Self;
    /// Subtracts integers.
    fn subtract(self, other: Self) -> Self;

    /// [`Multiplier::add_tiles`].
    #[inline(always)]
    fn add_tiles(low: &mut [[u64; M]], high: &mut [[u64; M]], digits: [Self; M], b: &[[u64; M]]) {
        lanes::add_tiles::<Fma, Self, M>(low, high, digits, |_| true, b);
    }
}

/// The multiplier of [`F64`]. Factors are f64.
pub(super) enum Fma {}

impl<L: F64<M>, const M: usize> Multiplier<L, M> for Fma {
    const ROUNDING: u64 = 1 << (DIGIT_BITS - 1);

    /// Expects integers with absolute values of at most 2^51.
    #[inline(always)]
    fn to_factors(digits: L) -> L {
        digits.add(f64_lanes(LOW)).subtract_f64(f64_lanes(LOW))
    }

    #[inline(always)]
    fn digit(factor: u64) -> i64 {
        (f64::from_bits(factor) + LOW).to_bits().wrapping_sub(LOW.to_bits()) as i64
    }

    #[inline(always)]
    fn multiply_add(low: &mut L, high: &mut L, a: L, b: L) {
        let h = L::multiply_add(a, b, f64_lanes(HIGH));
        let l = L::multiply_add(a, b, f64_lanes::<L, M>(BOTH).subtract_f64(h));
        *high = high.add(h.subtract(f64_lanes(HIGH)));
        *low = low.add(l.subtract(f64_lanes(LOW)));
    }

    #[inline(always)]
    fn multiply_add_two(low: &mut L, high: &mut L, [a0, a1]: [L; 2], [b0, b1]: [L; 2]) {
        let both = f64_lanes::<L, M>(BOTH);
        let h = L::multiply_add(a0, b0, f64_lanes(HIGH));
        let l = L::multiply_add(a0, b0, both.subtract_f64(h));
        *high = high.add(h);
        *low = low.add(l);
        let h = L::negative_multiply_add(a1, b1, f64_lanes(HIGH));
        let l = L::negative_multiply_add(a1, b1, both.subtract_f64(h));
        *high = high.subtract(h);
        *low = low.subtract(l);
    }

    #[inline(always)]
    fn column(low: L, high: L) -> L {
        low.add(high)
    }

    /// Multiplies by zeros, too. A branch in each tile takes longer (AVX2), or more code.
    #[inline(always)]
    fn add_tiles(low: &mut [[u64; M]], high: &mut [[u64; M]], digits: [L; M], _whole: usize, b: &[[u64; M]]) {
        L::add_tiles(low, high, digits, b);
    }
}

#[inline(always)]
fn f64_lanes<L: F64<M>, const M: usize>(value: f64) -> L {
    L::splat(value.to_bits())
}
