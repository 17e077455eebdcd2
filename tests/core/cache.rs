//! The cache of tokens: a hit skips only the signature, and only valid tokens are inserted.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use common::corpus;
use common::mint::{ISSUER, Mint, NOW, base64url};
use common::tally::Tally;
use propelauth_edge::{TokenCache, TokenVerificationMetadata, Unauthorized, UnixTime, Verifier};

fn claims(user_id: &str) -> String {
    format!(r#"{{"user_id":"{user_id}","iss":"{ISSUER}","iat":{now},"exp":{now}}}"#, now = NOW.as_secs())
}

fn validate<const N: usize, const LEN: usize>(
    verifier: &Verifier,
    token: &str,
    now: UnixTime,
    cache: &mut TokenCache<N, LEN>,
) -> Result<String, Unauthorized> {
    let mut buffer = vec![0; Verifier::buffer_len(token)];
    verifier.validate_access_token_cached(token, now, &mut buffer, cache).map(|user| user.user_id.to_owned())
}

/// Returns the number of cached tokens, which only `Debug` shows.
fn len<const N: usize, const LEN: usize>(cache: &TokenCache<N, LEN>) -> usize {
    let text = format!("{cache:?}");
    let (_, tokens) = text.split_once("tokens: ").unwrap();
    tokens.split(',').next().unwrap().parse().unwrap()
}

fn is_empty<const N: usize, const LEN: usize>(cache: &TokenCache<N, LEN>) -> bool {
    len(cache) == 0
}

/// Tokens up to this length are stored whole, others as a digest.
const WHOLE: usize = 2048;
const DIGEST: usize = 64;

#[test]
fn a_hit_skips_the_signature_and_nothing_else() {
    ask_again::<WHOLE>("cache of whole tokens");
    ask_again::<DIGEST>("cache of digests");
}

fn ask_again<const LEN: usize>(test: &'static str) {
    let mut tally = Tally::new(test);
    let mint = Mint::new("rsa2048");
    let other_key = Mint::new("rsa2048_b").verifier;
    let verifier_key = corpus::own_key_pem("rsa2048");
    let metadata = TokenVerificationMetadata { verifier_key: &verifier_key, issuer: "https://auth.other-example.com" };
    let other_issuer = Verifier::new(metadata).unwrap();
    let strict = mint.verifier.clone().with_leeway(0);
    let both = mint.verifier.clone().with_additional_key(&corpus::own_key_pem("rsa2048_b")).unwrap();
    let swapped = other_key.clone().with_additional_key(&verifier_key).unwrap();
    let later = UnixTime::from_secs(NOW.as_secs() + 3600);
    let earlier = UnixTime::from_secs(NOW.as_secs() - 3600);

    let token = mint.token(claims("ada").as_bytes());
    let ada = || Ok("ada".to_owned());
    let mut cache = TokenCache::<1, LEN>::new();
    let cases = [
        ("first", &mint.verifier, NOW, ada()),
        ("hit", &mint.verifier, NOW, ada()),
        ("hit, expired", &mint.verifier, later, Err(Unauthorized::Expired)),
        ("hit, not yet valid", &mint.verifier, earlier, Err(Unauthorized::NotYetValid)),
        ("hit, other issuer", &other_issuer, NOW, Err(Unauthorized::WrongIssuer)),
        ("hit, other leeway", &strict, NOW, Err(Unauthorized::Expired)),
        ("other key", &other_key, NOW, Err(Unauthorized::InvalidSignature)),
        ("first key again", &mint.verifier, NOW, ada()),
        ("two keys", &both, NOW, ada()),
        ("other key after two", &other_key, NOW, Err(Unauthorized::InvalidSignature)),
        ("two keys, the other way round", &swapped, NOW, ada()),
        ("other key after two the other way round", &other_key, NOW, Err(Unauthorized::InvalidSignature)),
    ];
    for (case, verifier, now, expected) in cases {
        tally.run();
        tally.same(case, "verdict", validate(verifier, &token, now, &mut cache), expected);
    }
    tally.finish(12);
}

#[test]
fn tokens_seldom_push_one_another_out() {
    let mint = Mint::new("rsa2048");
    let mut cache = TokenCache::<64, DIGEST>::new();
    for i in 0..32 {
        validate(&mint.verifier, &mint.token(claims(&i.to_string()).as_bytes()), NOW, &mut cache).unwrap();
    }
    // With random slots, 25 or 26 would be left.
    assert!(len(&cache) >= 20, "{cache:?}");
}

#[test]
fn only_good_tokens_get_in() {
    forge::<WHOLE>("forged tokens and a cache of whole tokens");
    forge::<DIGEST>("forged tokens and a cache of digests");
}

fn forge<const LEN: usize>(test: &'static str) {
    let mut tally = Tally::new(test);
    let mint = Mint::new("rsa2048");
    let forger = Mint::new("attacker2048");
    let good = mint.token(claims("ada").as_bytes());
    let [header, payload, signature] = *good.split('.').collect::<Vec<_>>() else { unreachable!() };
    let other_payload = base64url(claims("eve").as_bytes());
    let other_header = base64url(br#"{"alg":"RS256"}"#);
    let last = if signature.ends_with('A') { "Q" } else { "A" };
    let forged = [
        forger.token(claims("ada").as_bytes()),
        format!("{header}.{other_payload}.{signature}"),
        format!("{other_header}.{payload}.{signature}"),
        format!("{header}.{payload}.{}", &signature[4..]),
        format!("{header}.{payload}.{}{last}", &signature[..signature.len() - 1]),
        format!("{good}="),
        format!("{good}.{signature}"),
    ];
    let mut empty = TokenCache::<1, LEN>::new();
    let mut full = TokenCache::<1, LEN>::new();
    assert_eq!(validate(&mint.verifier, &good, NOW, &mut full).as_deref(), Ok("ada"));
    for token in &forged {
        tally.run();
        for cache in [&mut empty, &mut full] {
            let before = format!("{cache:?}");
            let verdict = validate(&mint.verifier, token, NOW, cache);
            tally.same(token, "is refused", verdict.is_err(), true);
            tally.same(token, "cache", format!("{cache:?}"), before);
        }
    }
    assert!(is_empty(&empty) && !is_empty(&full));
    assert_eq!(validate(&mint.verifier, &good, NOW, &mut full).as_deref(), Ok("ada"));
    full.clear();
    assert!(is_empty(&full));
    // A cache without capacity still verifies.
    let mut none = TokenCache::<0, LEN>::new();
    assert_eq!(validate(&mint.verifier, &good, NOW, &mut none).as_deref(), Ok("ada"));
    assert!(validate(&mint.verifier, &forged[0], NOW, &mut none).is_err());
    tally.finish(7);
}

#[test]
fn by_the_header() {
    let mint = Mint::new("rsa2048");
    let token = mint.token(claims("ada").as_bytes());
    let mut cache = TokenCache::<4>::new();
    let mut ask = |header: &str| {
        let mut buffer = vec![0; Verifier::buffer_len(header)];
        let user = mint.verifier.validate_access_token_and_get_user_cached(header, NOW, &mut buffer, &mut cache);
        (user.map(|user| user.user_id.to_owned()), len(&cache))
    };
    assert_eq!(ask(&token), (Err(Unauthorized::MalformedHeader), 0));
    for _ in 0..2 {
        assert_eq!(ask(&format!("Bearer {token}")), (Ok("ada".to_owned()), 1));
    }
}
