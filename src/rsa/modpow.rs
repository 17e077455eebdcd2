//! s^e mod n on public data: which backend does it, and the one loop over the exponent.
//!
//! A backend is an [`Arithmetic`]: the constants of one modulus in the form that its loops want, prepared with the key,
//! and the two kinds of product. `portable` is the specification; whatever is faster is tested against it.
//!
//! | backend | where |
//! |---|---|
//! | IFMA | x86-64 with AVX512-IFMA |
//! | FMA | x86-64 with AVX2 and FMA; aarch64; WebAssembly built with `relaxed-simd`, in engines that fuse |
//! | portable | everywhere else, and everywhere with `--cfg propelauth_edge_portable` in `RUSTFLAGS` |
//!
//! Portable is on 64-bit limbs or on 28-bit digits, whichever the target multiplies well, and `compact` in modules of
//! WebAssembly with vectors, where it is for engines that do not fuse.
//!
//! What the target is known to have is decided by the compiler, what an x86-64 processor has besides is found out once.
//! Targets without SSE2, which must not touch vector registers, are portable too.

use super::modulus::{Limbs, Modulus};

#[cfg(any(fuzzing, test, all(not(propelauth_edge_portable), target_arch = "wasm32", target_feature = "relaxed-simd")))]
mod compact;
#[cfg(any(
    fuzzing,
    test,
    all(target_family = "wasm", any(propelauth_edge_portable, not(target_feature = "relaxed-simd"))),
    all(not(target_family = "wasm"), not(target_pointer_width = "64")),
))]
mod portable28;
#[cfg(any(fuzzing, test, all(not(target_family = "wasm"), target_pointer_width = "64")))]
mod portable64;

#[cfg(all(not(propelauth_edge_portable), target_arch = "wasm32", target_feature = "relaxed-simd"))]
use compact as portable;
#[cfg(any(
    all(target_family = "wasm", any(propelauth_edge_portable, not(target_feature = "relaxed-simd"))),
    all(not(target_family = "wasm"), not(target_pointer_width = "64")),
))]
use portable28 as portable;
#[cfg(all(not(target_family = "wasm"), target_pointer_width = "64"))]
use portable64 as portable;

/// The vector backends, or in their place nothing, with the same functions.
#[cfg_attr(
    not(any(
        fuzzing,
        test,
        all(
            not(propelauth_edge_portable),
            any(
                all(target_arch = "x86_64", target_feature = "sse2"),
                all(target_arch = "aarch64", target_feature = "neon"),
                all(target_arch = "wasm32", target_feature = "relaxed-simd"),
            )
        )
    )),
    path = "modpow/no_vectors.rs"
)]
mod radix51;

/// A way to calculate that there is here.
#[derive(Clone, Copy, Debug)]
pub(super) enum Backend {
    Portable,
    Vectors(radix51::Vectors),
}

impl Backend {
    fn fastest() -> Self {
        radix51::Vectors::fastest().map_or(Self::Portable, Self::Vectors)
    }
}

/// What the backends of this target need to know of a modulus.
#[derive(Clone)]
pub(super) struct Prepared {
    portable: portable::Prepared,
    radix51: radix51::Prepared,
}

impl Prepared {
    pub(super) const fn new(modulus: &Modulus) -> Self {
        let portable_bits = portable::Prepared::domain_bits(modulus);
        let radix51_bits = match radix51::Prepared::domain_bits(modulus) {
            Some(bits) => bits,
            None => portable_bits,
        };
        let (portable, radix51) = modulus.powers_of_two(portable_bits, radix51_bits);
        Self {
            portable: portable::Prepared::new(modulus, &portable),
            radix51: radix51::Prepared::new(modulus, &radix51),
        }
    }

    /// `base`^`exponent` mod n, for `base` < n and an odd `exponent`. Takes variable time.
    pub(super) fn modpow(&self, modulus: &Modulus, base: &Limbs, exponent: u64) -> Limbs {
        let fastest = if cfg!(propelauth_edge_portable) { Backend::Portable } else { Backend::fastest() };
        self.modpow_by(fastest, modulus, base, exponent)
    }

    /// The same by one of the backends.
    pub(super) fn modpow_by(&self, backend: Backend, modulus: &Modulus, base: &Limbs, exponent: u64) -> Limbs {
        match backend {
            Backend::Portable => self.portable.modpow(modulus, base, exponent),
            Backend::Vectors(vectors) => self.radix51.modpow(vectors, modulus, base, exponent),
        }
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
        let top_bit = exponent.checked_ilog2().unwrap_or_default();
        for bit in (1..top_bit).rev() {
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

#[cfg(any(fuzzing, test))]
pub(super) mod every;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]
mod tests;
