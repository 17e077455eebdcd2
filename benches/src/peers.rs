//! The peers, each as its users would set it up: a key made once where the crate allows it, claims in typed structs.

mod claims;
mod end_to_end;
mod signatures;

pub use claims::User;
pub use end_to_end::{Engine, HeaderVerifier, all, jsonwebtoken, propelauth};
pub use signatures::{Signatures, signatures};
