//! Tests of the core: attacks, limits, errors, values, two issuers, the cache, the heap.

mod allocation;
mod attacks;
mod cache;
mod errors;
mod floors;
mod issuers;
mod limits;
#[cfg(feature = "rsa")]
mod rsa_engine;
mod settings;
mod testkit;
mod values;
mod words;
