//! Modular exponentiation of public data, s^e mod n, with a choice of backends.
//!
//! A backend is an [`arithmetic::Arithmetic`]: the constants of one modulus in its own form, prepared with the key, and
//! two kinds of product. `portable` is the reference; faster backends are tested against it.
//!
//! | backend | where |
//! |---|---|
//! | IFMA | x86-64 with AVX512-IFMA |
//! | FMA | x86-64 with AVX2 and FMA; aarch64; WebAssembly built with `relaxed-simd`, in engines that fuse |
//! | portable | everywhere else, and everywhere with `--cfg propelauth_edge_portable` in `RUSTFLAGS` |
//!
//! The portable backend uses 64-bit limbs or 28-bit digits, whichever the target multiplies faster. In WebAssembly
//! modules with vectors, it is replaced by `compact`, for engines that do not fuse.
//!
//! Target features known at compile time select a backend there; those of an x86-64 processor are detected once.
//! Targets without SSE2, which must not use vector registers, are portable too.

mod arithmetic;
pub(super) mod modulus;

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

use modulus::{Limbs, Modulus};

#[cfg(all(not(propelauth_edge_portable), target_arch = "wasm32", target_feature = "relaxed-simd"))]
use compact as portable;
#[cfg(any(
    all(target_family = "wasm", any(propelauth_edge_portable, not(target_feature = "relaxed-simd"))),
    all(not(target_family = "wasm"), not(target_pointer_width = "64")),
))]
use portable28 as portable;
#[cfg(all(not(target_family = "wasm"), target_pointer_width = "64"))]
use portable64 as portable;

/// The vector backends, or an empty replacement with the same functions.
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

/// A backend that is available.
#[derive(Clone, Copy, Debug)]
pub(super) enum Backend {
    Portable,
    Radix51(radix51::InstructionSet),
}

impl Backend {
    fn fastest() -> Self {
        radix51::InstructionSet::fastest().map_or(Self::Portable, Self::Radix51)
    }
}

/// The constants of a modulus for the backends of this target.
#[derive(Clone)]
pub(super) struct BackendConstants {
    portable: portable::Constants,
    radix51: radix51::Constants,
}

impl BackendConstants {
    pub(super) const fn new(modulus: &Modulus) -> Self {
        let portable_bits = portable::Constants::domain_bits(modulus);
        let radix51_bits = match radix51::Constants::domain_bits(modulus) {
            Some(bits) => bits,
            None => portable_bits,
        };
        let (portable, radix51) = modulus.powers_of_two(portable_bits, radix51_bits);
        Self {
            portable: portable::Constants::new(modulus, &portable),
            radix51: radix51::Constants::new(modulus, &radix51),
        }
    }

    /// Raises a number below n to an odd `exponent`, mod n. Not constant-time.
    pub(super) fn modpow(&self, modulus: &Modulus, number: &mut Limbs, exponent: u64) {
        let fastest = if cfg!(propelauth_edge_portable) { Backend::Portable } else { Backend::fastest() };
        self.modpow_by(fastest, modulus, number, exponent);
    }

    /// Like [`modpow`](Self::modpow), with a given backend.
    pub(super) fn modpow_by(&self, backend: Backend, modulus: &Modulus, number: &mut Limbs, exponent: u64) {
        match backend {
            Backend::Portable => self.portable.modpow(modulus, number, exponent),
            Backend::Radix51(by) => self.radix51.modpow(by, modulus, number, exponent),
        }
    }
}

#[cfg(any(fuzzing, test))]
pub(super) mod backends;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]
mod tests;
