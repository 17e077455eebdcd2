use propelauth_edge::{StoredUser, User, UserView, VerifiedUser};

fn made_of_nothing<T: Default>() {}
fn made_of<S, T: From<S>>() {}
fn read_from_text<T: serde::de::DeserializeOwned>() {}

fn main() {
    made_of_nothing::<VerifiedUser>();
    made_of::<User, VerifiedUser>();
    made_of::<StoredUser, VerifiedUser>();
    made_of::<UserView<'static>, VerifiedUser>();
    read_from_text::<VerifiedUser>();
}
