//! The backend API client.

mod auth;
#[cfg(all(feature = "reqwest", feature = "ureq"))]
mod contract;
#[cfg(all(feature = "reqwest", feature = "ureq"))]
mod faults;
