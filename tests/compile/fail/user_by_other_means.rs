use propelauth_edge::{JsonObject, JsonValue, OrgMemberInfoView, Orgs, StrList, UserView};

fn made_of_nothing<T: Default>() {}
fn read_from_text<T: serde::de::DeserializeOwned>() {}
fn converted<'a, T: From<&'a str>>() {}

fn main() {
    made_of_nothing::<UserView<'static>>();
    made_of_nothing::<OrgMemberInfoView<'static>>();
    made_of_nothing::<Orgs<'static>>();
    read_from_text::<UserView<'static>>();
    read_from_text::<OrgMemberInfoView<'static>>();
    read_from_text::<Orgs<'static>>();
    converted::<StrList<'static>>();
    converted::<JsonObject<'static>>();
    converted::<JsonValue<'static>>();
}
