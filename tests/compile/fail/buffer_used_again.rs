use propelauth_edge::{UnixTime, Verifier};

fn both(verifier: &Verifier, first: &str, second: &str) {
    let mut buffer = [0; 4096];
    let now = UnixTime::from_secs(0);
    let one = verifier.validate_access_token(first, now, &mut buffer).unwrap();
    let other = verifier.validate_access_token(second, now, &mut buffer).unwrap();
    println!("{} {}", one.user_id, other.user_id);
}

fn main() {
    let _ = both;
}
