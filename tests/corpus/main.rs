//! Verdicts of PropelAuth's Python library and of other oracles, row by row.

mod authz;
mod keys;
mod signatures;
mod tokens;
