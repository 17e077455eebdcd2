//! No method of verification takes more stack than promised. Only meaningful in a release build.
#![cfg(unix)]

use std::fmt::Debug;
use std::hint::black_box;

use propelauth_edge::{OrgRequirement, RequiredOrg, TokenCache, UnixTime, Verifier};
use propelauth_edge_benches::fixture::{self, NOW, RSA_2048, RSA_4096};
use propelauth_edge_benches::ours;
use propelauth_edge_stack_test::depth;

/// Returns the limit for one verification in bytes.
const fn limit(bits: usize) -> usize {
    if cfg!(propelauth_edge_portable) && bits <= 2048 { 8 << 10 } else { 16 << 10 }
}

#[test]
fn one_verification() {
    let now = UnixTime::from_secs(NOW);
    println!("| bits | orgs | method of `Verifier` | bytes |\n|---|---|---|---|");
    for (key, orgs) in [(&RSA_2048, 1), (&RSA_2048, 50), (&RSA_4096, 1), (&RSA_4096, 50)] {
        let verifier = ours::verifier(key);
        let header = &*key.header(orgs, NOW);
        let token = ours::token(header);
        let id = fixture::org_id(orgs - 1);
        let org = (RequiredOrg::Id(&id), OrgRequirement::Permission("billing::view"));
        let mut buffer = vec![0; Verifier::buffer_len(token)];
        let buffer = &mut *buffer;
        let mut cache = TokenCache::<8>::new();

        let check = |method: &str, mut verify: Box<dyn FnMut() + '_>| {
            let bytes = depth(&mut verify);
            println!("| {} | {orgs} | `{method}` | {bytes} |", key.bits);
            assert!(bytes <= limit(key.bits), "{method}, {} bits, {orgs} orgs: {bytes} bytes", key.bits);
            assert!(bytes > 1000, "nothing was measured");
        };
        macro_rules! check {
            ($($method:ident($($argument:expr),*),)*) => {$(
                check(stringify!($method), Box::new(|| good(verifier.$method($($argument),*))));
            )*};
        }
        check! {
            validate_access_token(token, now, buffer),
            validate_access_token_cached(token, now, buffer, emptied(&mut cache)),
            validate_access_token_and_get_user(header, now, buffer),
            validate_access_token_and_get_user_cached(header, now, buffer, emptied(&mut cache)),
            validate_access_token_and_get_user_with_org(header, org.0, org.1, now, buffer),
            validate_access_token_owned(token, now),
            validate_access_token_and_get_owned_user(header, now),
            validate_access_token_and_get_owned_user_with_org(header, org.0, org.1, now),
        }
    }
}

/// Keeps the result in the caller's frame, like a handler.
fn good<T, E: Debug>(result: Result<T, E>) {
    black_box(&result).as_ref().expect("a valid token");
}

/// Empties the cache, so that the signature is checked and the token inserted.
fn emptied<const N: usize>(cache: &mut TokenCache<N>) -> &mut TokenCache<N> {
    cache.clear();
    cache
}
