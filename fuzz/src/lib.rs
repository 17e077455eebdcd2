//! Shared code of the targets: a key that signs quickly, tokens under it, and the reference.

mod key;

// The tests' models.
#[path = "../../tests/common/src/accessors.rs"]
pub mod accessors;
#[path = "../../tests/common/src/model.rs"]
pub mod model;
#[path = "../../tests/common/src/owned.rs"]
pub mod owned;
#[path = "../../tests/common/src/values.rs"]
pub mod values;

use std::sync::LazyLock;

use base64ct::{Base64UrlUnpadded, Encoding};
use propelauth_edge::limits::{MAX_HEADER_LEN, MAX_HEADER_PARAMETERS, MAX_OTHER_CLAIMS};
use propelauth_edge::{TokenVerificationMetadata, Unauthorized, UnixTime, UserView, Verifier};
use serde_json::{Map, Value};

pub use key::{Key, Numbers};

/// Issuer and time of the test corpus, the source of the seeds.
pub const ISSUER: &str = "https://auth.acme-example.com";
pub const NOW: u64 = 1_760_000_000;
const LEEWAY: f64 = 60.0;

pub const HEADER: &str = r#"{"typ":"JWT","alg":"RS256"}"#;

pub static KEY: LazyLock<Key> = LazyLock::new(|| Key::new(0..=255, 65537).expect("2048 bits and more"));

pub static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    let verifier_key = &KEY.public_key_pem();
    Verifier::new(TokenVerificationMetadata { verifier_key, issuer: ISSUER }).expect("a valid key")
});

pub fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Appends a signature to the text.
pub fn token(signing_input: &str) -> String {
    format!("{signing_input}.{}", base64url(&KEY.sign(signing_input.as_bytes())))
}

/// Verifies the token and passes its user to `read`.
pub fn validate_and<T>(token: &str, read: impl FnOnce(&UserView<'_>) -> T) -> Result<T, Unauthorized> {
    let mut buffer = vec![0xa5; Verifier::buffer_len(token)];
    VERIFIER.validate_access_token(token, UnixTime::from_secs(NOW), &mut buffer).map(|user| read(&user))
}

/// Verifies the token and returns the user, read through fields and iterators.
pub fn validate(token: &str) -> Result<Value, Unauthorized> {
    validate_and(token, values::user)
}

/// Verifies the token into an owned user and compares the outcome with the view's.
pub fn check_owned(token: &str) {
    let now = UnixTime::from_secs(NOW);
    let mut buffer = vec![0xa5; Verifier::buffer_len(token)];
    match (VERIFIER.validate_access_token_owned(token, now), VERIFIER.validate_access_token(token, now, &mut buffer)) {
        (Ok(owned), Ok(view)) => owned::check(&owned, &view),
        (owned, view) => assert_eq!(owned.err(), view.err()),
    }
}

/// The result of an independent reader for a signed header and payload.
pub enum Reference {
    Accepts(Value),
    Refuses,
    /// `serde_json` does not accept numbers outside the range of `f64`.
    CannotTell,
}

pub fn reference(signing_input: &str) -> Reference {
    let Some((header, payload)) = signing_input.split_once('.') else { return Reference::Refuses };
    if header.len() > MAX_HEADER_LEN {
        return Reference::Refuses;
    }
    let [header, payload] = [header, payload].map(|text| Base64UrlUnpadded::decode_vec(text).unwrap_or_default());
    let are_objects = [&header, &payload].map(|bytes| model::is_payload(bytes));
    if are_objects.contains(&Some(false)) {
        return Reference::Refuses;
    }
    if are_objects.contains(&None) {
        return Reference::CannotTell;
    }
    let [header, claims] = [header, payload].map(|bytes| model::parse_json(&bytes).expect("it was parsed before"));
    if is_good_header(&header) && are_good(&claims) {
        Reference::Accepts(model::user(&claims))
    } else {
        Reference::Refuses
    }
}

fn is_good_header(header: &Map<String, Value>) -> bool {
    header.get("alg").is_some_and(|alg| alg == "RS256")
        && !header.contains_key("crit")
        && header.get("b64").is_none_or(|b64| *b64 == true)
        && ["typ", "kid"].iter().all(|name| header.get(*name).is_none_or(Value::is_string))
        && header.len() <= MAX_HEADER_PARAMETERS
}

/// Checks the registered claims. The model of the user checks the others.
fn are_good(claims: &Map<String, Value>) -> bool {
    let now = NOW as f64;
    let date = |name: &str| claims.get(name).and_then(Value::as_f64).map(f64::trunc);
    let has_begun = |name: &str| date(name).is_some_and(|date| date <= now + LEEWAY);
    date("exp").is_some_and(|exp| exp > now - LEEWAY)
        && has_begun("iat")
        && (!claims.contains_key("nbf") || has_begun("nbf"))
        && claims.get("iss").is_some_and(|iss| iss == ISSUER)
        && ["sub", "jti"].iter().all(|name| claims.get(*name).is_none_or(Value::is_string))
        && claims.get("user_id").and_then(Value::as_str).is_some_and(|id| !id.is_empty())
        && !has_too_many(claims)
}

/// Returns `true` if there are too many unread claims.
pub fn has_too_many(claims: &Map<String, Value>) -> bool {
    let registered = ["exp", "iat", "nbf", "iss", "aud", "sub", "jti"];
    let of_user = ["user_id", "properties", "login_method", "org_member_info", "org_id_to_org_member_info"];
    let are_read = [&registered[..], &of_user, &model::OPTIONAL_TEXTS].concat();
    claims.keys().filter(|name| !are_read.contains(&name.as_str())).count() > MAX_OTHER_CLAIMS
}
