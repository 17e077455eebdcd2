//! The vectors in portable code, for tests: lanes of f64 with the standard library's fused multiplication, and lanes
//! that emulate AVX512-IFMA.

use core::array;

use super::Constants;
use super::fma::{F64, Fma};
use super::ifma::{Ifma, Madd52};
use super::lanes::{DIGIT_BITS, Lanes};
use crate::rsa::modpow::modulus::{Limbs, Modulus};

pub(super) fn fma(constants: &Constants, modulus: &Modulus, number: &mut Limbs, exponent: u64) {
    constants.modpow_on::<Fma, Emulated<4>, 4>(modulus, number, exponent);
}

pub(super) fn ifma(constants: &Constants, modulus: &Modulus, number: &mut Limbs, exponent: u64) {
    constants.modpow_on::<Ifma, Emulated<8>, 8>(modulus, number, exponent);
}

#[derive(Clone, Copy)]
pub(super) struct Emulated<const M: usize>([u64; M]);

impl<const M: usize> Emulated<M> {
    fn each(f: impl Fn(usize) -> u64) -> Self {
        Self(array::from_fn(f))
    }

    fn each_f64(f: impl Fn(usize) -> f64) -> Self {
        Self::each(|i| f(i).to_bits())
    }

    fn f64(self, lane: usize) -> f64 {
        f64::from_bits(self.0[lane])
    }
}

impl<const M: usize> Lanes<M> for Emulated<M> {
    type Word = u64;

    fn load(words: &[u64; M]) -> Self {
        Self(*words)
    }

    fn store(self, words: &mut [u64; M]) {
        *words = self.0;
    }

    fn splat(word: u64) -> Self {
        Self([word; M])
    }

    fn add(self, other: Self) -> Self {
        Self::each(|i| self.0[i].wrapping_add(other.0[i]))
    }

    fn and(self, mask: [u64; M]) -> Self {
        Self::each(|i| self.0[i] & mask[i])
    }

    fn or(self, other: Self) -> Self {
        Self::each(|i| self.0[i] | other.0[i])
    }

    fn shift_right(self) -> Self {
        Self::each(|i| (self.0[i] as i64 >> DIGIT_BITS) as u64)
    }
}

impl<const M: usize> F64<M> for Emulated<M> {
    fn multiply_add(a: Self, b: Self, c: Self) -> Self {
        Self::each_f64(|i| a.f64(i).mul_add(b.f64(i), c.f64(i)))
    }

    fn negative_multiply_add(a: Self, b: Self, c: Self) -> Self {
        Self::each_f64(|i| (-a.f64(i)).mul_add(b.f64(i), c.f64(i)))
    }

    fn subtract_f64(self, other: Self) -> Self {
        Self::each_f64(|i| self.f64(i) - other.f64(i))
    }

    fn subtract(self, other: Self) -> Self {
        Self::each(|i| self.0[i].wrapping_sub(other.0[i]))
    }
}

/// Multiplies the low 52 bits of both.
fn product(a: u64, b: u64) -> u128 {
    const MASK: u64 = (1 << 52) - 1;
    u128::from(a & MASK) * u128::from(b & MASK)
}

impl<const M: usize> Madd52<M> for Emulated<M> {
    fn multiply_add_low(sum: Self, a: Self, b: Self) -> Self {
        Self::each(|i| sum.0[i].wrapping_add(product(a.0[i], b.0[i]) as u64 & ((1 << 52) - 1)))
    }

    fn multiply_add_high(sum: Self, a: Self, b: Self) -> Self {
        Self::each(|i| sum.0[i].wrapping_add((product(a.0[i], b.0[i]) >> 52) as u64))
    }
}
