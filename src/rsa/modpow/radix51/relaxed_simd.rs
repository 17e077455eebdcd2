//! Relaxed SIMD of WebAssembly: two registers of two lanes.

use core::arch::wasm32::*;

use super::Prepared;
use super::detection::MaddIsFused;
use super::fma::{F64Lanes, Fma};
use super::vector::DIGIT_BITS;
use crate::rsa::modulus::{Limbs, Modulus};

/// `base`^`exponent` mod n.
#[inline(never)]
pub(super) fn modpow(_: MaddIsFused, prepared: &Prepared, modulus: &Modulus, base: &Limbs, exponent: u64) -> Limbs {
    prepared.modpow_on::<Fma<RelaxedSimd>, 4>(modulus, base, exponent)
}

/// Two registers side by side: a digit is loaded once for both.
#[derive(Clone, Copy)]
struct RelaxedSimd(v128, v128);

impl F64Lanes<4> for RelaxedSimd {
    #[inline(always)]
    fn load(words: &[u64; 4]) -> Self {
        let (low, high) = words.split_at(2);
        // SAFETY: each is a pair of words, and needs no alignment.
        unsafe { Self(v128_load(low.as_ptr().cast()), v128_load(high.as_ptr().cast())) }
    }

    #[inline(always)]
    fn store(self, words: &mut [u64; 4]) {
        let (low, high) = words.split_at_mut(2);
        // SAFETY: each is a pair of words, and needs no alignment.
        unsafe {
            v128_store(low.as_mut_ptr().cast(), self.0);
            v128_store(high.as_mut_ptr().cast(), self.1);
        }
    }

    #[inline(always)]
    fn splat(word: u64) -> Self {
        Self(u64x2_splat(word), u64x2_splat(word))
    }

    #[inline(always)]
    fn multiply_add(a: Self, b: Self, c: Self) -> Self {
        Self(f64x2_relaxed_madd(a.0, b.0, c.0), f64x2_relaxed_madd(a.1, b.1, c.1))
    }

    #[inline(always)]
    fn negative_multiply_add(a: Self, b: Self, c: Self) -> Self {
        Self(f64x2_relaxed_nmadd(a.0, b.0, c.0), f64x2_relaxed_nmadd(a.1, b.1, c.1))
    }

    #[inline(always)]
    fn subtract_f64(self, other: Self) -> Self {
        Self(f64x2_sub(self.0, other.0), f64x2_sub(self.1, other.1))
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(u64x2_add(self.0, other.0), u64x2_add(self.1, other.1))
    }

    #[inline(always)]
    fn subtract(self, other: Self) -> Self {
        Self(u64x2_sub(self.0, other.0), u64x2_sub(self.1, other.1))
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        Self(v128_and(self.0, other.0), v128_and(self.1, other.1))
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        Self(v128_or(self.0, other.0), v128_or(self.1, other.1))
    }

    #[inline(always)]
    fn shift_right(self) -> Self {
        Self(i64x2_shr(self.0, DIGIT_BITS), i64x2_shr(self.1, DIGIT_BITS))
    }
}
