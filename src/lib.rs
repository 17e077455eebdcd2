// The README's link targets in the documentation. Of two definitions, the first counts, so these override its own.
//! [axum]: guide::axum
//! [actix]: guide::actix
//! [workers]: guide::workers
//! [lambda]: guide::lambda
//! [wasi_http]: guide::wasi_http
//! [fastly]: guide::fastly
//! [javascript]: guide::javascript
//! [nextjs]: guide::nextjs
//! [bare_metal]: guide::bare_metal
//! [guides]: guide
//! [limits]: limits
//! [key_rotation]: guide::key_rotation
//! [from_rust]: guide::from_rust
//! [from_python]: guide::from_python
//! [from_javascript]: guide::from_javascript
//! [results]: https://github.com/OWNER/propelauth-edge/blob/main/benches/RESULTS.md
//! [security]: https://github.com/OWNER/propelauth-edge/blob/main/SECURITY.md
//! [mit]: https://github.com/OWNER/propelauth-edge/blob/main/LICENSE-MIT
//! [apache]: https://github.com/OWNER/propelauth-edge/blob/main/LICENSE-APACHE
//!
// Hides the README's picture, which is not in the package.
//! <style>.top-doc picture { display: none }</style>
//!
#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(missing_docs)]
// Input must not cause a panic.
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
#[cfg(any(fuzzing, test, feature = "std", all(feature = "worker", target_family = "wasm")))]
extern crate std;

// Shared by all steps.
#[cfg(any(fuzzing, test, not(propelauth_edge_portable)))]
mod cpu;
mod hash;
pub mod limits;
mod metadata;
mod names;
mod time;

mod error;

// The steps of verification, in order. `Verifier::validate` runs them all. Steps 1 to 3 read untrusted text: no
// recursion, a constant stack, work linear in the length, no panic. The payload is not read before step 3 succeeds.
// Modules use only those listed before them, except that `token` parses the JOSE header with `json`.

// 1, 2: header value → token → its segments; checks the JOSE header.
mod token;

// 3: message and signature → valid or not.
mod rsa;

// 4: payload → validated JSON, in the caller's buffer.
mod json;

// 5: JSON → the claims by name; checks `exp`, `iat`, `nbf`, `iss`, `aud`, `sub` and `jti`.
mod claims;

// 6, 7: claims → user; checks org, role and permission.
mod user;

// Skips the JOSE header and step 3 for tokens verified before.
mod cache;

// Logging of all steps, with feature `tracing`.
mod event;

// All steps in one function.
mod verifier;

// Add-ons, each behind a feature and not used by the core.
#[cfg(any(feature = "http", feature = "worker"))]
mod integrations;

#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub mod client;

#[cfg(feature = "inspect")]
#[cfg_attr(docsrs, doc(cfg(feature = "inspect")))]
pub mod inspect;

#[cfg(feature = "testkit")]
#[cfg_attr(docsrs, doc(cfg(feature = "testkit")))]
pub mod testkit;

#[cfg(any(doc, doctest))]
pub mod guide;

pub use cache::TokenCache;
pub use error::{AuthError, Forbidden, InvalidSignature, MetadataError, SettingsError, Unauthorized};
// Each integration exists only on its targets.
#[allow(unreachable_pub, unused_imports)]
#[cfg(any(feature = "http", feature = "worker"))]
pub use integrations::*;
#[cfg(feature = "alloc")]
pub use json::OwnedJsonValue;
pub use json::{DeserializeError, JsonArray, JsonObject, JsonStr, JsonValue};
pub use metadata::TokenVerificationMetadata;
pub use names::Claim;
pub use rsa::VerifyingKey;
pub use time::UnixTime;
pub use user::{
    LoginMethod, OrgMemberInfoView, OrgRequirement, OrgRoleStructure, Orgs, RequiredOrg, StrList, UserView,
};
#[cfg(feature = "alloc")]
pub use user::{OrgMemberInfo, OrgMembers, StoredUser, User, VerifiedUser};
pub use verifier::Verifier;

/// Decodes base64url with each implementation available here, by name: for the fuzz target.
#[cfg(fuzzing)]
#[doc(hidden)]
#[must_use]
pub fn decode_base64url(text: &[u8]) -> std::vec::Vec<(std::string::String, Option<std::vec::Vec<u8>>)> {
    token::base64url::decode_by_each(text)
}
