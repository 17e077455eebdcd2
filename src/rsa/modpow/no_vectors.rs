//! In place of `radix51` where there is nothing that it could run on, or where `portable` is wanted.

use crate::rsa::modulus::{Limbs, Modulus};

#[derive(Clone, Copy, Debug)]
pub(in crate::rsa) enum Vectors {}

impl Vectors {
    pub(super) fn fastest() -> Option<Self> {
        None
    }
}

#[derive(Clone)]
pub(super) struct Prepared;

impl Prepared {
    pub(super) const fn domain_bits(_: &Modulus) -> Option<u32> {
        None
    }

    pub(super) const fn new(_: &Modulus, _: &Limbs) -> Self {
        Self
    }

    pub(super) fn modpow(&self, vectors: Vectors, _: &Modulus, _: &Limbs, _: u64) -> Limbs {
        match vectors {}
    }
}
