use axum::Json;
use axum::extract::FromRequest;
use propelauth_edge::{OrgMemberInfo, OrgMembers, StoredUser, User};

fn is_extractor<T: FromRequest<()>>() {}

fn main() {
    is_extractor::<Json<StoredUser>>(); // its name says that it is not verified
    is_extractor::<Json<User>>();
    is_extractor::<Json<OrgMemberInfo>>();
    is_extractor::<Json<OrgMembers>>();
}
