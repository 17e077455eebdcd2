use propelauth_edge::{UnixTime, UserView, Verifier};

fn user<'a>(verifier: &Verifier, token: &'a str) -> UserView<'a> {
    let mut buffer = [0; 4096];
    verifier.validate_access_token(token, UnixTime::from_secs(0), &mut buffer).unwrap()
}

fn main() {
    let _ = user;
}
