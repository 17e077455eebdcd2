//! One verification takes no more stack than it may. A release build alone says something about it.
#![cfg(unix)]

use std::hint::black_box;

use propelauth_edge::{TokenCache, UnixTime, Verifier};
use propelauth_edge_benches::fixture::{NOW, RSA_2048, RSA_4096};
use propelauth_edge_benches::ours;
use propelauth_edge_stack_test::depth;

/// Octets for one verification.
const fn limit(bits: usize) -> usize {
    if cfg!(propelauth_edge_portable) && bits <= 2048 { 8 << 10 } else { 16 << 10 }
}

#[test]
fn one_verification() {
    let now = UnixTime::from_secs(NOW);
    for key in [&RSA_2048, &RSA_4096] {
        let bits = key.bits;
        let verifier = ours::verifier(key);
        let header = key.header(1, NOW);
        let token = ours::token(&header);
        let mut buffer = vec![0; Verifier::buffer_len(token)];
        let mut cache = TokenCache::<8>::new();

        let whole = depth(|| {
            let user = verifier.validate_access_token_and_get_user(header.as_str(), now, &mut buffer);
            assert!(black_box(user).is_ok());
        });
        let miss = depth(|| {
            cache.clear();
            let user = verifier.validate_access_token_cached(token, now, &mut buffer, &mut cache);
            assert!(black_box(user).is_ok());
        });
        println!("{bits} bits: {whole} octets, {miss} with a cache that misses");
        assert!(whole <= limit(bits) && miss <= limit(bits), "{bits} bits: {whole}, {miss}");
        assert!(whole > 1000, "nothing was measured");
    }
}
