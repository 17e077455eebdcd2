//! What a text is that was given as a key, and the public key in it.

use std::string::String;
use std::vec::Vec;

use serde_json::Value;

use super::input::Members;
use super::public_key::{PublicKey, loose_base64};
use super::report::KeyForm;
use crate::limits::MAX_TOKEN_LEN;

pub(super) struct Found {
    pub(super) form: KeyForm,
    /// The public key, unless none can be read, or it is that of a private key.
    pub(super) key: Option<PublicKey>,
    /// What the base64 of PEM stands for.
    pub(super) der: Option<Vec<u8>>,
}

impl Found {
    fn new(form: KeyForm, key: Option<PublicKey>) -> Self {
        Self { form, key, der: None }
    }
}

/// Looks at the text as people do, and not longer than at a token: nothing is decided here.
pub(super) fn recognise(text: &str) -> Found {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if trimmed.len() > MAX_TOKEN_LEN {
        return Found::new(KeyForm::Unknown, None);
    }
    let first = trimmed.chars().next().unwrap_or_default();
    // Once: what is quoted again is not looked into.
    if matches!(first, '"' | '\'' | '`' | '“' | '”' | '‘' | '’') {
        let inside = trimmed.trim_matches(|c: char| c == first || matches!(c, '”' | '’' | '“' | ',' | ';'));
        let inside = unquoted(inside.trim());
        let form = if inside.form == KeyForm::PrivateKey { KeyForm::PrivateKey } else { KeyForm::Quoted };
        return Found { form, ..inside };
    }
    unquoted(trimmed)
}

fn unquoted(trimmed: &str) -> Found {
    if let Ok(Value::Object(members)) = serde_json::from_str(trimmed) {
        return json(&members);
    }
    if trimmed.contains("-----BEGIN ") {
        return pem(trimmed);
    }
    if trimmed.starts_with("ssh-") || trimmed.starts_with("ecdsa-sha2-") {
        return Found::new(KeyForm::Ssh, PublicKey::from_ssh(trimmed));
    }
    if trimmed.is_empty() {
        return Found::new(KeyForm::Empty, None);
    }
    if trimmed.starts_with("http://") || trimmed.starts_with("https://") {
        return Found::new(KeyForm::Url, None);
    }
    if trimmed.starts_with("eyJ") && trimmed.split('.').count() >= 3 {
        return Found::new(KeyForm::Token, None);
    }
    if is_path(trimmed) {
        return Found::new(KeyForm::Path, None);
    }
    match loose_base64(trimmed) {
        Some(octets) => base64(octets),
        None => Found::new(KeyForm::Unknown, None),
    }
}

fn is_path(text: &str) -> bool {
    const ENDINGS: [&str; 6] = [".pem", ".key", ".pub", ".crt", ".cer", ".der"];
    let is_one_line = text.len() < 4096 && !text.contains(['\n', '\r']);
    is_one_line
        && (ENDINGS.iter().any(|ending| text.ends_with(ending)) || text.starts_with("./") || text.starts_with("~/"))
}

/// The text with a label, and the key in it however its lines are.
fn pem(text: &str) -> Found {
    let after = text.split_once("-----BEGIN ").map_or("", |(_, after)| after);
    let (label, body) = after.split_once("-----").unwrap_or((after, ""));
    let form = match label {
        "PUBLIC KEY" => KeyForm::PublicKeyPem,
        "RSA PUBLIC KEY" => KeyForm::RsaPublicKeyPem,
        "CERTIFICATE" => KeyForm::Certificate,
        _ => KeyForm::OtherPem,
    };
    if text.contains("PRIVATE KEY-----") {
        return Found::new(KeyForm::PrivateKey, None);
    }
    let body = body.split("-----").next().unwrap_or_default();
    let der = loose_base64(body);
    Found { form, key: der.as_deref().and_then(PublicKey::from_der), der }
}

fn base64(octets: Vec<u8>) -> Found {
    if octets.starts_with(b"-----BEGIN ") {
        let inside = pem(&String::from_utf8_lossy(&octets));
        let form = if inside.form == KeyForm::PrivateKey { KeyForm::PrivateKey } else { KeyForm::Base64 };
        return Found { form, ..inside };
    }
    match PublicKey::from_der(&octets) {
        Some(key) => Found::new(KeyForm::Base64, Some(key)),
        None if octets.starts_with(&[0x30]) && octets.len() > 64 => Found::new(KeyForm::Base64, None),
        None => Found::new(KeyForm::Unknown, None),
    }
}

fn json(members: &Members) -> Found {
    if let Some(Value::Array(keys)) = members.get("keys") {
        let mut rsa = keys.iter().filter_map(Value::as_object).filter_map(PublicKey::from_jwk);
        let only = rsa.next().filter(|_| rsa.next().is_none());
        return Found::new(KeyForm::Jwks, only);
    }
    if members.contains_key("kty") {
        // RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1
        let is_private = ["d", "p", "q", "k"].iter().any(|name| members.contains_key(*name));
        return if is_private {
            Found::new(KeyForm::PrivateKey, None)
        } else {
            Found::new(KeyForm::Jwk, PublicKey::from_jwk(members))
        };
    }
    let text = members.values().filter_map(Value::as_str).find(|text| text.contains("-----BEGIN "));
    match text.map(pem) {
        Some(Found { form: KeyForm::PrivateKey, .. }) => Found::new(KeyForm::PrivateKey, None),
        Some(inside) => Found { form: KeyForm::Json, ..inside },
        None => Found::new(KeyForm::Json, None),
    }
}
