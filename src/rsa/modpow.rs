//! s^e mod n on public data: which backend does it, and the one loop over the exponent.
//!
//! A backend is an [`Arithmetic`]: the constants of one modulus in the form that its loops want, prepared with the key,
//! and the two kinds of product. `portable` is the specification; whatever is faster is tested against it.

use super::modulus::{Limbs, Modulus};

mod detection;
mod radix51;
pub static PORTABLE: core::sync::atomic::AtomicBool = core::sync::atomic::AtomicBool::new(false);
#[cfg(any(test, target_family = "wasm", not(target_pointer_width = "64")))]
mod portable28;
#[cfg(any(test, not(any(target_family = "wasm", not(target_pointer_width = "64")))))]
mod portable64;

#[cfg(any(target_family = "wasm", not(target_pointer_width = "64")))]
use portable28 as portable;
#[cfg(not(any(target_family = "wasm", not(target_pointer_width = "64"))))]
use portable64 as portable;

/// What the backends of this target need to know of a modulus.
#[derive(Clone)]
pub(super) struct Prepared {
    portable: portable::Prepared,
    radix51: radix51::Prepared,
}

impl Prepared {
    pub(super) const fn new(modulus: &Modulus) -> Self {
        Self {
            portable: portable::Prepared::new(modulus),
            radix51: radix51::Prepared::new(modulus, &modulus.power_of_two(radix51::Prepared::domain_bits(modulus))),
        }
    }

    /// `base`^`exponent` mod n, for `base` < n and an odd `exponent`. Takes variable time.
    pub(super) fn modpow(&self, modulus: &Modulus, base: &Limbs, exponent: u64) -> Limbs {
        if PORTABLE.load(core::sync::atomic::Ordering::Relaxed) {
            return self.portable.modpow(modulus, base, exponent);
        }
        radix51::avx2::modpow(detection::HasAvx2::detect().unwrap(), &self.radix51, modulus, base, exponent)
    }
}

/// Montgomery arithmetic modulo n: numbers stand for themselves or, in the domain, for themselves times R.
trait Arithmetic {
    /// A number in the digits of this backend, not always the least of its residue class.
    type Number: Clone;

    /// From limbs that denote a number below n.
    fn number(&self, limbs: &Limbs) -> Self::Number;
    /// To the limbs of the least residue.
    fn least_residue(&self, number: &Self::Number) -> Limbs;
    /// R^2 mod n, which takes a number into the domain.
    fn r_squared(&self) -> Self::Number;
    /// a = a b / R.
    fn multiply(&mut self, a: &mut Self::Number, b: &Self::Number);
    /// a = a^2 / R.
    fn square(&mut self, a: &mut Self::Number);

    /// From the top bit of the exponent down. The lowest bit is set, and its product, by the number itself in place of
    /// its form in the domain, is what leads out of the domain.
    #[inline(always)]
    fn modpow(&mut self, base: &Limbs, exponent: u64) -> Limbs {
        let base = self.number(base);
        let mut in_domain = self.r_squared();
        self.multiply(&mut in_domain, &base);
        let mut power = in_domain.clone();
        for bit in (1..exponent.ilog2()).rev() {
            self.square(&mut power);
            if exponent >> bit & 1 == 1 {
                self.multiply(&mut power, &in_domain);
            }
        }
        self.square(&mut power);
        self.multiply(&mut power, &base);
        self.least_residue(&power)
    }
}

#[cfg(test)]
mod tests;
pub mod bench {
    pub const BACKENDS: [(&str, bool); 2] = [("portable", true), ("fma", false)];
    pub fn select(portable: bool) {
        super::PORTABLE.store(portable, core::sync::atomic::Ordering::Relaxed);
    }
}
