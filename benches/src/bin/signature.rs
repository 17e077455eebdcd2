//! Measures signature verification alone, compared with libraries that do only that.

use std::hint::black_box;

use propelauth_edge::VerifyingKey;
use propelauth_edge_benches::fixture::{self, Key, RSA_2048, RSA_4096};
use propelauth_edge_benches::peers;
use propelauth_edge_benches::race::Candidate;
use propelauth_edge_benches::table::print_race;

fn main() {
    for key in [&RSA_2048, &RSA_4096] {
        table(key);
    }
}

fn table(key: &Key) {
    let message = fixture::signing_input(1, fixture::NOW);
    let message = message.as_bytes();
    let signature = key.sign(message);
    let mut bad = signature.clone();
    bad[40] ^= 1;

    let ours = VerifyingKey::from_public_key_pem(key.public_pem).expect("a valid key");
    let mut verifiers = peers::signatures(key);
    verifiers
        .insert(0, ("propelauth-edge", Box::new(move |message, signature| ours.verify(message, signature).is_ok())));

    let mut candidates = Vec::new();
    for (i, (name, verify)) in verifiers.iter().enumerate() {
        assert!(verify(message, &signature), "{name} accepts");
        assert!(!verify(message, &bad) && !verify(&message[1..], &signature), "{name} refuses");
        let signature = &signature;
        let run = move || assert!(verify(black_box(message), black_box(signature)));
        candidates.push(if i == 0 { Candidate::ours(*name, run) } else { Candidate::peer(*name, run) });
    }
    let title = format!("Signature, RSA-{}, over {} bytes", key.bits, message.len());
    print_race(&title, &mut candidates, &[], &[]);
}
