//! One verification takes no more stack than it may. A release build alone says something about it.
#![cfg(unix)]
#![allow(unsafe_code, unreachable_pub, clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

#[path = "../common/mod.rs"]
mod common;
mod depth;

use std::hint::black_box;

use common::mint::{ISSUER, Mint, NOW};
use depth::depth;
use propelauth_edge::{TokenCache, Verifier};

/// Octets for one verification.
const fn limit(bits: usize) -> usize {
    if cfg!(propelauth_edge_portable) && bits <= 2048 { 8 << 10 } else { 16 << 10 }
}

#[test]
fn one_verification() {
    for (key, bits) in [("rsa2048", 2048), ("rsa4096", 4096)] {
        let mint = Mint::new(key);
        let verifier = &mint.verifier;
        let now = NOW.as_secs();
        let claims = format!(r#"{{"user_id":"u\u0031","iss":"{ISSUER}","iat":{now},"exp":{now}}}"#);
        let token = mint.token(claims.as_bytes());
        let header = format!("Bearer {token}");
        let mut buffer = vec![0; Verifier::buffer_len(&token)];
        let mut cache = TokenCache::<8>::new();

        let whole = depth(|| {
            let user = verifier.validate_access_token_and_get_user(header.as_str(), NOW, &mut buffer);
            assert!(black_box(user).is_ok());
        });
        let miss = depth(|| {
            cache.clear();
            let user = verifier.validate_access_token_cached(&token, NOW, &mut buffer, &mut cache);
            assert!(black_box(user).is_ok());
        });
        println!("{bits} bits: {whole} octets, {miss} with a cache that misses");
        assert!(whole <= limit(bits) && miss <= limit(bits), "{bits} bits: {whole}, {miss}");
        assert!(whole > 1000, "nothing was measured");
    }
}
