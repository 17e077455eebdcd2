//! AVX2 and FMA (x86-64): four lanes.

use core::arch::x86_64::*;

use super::detection::HasAvx2;
use super::fma::{F64Lanes, Fma};
use super::vector::DIGIT_BITS;
use super::{Engine, Number, Prepared};
use crate::rsa::modulus::{Limbs, Modulus};

/// `base`^`exponent` mod n.
pub(super) fn modpow(_: HasAvx2, prepared: &Prepared, modulus: &Modulus, base: &Limbs, exponent: u64) -> Limbs {
    #[target_feature(enable = "avx2,fma")]
    fn modpow(prepared: &Prepared, modulus: &Modulus, base: &Limbs, exponent: u64) -> Limbs {
        prepared.modpow_on::<Fma<Avx2>, 4>(modulus, base, exponent)
    }
    // SAFETY: `HasAvx2` is the proof.
    unsafe { modpow(prepared, modulus, base, exponent) }
}

/// Nothing outside of [`modpow`] calculates with it, so there is one only on processors with AVX2 and FMA: this is what
/// makes all the unsafe calls here good.
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

impl F64Lanes<4> for Avx2 {
    #[inline(always)]
    fn load(words: &[u64; 4]) -> Self {
        // SAFETY: see `Avx2`; the 32 octets need no alignment.
        Self(unsafe { _mm256_loadu_si256(words.as_ptr().cast()) })
    }

    #[inline(always)]
    fn store(self, words: &mut [u64; 4]) {
        // SAFETY: see `Avx2`; the 32 octets need no alignment.
        unsafe { _mm256_storeu_si256(words.as_mut_ptr().cast(), self.0) }
    }

    #[inline(always)]
    fn splat(word: u64) -> Self {
        // SAFETY: see `Avx2`.
        Self(unsafe { _mm256_set1_epi64x(word as i64) })
    }

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
    fn add(self, other: Self) -> Self {
        // SAFETY: see `Avx2`.
        Self(unsafe { _mm256_add_epi64(self.0, other.0) })
    }

    #[inline(always)]
    fn subtract(self, other: Self) -> Self {
        // SAFETY: see `Avx2`.
        Self(unsafe { _mm256_sub_epi64(self.0, other.0) })
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        // SAFETY: see `Avx2`.
        Self(unsafe { _mm256_and_si256(self.0, other.0) })
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        // SAFETY: see `Avx2`.
        Self(unsafe { _mm256_or_si256(self.0, other.0) })
    }

    /// AVX2 shifts 64-bit lanes without their sign only. Sums are far from 2^62 on both sides of 0.
    #[inline(always)]
    fn shift_right(self) -> Self {
        const BIAS: u64 = 1 << 62;
        let biased = self.add(Self::splat(BIAS));
        // SAFETY: see `Avx2`.
        let shifted = Self(unsafe { _mm256_srli_epi64::<{ DIGIT_BITS as i32 }>(biased.0) });
        shifted.subtract(Self::splat(BIAS >> DIGIT_BITS))
    }

    fn square(engine: &mut Engine<'_, Fma<Self>, 4>, a: &mut Number<u64>) {
        #[inline(never)]
        #[target_feature(enable = "avx2,fma")]
        fn square(engine: &mut Engine<'_, Fma<Avx2>, 4>, a: &mut Number<u64>) {
            engine.square_inline(a);
        }
        // SAFETY: see `Avx2`.
        unsafe { square(engine, a) }
    }

    fn multiply(engine: &mut Engine<'_, Fma<Self>, 4>, a: &mut Number<u64>, b: &Number<u64>) {
        #[inline(never)]
        #[target_feature(enable = "avx2,fma")]
        fn multiply(engine: &mut Engine<'_, Fma<Avx2>, 4>, a: &mut Number<u64>, b: &Number<u64>) {
            engine.multiply_inline(a, b);
        }
        // SAFETY: see `Avx2`.
        unsafe { multiply(engine, a, b) }
    }
}
