//! Helpers shared by the test binaries.
// Tests may panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects)]

pub mod accessors;
pub mod corpus;
pub mod loopback;
pub mod mint;
pub mod model;
#[cfg(feature = "alloc")]
pub mod owned;
pub mod reasons;
pub mod secrets;
pub mod tally;
pub mod values;
