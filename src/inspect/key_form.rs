//! Recognizes the format of a text that was given as a key, and extracts the public key.

use std::string::String;
use std::vec::Vec;

use serde_json::Value;

use super::input::Members;
use super::public_key::{PublicKey, loose_base64};
use super::report::KeyForm;
use crate::limits::MAX_TOKEN_LEN;

pub(super) struct Found {
    pub(super) form: KeyForm,
    /// The public key, unless it is unreadable or belongs to a private key.
    pub(super) key: Option<PublicKey>,
    /// The decoded base64 of PEM.
    pub(super) der: Option<Vec<u8>>,
    /// PEM that was encoded in base64.
    pub(super) inner: Option<String>,
}

impl Found {
    fn new(form: KeyForm, key: Option<PublicKey>) -> Self {
        Self { form, key, der: None, inner: None }
    }
}

/// Recognizes common formats. Reads no more text than a token may have, and decides nothing.
pub(super) fn recognize(text: &str) -> Found {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if trimmed.len() > MAX_TOKEN_LEN {
        return Found::new(KeyForm::Unknown, None);
    }
    let first = trimmed.chars().next().unwrap_or_default();
    // Not recursive: only one pair of quotation marks is removed.
    if matches!(first, '"' | '\'' | '`' | '“' | '”' | '‘' | '’') {
        let inside = trimmed.trim_matches(|c: char| c == first || matches!(c, '”' | '’' | '“' | ',' | ';'));
        let inside = unquoted(inside.trim());
        let form = if inside.form == KeyForm::PrivateKey { KeyForm::PrivateKey } else { KeyForm::Quoted };
        return Found { form, ..inside };
    }
    let found = unquoted(trimmed);
    let is_key = matches!(found.form, KeyForm::PublicKeyPem | KeyForm::RsaPublicKeyPem);
    if is_key && text.starts_with('\u{feff}') { Found { form: KeyForm::MarkedPem, ..found } } else { found }
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
        Some(bytes) => base64(bytes),
        None => Found::new(KeyForm::Unknown, None),
    }
}

fn is_path(text: &str) -> bool {
    const ENDINGS: [&str; 6] = [".pem", ".key", ".pub", ".crt", ".cer", ".der"];
    let is_one_line = text.len() < 4096 && !text.contains(['\n', '\r']);
    is_one_line
        && (ENDINGS.iter().any(|ending| text.ends_with(ending)) || text.starts_with("./") || text.starts_with("~/"))
}

/// Reads PEM and its key, with any line breaks.
fn pem(text: &str) -> Found {
    let after = text.split_once("-----BEGIN ").map_or("", |(_, after)| after);
    let (label, body) = after.split_once("-----").unwrap_or((after, ""));
    let form = match label {
        "PUBLIC KEY" | "RSA PUBLIC KEY" if text.contains(['\\']) => KeyForm::EscapedPem,
        "PUBLIC KEY" | "RSA PUBLIC KEY" if !has_lines(text) => KeyForm::RewrappedPem,
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
    Found { key: der.as_deref().and_then(PublicKey::from_der), der, ..Found::new(form, None) }
}

/// Returns `true` if the first and the last line are lines of their own, and white space occurs only between lines.
fn has_lines(text: &str) -> bool {
    let mut lines = text.trim().split(['\r', '\n']).filter(|line| !line.is_empty());
    let is_armor =
        |line: Option<&str>| line.is_some_and(|line| line.starts_with("-----") && line.ends_with("KEY-----"));
    is_armor(lines.next())
        && is_armor(lines.next_back())
        && !text.contains("\n\n")
        && lines.all(|line| !line.contains([' ', '\t']))
}

fn base64(bytes: Vec<u8>) -> Found {
    if bytes.windows(11).any(|part| part == b"-----BEGIN ") {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let inside = pem(&text);
        if inside.form == KeyForm::PrivateKey {
            return inside;
        }
        return Found { form: KeyForm::Base64, inner: Some(text), ..inside };
    }
    match PublicKey::from_der(&bytes) {
        Some(key) => Found::new(KeyForm::Base64, Some(key)),
        None if bytes.starts_with(&[0x30]) && bytes.len() > 64 => Found::new(KeyForm::Base64, None),
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
