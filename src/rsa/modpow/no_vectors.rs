//! Replaces `radix51` on targets without its vectors, and with `--cfg propelauth_edge_portable`.

use crate::rsa::modpow::modulus::{Limbs, Modulus};

#[derive(Clone, Copy, Debug)]
pub(in crate::rsa) enum InstructionSet {}

impl InstructionSet {
    pub(super) fn fastest() -> Option<Self> {
        None
    }
}

#[derive(Clone)]
pub(super) struct Constants;

impl Constants {
    pub(super) const fn domain_bits(_: &Modulus) -> Option<u32> {
        None
    }

    pub(super) const fn new(_: &Modulus, _: &Limbs) -> Self {
        Self
    }

    pub(super) fn modpow(&self, by: InstructionSet, _: &Modulus, _: &mut Limbs, _: u64) {
        match by {}
    }
}
