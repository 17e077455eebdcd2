//! Why a key is refused.

use std::format;
use std::string::{String, ToString};

use super::fault::Fault;
use super::key_form::{Found, recognise};
use super::pem;
use super::public_key::PublicKey;
use super::report::{KeyForm, KeyReport, Verdict};
use super::words::{character, counted, quoted};
use crate::error::MetadataError;
use crate::keys::trusted_key;
use crate::limits::{MAX_MODULUS_BITS, MAX_PEM_LEN, MIN_MODULUS_BITS};

pub(super) const WANTED: &str = "Give the Public (Verifier) Key that PropelAuth's dashboard shows under Backend Integration, \
                                 from `-----BEGIN PUBLIC KEY-----` to `-----END PUBLIC KEY-----`.";

/// Says whether a text can be the key of a [`Verifier`](crate::Verifier), which key it is, and if not, what it is and what
/// to give instead.
///
/// A key that came in another form is given back in the right one, in the remedy, if it is a public one that can be read.
/// Of a private key nothing is shown.
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
/// assert_eq!(explanation.as_deref(), Some("This is the name of a file, `verifier_key.pem`, and not what stands in it."));
/// ```
#[must_use]
pub fn inspect_key(text: &str) -> KeyReport {
    let found = recognise(text);
    let verdict = trusted_key(text);
    let key = found.key.as_ref();
    KeyReport {
        verdict: if verdict.is_ok() { Verdict::Accepted } else { Verdict::Refused },
        refusal: verdict.err().map(|error| explain(error, text, &found).named(error)),
        form: found.form,
        modulus_bits: key.map(PublicKey::modulus_bits),
        exponent: key.and_then(PublicKey::exponent),
        fingerprint: key.map(PublicKey::fingerprint),
    }
}

fn explain(error: MetadataError, text: &str, found: &Found) -> Fault {
    let key = found.key.as_ref();
    let fault = |explanation: String| Fault::new(explanation, remedy(found));
    let bits =
        key.map_or_else(|| "an unknown number of bits".to_string(), |key| format!("{} bits", key.modulus_bits()));
    match error {
        MetadataError::KeyMissing => Fault::new("There is no key: the text is empty.", WANTED),
        MetadataError::KeyTooLong if text.len() > MAX_PEM_LEN => fault(format!(
            "The text has {}, and {MAX_PEM_LEN} are the most that are taken.",
            counted(text.len(), "octet")
        )),
        MetadataError::KeyTooLong => {
            fault(format!("The key has {bits}, and {MAX_MODULUS_BITS} is the most that is taken."))
        }
        MetadataError::CertificateGiven => fault("This is a certificate, and the public key in it is wanted.".to_string()),
        MetadataError::PrivateKeyGiven => private_key(),
        MetadataError::TextAroundPem => around(text, found),
        MetadataError::NotAPublicKeyPem => other_form(text, found),
        MetadataError::InvalidPem => {
            let (octet, what) = pem::fault(text);
            fault(format!("The PEM text is broken: {what}.")).at(pem::place(text, octet))
        }
        MetadataError::InvalidDer => fault(invalid_der(found)),
        MetadataError::NotAnRsaKey => fault(format!("This is {}, and PropelAuth signs with RSA.", algorithm(found))),
        MetadataError::InvalidAlgorithmParameters => fault(
            "This is an RSA key whose algorithm identifier has other parameters than NULL, so it is not as RFC 3279 wants it."
                .to_string(),
        ),
        MetadataError::ModulusTooSmall => {
            fault(format!("The key has {bits}, and {MIN_MODULUS_BITS} is the least that is safe (RFC 7518)."))
        }
        MetadataError::ModulusTooLarge => fault(format!("The key has {bits}, and {MAX_MODULUS_BITS} is the most that is taken.")),
        MetadataError::ModulusEven => fault("The modulus is even, so it is no product of two odd primes: digits were changed.".to_string()),
        MetadataError::InvalidExponent => {
            let exponent = key.and_then(PublicKey::exponent).unwrap_or_else(|| "longer than 128 bits".to_string());
            fault(format!("The public exponent is {exponent}. It must be odd, 3 or more, and of 64 bits at most; it is usually 65537."))
        }
        MetadataError::TestKey => Fault::new(
            "This is the built-in key of the test kit, whose private half everybody has.",
            format!("{WANTED} The test kit's key is for tests, which have the feature `testkit`."),
        ),
        MetadataError::IssuerMissing | MetadataError::IssuerTooLong | MetadataError::TooManyKeys => {
            fault(format!("The configuration is refused: {error}."))
        }
    }
}

/// The key in the right form, if it is there and good.
fn remedy(found: &Found) -> String {
    match &found.key {
        Some(key) if key.is_good() => {
            format!("Give this, which is the same key in the form that is wanted:\n{}", key.to_pem())
        }
        _ => WANTED.to_string(),
    }
}

fn private_key() -> Fault {
    Fault::new(
        "This is a private key. A verifier needs the public one, and PropelAuth keeps the private one to itself: \
         this is another key, or one that should not be here.",
        format!(
            "{WANTED} Whoever has a private key can make tokens: if this one was ever shared or committed, replace it. \
             Its public half is printed by `openssl pkey -in key.pem -pubout`."
        ),
    )
}

/// Something stands before or behind a PEM text.
fn around(text: &str, found: &Found) -> Fault {
    let fault = |octet: usize, what: String| Fault::new(what, remedy(found)).at(pem::place(text, octet));
    let begin = text.find("-----BEGIN").unwrap_or_default();
    let first = text.find(|c: char| !c.is_ascii_whitespace()).unwrap_or_default();
    let first_character = text.get(first..).and_then(|rest| rest.chars().next()).unwrap_or_default();
    if found.form == KeyForm::Quoted {
        return fault(first, format!("The key begins with {}, which is not part of it.", character(first_character)));
    }
    if first < begin {
        let before = text.get(first..begin).unwrap_or_default();
        return fault(first, format!("There is other text before the key: {}.", quoted(before.trim())));
    }
    let end =
        text.find("-----END").and_then(|at| Some(at.saturating_add(text.get(at..)?.match_indices("-----").nth(1)?.0)));
    let end = end.unwrap_or(text.len()).saturating_add(5);
    let rest = text.get(end..).unwrap_or_default();
    let at = end.saturating_add(rest.find(|c: char| !c.is_ascii_whitespace()).unwrap_or_default());
    if rest.contains("-----BEGIN") {
        return fault(
            at,
            "There is a second PEM text behind the key, and a verifier takes one key a text.".to_string(),
        );
    }
    let rest = rest.trim_start();
    let what = match rest.chars().next() {
        Some(first) if rest.chars().count() == 1 => character(first),
        _ => quoted(rest),
    };
    fault(at, format!("There is other text behind the key: {what}."))
}

/// Not PEM at all, or PEM of something else.
fn other_form(text: &str, found: &Found) -> Fault {
    let fault = |explanation: &str| Fault::new(explanation, remedy(found));
    match found.form {
        KeyForm::PrivateKey => private_key(),
        KeyForm::Jwk => fault("This is a JWK, a key in JSON, and a PEM text is wanted."),
        KeyForm::Jwks if found.key.is_some() => {
            fault("This is a JWKS, a set of keys in JSON, and the PEM text of one key is wanted.")
        }
        KeyForm::Jwks => Fault::new(
            "This is a JWKS, a set of keys in JSON, and the PEM text of one key is wanted.",
            format!("Give the key whose `kid` is that in the header of your tokens. {WANTED}"),
        ),
        KeyForm::Json => fault("This is JSON, and the PEM text itself is wanted."),
        KeyForm::Base64 => fault("This is base64 without the lines of PEM around it, or of a whole PEM text."),
        KeyForm::Ssh => fault("This is a key in the form of OpenSSH, and a PEM text is wanted."),
        KeyForm::Token => fault("This is a token and no key."),
        KeyForm::Path => {
            fault(&format!("This is the name of a file, {}, and not what stands in it.", quoted(text.trim())))
        }
        KeyForm::Url => {
            fault(&format!("This is an address, {}, and not the key; nothing is fetched.", quoted(text.trim())))
        }
        KeyForm::Quoted => fault("The key is between quotation marks, which are not part of it."),
        KeyForm::OtherPem => {
            let label = text.split("-----BEGIN").nth(1).and_then(|rest| rest.split("-----").next()).unwrap_or_default();
            fault(&format!("This is PEM of something else: {}.", quoted(label.trim())))
        }
        _ if text.contains("BEGIN") || text.to_ascii_lowercase().contains("begin public key") => fault(
            "The first line is not `-----BEGIN PUBLIC KEY-----`, in capital letters and with five hyphens on each side.",
        ),
        _ => fault("This is none of the forms that keys have."),
    }
}

fn invalid_der(found: &Found) -> String {
    let octets = found.der.as_deref().unwrap_or_default();
    if found.key.is_some() {
        return match found.form {
            KeyForm::RsaPublicKeyPem => {
                "The first line says `RSA PUBLIC KEY` (PKCS#1), and what follows is a `PUBLIC KEY`."
            }
            _ => "The first line says `PUBLIC KEY`, and what follows is a certificate or a PKCS#1 key.",
        }
        .to_string();
    }
    let held = counted(octets.len(), "octet");
    match octets {
        [0x30, 0x82, high, low, rest @ ..] => {
            let promised = usize::from(u16::from_be_bytes([*high, *low]));
            match rest.len().cmp(&promised) {
                core::cmp::Ordering::Less => {
                    format!(
                        "The key is cut short: it has {held}, and its beginning promises {}.",
                        promised.saturating_add(4)
                    )
                }
                core::cmp::Ordering::Greater => {
                    format!(
                        "There is something behind the key: it has {held}, and ends after {}.",
                        promised.saturating_add(4)
                    )
                }
                core::cmp::Ordering::Equal => {
                    "The octets are as many as they should be, and not those of an RSA public key: some were changed."
                        .to_string()
                }
            }
        }
        _ => format!("The base64 stands for {held}, which are not those of an RSA public key in DER."),
    }
}

/// The algorithm of a SubjectPublicKeyInfo.
fn algorithm(found: &Found) -> &'static str {
    let octets = found.der.as_deref().unwrap_or_default();
    let has = |identifier: &[u8]| {
        octets
            .get(..32.min(octets.len()))
            .is_some_and(|start| start.windows(identifier.len()).any(|part| part == identifier))
    };
    if has(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]) {
        "a key of elliptic curves (EC)"
    } else if has(&[0x06, 0x03, 0x2b, 0x65]) {
        "a key of Ed25519 or a relative"
    } else if has(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a]) {
        "a key for RSASSA-PSS alone"
    } else {
        "a key of another algorithm"
    }
}
