#![no_std]
#[cfg(any(test, feature = "std"))]
extern crate std;
pub mod limits;
mod error;
mod rsa;
pub use error::*;
pub use rsa::VerifyingKey;
