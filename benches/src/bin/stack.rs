//! Measures the stack of one verification.

use std::hint::black_box;

use depth::depth;
use propelauth_edge::{TokenCache, UnixTime, Verifier, VerifyingKey};
use propelauth_edge_benches::fixture::{self, Key, RSA_2048, RSA_4096};
use propelauth_edge_benches::table::print;
use propelauth_edge_benches::{ours, peers};

#[path = "../../../tests/platforms/stack/depth.rs"]
mod depth;

fn main() {
    let [a, b] = [&RSA_2048, &RSA_4096].map(rows);
    let rows = a.into_iter().zip(b).map(|((name, a), (_, b))| vec![name.to_owned(), a.to_string(), b.to_string()]);
    print("Stack of one verification, bytes", &["", "RSA-2048", "RSA-4096"], rows);
}

fn rows(key: &Key) -> Vec<(&'static str, usize)> {
    let header = key.header(50, fixture::NOW);
    let token = ours::token(&header);
    let now = UnixTime::from_secs(fixture::NOW);
    let message = fixture::signing_input(1, fixture::NOW);
    let signature = key.sign(message.as_bytes());

    let verifier = ours::verifier(key);
    let verifying_key = VerifyingKey::from_public_key_pem(key.public_pem).expect("a valid key");
    let mut buffer = vec![0; Verifier::buffer_len(token)];
    let mut cache = TokenCache::<8>::new();
    let mut rows = vec![
        (
            "**`validate_access_token_and_get_user`**, 50 orgs",
            depth(|| {
                let user = verifier.validate_access_token_and_get_user(header.as_str(), now, &mut buffer);
                assert!(black_box(user).is_ok());
            }),
        ),
        (
            "**`validate_access_token_cached`**, a miss",
            depth(|| {
                cache.clear();
                let user = verifier.validate_access_token_cached(token, now, &mut buffer, &mut cache);
                assert!(black_box(user).is_ok());
            }),
        ),
        ("**`VerifyingKey::verify`**", depth(|| assert!(verifying_key.verify(message.as_bytes(), &signature).is_ok()))),
        (
            "**`Verifier::new`**",
            depth(|| {
                black_box(ours::verifier(key));
            }),
        ),
    ];
    for (name, verify) in peers::signatures(key) {
        rows.push((name, depth(|| assert!(verify(message.as_bytes(), &signature)))));
    }
    rows
}
