use propelauth_edge::{UnixTime, Verifier};

fn example(verifier: &Verifier, token: &str) {
    let user = verifier.validate_access_token_owned(token, UnixTime::from_secs(0)).unwrap();
    let (view, org) = (user.view(), user.get_org("an-org"));
    drop(user);
    println!("{} {}", view.user_id, org.unwrap().org_name);
}

fn main() {}
