//! Properties that hold for all tokens, keys and claims, tested on random ones.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod base64url;
mod claims;
mod json;
mod signature;
mod writer;

use std::cell::Cell;
use std::sync::LazyLock;

use common::mint::Mint;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, FileFailurePersistence, TestCaseError, TestRunner};

/// Signs the tokens of all properties.
static MINT: LazyLock<Mint> = LazyLock::new(|| Mint::new("rsa2048"));

/// Tests the property on random values, prints how many it ran on, and fails with the smallest that breaks it.
fn check<S: Strategy>(
    test: &'static str,
    cases: u32,
    strategy: S,
    property: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let regressions = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/properties/regressions.txt");
    let failure_persistence = Some(Box::new(FileFailurePersistence::Direct(regressions)) as Box<_>);
    let mut runner = TestRunner::new(Config { cases, failure_persistence, ..Config::default() });
    let run = Cell::new(0);
    let result = runner.run(&strategy, |value| {
        run.set(run.get() + 1);
        property(value)
    });
    println!("{test}: {} cases run", run.get());
    if let Err(error) = result {
        panic!("{test}: {error}");
    }
    assert!(run.get() >= cases, "{test}: {cases} cases wanted");
}
