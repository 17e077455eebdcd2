//! The corpora: their location and their rows.

use std::collections::HashMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use propelauth_edge::{MetadataError, TokenVerificationMetadata, Unauthorized, UnixTime, UserView, Verifier};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// The variable for another folder with this layout, with plain `.jsonl` files.
const OTHER_CORPUS: &str = "PROPELAUTH_CORPUS";

/// Returns whether the tests run on this repository's data.
pub fn is_own() -> bool {
    env::var_os(OTHER_CORPUS).is_none()
}

fn own_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data")
}

fn folder() -> PathBuf {
    env::var_os(OTHER_CORPUS).map_or_else(own_folder, PathBuf::from)
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the rows of a file. `name` has no extension.
pub fn rows<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let text = if is_own() {
        let packed = read(&folder().join(format!("{name}.jsonl.zst")));
        let mut text = Vec::new();
        let mut unpacked = ruzstd::decoding::StreamingDecoder::new(packed.as_slice()).unwrap();
        std::io::Read::read_to_end(&mut unpacked, &mut text).unwrap();
        text
    } else {
        read(&folder().join(format!("{name}.jsonl")))
    };
    let lines = text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    let row = |(i, line)| serde_json::from_slice(line).unwrap_or_else(|error| panic!("{name}, row {i}: {error}"));
    lines.enumerate().map(row).collect()
}

/// A key's text and the expected verdict of a verifier.
#[derive(Deserialize)]
pub struct KeyRow {
    pub name: String,
    pub file: String,
    pub expect: KeyVerdict,
    pub reason: String,
    #[serde(default)]
    pub either: bool,
    pub modulus_bits: Option<u32>,
    pub exponent: Option<String>,
    pub probe_token: Option<String>,
    pub probe_issuer: Option<String>,
    pub probe_now: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyVerdict {
    Accept,
    Refuse,
}

impl KeyRow {
    pub fn bytes(&self) -> Vec<u8> {
        read(&folder().join("keys").join(&self.file))
    }
}

pub fn keys() -> Vec<KeyRow> {
    serde_json::from_slice(&read(&folder().join("keys/keys.json"))).unwrap()
}

/// Returns a key of this repository; `private/` for its private key (PKCS#8).
pub fn own_key(file: &str) -> Vec<u8> {
    read(&own_folder().join("keys").join(file))
}

pub fn own_key_pem(name: &str) -> String {
    String::from_utf8(own_key(&format!("{name}.pem"))).unwrap()
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Accept,
    Unauthorized,
}

impl Verdict {
    pub fn of<T, E>(result: &Result<T, E>) -> Self {
        if result.is_ok() { Self::Accept } else { Self::Unauthorized }
    }
}

/// A token or an `Authorization` header, and the expected verdict of a verifier.
#[derive(Deserialize)]
pub struct TokenRow {
    pub id: String,
    pub token: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub authorization_header: Option<Option<String>>,
    pub key: String,
    pub issuer: String,
    pub now: u64,
    pub expect: Verdict,
    pub reason: String,
    pub oracle: Verdict,
    pub oracle_message: Option<String>,
    #[serde(default)]
    pub either: bool,
    pub user: Option<Value>,
}

/// Questions about a verified user, and the answers.
#[derive(Deserialize)]
pub struct AuthorizationRow {
    pub id: String,
    pub kind: Checks,
    pub token: String,
    pub key: String,
    pub issuer: String,
    pub now: u64,
    pub org_id: Option<String>,
    pub org_name: Option<String>,
    pub role: Option<String>,
    pub permission: Option<String>,
    pub permissions: Option<Vec<String>>,
    pub results: Map<String, Value>,
}

/// The subject of the questions.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub enum Checks {
    #[serde(rename = "org_checks")]
    OfOrg,
    #[serde(rename = "user_checks")]
    OfUser,
}

/// Distinguishes a null member from a missing one.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl TokenRow {
    /// Returns the token, alone or from the header.
    pub fn bare_token(&self) -> Option<&str> {
        let header = || self.authorization_header.as_ref()?.as_deref()?.split_once(' ').map(|(_, token)| token);
        self.token.as_deref().or_else(header)
    }

    /// Returns a dirty buffer of the documented size, or an empty one for a header without a token.
    pub fn buffer(&self) -> Vec<u8> {
        vec![0xa5; self.bare_token().map_or(0, Verifier::buffer_len)]
    }

    pub fn validate<'b>(&self, verifier: &Verifier, buffer: &'b mut [u8]) -> Result<UserView<'b>, Unauthorized> {
        let now = UnixTime::from_secs(self.now);
        match (&self.token, &self.authorization_header) {
            (Some(token), None) => verifier.validate_access_token(token, now, buffer),
            (None, Some(header)) => verifier.validate_access_token_and_get_user(header.as_deref(), now, buffer),
            _ => panic!("{}: expected either a token or a header", self.id),
        }
    }
}

#[cfg(feature = "alloc")]
impl TokenRow {
    pub fn validate_owned(&self, verifier: &Verifier) -> Result<propelauth_edge::VerifiedUser, Unauthorized> {
        let now = UnixTime::from_secs(self.now);
        match (&self.token, &self.authorization_header) {
            (Some(token), None) => verifier.validate_access_token_owned(token, now),
            (None, Some(header)) => verifier.validate_access_token_and_get_owned_user(header.as_deref(), now),
            _ => panic!("{}: expected either a token or a header", self.id),
        }
    }
}

/// Returns whether the text matches the pattern, in which one `*` matches any text.
pub fn matches(pattern: &str, id: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => id.len() >= start.len() + end.len() && id.starts_with(start) && id.ends_with(end),
        None => id == pattern,
    }
}

/// Verifiers by key and issuer, each created once.
pub struct Verifiers {
    keys: HashMap<String, KeyRow>,
    made: HashMap<(String, String), Result<Box<Verifier>, Refused>>,
}

/// The error of creating a verifier.
#[derive(Clone, Copy, Debug)]
pub struct Refused {
    pub error: MetadataError,
    /// The key may be accepted or rejected. If rejected, every token under it counts as unauthorized.
    pub either: bool,
}

impl Verifiers {
    pub fn load() -> Self {
        let keys = keys().into_iter().map(|key| (key.name.clone(), key)).collect();
        Self { keys, made: HashMap::new() }
    }

    pub fn get(&mut self, key: &str, issuer: &str) -> Result<&Verifier, Refused> {
        let keys = &self.keys;
        let made = self.made.entry((key.to_owned(), issuer.to_owned())).or_insert_with(|| {
            let key = keys.get(key).unwrap_or_else(|| panic!("there is no key {key}"));
            let verifier_key = String::from_utf8(key.bytes()).unwrap();
            Verifier::new(TokenVerificationMetadata { verifier_key: &verifier_key, issuer })
                .map(Box::new)
                .map_err(|error| Refused { error, either: key.either })
        });
        match made {
            Ok(verifier) => Ok(verifier),
            Err(refused) => Err(*refused),
        }
    }
}
