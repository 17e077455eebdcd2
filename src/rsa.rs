//! RS256: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3, RFC 8017 section 8.2).
//!
//! [`pem`] and [`der`], which are `const`, parse a key into a [`VerifyingKey`]. [`pkcs1v15`] encodes what a signature
//! must contain, [`modpow`] is the arithmetic, and [`Keys`] are the keys of a verifier.

pub(crate) mod der;
mod keys;
mod modpow;
pub(crate) mod pem;
mod pkcs1v15;
#[cfg(feature = "rsa")]
mod rustcrypto;
mod verifying_key;

pub(crate) use keys::{Keys, KeysIdentity};
pub use verifying_key::VerifyingKey;
