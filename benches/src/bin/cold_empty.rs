//! A process that does nothing: the baseline of every cold start.

fn main() {}
