//! All backends that can run here, for tests and fuzzing.

use std::format;
use std::string::String;
use std::{vec, vec::Vec};

use super::radix51::InstructionSet;
use super::{Backend, BackendConstants, compact, portable28};
use crate::rsa::modpow::modulus::{Limbs, Modulus};

/// In tests, includes the slow ones that emulate the vectors of other targets.
pub(in crate::rsa) fn available() -> Vec<Backend> {
    let mut backends = vec![Backend::Portable];
    #[cfg(test)]
    backends.extend([InstructionSet::EmulatedFma, InstructionSet::EmulatedIfma].map(Backend::Radix51));
    #[cfg(target_arch = "x86_64")]
    {
        use crate::cpu::{HasAvx2, HasIfma};
        backends.extend(HasAvx2::detect().map(InstructionSet::Avx2).map(Backend::Radix51));
        backends.extend(HasIfma::detect().map(InstructionSet::Avx512).map(Backend::Radix51));
    }
    #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
    backends.push(Backend::Radix51(InstructionSet::Neon));
    backends
}

/// Returns `base`^`exponent` mod n from each of them and from the portable ones of other targets, by name.
pub(in crate::rsa) fn powers(modulus: &Modulus, base: &Limbs, exponent: u64) -> Vec<(String, Limbs)> {
    let constants = BackendConstants::new(modulus);
    let mut powers = Vec::new();
    let mut by = |name: String, modpow: &dyn Fn(&mut Limbs)| {
        let mut number = *base;
        modpow(&mut number);
        powers.push((name, number));
    };
    for backend in available() {
        by(format!("{backend:?}"), &|number| constants.modpow_by(backend, modulus, number, exponent));
    }
    let r_squared = modulus.power_of_two(portable28::Constants::domain_bits(modulus));
    let portable28 = portable28::Constants::new(modulus, &r_squared);
    by("portable28".into(), &|number| portable28.modpow(modulus, number, exponent));
    let r_squared = modulus.power_of_two(compact::Constants::domain_bits(modulus));
    let compact = compact::Constants::new(modulus, &r_squared);
    by("compact".into(), &|number| compact.modpow(modulus, number, exponent));
    powers
}
