//! NEON (aarch64): two registers of two lanes.

use core::arch::aarch64::*;

use super::Constants;
use super::fma::{F64, Fma};
use super::lanes::{DIGIT_BITS, Lanes};
use crate::rsa::modpow::modulus::{Limbs, Modulus};

/// Raises a number to `exponent` mod n.
#[inline(never)]
pub(super) fn modpow(constants: &Constants, modulus: &Modulus, number: &mut Limbs, exponent: u64) {
    constants.modpow_on::<Fma, Neon, 4>(modulus, number, exponent);
}

/// Two registers side by side, so that a digit is loaded once for both.
#[derive(Clone, Copy)]
struct Neon(uint64x2_t, uint64x2_t);

impl Lanes<4> for Neon {
    type Word = u64;

    #[inline(always)]
    fn load(words: &[u64; 4]) -> Self {
        let (low, high) = words.split_at(2);
        // SAFETY: this target has NEON, and each is a pair of words.
        unsafe { Self(vld1q_u64(low.as_ptr()), vld1q_u64(high.as_ptr())) }
    }

    #[inline(always)]
    fn store(self, words: &mut [u64; 4]) {
        let (low, high) = words.split_at_mut(2);
        // SAFETY: this target has NEON, and each is a pair of words.
        unsafe {
            vst1q_u64(low.as_mut_ptr(), self.0);
            vst1q_u64(high.as_mut_ptr(), self.1);
        }
    }

    #[inline(always)]
    fn splat(word: u64) -> Self {
        // SAFETY: this target has NEON.
        unsafe { Self(vdupq_n_u64(word), vdupq_n_u64(word)) }
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // SAFETY: this target has NEON.
        unsafe { Self(vaddq_u64(self.0, other.0), vaddq_u64(self.1, other.1)) }
    }

    #[inline(always)]
    fn and(self, mask: [u64; 4]) -> Self {
        let Self(low, high) = Self::load(&mask);
        // SAFETY: this target has NEON.
        unsafe { Self(vandq_u64(self.0, low), vandq_u64(self.1, high)) }
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        // SAFETY: this target has NEON.
        unsafe { Self(vorrq_u64(self.0, other.0), vorrq_u64(self.1, other.1)) }
    }

    #[inline(always)]
    fn shift_right(self) -> Self {
        // SAFETY: this target has NEON.
        unsafe {
            Self(
                vreinterpretq_u64_s64(vshrq_n_s64::<{ DIGIT_BITS as i32 }>(vreinterpretq_s64_u64(self.0))),
                vreinterpretq_u64_s64(vshrq_n_s64::<{ DIGIT_BITS as i32 }>(vreinterpretq_s64_u64(self.1))),
            )
        }
    }
}

impl F64<4> for Neon {
    #[inline(always)]
    fn multiply_add(a: Self, b: Self, c: Self) -> Self {
        // SAFETY: this target has NEON.
        unsafe {
            Self(
                vreinterpretq_u64_f64(vfmaq_f64(
                    vreinterpretq_f64_u64(c.0),
                    vreinterpretq_f64_u64(a.0),
                    vreinterpretq_f64_u64(b.0),
                )),
                vreinterpretq_u64_f64(vfmaq_f64(
                    vreinterpretq_f64_u64(c.1),
                    vreinterpretq_f64_u64(a.1),
                    vreinterpretq_f64_u64(b.1),
                )),
            )
        }
    }

    #[inline(always)]
    fn negative_multiply_add(a: Self, b: Self, c: Self) -> Self {
        // SAFETY: this target has NEON.
        unsafe {
            Self(
                vreinterpretq_u64_f64(vfmsq_f64(
                    vreinterpretq_f64_u64(c.0),
                    vreinterpretq_f64_u64(a.0),
                    vreinterpretq_f64_u64(b.0),
                )),
                vreinterpretq_u64_f64(vfmsq_f64(
                    vreinterpretq_f64_u64(c.1),
                    vreinterpretq_f64_u64(a.1),
                    vreinterpretq_f64_u64(b.1),
                )),
            )
        }
    }

    #[inline(always)]
    fn subtract_f64(self, other: Self) -> Self {
        // SAFETY: this target has NEON.
        unsafe {
            Self(
                vreinterpretq_u64_f64(vsubq_f64(vreinterpretq_f64_u64(self.0), vreinterpretq_f64_u64(other.0))),
                vreinterpretq_u64_f64(vsubq_f64(vreinterpretq_f64_u64(self.1), vreinterpretq_f64_u64(other.1))),
            )
        }
    }

    #[inline(always)]
    fn subtract(self, other: Self) -> Self {
        // SAFETY: this target has NEON.
        unsafe { Self(vsubq_u64(self.0, other.0), vsubq_u64(self.1, other.1)) }
    }
}
