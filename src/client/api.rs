//! The endpoints, by subject.

mod api_keys;
mod insights;
mod members;
mod mfa;
mod orgs;
mod sso;
mod tokens;
mod user_changes;
mod users;
mod verifier_key;

pub use api_keys::*;
pub use insights::*;
pub use members::*;
pub use mfa::*;
pub use orgs::*;
pub use sso::*;
pub use tokens::*;
pub use user_changes::*;
pub use users::*;
pub use verifier_key::{FetchTokenVerificationMetadata, FetchedVerifierKey};
