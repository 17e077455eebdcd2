#![no_std]
#[cfg(any(test, feature = "std"))]
extern crate std;
mod error;
pub mod limits;
mod rsa;
pub use error::*;
pub use rsa::VerifyingKey;
