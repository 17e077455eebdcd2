//! Step 6: from the claims to the user.

mod login_method;
mod org;
#[cfg(feature = "alloc")]
mod owned;
mod view;

pub use login_method::LoginMethod;
pub use org::{OrgMemberInfoView, OrgRoleStructure, Orgs, StrList};
#[cfg(feature = "alloc")]
pub use owned::{OrgMemberInfo, OrgMembers, User};
pub use view::UserView;
