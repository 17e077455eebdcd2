//! Step 6: turns the claims into the user.

pub(crate) mod access;
mod login_method;
mod org;
#[cfg(feature = "alloc")]
mod owned;
#[cfg(feature = "alloc")]
mod stored;
#[cfg(feature = "alloc")]
mod verified;
mod view;

pub use access::{OrgRequirement, RequiredOrg};
pub use login_method::LoginMethod;
pub use org::{OrgMemberInfoView, OrgRoleStructure, Orgs, StrList};
#[cfg(feature = "alloc")]
pub use owned::{OrgMemberInfo, OrgMembers, User};
#[cfg(feature = "alloc")]
pub use stored::StoredUser;
#[cfg(feature = "alloc")]
pub use verified::VerifiedUser;
pub use view::UserView;
