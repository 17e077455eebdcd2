//! AVX512-IFMA (x86-64): eight lanes.

use core::arch::x86_64::*;

use super::detection::HasIfma;
use super::ifma::{Ifma, IfmaLanes};
use super::vector::DIGIT_BITS;
use super::{Engine, Number, Prepared};
use crate::rsa::modulus::{Limbs, Modulus};

/// `base`^`exponent` mod n.
pub(super) fn modpow(_: HasIfma, prepared: &Prepared, modulus: &Modulus, base: &Limbs, exponent: u64) -> Limbs {
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn modpow(prepared: &Prepared, modulus: &Modulus, base: &Limbs, exponent: u64) -> Limbs {
        prepared.modpow_on::<Ifma<Avx512>, 8>(modulus, base, exponent)
    }
    // SAFETY: `HasIfma` is the proof.
    unsafe { modpow(prepared, modulus, base, exponent) }
}

/// Nothing outside of [`modpow`] calculates with it, so there is one only on processors with AVX512F and AVX512-IFMA:
/// this is what makes all the unsafe calls here good.
#[derive(Clone, Copy)]
struct Avx512(__m512i);

impl IfmaLanes<8> for Avx512 {
    #[inline(always)]
    fn load(words: &[u64; 8]) -> Self {
        // SAFETY: see `Avx512`; the 64 octets need no alignment.
        Self(unsafe { _mm512_loadu_si512(words.as_ptr().cast()) })
    }

    #[inline(always)]
    fn store(self, words: &mut [u64; 8]) {
        // SAFETY: see `Avx512`; the 64 octets need no alignment.
        unsafe { _mm512_storeu_si512(words.as_mut_ptr().cast(), self.0) }
    }

    #[inline(always)]
    fn splat(word: u64) -> Self {
        // SAFETY: see `Avx512`.
        Self(unsafe { _mm512_set1_epi64(word as i64) })
    }

    #[inline(always)]
    fn multiply_add_low(sum: Self, a: Self, b: Self) -> Self {
        // SAFETY: see `Avx512`.
        Self(unsafe { _mm512_madd52lo_epu64(sum.0, a.0, b.0) })
    }

    #[inline(always)]
    fn multiply_add_high(sum: Self, a: Self, b: Self) -> Self {
        // SAFETY: see `Avx512`.
        Self(unsafe { _mm512_madd52hi_epu64(sum.0, a.0, b.0) })
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // SAFETY: see `Avx512`.
        Self(unsafe { _mm512_add_epi64(self.0, other.0) })
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        // SAFETY: see `Avx512`.
        Self(unsafe { _mm512_and_si512(self.0, other.0) })
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        // SAFETY: see `Avx512`.
        Self(unsafe { _mm512_or_si512(self.0, other.0) })
    }

    #[inline(always)]
    fn shift_right(self) -> Self {
        // SAFETY: see `Avx512`.
        Self(unsafe { _mm512_srli_epi64::<DIGIT_BITS>(self.0) })
    }

    fn square(engine: &mut Engine<'_, Ifma<Self>, 8>, a: &mut Number<u64>) {
        #[inline(never)]
        #[target_feature(enable = "avx512f,avx512ifma")]
        fn square(engine: &mut Engine<'_, Ifma<Avx512>, 8>, a: &mut Number<u64>) {
            engine.square_inline(a);
        }
        // SAFETY: see `Avx512`.
        unsafe { square(engine, a) }
    }

    fn multiply(engine: &mut Engine<'_, Ifma<Self>, 8>, a: &mut Number<u64>, b: &Number<u64>) {
        #[inline(never)]
        #[target_feature(enable = "avx512f,avx512ifma")]
        fn multiply(engine: &mut Engine<'_, Ifma<Avx512>, 8>, a: &mut Number<u64>, b: &Number<u64>) {
            engine.multiply_inline(a, b);
        }
        // SAFETY: see `Avx512`.
        unsafe { multiply(engine, a, b) }
    }
}
