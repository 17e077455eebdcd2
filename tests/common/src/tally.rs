//! Counts cases: a test that ran none, or too few, has failed.

use std::fmt::Display;

use super::corpus;

/// The number of failures that are printed in full.
const SHOWN: usize = 40;

/// The number of cases that ran, and the failures.
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

    /// Counts a case that is checked.
    pub fn run(&mut self) {
        self.run += 1;
    }

    /// Counts a case with either verdict, which cannot be checked.
    pub fn set_aside(&mut self) {
        self.set_aside += 1;
    }

    pub fn fail(&mut self, id: &str, what: impl Display) {
        self.failures.push(format!("{id}: {what}"));
    }

    /// Records a failure if the two differ.
    pub fn same<T: PartialEq + std::fmt::Debug>(&mut self, id: &str, what: &str, got: T, expected: T) {
        if got != expected {
            self.fail(id, format!("{what}: got {got:?}, expected {expected:?}"));
        }
    }

    /// Like [`Tally::same`], for labels of this repository's data that its tests know row by row. In another corpus,
    /// labels may mean something else, so a difference is only printed.
    pub fn same_label<T: PartialEq + std::fmt::Debug>(&mut self, id: &str, what: &str, got: T, expected: T) {
        if corpus::is_own() {
            self.same(id, what, got, expected);
        } else if got != expected {
            println!("  {id}: {what}: got {got:?}, not {expected:?}");
        }
    }

    /// Prints the counts. Fails if a check failed or if fewer than `least` cases ran. `least` is the number in this
    /// repository's data; another corpus may have any number above zero.
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
