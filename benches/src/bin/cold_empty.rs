//! A process that does nothing: what every cold start pays.

fn main() {}
