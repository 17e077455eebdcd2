//! The arithmetic that prepares keys, for modules that have vectors and want something in as few octets as possible
//! besides, for where the vectors turn out to be unusable.

use super::Arithmetic;
use crate::rsa::modulus::{Limbs, Modulus};

#[derive(Clone)]
pub(super) struct Prepared {
    r_squared: Limbs,
}

impl Prepared {
    /// The power of two that `r_squared` is.
    pub(super) const fn domain_bits(modulus: &Modulus) -> u32 {
        2 * modulus.domain_bits()
    }

    /// `r_squared` is 2^[`domain_bits`](Self::domain_bits) mod n.
    pub(super) const fn new(_: &Modulus, r_squared: &Limbs) -> Self {
        Self { r_squared: *r_squared }
    }

    #[inline(never)]
    pub(super) fn modpow(&self, modulus: &Modulus, base: &Limbs, exponent: u64) -> Limbs {
        Montgomery { modulus, r_squared: &self.r_squared }.modpow(base, exponent)
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

    fn least_residue(&self, number: &Limbs) -> Limbs {
        *number
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
