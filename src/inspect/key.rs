//! Explains why a key is rejected.

use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use super::explanation::Explanation;
use super::key_form::{Found, recognize};
use super::pem;
use super::public_key::PublicKey;
use super::report::{KeyForm, KeyReport, Verdict};
use super::words::{character, counted, quoted};
use crate::error::MetadataError;
use crate::limits::{MAX_MODULUS_BITS, MAX_PEM_LEN, MIN_MODULUS_BITS};
use crate::rsa::VerifyingKey;

pub(super) const WANTED: &str = "Give the Public (Verifier) Key that PropelAuth's dashboard shows under Backend Integration, \
                                 from `-----BEGIN PUBLIC KEY-----` to `-----END PUBLIC KEY-----`.";

/// Checks whether a [`Verifier`](crate::Verifier) in a release build accepts a text as its key, and explains what the
/// text is and what to use instead.
///
/// If the text is a readable public key in another format, the remedy contains the key in the right one. Nothing is
/// shown of a private key.
///
/// ```standalone_crate
/// use propelauth_edge::inspect::{KeyForm, inspect_key};
///
/// let report = inspect_key(include_str!("../../examples/demo/verifier_key.pem"));
/// assert_eq!(report.modulus_bits, Some(2048));
/// assert!(report.fingerprint.is_some_and(|fingerprint| fingerprint.starts_with("SHA256:")));
///
/// let report = inspect_key("verifier_key.pem");
/// assert_eq!(report.form, KeyForm::Path);
/// let explanation = report.refusal.map(|refusal| refusal.explanation);
/// assert_eq!(explanation.as_deref(), Some("This is the name of a file, `verifier_key.pem`, not its content."));
/// ```
#[must_use]
pub fn inspect_key(text: &str) -> KeyReport {
    let found = recognize(text);
    let verdict = verdict(text);
    let is_private = verdict.as_ref().is_err_and(|error| *error == MetadataError::PrivateKeyGiven);
    let key = found.key.as_ref();
    KeyReport {
        verdict: if verdict.is_ok() { Verdict::Accepted } else { Verdict::Refused },
        refusal: verdict.err().map(|error| explain(error, text, &found).named(error)),
        form: if is_private { KeyForm::PrivateKey } else { found.form },
        modulus_bits: key.map(PublicKey::modulus_bits),
        exponent: key.and_then(PublicKey::exponent),
        fingerprint: key.map(PublicKey::fingerprint),
    }
}

/// Returns the verdict of a release build: the test kit's key is rejected in any build.
pub(super) fn verdict(text: &str) -> Result<VerifyingKey, MetadataError> {
    match VerifyingKey::from_public_key_pem(text) {
        Ok(key) if key.is_test_key() => Err(MetadataError::TestKey),
        verdict => verdict,
    }
}

fn explain(error: MetadataError, text: &str, found: &Found) -> Explanation {
    let key = found.key.as_ref();
    let fault = |explanation: String| Explanation::new(explanation, remedy(found));
    let bits =
        key.map_or_else(|| "an unknown number of bits".to_string(), |key| format!("{} bits", key.modulus_bits()));
    match error {
        MetadataError::KeyMissing => Explanation::new("There is no key: the text is empty.", WANTED),
        MetadataError::KeyTooLong if text.len() > MAX_PEM_LEN => {
            fault(format!("The text has {}; the maximum is {MAX_PEM_LEN}.", counted(text.len(), "byte")))
        }
        MetadataError::KeyTooLong => fault(format!("The key has {bits}; the maximum is {MAX_MODULUS_BITS}.")),
        MetadataError::CertificateGiven => fault("This is a certificate; expected the public key in it.".to_string()),
        MetadataError::PrivateKeyGiven => private_key(),
        MetadataError::TextAroundPem => match &found.inner {
            Some(inner) => around(inner, found).nowhere(),
            None => around(text, found),
        },
        MetadataError::NotAPublicKeyPem => other_form(text, found),
        MetadataError::InvalidPem if found.form == KeyForm::Base64 => fault(if found.der.is_some() {
            "The base64, or the PEM in it, is malformed: characters were lost or added.".to_string()
        } else {
            "The base64 is malformed: characters were lost or added.".to_string()
        }),
        MetadataError::InvalidPem => match pem::fault(text) {
            Some((byte, what)) => fault(format!("The PEM is malformed: {what}.")).at(pem::place(text, byte)),
            None => fault("The PEM is malformed.".to_string()),
        },
        MetadataError::InvalidDer => fault(invalid_der(found.inner.as_deref().unwrap_or(text), found)),
        MetadataError::NotAnRsaKey => fault(format!("This is {}, but PropelAuth signs with RSA.", algorithm(found))),
        MetadataError::InvalidAlgorithmParameters => fault(
            "The parameters in the RSA key's algorithm identifier are not NULL, as RFC 3279 requires.".to_string(),
        ),
        MetadataError::ModulusTooSmall => {
            fault(format!("The key has {bits}; the minimum is {MIN_MODULUS_BITS} (RFC 7518)."))
        }
        MetadataError::ModulusTooLarge => fault(format!("The key has {bits}; the maximum is {MAX_MODULUS_BITS}.")),
        MetadataError::ModulusEven => fault(
            "The modulus is even, so it is not a product of two odd primes: some digits were changed.".to_string(),
        ),
        MetadataError::InvalidExponent => {
            let exponent = key.and_then(PublicKey::exponent).unwrap_or_else(|| "longer than 128 bits".to_string());
            fault(format!(
                "The public exponent is {exponent}. It must be odd, at least 3, and at most 64 bits long; it is usually 65537."
            ))
        }
        MetadataError::TestKey => Explanation::new(
            "This is the built-in key of the test kit, whose private key is public.",
            format!(
                "{WANTED} Only debug builds with feature `testkit` accept the test kit's key. \
                      To test a server from outside, `propelauth-edge mint --new-key FOLDER` creates a key that every build accepts."
            ),
        ),
        // Errors of the issuer.
        _ => fault(format!("The configuration is rejected: {error}.")),
    }
}

/// Returns the key in the expected format, if it is valid.
fn remedy(found: &Found) -> String {
    match &found.key {
        Some(key) if key.is_good() => {
            format!("Use this key, in the expected format:\n{}", key.to_pem())
        }
        _ => WANTED.to_string(),
    }
}

fn private_key() -> Explanation {
    Explanation::new(
        "This is a private key. A verifier needs the public one, and PropelAuth does not hand out private keys: \
         this key is another one, or should not be here.",
        format!(
            "{WANTED} Anyone with a private key can make tokens: if this one was ever shared or committed, replace it. \
             To get its public key, run `openssl pkey -in key.pem -pubout`."
        ),
    )
}

/// Explains other text before or after PEM.
fn around(text: &str, found: &Found) -> Explanation {
    let fault = |byte: usize, what: String| Explanation::new(what, remedy(found)).at(pem::place(text, byte));
    let begin = text.find("-----BEGIN").unwrap_or_default();
    let first = text.find(|c: char| !c.is_ascii_whitespace()).unwrap_or_default();
    let first_character = text.get(first..).and_then(|rest| rest.chars().next()).unwrap_or_default();
    if found.form == KeyForm::Quoted {
        return fault(first, format!("The key starts with {}, which is not part of it.", character(first_character)));
    }
    if first < begin {
        let before = text.get(first..begin).unwrap_or_default();
        return fault(first, format!("Other text precedes the key: {}.", quoted(before.trim())));
    }
    let end =
        text.find("-----END").and_then(|at| Some(at.saturating_add(text.get(at..)?.match_indices("-----").nth(1)?.0)));
    let end = end.unwrap_or(text.len()).saturating_add(5);
    let rest = text.get(end..).unwrap_or_default();
    let at = end.saturating_add(rest.find(|c: char| !c.is_ascii_whitespace()).unwrap_or_default());
    if rest.contains("-----BEGIN") {
        return fault(at, "A second PEM block follows the key; a verifier takes a single key.".to_string());
    }
    let rest = rest.trim_start();
    let what = match rest.chars().next() {
        Some(first) if rest.chars().count() == 1 => character(first),
        _ => quoted(rest),
    };
    fault(at, format!("Other text follows the key: {what}."))
}

/// Explains text that is not PEM, or PEM of something else.
fn other_form(text: &str, found: &Found) -> Explanation {
    let fault = |explanation: &str| Explanation::new(explanation, remedy(found));
    match found.form {
        KeyForm::PrivateKey => private_key(),
        KeyForm::Jwk => fault("This is a JWK, a key in JSON; expected PEM."),
        KeyForm::Jwks if found.key.is_some() => {
            fault("This is a JWKS, a set of keys in JSON; expected one key in PEM.")
        }
        KeyForm::Jwks => Explanation::new(
            "This is a JWKS, a set of keys in JSON; expected one key in PEM.",
            format!("Use the key whose `kid` is in the header of your tokens. {WANTED}"),
        ),
        KeyForm::Json => fault("This is JSON; expected the PEM itself."),
        KeyForm::Base64 => fault("This is base64, but not of a key in PEM or DER."),
        KeyForm::Ssh => fault("This is a key in OpenSSH format; expected PEM."),
        KeyForm::Token => fault("This is a token, not a key."),
        KeyForm::Path => fault(&format!("This is the name of a file, {}, not its content.", quoted(text.trim()))),
        KeyForm::Url => {
            fault(&format!("This is a URL, {}, not the key; the verifier does not fetch it.", quoted(text.trim())))
        }
        KeyForm::Quoted => fault("The key is in quotation marks, either several pairs or of an unsupported kind."),
        KeyForm::OtherPem => {
            let label = text.split("-----BEGIN").nth(1).and_then(|rest| rest.split("-----").next()).unwrap_or_default();
            let words = label.split_whitespace().collect::<Vec<_>>().join(" ");
            if matches!(words.as_str(), "PUBLIC KEY" | "RSA PUBLIC KEY") {
                return fault(&format!("The first line is not `-----BEGIN {words}-----`: it contains white space."));
            }
            fault(&format!("This is PEM, but not of a public key: {}.", quoted(label.trim())))
        }
        _ if text.contains("BEGIN") || text.to_ascii_lowercase().contains("begin public key") => fault(
            "The first line is not `-----BEGIN PUBLIC KEY-----`, in capital letters and with five hyphens on each side.",
        ),
        _ => fault("This is not a known key format."),
    }
}

fn invalid_der(text: &str, found: &Found) -> String {
    let bytes = found.der.as_deref().unwrap_or_default();
    if found.key.is_some() {
        return if !text.contains("-----BEGIN") {
            "The base64 holds a key, but not in DER."
        } else if text.contains("RSA PUBLIC KEY") {
            "The first line says `RSA PUBLIC KEY` (PKCS#1), but the content is a `PUBLIC KEY`."
        } else {
            "The first line says `PUBLIC KEY`, but the content is a certificate or a PKCS#1 key."
        }
        .to_string();
    }
    let held = counted(bytes.len(), "byte");
    match bytes {
        [0x30, 0x82, high, low, rest @ ..] => {
            let promised = usize::from(u16::from_be_bytes([*high, *low]));
            match rest.len().cmp(&promised) {
                core::cmp::Ordering::Less => {
                    format!("The key is cut off: it has {held}, but declares {}.", promised.saturating_add(4))
                }
                core::cmp::Ordering::Greater => {
                    format!("Other data follows the key: it has {held}, but ends after {}.", promised.saturating_add(4))
                }
                core::cmp::Ordering::Equal => {
                    "The length is correct, but the content is not an RSA public key: some bytes were changed."
                        .to_string()
                }
            }
        }
        _ => format!("The base64 decodes to {held}, which are not an RSA public key in DER."),
    }
}

/// Returns the algorithm of a SubjectPublicKeyInfo.
fn algorithm(found: &Found) -> &'static str {
    let bytes = found.der.as_deref().unwrap_or_default();
    let has = |identifier: &[u8]| {
        bytes
            .get(..32.min(bytes.len()))
            .is_some_and(|start| start.windows(identifier.len()).any(|part| part == identifier))
    };
    if has(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]) {
        "an elliptic curve (EC) key"
    } else if has(&[0x06, 0x03, 0x2b, 0x65]) {
        "a key for Ed25519 or a related algorithm"
    } else if has(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a]) {
        "a key for RSASSA-PSS only"
    } else {
        "a key for another algorithm"
    }
}
