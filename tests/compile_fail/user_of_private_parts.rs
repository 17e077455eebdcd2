use propelauth_edge::{JsonObject, Orgs, UserView};

fn main() {
    let _ = UserView::from_claims;
    let _ = Orgs::all;
    let _ = JsonObject("{}");
}
