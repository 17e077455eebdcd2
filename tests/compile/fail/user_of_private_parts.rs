use propelauth_edge::{JsonObject, Orgs, UserView};

fn main() {
    let _ = UserView::from_claims;
    let _ = |orgs: Orgs<'static>| orgs.index;
    let _ = JsonObject("{}");
}
