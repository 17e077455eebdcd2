#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(test, feature = "std"))]
extern crate std;

mod access;
mod bearer;
mod cache;
mod claims;
mod error;
mod json;
mod jws;
pub mod limits;
mod metadata;
mod rsa;
mod time;
mod user;
mod verifier;

pub use access::{OrgRequirement, RequiredOrg};
pub use cache::TokenCache;
pub use error::{AuthError, Claim, Forbidden, InvalidSignature, MetadataError, Unauthorized};
#[cfg(feature = "alloc")]
pub use json::OwnedJsonValue;
pub use json::{DeserializeError, JsonArray, JsonObject, JsonStr, JsonValue};
pub use metadata::TokenVerificationMetadata;
pub use rsa::VerifyingKey;
pub use time::UnixTime;
#[cfg(feature = "alloc")]
pub use user::{OrgMemberInfo, OrgMembers, User};
pub use user::{LoginMethod, OrgMemberInfoView, OrgRoleStructure, Orgs, StrList, UserView};
pub use verifier::Verifier;
