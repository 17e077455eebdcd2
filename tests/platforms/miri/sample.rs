//! A few rows of the corpora, for Miri. A separate crate, so that little else has to be compiled.
#![cfg(test)]

#[allow(dead_code, unreachable_pub)]
#[path = "../../common/src/corpus.rs"]
mod corpus;
#[allow(dead_code, unreachable_pub)]
#[path = "../../common/src/values.rs"]
mod values;

use corpus::{KeyVerdict, TokenRow, Verdict, Verifiers};
use propelauth_edge::{TokenCache, UnixTime, VerifyingKey};

#[test]
fn verdicts_and_users() {
    let mut rows = corpus::rows::<TokenRow>("tokens");
    rows.extend(corpus::rows::<TokenRow>("json_testsuite"));
    let mut verifiers = Verifiers::load();
    let mut cache = TokenCache::<4>::new();
    let (mut accepted, mut refused) = (0, 0);
    for row in &rows {
        let verifier = verifiers.get(&row.key, &row.issuer).unwrap();
        let (token, now) = (row.token.as_ref().unwrap(), UnixTime::from_secs(row.now));
        for time in ["first", "from the cache"] {
            let mut buffer = row.buffer();
            let user = verifier.validate_access_token_cached(token, now, &mut buffer, &mut cache);
            assert_eq!(Verdict::of(&user), row.expect, "{}, {time}", row.id);
            let Ok(user) = user else {
                refused += 1;
                break;
            };
            accepted += 1;
            let fields = values::user(&user);
            let serialized = serde_json::to_value(user).unwrap();
            assert!(values::same(&serialized, &fields), "{}, {time}: {serialized}, {fields}", row.id);
            for org in user.get_orgs() {
                assert!(user.is_at_least_role_in_org(org.org_id, org.user_assigned_role), "{}, {time}", row.id);
            }
        }
    }
    println!("{accepted} users, {refused} refusals");
    assert!(accepted > 0 && refused > 0);
}

#[test]
fn keys() {
    let (mut accepted, mut refused) = (0, 0);
    for key in corpus::keys() {
        let Ok(text) = String::from_utf8(key.bytes()) else { continue };
        let is_good = VerifyingKey::from_public_key_pem(&text).is_ok();
        assert!(key.either || is_good == (key.expect == KeyVerdict::Accept), "{}", key.name);
        *if is_good { &mut accepted } else { &mut refused } += 1;
    }
    println!("{accepted} keys, {refused} refusals");
    assert!(accepted > 0 && refused > 0);
}
