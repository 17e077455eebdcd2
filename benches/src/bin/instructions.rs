//! Calls one function once, under its own name, for callgrind to count. See the script `instructions`.
//!
//! Key, token and clock are fixed, so every run is identical.

use std::hint::black_box;

use propelauth_edge::{TokenCache, UnixTime, Verifier, VerifyingKey};
use propelauth_edge_benches::fixture::{self, RSA_2048};
use propelauth_edge_benches::ours;

/// The function that is counted.
#[unsafe(no_mangle)]
#[inline(never)]
fn counted(run: &mut dyn FnMut()) {
    run();
}

fn main() {
    let what = std::env::args().nth(1).unwrap_or_default();
    let orgs = std::env::args().nth(2).and_then(|orgs| orgs.parse().ok()).unwrap_or(1);
    let header = RSA_2048.header(orgs, fixture::NOW);
    let token = ours::token(&header);
    let now = UnixTime::from_secs(fixture::NOW);
    let verifier = ours::verifier(&RSA_2048);
    let mut buffer = vec![0; Verifier::buffer_len(token)];
    let mut cache = TokenCache::<4, { 32 * 1024 }>::new();

    let mut run: Box<dyn FnMut()> = match what.as_str() {
        "signature" => {
            let key = VerifyingKey::from_public_key_pem(RSA_2048.public_pem).expect("a valid key");
            let message = fixture::signing_input(orgs, fixture::NOW);
            let signature = RSA_2048.sign(message.as_bytes());
            Box::new(move || assert!(key.verify(message.as_bytes(), &signature).is_ok()))
        }
        "verify" => Box::new(|| {
            let user = verifier.validate_access_token_and_get_user(header.as_str(), now, &mut buffer);
            assert!(black_box(user).is_ok());
        }),
        "hit" => Box::new(|| {
            let user = verifier.validate_access_token_cached(token, now, &mut buffer, &mut cache);
            assert!(black_box(user).is_ok());
        }),
        _ => panic!("usage: instructions signature|verify|hit ORGS"),
    };
    run(); // runs what is done once per process, and fills the cache
    counted(&mut *run);
}
