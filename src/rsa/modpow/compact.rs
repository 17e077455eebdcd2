//! A backend that reuses the arithmetic for preparing keys, to save space. For WebAssembly modules with relaxed SIMD,
//! in engines that do not fuse.

use super::arithmetic::Arithmetic;
use crate::rsa::modpow::modulus::{Limbs, Modulus};

#[derive(Clone)]
pub(super) struct Constants {
    r_squared: Limbs,
}

impl Constants {
    /// Returns the power of two that `r_squared` is.
    pub(super) const fn domain_bits(modulus: &Modulus) -> u32 {
        modulus.domain_bits().saturating_mul(2)
    }

    /// `r_squared` is 2^[`domain_bits`](Self::domain_bits) mod n.
    pub(super) const fn new(_: &Modulus, r_squared: &Limbs) -> Self {
        Self { r_squared: *r_squared }
    }

    #[inline(never)]
    pub(super) fn modpow(&self, modulus: &Modulus, number: &mut Limbs, exponent: u64) {
        Montgomery { modulus, r_squared: &self.r_squared }.modpow(number, exponent);
    }
}

struct Montgomery<'a> {
    modulus: &'a Modulus,
    r_squared: &'a Limbs,
}

impl Arithmetic for Montgomery<'_> {
    type Number = Limbs;

    fn number(&self, limbs: &Limbs) -> Limbs {
        *limbs
    }

    fn least_residue(&self, number: &Limbs, to: &mut Limbs) {
        *to = *number;
    }

    fn r_squared(&self) -> Limbs {
        *self.r_squared
    }

    fn multiply(&mut self, a: &mut Limbs, b: &Limbs) {
        *a = self.modulus.product(a, b);
    }

    fn square(&mut self, a: &mut Limbs) {
        *a = self.modulus.product(a, a);
    }
}
