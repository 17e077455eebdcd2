//! AVX512-IFMA (x86-64): eight lanes.

use core::arch::x86_64::*;

use super::Constants;
use super::ifma::{Ifma, Madd52};
use super::lanes::{DIGIT_BITS, Lanes, Step};
use crate::cpu::HasIfma;
use crate::rsa::modpow::modulus::{Limbs, Modulus};

/// Raises a number to `exponent` mod n.
pub(super) fn modpow(_: HasIfma, constants: &Constants, modulus: &Modulus, number: &mut Limbs, exponent: u64) {
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn modpow(constants: &Constants, modulus: &Modulus, number: &mut Limbs, exponent: u64) {
        constants.modpow_on::<Ifma, Avx512, 8>(modulus, number, exponent);
    }
    // SAFETY: `HasIfma` proves the features.
    unsafe { modpow(constants, modulus, number, exponent) }
}

/// Only [`modpow`] creates one, so it exists only on processors with AVX512F and AVX512-IFMA. This makes all unsafe
/// calls in this file sound.
#[derive(Clone, Copy)]
struct Avx512(__m512i);

impl Lanes<8> for Avx512 {
    type Word = u64;

    #[inline(always)]
    fn load(words: &[u64; 8]) -> Self {
        // SAFETY: see `Avx512`; the 64 bytes need no alignment.
        Self(unsafe { _mm512_loadu_si512(words.as_ptr().cast()) })
    }

    #[inline(always)]
    fn store(self, words: &mut [u64; 8]) {
        // SAFETY: see `Avx512`; the 64 bytes need no alignment.
        unsafe { _mm512_storeu_si512(words.as_mut_ptr().cast(), self.0) }
    }

    #[inline(always)]
    fn splat(word: u64) -> Self {
        // SAFETY: see `Avx512`.
        Self(unsafe { _mm512_set1_epi64(word as i64) })
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // SAFETY: see `Avx512`.
        Self(unsafe { _mm512_add_epi64(self.0, other.0) })
    }

    #[inline(always)]
    fn and(self, mask: [u64; 8]) -> Self {
        // SAFETY: see `Avx512`.
        Self(unsafe { _mm512_and_si512(self.0, Self::load(&mask).0) })
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        // SAFETY: see `Avx512`.
        Self(unsafe { _mm512_or_si512(self.0, other.0) })
    }

    #[inline(always)]
    fn shift_right(self) -> Self {
        // SAFETY: see `Avx512`.
        Self(unsafe { _mm512_srai_epi64::<DIGIT_BITS>(self.0) })
    }

    /// Joins two vectors. A load that crosses cache lines, as most windows do, takes twice as long as one that does not.
    #[inline(always)]
    fn window([below, words]: &[[u64; 8]; 2], before: usize) -> Self {
        let (below, words) = (Self::load(below).0, Self::load(words).0);
        // SAFETY: see `Avx512`.
        let joined = unsafe {
            match before {
                1 => _mm512_alignr_epi64::<7>(words, below),
                2 => _mm512_alignr_epi64::<6>(words, below),
                3 => _mm512_alignr_epi64::<5>(words, below),
                4 => _mm512_alignr_epi64::<4>(words, below),
                5 => _mm512_alignr_epi64::<3>(words, below),
                6 => _mm512_alignr_epi64::<2>(words, below),
                7 => _mm512_alignr_epi64::<1>(words, below),
                _ => words,
            }
        };
        Self(joined)
    }

    // An inner function, as `inline(never)` has no effect together with `target_feature` (Rust 1.95).
    #[inline(never)]
    fn run(step: impl Step) {
        #[target_feature(enable = "avx512f,avx512ifma")]
        fn run(step: impl Step) {
            step.run();
        }
        // SAFETY: see `Avx512`.
        unsafe { run(step) }
    }
}

impl Madd52<8> for Avx512 {
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
}
