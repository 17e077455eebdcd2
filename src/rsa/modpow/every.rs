//! Every way to calculate that can run here, for tests and for the fuzz target.

use std::format;
use std::string::String;
use std::{vec, vec::Vec};

use super::{Backend, Prepared, compact, portable28, radix51};
use crate::rsa::modulus::{Limbs, Modulus};

/// All backends that can run here; in tests, those that emulate the vectors of others, too, which are slow.
pub(in crate::rsa) fn backends() -> Vec<Backend> {
    let mut backends = vec![Backend::Portable];
    #[cfg(test)]
    backends.extend([radix51::Vectors::EmulatedFma, radix51::Vectors::EmulatedIfma].map(Backend::Vectors));
    #[cfg(target_arch = "x86_64")]
    {
        backends.extend(radix51::detection::HasAvx2::detect().map(radix51::Vectors::Avx2).map(Backend::Vectors));
        backends.extend(radix51::detection::HasIfma::detect().map(radix51::Vectors::Avx512).map(Backend::Vectors));
    }
    #[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
    backends.push(Backend::Vectors(radix51::Vectors::Neon));
    backends
}

/// `base`^`exponent` mod n by each of them, and by the portable ones of other targets, under their names.
pub(in crate::rsa) fn powers(modulus: &Modulus, base: &Limbs, exponent: u64) -> Vec<(String, Limbs)> {
    let prepared = Prepared::new(modulus);
    let by = |backend| (format!("{backend:?}"), prepared.modpow_by(backend, modulus, base, exponent));
    let mut powers: Vec<_> = backends().into_iter().map(by).collect();
    let r_squared = modulus.power_of_two(portable28::Prepared::domain_bits(modulus));
    let portable28 = portable28::Prepared::new(modulus, &r_squared);
    powers.push(("portable28".into(), portable28.modpow(modulus, base, exponent)));
    let r_squared = modulus.power_of_two(compact::Prepared::domain_bits(modulus));
    let compact = compact::Prepared::new(modulus, &r_squared);
    powers.push(("compact".into(), compact.modpow(modulus, base, exponent)));
    powers
}

#[cfg(fuzzing)]
impl crate::VerifyingKey {
    /// The big-endian number below n, raised to e modulo n in each of these ways, under its name. Nobody can sign under
    /// most keys, so verdicts say little to the fuzz target.
    #[doc(hidden)]
    #[must_use]
    pub fn powers(&self, base: &[u8]) -> Vec<(String, Vec<u8>)> {
        let base = crate::rsa::modulus::limbs_from_be_bytes(base);
        let octets = |limbs: Limbs| limbs.iter().rev().flat_map(|limb| limb.to_be_bytes()).collect();
        let powers = powers(self.modulus(), &base, self.public_exponent());
        powers.into_iter().map(|(name, power)| (name, octets(power))).collect()
    }
}
