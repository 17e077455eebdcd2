//! The interface of a backend, and the one loop over the exponent.

use super::modulus::Limbs;

/// Montgomery arithmetic modulo n. In the Montgomery domain, a number is represented by its product with R.
pub(super) trait Arithmetic {
    /// A number in this backend's digits, not always fully reduced.
    type Number: Clone;

    /// Converts limbs of a number below n.
    fn number(&self, limbs: &Limbs) -> Self::Number;
    /// Converts to the limbs of the least residue.
    fn least_residue(&self, number: &Self::Number, to: &mut Limbs);
    /// Returns R^2 mod n, which converts a number into the domain.
    fn r_squared(&self) -> Self::Number;
    /// a = a b / R.
    fn multiply(&mut self, a: &mut Self::Number, b: &Self::Number);
    /// a = a^2 / R.
    fn square(&mut self, a: &mut Self::Number);

    /// Goes from the top bit of the exponent down. The product for the top bit, R^2 times the number, enters the
    /// domain. The lowest bit is set, and its product leaves the domain because it uses the plain number instead of its
    /// Montgomery form.
    #[inline(always)]
    fn modpow(&mut self, number: &mut Limbs, exponent: u64) {
        let base = self.number(number);
        let mut power = self.r_squared();
        let mut in_domain = power.clone();
        let top_bit = exponent.checked_ilog2().unwrap_or_default();
        for bit in (0..=top_bit).rev() {
            if bit < top_bit {
                self.square(&mut power);
            }
            if exponent >> bit & 1 == 1 {
                let leads_in_or_out = bit == top_bit || bit == 0;
                self.multiply(&mut power, if leads_in_or_out { &base } else { &in_domain });
            }
            if bit == top_bit {
                in_domain.clone_from(&power);
            }
        }
        self.least_residue(&power, number);
    }
}
