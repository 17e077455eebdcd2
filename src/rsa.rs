//! RS256: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3, RFC 8017 section 8.2).
//!
//! A key comes in by [`pem`] and [`der`], which are `const`, and becomes a [`VerifyingKey`]; [`pkcs1v15`] checks a
//! signature with it; [`modulus`] and [`modpow`] are the arithmetic below.

pub(crate) mod der;
#[cfg(feature = "rsa")]
mod engine;
mod modpow;
mod modulus;
mod pem;
mod pkcs1v15;
mod verifying_key;

pub(crate) use verifying_key::PublicKey;
pub use verifying_key::VerifyingKey;
