//! The vectors in portable code, for tests: lanes of f64 by the standard library's fused multiplication, and lanes that
//! do what AVX512-IFMA does.

use core::array;

use super::Prepared;
use super::fma::{F64Lanes, Fma};
use super::ifma::{Ifma, IfmaLanes};
use super::vector::DIGIT_BITS;
use crate::rsa::modulus::{Limbs, Modulus};

pub(super) fn fma(prepared: &Prepared, modulus: &Modulus, base: &Limbs, exponent: u64) -> Limbs {
    prepared.modpow_on::<Fma<Lanes<4>>, 4>(modulus, base, exponent)
}

pub(super) fn ifma(prepared: &Prepared, modulus: &Modulus, base: &Limbs, exponent: u64) -> Limbs {
    prepared.modpow_on::<Ifma<Lanes<8>>, 8>(modulus, base, exponent)
}

#[derive(Clone, Copy)]
struct Lanes<const M: usize>([u64; M]);

fn f64_lanes<const M: usize>(f: impl Fn(usize) -> f64) -> Lanes<M> {
    Lanes(array::from_fn(|i| f(i).to_bits()))
}

impl<const M: usize> Lanes<M> {
    fn f64(self, lane: usize) -> f64 {
        f64::from_bits(self.0[lane])
    }
}

impl<const M: usize> F64Lanes<M> for Lanes<M> {
    fn load(words: &[u64; M]) -> Self {
        Self(*words)
    }

    fn store(self, words: &mut [u64; M]) {
        *words = self.0;
    }

    fn splat(word: u64) -> Self {
        Self([word; M])
    }

    fn multiply_add(a: Self, b: Self, c: Self) -> Self {
        f64_lanes(|i| a.f64(i).mul_add(b.f64(i), c.f64(i)))
    }

    fn negative_multiply_add(a: Self, b: Self, c: Self) -> Self {
        f64_lanes(|i| (-a.f64(i)).mul_add(b.f64(i), c.f64(i)))
    }

    fn subtract_f64(self, other: Self) -> Self {
        f64_lanes(|i| self.f64(i) - other.f64(i))
    }

    fn add(self, other: Self) -> Self {
        Self(array::from_fn(|i| self.0[i].wrapping_add(other.0[i])))
    }

    fn subtract(self, other: Self) -> Self {
        Self(array::from_fn(|i| self.0[i].wrapping_sub(other.0[i])))
    }

    fn and(self, other: Self) -> Self {
        Self(array::from_fn(|i| self.0[i] & other.0[i]))
    }

    fn or(self, other: Self) -> Self {
        Self(array::from_fn(|i| self.0[i] | other.0[i]))
    }

    fn shift_right(self) -> Self {
        Self(array::from_fn(|i| (self.0[i] as i64 >> DIGIT_BITS) as u64))
    }
}

/// The low 52 bits of both, multiplied.
fn product(a: u64, b: u64) -> u128 {
    const MASK: u64 = (1 << 52) - 1;
    u128::from(a & MASK) * u128::from(b & MASK)
}

impl<const M: usize> IfmaLanes<M> for Lanes<M> {
    fn load(words: &[u64; M]) -> Self {
        Self(*words)
    }

    fn store(self, words: &mut [u64; M]) {
        *words = self.0;
    }

    fn splat(word: u64) -> Self {
        Self([word; M])
    }

    fn multiply_add_low(sum: Self, a: Self, b: Self) -> Self {
        Self(array::from_fn(|i| sum.0[i].wrapping_add(product(a.0[i], b.0[i]) as u64 & ((1 << 52) - 1))))
    }

    fn multiply_add_high(sum: Self, a: Self, b: Self) -> Self {
        Self(array::from_fn(|i| sum.0[i].wrapping_add((product(a.0[i], b.0[i]) >> 52) as u64)))
    }

    fn add(self, other: Self) -> Self {
        Self(array::from_fn(|i| self.0[i].wrapping_add(other.0[i])))
    }

    fn and(self, other: Self) -> Self {
        Self(array::from_fn(|i| self.0[i] & other.0[i]))
    }

    fn or(self, other: Self) -> Self {
        Self(array::from_fn(|i| self.0[i] | other.0[i]))
    }

    fn shift_right(self) -> Self {
        Self(array::from_fn(|i| self.0[i] >> DIGIT_BITS))
    }
}
