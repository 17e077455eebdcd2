//! What the targets share: a key under which signing is fast, tokens under it, and what a second reader says of them.

mod key;

// The tests' own judges.
#[path = "../../tests/common/model.rs"]
pub mod model;
#[path = "../../tests/common/values.rs"]
pub mod values;

use std::sync::LazyLock;

use base64ct::{Base64UrlUnpadded, Encoding};
use propelauth_edge::{TokenVerificationMetadata, Unauthorized, UnixTime, Verifier};
use serde_json::{Map, Value};

pub use key::{Key, Numbers};

/// Issuer and time of the tests' corpus, which the seeds are taken from.
pub const ISSUER: &str = "https://auth.acme-example.com";
pub const NOW: u64 = 1_760_000_000;
const LEEWAY: f64 = 60.0;

pub const HEADER: &str = r#"{"typ":"JWT","alg":"RS256"}"#;

pub static KEY: LazyLock<Key> = LazyLock::new(|| Key::new(0..=255, 65537).expect("2048 bits and more"));

pub static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    let verifier_key = &KEY.public_key_pem();
    Verifier::new(TokenVerificationMetadata { verifier_key, issuer: ISSUER }).expect("a good key")
});

pub fn base64url(octets: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(octets)
}

/// The text and behind it its signature.
pub fn token(signing_input: &str) -> String {
    format!("{signing_input}.{}", base64url(&KEY.sign(signing_input.as_bytes())))
}

/// Verifies the token and gives the user as the accessors have it.
pub fn validate(token: &str) -> Result<Value, Unauthorized> {
    let mut buffer = vec![0xa5; Verifier::buffer_len(token)];
    let user = VERIFIER.validate_access_token(token, UnixTime::from_secs(NOW), &mut buffer)?;
    Ok(values::user(&user))
}

/// What a reader that knows nothing of this crate makes of a header and a payload that are signed.
pub enum Reference {
    Accepts(Value),
    Refuses,
    /// `serde_json` does not take numbers beyond the range of `f64`.
    CannotTell,
}

pub fn reference(signing_input: &str) -> Reference {
    let Some(segments) = signing_input.split_once('.') else { return Reference::Refuses };
    let [header, payload] =
        [segments.0, segments.1].map(|text| Base64UrlUnpadded::decode_vec(text).unwrap_or_default());
    match model::is_payload(&payload) {
        Some(true) => user(&header, &payload).map_or(Reference::Refuses, Reference::Accepts),
        Some(false) => Reference::Refuses,
        None => Reference::CannotTell,
    }
}

fn user(header: &[u8], payload: &[u8]) -> Option<Value> {
    let header: Map<String, Value> = model::parse_json(header).ok()?;
    let is_plain = header.get("alg")? == "RS256"
        && !header.contains_key("crit")
        && header.get("b64").is_none_or(|b64| *b64 == true)
        && ["typ", "kid"].iter().all(|name| header.get(*name).is_none_or(Value::is_string));
    let claims: Map<String, Value> = model::parse_json(payload).ok()?;
    let date = |name: &str| claims.get(name).and_then(Value::as_f64).map(f64::trunc);
    let now = NOW as f64;
    let is_timely = date("exp")? > now - LEEWAY
        && date("iat")? <= now + LEEWAY
        && (!claims.contains_key("nbf") || date("nbf")? <= now + LEEWAY);
    let has_user = claims.get("iss")? == ISSUER && claims.get("user_id")?.as_str()? != "";
    (is_plain && is_timely && has_user).then(|| model::user(&claims))
}
