//! Relaxed SIMD of WebAssembly: two registers of two lanes.

use core::arch::wasm32::*;
use core::hint::black_box;
use core::sync::atomic::{Ordering, compiler_fence};

use super::Constants;
use super::fma::{BOTH, F64, Fma, HIGH};
use super::lanes::{DIGIT_BITS, Lanes};
use crate::cpu::MaddIsFused;
use crate::rsa::modpow::modulus::{Limbs, Modulus};

/// Raises a number to `exponent` mod n.
#[inline(never)]
pub(super) fn modpow(_: MaddIsFused, constants: &Constants, modulus: &Modulus, number: &mut Limbs, exponent: u64) {
    constants.modpow_on::<Fma, RelaxedSimd, 4>(modulus, number, exponent);
}

/// Two registers side by side, so that a digit is loaded once for both.
#[derive(Clone, Copy)]
struct RelaxedSimd(v128, v128);

impl Lanes<4> for RelaxedSimd {
    type Word = u64;

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
    fn add(self, other: Self) -> Self {
        Self(u64x2_add(self.0, other.0), u64x2_add(self.1, other.1))
    }

    #[inline(always)]
    fn and(self, mask: [u64; 4]) -> Self {
        let Self(low, high) = Self::load(&mask);
        Self(v128_and(self.0, low), v128_and(self.1, high))
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

impl F64<4> for RelaxedSimd {
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
    fn subtract(self, other: Self) -> Self {
        Self(u64x2_sub(self.0, other.0), u64x2_sub(self.1, other.1))
    }

    /// Works on one register of columns at a time. The digits and factors of four rows, the sums and the constants then
    /// fit into the sixteen registers of x86-64. The fences keep a compiler from working on more columns, or on low and
    /// high sums together.
    #[inline(always)]
    fn add_tiles(low: &mut [[u64; 4]], high: &mut [[u64; 4]], digits: [Self; 4], b: &[[u64; 4]]) {
        let [a0, a1, a2, a3] = digits.map(|digit| digit.0);
        // V8 would otherwise rebuild known constants for each tile.
        let [middle, both] = black_box([f64x2_splat(HIGH), f64x2_splat(BOTH)]);
        let Some((below, b)) = b.split_first() else { return };
        let Self(below, mut even) = Self::load(below);
        let mut odd = u64x2_shuffle::<1, 2>(below, even);
        for ((to_low, to_high), b) in low.iter_mut().zip(high).zip(b) {
            let columns = to_low.as_chunks_mut().0.iter_mut().zip(to_high.as_chunks_mut().0);
            for ((to_low, to_high), next) in columns.zip(b.as_chunks().0) {
                let next_even = load(next);
                let next_odd = u64x2_shuffle::<1, 2>(even, next_even);
                let h0 = f64x2_relaxed_madd(a0, next_even, middle);
                let h1 = f64x2_relaxed_nmadd(a1, next_odd, middle);
                let h2 = f64x2_relaxed_madd(a2, even, middle);
                let h3 = f64x2_relaxed_nmadd(a3, odd, middle);
                let l0 = f64x2_relaxed_madd(a0, next_even, f64x2_sub(both, h0));
                let l1 = f64x2_relaxed_nmadd(a1, next_odd, f64x2_sub(both, h1));
                let l2 = f64x2_relaxed_madd(a2, even, f64x2_sub(both, h2));
                let l3 = f64x2_relaxed_nmadd(a3, odd, f64x2_sub(both, h3));
                store(u64x2_sub(u64x2_add(u64x2_sub(u64x2_add(load(to_low), l0), l1), l2), l3), to_low);
                compiler_fence(Ordering::SeqCst);
                store(u64x2_sub(u64x2_add(u64x2_sub(u64x2_add(load(to_high), h0), h1), h2), h3), to_high);
                compiler_fence(Ordering::SeqCst);
                (even, odd) = (next_even, next_odd);
            }
        }
    }
}

#[inline(always)]
fn load(words: &[u64; 2]) -> v128 {
    // SAFETY: the 16 bytes need no alignment.
    unsafe { v128_load(words.as_ptr().cast()) }
}

#[inline(always)]
fn store(value: v128, words: &mut [u64; 2]) {
    // SAFETY: the 16 bytes need no alignment.
    unsafe { v128_store(words.as_mut_ptr().cast(), value) }
}
