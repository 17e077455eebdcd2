//! AVX2 and FMA (x86-64): four lanes.

use core::arch::x86_64::*;

use super::Constants;
use super::fma::{F64, Fma};
use super::lanes::{DIGIT_BITS, Lanes, Step};
use crate::cpu::HasAvx2;
use crate::rsa::modpow::modulus::{Limbs, Modulus};

/// Raises a number to `exponent` mod n.
pub(super) fn modpow(_: HasAvx2, constants: &Constants, modulus: &Modulus, number: &mut Limbs, exponent: u64) {
    #[target_feature(enable = "avx2,fma")]
    fn modpow(constants: &Constants, modulus: &Modulus, number: &mut Limbs, exponent: u64) {
        constants.modpow_on::<Fma, Avx2, 4>(modulus, number, exponent);
    }
    // SAFETY: `HasAvx2` proves the features.
    unsafe { modpow(constants, modulus, number, exponent) }
}

/// Only [`modpow`] creates one, so it exists only on processors with AVX2 and FMA. This makes all unsafe calls in this
/// file sound.
#[derive(Clone, Copy)]
struct Avx2(__m256i);

impl Avx2 {
    #[inline(always)]
    fn from_f64(value: __m256d) -> Self {
        // SAFETY: see `Avx2`.
        Self(unsafe { _mm256_castpd_si256(value) })
    }

    #[inline(always)]
    fn f64(self) -> __m256d {
        // SAFETY: see `Avx2`.
        unsafe { _mm256_castsi256_pd(self.0) }
    }
}

impl Lanes<4> for Avx2 {
    type Word = u64;

    #[inline(always)]
    fn load(words: &[u64; 4]) -> Self {
        // SAFETY: see `Avx2`; the 32 bytes need no alignment.
        Self(unsafe { _mm256_loadu_si256(words.as_ptr().cast()) })
    }

    #[inline(always)]
    fn store(self, words: &mut [u64; 4]) {
        // SAFETY: see `Avx2`; the 32 bytes need no alignment.
        unsafe { _mm256_storeu_si256(words.as_mut_ptr().cast(), self.0) }
    }

    #[inline(always)]
    fn splat(word: u64) -> Self {
        // SAFETY: see `Avx2`.
        Self(unsafe { _mm256_set1_epi64x(word as i64) })
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // SAFETY: see `Avx2`.
        Self(unsafe { _mm256_add_epi64(self.0, other.0) })
    }

    #[inline(always)]
    fn and(self, mask: [u64; 4]) -> Self {
        // SAFETY: see `Avx2`.
        Self(unsafe { _mm256_and_si256(self.0, Self::load(&mask).0) })
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        // SAFETY: see `Avx2`.
        Self(unsafe { _mm256_or_si256(self.0, other.0) })
    }

    /// AVX2 only shifts 64-bit lanes as unsigned, so a bias makes the sums positive. Their absolute values are far
    /// below 2^62.
    #[inline(always)]
    fn shift_right(self) -> Self {
        const BIAS: u64 = 1 << 62;
        let biased = self.add(Self::splat(BIAS));
        // SAFETY: see `Avx2`.
        let shifted = Self(unsafe { _mm256_srli_epi64::<{ DIGIT_BITS as i32 }>(biased.0) });
        shifted.subtract(Self::splat(BIAS >> DIGIT_BITS))
    }

    // An inner function, as `inline(never)` has no effect together with `target_feature` (Rust 1.95).
    #[inline(never)]
    fn run(step: impl Step) {
        #[target_feature(enable = "avx2,fma")]
        fn run(step: impl Step) {
            step.run();
        }
        // SAFETY: see `Avx2`.
        unsafe { run(step) }
    }
}

impl F64<4> for Avx2 {
    #[inline(always)]
    fn multiply_add(a: Self, b: Self, c: Self) -> Self {
        // SAFETY: see `Avx2`.
        Self::from_f64(unsafe { _mm256_fmadd_pd(a.f64(), b.f64(), c.f64()) })
    }

    #[inline(always)]
    fn negative_multiply_add(a: Self, b: Self, c: Self) -> Self {
        // SAFETY: see `Avx2`.
        Self::from_f64(unsafe { _mm256_fnmadd_pd(a.f64(), b.f64(), c.f64()) })
    }

    #[inline(always)]
    fn subtract_f64(self, other: Self) -> Self {
        // SAFETY: see `Avx2`.
        Self::from_f64(unsafe { _mm256_sub_pd(self.f64(), other.f64()) })
    }

    #[inline(always)]
    fn subtract(self, other: Self) -> Self {
        // SAFETY: see `Avx2`.
        Self(unsafe { _mm256_sub_epi64(self.0, other.0) })
    }
}
