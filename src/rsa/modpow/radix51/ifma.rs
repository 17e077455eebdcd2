//! Products of digits with 52-bit integer multipliers, which add the low or the high 52 bits of a product.
//!
//! Digits stay in radix 2^51, so one carry turns columns into factors below 2^52. The high parts count twice.

use super::lanes::{Lanes, Multiplier};

/// Lanes of integers, multiplied 52 by 52 bits.
pub(super) trait Madd52<const M: usize>: Lanes<M> {
    /// Returns sum + (a b mod 2^52), for a, b < 2^52.
    fn multiply_add_low(sum: Self, a: Self, b: Self) -> Self;
    /// Returns sum + (a b div 2^52), for a, b < 2^52.
    fn multiply_add_high(sum: Self, a: Self, b: Self) -> Self;
}

/// The multiplier of [`Madd52`]. Factors are integers like the sums, and never negative.
pub(super) enum Ifma {}

impl<L: Madd52<M>, const M: usize> Multiplier<L, M> for Ifma {
    const ROUNDING: u64 = 0;

    #[inline(always)]
    fn to_factors(digits: L) -> L {
        digits
    }

    #[inline(always)]
    fn digit(factor: u64) -> i64 {
        factor as i64
    }

    #[inline(always)]
    fn multiply_add(low: &mut L, high: &mut L, a: L, b: L) {
        *low = L::multiply_add_low(*low, a, b);
        *high = L::multiply_add_high(*high, a, b);
    }

    #[inline(always)]
    fn column(low: L, high: L) -> L {
        low.add(high).add(high)
    }
}
