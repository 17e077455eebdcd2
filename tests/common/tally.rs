//! Counting cases: a test that ran none, or fewer than it should, has failed.

use std::fmt::Display;

use super::corpus;

/// Failures that are printed in full.
const SHOWN: usize = 40;

/// How many cases of a test ran, and what failed.
pub struct Tally {
    test: &'static str,
    run: usize,
    set_aside: usize,
    failures: Vec<String>,
}

impl Tally {
    pub fn new(test: &'static str) -> Self {
        Self { test, run: 0, set_aside: 0, failures: Vec::new() }
    }

    /// A case that is checked.
    pub fn run(&mut self) {
        self.run += 1;
    }

    /// A case in which either verdict is right, so that nothing is left to check.
    pub fn set_aside(&mut self) {
        self.set_aside += 1;
    }

    pub fn fail(&mut self, id: &str, what: impl Display) {
        self.failures.push(format!("{id}: {what}"));
    }

    /// Notes a failure if the two differ.
    pub fn same<T: PartialEq + std::fmt::Debug>(&mut self, id: &str, what: &str, got: T, expected: T) {
        if got != expected {
            self.fail(id, format!("{what}: got {got:?}, expected {expected:?}"));
        }
    }

    /// Like [`Tally::same`] for what this repository's data say by labels that its tests know row by row. Another corpus
    /// may use the labels otherwise: there a difference is printed and no failure.
    pub fn same_label<T: PartialEq + std::fmt::Debug>(&mut self, id: &str, what: &str, got: T, expected: T) {
        if corpus::is_own() {
            self.same(id, what, got, expected);
        } else if got != expected {
            println!("  {id}: {what}: got {got:?}, not {expected:?}");
        }
    }

    /// Prints the count and fails if anything failed or fewer than `least` cases came by. That is the number in this
    /// repository's data; another corpus may have any number but none.
    pub fn finish(self, least: usize) {
        let Self { test, run, set_aside, failures } = self;
        println!("{test}: {run} cases run, {set_aside} set aside, {} failures", failures.len());
        for failure in failures.iter().take(SHOWN) {
            println!("  {failure}");
        }
        assert!(run > 0, "{test}: no case ran");
        if corpus::is_own() {
            assert!(run + set_aside >= least, "{test}: {run} and {set_aside} cases, {least} wanted");
        }
        assert!(failures.is_empty(), "{test}: {} failures, {}", failures.len(), failures[0]);
    }
}
