//! What the tests share. Each test binary uses its part of it.
#![allow(dead_code, unreachable_pub)]
// A test may stop where it stands.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects)]

pub mod accessors;
pub mod corpus;
pub mod mint;
pub mod model;
pub mod reasons;
pub mod secrets;
pub mod tally;
pub mod values;
