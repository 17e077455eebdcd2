//! What an inspection gives.

use core::fmt;
use std::string::String;

use serde::Serialize;
use serde_json::{Map, Value};

use super::words::date;
use crate::user::User;

/// Whether production takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is good.
    Accepted,
    /// It is not, and the refusal says why.
    Refused,
}

/// What is known of a token's signature, and so how far its header and claims are to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    /// The key made it: header and claims are as they were signed.
    Good,
    /// The key did not make it: anybody may have written header and claims.
    Bad,
    /// There is no key, or the token was refused before: anybody may have written header and claims.
    NotChecked,
}

/// What became of a token. Serialized, it is JSON under the names of its fields.
/// A user with a number beyond the range of `f64`, which is no JSON to most readers, does not serialize.
///
/// ```
/// use propelauth_edge::inspect::{Configuration, Signature, TokenReport, inspect_token};
/// # use propelauth_edge::UnixTime;
/// # let token = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/access_token.jwt"));
///
/// // Without a key: what does it say?
/// let report: TokenReport = inspect_token(token, &Configuration::default(), UnixTime::now());
/// assert_eq!(report.claims.as_ref().expect("they can be read")["email"], "ada@example.com");
/// assert_eq!((report.signature, report.user.as_ref()), (Signature::NotChecked, None)); // anybody may have written it
/// assert!(serde_json::to_string(&report)?.starts_with(r#"{"verdict":"refused","refusal":{"code":"KeyMissing""#));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Serialize)]
pub struct TokenReport {
    /// What the [`Verifier`](crate::Verifier) said.
    pub verdict: Verdict,
    /// Why the token is refused, if it is.
    pub refusal: Option<Refusal>,
    /// The key that was given.
    pub key: Option<KeyReport>,
    /// The issuer that was given.
    pub expected_issuer: Option<String>,
    /// The time that was given, in seconds since 1970.
    pub now: u64,
    /// The leeway that was given, in seconds.
    pub leeway: u32,
    /// Whether the key made the signature.
    pub signature: Signature,
    /// The JOSE header, as far as it can be read. Believe it as far as `signature` says.
    pub header: Option<Map<String, Value>>,
    /// The claims, as far as they can be read. Believe them as far as `signature` says.
    pub claims: Option<Map<String, Value>>,
    /// The times in the claims.
    pub times: Times,
    /// The user, of an accepted token only.
    pub user: Option<User>,
}

/// The times of a token, in seconds since 1970, where the claims have them. Believe them as far as `signature` says.
///
/// ```
/// use propelauth_edge::inspect::{Configuration, Times, inspect_token};
/// # use propelauth_edge::UnixTime;
/// # let token = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/access_token.jwt"));
///
/// let times: Times = inspect_token(token, &Configuration::default(), UnixTime::now()).times;
/// assert_eq!(times.issued_at, Some(1_767_225_600));
/// assert_eq!(times.to_string(), "issued 2026-01-01T00:00:00Z, expires 2026-01-01T00:30:00Z");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Times {
    /// `iat`
    pub issued_at: Option<i64>,
    /// `nbf`
    pub not_before: Option<i64>,
    /// `exp`
    pub expires_at: Option<i64>,
}

/// `issued 2026-01-01T00:00:00Z, expires 2026-01-01T00:30:00Z`, in UTC.
impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = [("issued", self.issued_at), ("good from", self.not_before), ("expires", self.expires_at)];
        let mut separator = "";
        for (what, time) in times {
            if let Some(time) = time {
                write!(f, "{separator}{what} {}", date(time))?;
                separator = ", ";
            }
        }
        if separator.is_empty() { f.write_str("none") } else { Ok(()) }
    }
}

/// Why something is refused, for people.
///
/// ```
/// use propelauth_edge::inspect::{Refusal, inspect_key};
///
/// let refusal: Refusal = inspect_key("").refusal.expect("no text is no key");
/// println!("{}\n{}", refusal.explanation, refusal.remedy);
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The variant of [`Unauthorized`](crate::Unauthorized) or [`MetadataError`](crate::MetadataError): `Expired`,
    /// `MissingClaim(Exp)`.
    pub code: String,
    /// What that variant prints, which is what stands in a log.
    pub reason: String,
    /// What is the matter with this very token or key.
    pub explanation: String,
    /// What would help.
    pub remedy: String,
    /// Where the fault is, if it is at some place.
    pub position: Option<Position>,
}

/// Where in the input a fault is.
///
/// ```
/// use propelauth_edge::inspect::{Configuration, Position, Segment, inspect_token};
/// # use propelauth_edge::UnixTime;
/// # let configuration = Configuration {
/// #     verifier_key: Some(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/verifier_key.pem"))),
/// #     issuer: Some("https://auth.example.com"),
/// #     ..Configuration::default()
/// # };
///
/// let token = "eyJhbGciOiJSUzI1NiJ9.e30.A=A";
/// let refusal = inspect_token(token, &configuration, UnixTime::now()).refusal.expect("there is padding");
/// let position: Position = refusal.position.expect("it is at some place");
/// assert_eq!((position.segment, position.offset), (Some(Segment::Signature), 26));
/// assert_eq!(position.excerpt, "=");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    /// In which part of the token, if it has its parts.
    pub segment: Option<Segment>,
    /// Characters of the input that are before it. A fault inside the JSON of a segment is at the character that holds it.
    pub offset: usize,
    /// In a key of several lines, which one, from 1.
    pub line: Option<usize>,
    /// What stands there: a few characters of a header or a payload, decoded if it is their JSON that is at fault; the one
    /// character elsewhere, so that nothing of a signature or a private key is shown; nothing behind the end.
    pub excerpt: String,
}

/// A part of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Segment {
    /// The JOSE header.
    Header,
    /// The claims.
    Payload,
    /// The signature.
    Signature,
}

/// What became of a key. Serialized, it is JSON under the names of its fields.
///
/// ```
/// use propelauth_edge::inspect::{KeyReport, Verdict, inspect_key};
///
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/verifier_key.pem"));
/// let report: KeyReport = inspect_key(pem);
/// assert_eq!((report.verdict, report.modulus_bits), (Verdict::Accepted, Some(2048)));
/// assert_eq!(report.exponent.as_deref(), Some("65537"));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyReport {
    /// What a [`Verifier`](crate::Verifier) says of it as its key.
    pub verdict: Verdict,
    /// Why the key is refused, if it is.
    pub refusal: Option<Refusal>,
    /// What the text is.
    pub form: KeyForm,
    /// Bits of the modulus. This and what follows are there for a key that is refused, too, if it can be read.
    pub modulus_bits: Option<u32>,
    /// The public exponent in decimal, unless it has more than 128 bits.
    pub exponent: Option<String>,
    /// `SHA256:` and the base64 of the SHA-256 of the key's SubjectPublicKeyInfo in DER, whatever form it came in:
    /// `openssl pkey -pubin -in key.pem -outform der | openssl dgst -sha256 -binary | base64`
    pub fingerprint: Option<String>,
}

/// What a text is that was given as a key.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyForm {
    /// `-----BEGIN PUBLIC KEY-----`
    PublicKeyPem,
    /// `-----BEGIN RSA PUBLIC KEY-----`
    RsaPublicKeyPem,
    /// `-----BEGIN CERTIFICATE-----`
    Certificate,
    /// A private key, as PEM or JWK.
    PrivateKey,
    /// PEM of something else.
    OtherPem,
    /// One key in JSON (RFC 7517).
    Jwk,
    /// A set of keys in JSON.
    Jwks,
    /// Other JSON, such as an answer of PropelAuth's API.
    Json,
    /// A text between quotation marks.
    Quoted,
    /// Base64, of DER or of a PEM text.
    Base64,
    /// A line of OpenSSH.
    Ssh,
    /// A token.
    Token,
    /// The name of a file.
    Path,
    /// An address.
    Url,
    /// No text.
    Empty,
    /// None of these.
    Unknown,
}
