//! Runs the corpora through programs for other platforms and compares their answers with the library's.
//!
//! Not part of `cargo test`: `tests/run` builds each program and passes its path in an environment variable.

#[path = "bare_metal/corpora.rs"]
mod bare_metal;
#[path = "javascript/corpora.rs"]
mod javascript;
