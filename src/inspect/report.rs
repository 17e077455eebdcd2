//! The report of an inspection.

use core::fmt;
use std::string::String;

use serde::Serialize;
use serde_json::{Map, Value};

use super::words::date;
use crate::user::VerifiedUser;

/// The verifier's verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Accepted.
    Accepted,
    /// Refused. The refusal explains why.
    Refused,
}

/// The state of a token's signature, and so how far to trust its header and claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    /// The key made the signature. Header and claims are unchanged.
    Good,
    /// The key did not make the signature. Anyone may have written header and claims.
    Bad,
    /// The signature was not checked, because there is no key or the token was refused earlier. Anyone may have written
    /// header and claims.
    NotChecked,
}

/// The report on a token. Serializes to JSON with its field names. Serialization fails for a user with a number outside
/// the range of `f64`, which most JSON parsers reject.
///
/// ```
/// use propelauth_edge::inspect::{Configuration, Signature, TokenReport, inspect_token};
/// # use propelauth_edge::UnixTime;
/// # let token = demo::TOKEN;
///
/// // Without a key: what does the token say?
/// let report: TokenReport = inspect_token(token, &Configuration::default(), UnixTime::now());
/// assert_eq!(report.claims.as_ref().expect("they can be read")["email"], "ada@example.com");
/// assert_eq!((report.signature, report.user.is_none()), (Signature::NotChecked, true)); // anyone may have written it
/// assert!(serde_json::to_string(&report)?.starts_with(r#"{"verdict":"refused","refusal":{"code":"KeyMissing""#));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Serialize)]
pub struct TokenReport {
    /// The verdict of the [`Verifier`](crate::Verifier).
    pub verdict: Verdict,
    /// The reason for a refusal.
    pub refusal: Option<Refusal>,
    /// The configured key.
    pub key: Option<KeyReport>,
    /// The configured issuer.
    pub expected_issuer: Option<String>,
    /// The second configured issuer.
    pub expected_additional_issuer: Option<String>,
    /// The time of verification, in seconds since 1970.
    pub now: u64,
    /// The configured leeway, in seconds.
    pub leeway: u32,
    /// The state of the signature.
    pub signature: Signature,
    /// The JOSE header, if it can be parsed. See `signature` for how far to trust it.
    pub header: Option<Map<String, Value>>,
    /// The claims, if they can be parsed. See `signature` for how far to trust them.
    pub claims: Option<Map<String, Value>>,
    /// The times in the claims.
    pub times: Times,
    /// The user, if the token is accepted.
    pub user: Option<VerifiedUser>,
}

/// The times of a token, in seconds since 1970, if the claims have them. See `signature` for how far to trust them.
///
/// ```
/// use propelauth_edge::inspect::{Configuration, Times, inspect_token};
/// # use propelauth_edge::UnixTime;
/// # let token = demo::TOKEN;
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

/// Displays as `issued 2026-01-01T00:00:00Z, expires 2026-01-01T00:30:00Z`, in UTC.
impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = [("issued", self.issued_at), ("valid from", self.not_before), ("expires", self.expires_at)];
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

/// The reason for a refusal, for people.
///
/// ```
/// use propelauth_edge::inspect::{Refusal, inspect_key};
///
/// let refusal: Refusal = inspect_key("").refusal.expect("an empty text is not a key");
/// println!("{}\n{}", refusal.explanation, refusal.remedy);
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// [`Unauthorized::code`](crate::Unauthorized::code) or [`MetadataError::code`](crate::MetadataError::code), such as
    /// `MissingClaim`.
    pub code: &'static str,
    /// The claim that is missing or invalid.
    pub claim: Option<&'static str>,
    /// The error's text, as it appears in a log.
    pub reason: String,
    /// An explanation for this particular token or key.
    pub explanation: String,
    /// A remedy.
    pub remedy: String,
    /// The position of the error, if it has one.
    pub position: Option<Position>,
}

/// The position of an error in the input.
///
/// ```
/// use propelauth_edge::inspect::{Configuration, Position, Segment, inspect_token};
/// # use propelauth_edge::UnixTime;
/// # let configuration = Configuration {
/// #     verifier_key: Some(demo::VERIFIER_KEY),
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
    /// The part of the token, if it can be split into parts.
    pub segment: Option<Segment>,
    /// The number of characters of the input before the error. For an error inside a segment's JSON, the position of
    /// the character that encodes it.
    pub offset: usize,
    /// The line of a multi-line key, counted from 1.
    pub line: Option<usize>,
    /// The text at the position. For an error in the JSON of header or payload, a few decoded characters. Elsewhere one
    /// character, so that nothing of a signature or a private key is shown. Empty at the end of the input.
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

/// The report on a key. Serializes to JSON with its field names.
///
/// ```
/// use propelauth_edge::inspect::{KeyReport, Verdict, inspect_key};
///
/// # let pem = demo::VERIFIER_KEY;
/// let report: KeyReport = inspect_key(pem);
/// assert_eq!((report.verdict, report.modulus_bits), (Verdict::Accepted, Some(2048)));
/// assert_eq!(report.exponent.as_deref(), Some("65537"));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyReport {
    /// The verdict of a [`Verifier`](crate::Verifier) on this key.
    pub verdict: Verdict,
    /// The reason for a refusal.
    pub refusal: Option<Refusal>,
    /// The format of the text.
    pub form: KeyForm,
    /// The size of the modulus in bits. This and the following fields are also set for a rejected key, if it can be
    /// parsed.
    pub modulus_bits: Option<u32>,
    /// The public exponent in decimal, if it has at most 128 bits.
    pub exponent: Option<String>,
    /// `SHA256:` and the base64 of the SHA-256 of the key's SubjectPublicKeyInfo in DER, for every format: `openssl
    /// pkey -pubin -in key.pem -outform der | openssl dgst -sha256 -binary | base64`
    pub fingerprint: Option<String>,
}

/// The format of a text that was given as a key.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyForm {
    /// `-----BEGIN PUBLIC KEY-----`
    PublicKeyPem,
    /// `-----BEGIN RSA PUBLIC KEY-----`
    RsaPublicKeyPem,
    /// One of these two, with escaped line breaks.
    EscapedPem,
    /// One of these two, with line breaks that were replaced by spaces, lost, or mixed with other white space.
    RewrappedPem,
    /// One of these two, after a byte order mark.
    MarkedPem,
    /// `-----BEGIN CERTIFICATE-----`
    Certificate,
    /// A private key, in PEM or as a JWK.
    PrivateKey,
    /// PEM of something else.
    OtherPem,
    /// One key in JSON (RFC 7517).
    Jwk,
    /// A set of keys in JSON.
    Jwks,
    /// Other JSON, such as a response of PropelAuth's API.
    Json,
    /// Text in quotation marks.
    Quoted,
    /// Base64 of DER or PEM.
    Base64,
    /// A key in OpenSSH format.
    Ssh,
    /// A token.
    Token,
    /// The name of a file.
    Path,
    /// A URL.
    Url,
    /// An empty text.
    Empty,
    /// Anything else.
    Unknown,
}
