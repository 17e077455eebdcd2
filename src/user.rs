//! Step 6: from the claims to the user.

mod login_method;
mod org;
mod org_index;
#[cfg(feature = "alloc")]
mod owned;
mod view;

pub use login_method::LoginMethod;
pub(crate) use org::validate_org;
pub use org::{OrgMemberInfoView, OrgRoleStructure, Orgs, StrList};
pub(crate) use org_index::{OrgIndex, OrgIndexBuilder, index_len};
#[cfg(feature = "alloc")]
pub use owned::{OrgMemberInfo, OrgMembers, User};
pub use view::UserView;
