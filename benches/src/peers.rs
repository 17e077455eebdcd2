//! The peers, each set up as its users would: keys parsed once if the crate allows it, claims in typed structs.

mod claims;
mod end_to_end;
mod signatures;

pub use claims::User;
pub use end_to_end::{Engine, HeaderVerifier, all, jsonwebtoken, propelauth, propelauth_user};
pub use signatures::{Signatures, signatures};
