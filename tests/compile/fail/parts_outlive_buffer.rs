use propelauth_edge::{JsonValue, OrgMemberInfoView, UnixTime, Verifier};

fn org<'a>(verifier: &Verifier, token: &str) -> Option<OrgMemberInfoView<'a>> {
    let mut buffer = [0; 4096];
    verifier.validate_access_token(token, UnixTime::from_secs(0), &mut buffer).ok()?.get_org("org")
}

fn property<'a>(verifier: &Verifier, token: &str) -> Option<JsonValue<'a>> {
    let mut buffer = [0; 4096];
    verifier.validate_access_token(token, UnixTime::from_secs(0), &mut buffer).ok()?.get_user_property("seats")
}

fn main() {
    let _ = (org, property);
}
