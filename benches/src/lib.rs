//! What the benches share. Each of `src/bin` answers one question; `RESULTS.md` says which, and what came out.

pub mod fixture;
pub mod ours;
#[cfg(feature = "peers")]
pub mod peers;
pub mod race;
pub mod table;
