#![doc = include_str!("../README.md")]
//!
//! # Where things are
//!
//! A token goes through the modules in this order, and [`Verifier`] reads like the list:
//!
//! | step | module | in → out |
//! |---|---|---|
//! | 1 | `bearer` | header value → token |
//! | 2 | `jws` | token → three segments, JOSE header checked |
//! | 3 | `keys`, `rsa` | signature → good or not |
//! | 4 | `json` | payload → validated JSON in the caller's buffer |
//! | 5 | `claims` | `exp`, `iat`, `nbf`, `iss`, `sub`, `jti` |
//! | 6 | `user` | claims → [`UserView`] |
//! | 7 | `access` | org, role, permission |
//!
//! Steps 1 to 3 meet text that anybody may have written: no recursion, a constant stack, work linear in the length, no
//! panic. Nothing of the payload is parsed before step 3 says yes.
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(missing_docs)]
// Nothing that comes in may lead to a panic.
#![cfg_attr(
    not(test),
    warn(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::panic_in_result_fn,
        clippy::unwrap_used,
    )
)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(fuzzing, test, feature = "std"))]
extern crate std;

mod access;
mod base64url;
mod bearer;
mod cache;
mod claims;
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub mod client;
mod error;
#[cfg(any(doc, doctest))]
pub mod guide;
mod hash;
#[cfg(feature = "inspect")]
#[cfg_attr(docsrs, doc(cfg(feature = "inspect")))]
pub mod inspect;
#[cfg(any(feature = "axum", feature = "lambda", feature = "worker"))]
mod integrations;
mod json;
mod jws;
mod keys;
pub mod limits;
mod metadata;
mod names;
#[cfg(feature = "alloc")]
#[allow(dead_code)] // used by what is behind other features, where there is a clock
mod owned;
mod rsa;
#[cfg(feature = "testkit")]
#[cfg_attr(docsrs, doc(cfg(feature = "testkit")))]
pub mod testkit;
mod time;
mod user;
mod verifier;

pub use access::{OrgRequirement, RequiredOrg};
pub use cache::TokenCache;
pub use error::{AuthError, Claim, Forbidden, InvalidSignature, MetadataError, Unauthorized};
// What a target cannot have is not there.
#[allow(unreachable_pub, unused_imports)]
#[cfg(any(feature = "axum", feature = "lambda", feature = "worker"))]
pub use integrations::*;
#[cfg(feature = "alloc")]
pub use json::OwnedJsonValue;
pub use json::{DeserializeError, JsonArray, JsonObject, JsonStr, JsonValue};
pub use metadata::TokenVerificationMetadata;
pub use rsa::VerifyingKey;
pub use time::UnixTime;
pub use user::{LoginMethod, OrgMemberInfoView, OrgRoleStructure, Orgs, StrList, UserView};
#[cfg(feature = "alloc")]
pub use user::{OrgMemberInfo, OrgMembers, User};
pub use verifier::Verifier;
