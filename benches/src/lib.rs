//! Shared code of the benches. Each program in `src/bin` answers one question; see `RESULTS.md` for which, and the
//! results.

pub mod fixture;
pub mod ours;
#[cfg(feature = "peers")]
pub mod peers;
pub mod race;
pub mod table;
