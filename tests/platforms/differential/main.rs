//! Compares PropelAuth's Python library and this crate on random tokens and keys. Each difference must be documented.
//!
//! `tests/run differential` runs it. `DIFFERENTIAL_TOKENS` and `DIFFERENTIAL_KEYS` are the numbers of tokens and keys,
//! `DIFFERENTIAL_SEED` is the first seed, by default 1. Every token or key has its own seed, to repeat a single one.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod classes;
mod grammar;
mod here;
mod json;
mod keys;
mod library;
mod signer;
mod tokens;

use std::collections::BTreeMap;

use classes::{Finding, sort};
use keys::KeyCase;
use library::Library;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tokens::Case;

const TOKENS: u64 = 2000;
const KEYS: u64 = 2000;
/// The number of differences that are shown before the run stops.
const SHOWN: usize = 5;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap_or_else(|_| panic!("{name}: {value:?} is no number")))
}

/// Returns the case of a seed, or a smaller one that also fails.
fn smallest<T: Clone>(
    seed: u64,
    strategy: &impl Strategy<Value = T>,
    mut check: impl FnMut(&T) -> Finding,
) -> (T, Finding) {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut tree = strategy.new_tree(&mut TestRunner::new_with_rng(Config::default(), rng)).unwrap();
    let mut found = (tree.current(), check(&tree.current()));
    if !matches!(found.1, Finding::Undocumented(_)) {
        return found;
    }
    let mut goes_on = tree.simplify();
    while goes_on {
        let case = tree.current();
        let finding = check(&case);
        goes_on = if matches!(finding, Finding::Undocumented(_)) {
            found = (case, finding);
            tree.simplify()
        } else {
            tree.complicate()
        };
    }
    found
}

/// A change must not fail for a case that it did not cause, so the default is fixed. A night has other seeds.
fn first_seed() -> u64 {
    setting("DIFFERENTIAL_SEED").unwrap_or(1)
}

/// Compares this many cases, and prints those whose difference is not documented.
fn run<T: Clone>(
    (setting, count): (&str, u64),
    first: u64,
    strategy: &impl Strategy<Value = T>,
    mut ask: impl FnMut(&T) -> Finding,
    describe: impl Fn(&T) -> String,
) -> String {
    let (mut same, mut documented, mut failures) = (0, BTreeMap::new(), 0);
    for seed in first..first + count {
        match smallest(seed, strategy, &mut ask) {
            (_, Finding::Same) => same += 1,
            (_, Finding::Documented(class)) => *documented.entry(class.name()).or_insert(0) += 1,
            (case, Finding::Undocumented(difference)) => {
                println!("\n{difference}\n{}", describe(&case));
                println!("again: DIFFERENTIAL_SEED={seed} {setting}=1 tests/run differential");
                failures += 1;
            }
        }
        if failures == SHOWN {
            break;
        }
    }
    assert_eq!(failures, 0, "differences that are not documented");
    format!("{same} answered alike; documented differences: {documented:?}")
}

#[test]
fn keys() {
    let mut library = Library::start();
    let count = setting("DIFFERENTIAL_KEYS").unwrap_or(KEYS);
    let first = first_seed();
    let token = Case::plain();
    let (mut accepted, mut verified) = (0, 0);
    let ask = |case: &KeyCase| {
        let here = keys::here(case, &token);
        accepted += u64::from(here.is_ok());
        verified += u64::from(here == Ok(true));
        keys::sort(case, &library.ask(&case.question(&token)), here)
    };
    let told = run(("DIFFERENTIAL_KEYS", count), first, &keys::cases(), ask, KeyCase::describe);
    println!("{count} keys from seed {first}: {accepted} accepted here, of which {verified} verify; {told}");
    assert!(count < KEYS || verified > count / 5, "a grammar of bad keys asks little");
}

#[test]
fn tokens() {
    let mut library = Library::start();
    println!("asked of {}", library.versions);
    let verifier = here::verifier();
    let tokens = setting("DIFFERENTIAL_TOKENS").unwrap_or(TOKENS);
    let first = first_seed();
    let mut accepted = 0;
    let ask = |case: &Case| {
        let here = here::about_token(&verifier, case);
        accepted += u64::from(here.is_ok());
        sort(case, &library.ask(&case.question()), &here)
    };
    let told = run(("DIFFERENTIAL_TOKENS", tokens), first, &grammar::cases(), ask, Case::describe);
    println!("{tokens} tokens from seed {first}: {accepted} accepted here; {told}");
    assert!(tokens < TOKENS || accepted > tokens / 4, "a grammar of bad tokens asks little");
}
