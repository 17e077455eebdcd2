//! The textual encoding of keys (RFC 7468), as a `const fn`: `base64ct` cannot be called at compile time.

// `const`, and every index is compared with the length first.
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::error::MetadataError;
use crate::limits::MAX_PEM_LEN;

/// Octets of the longest DER that can become a key: a 4096-bit modulus, an exponent as long, and 64 for the rest.
const MAX_DER_LEN: usize = 2 * 512 + 64;

#[derive(Clone, Copy)]
pub(super) enum Label {
    PublicKey,
    RsaPublicKey,
}

impl Label {
    const fn begin(self) -> &'static [u8] {
        match self {
            Self::PublicKey => b"-----BEGIN PUBLIC KEY-----",
            Self::RsaPublicKey => b"-----BEGIN RSA PUBLIC KEY-----",
        }
    }

    const fn end(self) -> &'static [u8] {
        match self {
            Self::PublicKey => b"-----END PUBLIC KEY-----",
            Self::RsaPublicKey => b"-----END RSA PUBLIC KEY-----",
        }
    }
}

/// A decoded PEM text.
pub(super) struct Document {
    pub(super) label: Label,
    der: [u8; MAX_DER_LEN],
    len: usize,
}

impl Document {
    pub(super) const fn octets(&self) -> &[u8] {
        match self.der.split_at_checked(self.len) {
            Some((octets, _)) => octets,
            None => &[],
        }
    }
}

pub(super) const fn decode(text: &[u8]) -> Result<Document, MetadataError> {
    if text.len() > MAX_PEM_LEN {
        return Err(MetadataError::KeyTooLong);
    }
    let text = skip_white_space(text);
    let (label, body) = if let Some(body) = strip_prefix(text, Label::PublicKey.begin()) {
        (Label::PublicKey, body)
    } else if let Some(body) = strip_prefix(text, Label::RsaPublicKey.begin()) {
        (Label::RsaPublicKey, body)
    } else {
        return Err(why_not_a_public_key(text));
    };
    let Some(body) = strip_line_end(body) else {
        return Err(MetadataError::InvalidPem);
    };
    match decode_body(label, body) {
        Ok((document, rest)) if skip_white_space(rest).is_empty() => Ok(document),
        Ok(_) => Err(MetadataError::TextAroundPem),
        Err(error) => Err(error),
    }
}

/// Reads the lines of base64 (RFC 4648 section 4, padded) up to and including the END line.
const fn decode_body(label: Label, mut text: &[u8]) -> Result<(Document, &[u8]), MetadataError> {
    let mut document = Document { label, der: [0; MAX_DER_LEN], len: 0 };
    let mut pending = 0u32;
    let mut pending_bits = 0;
    let mut characters = 0;
    let mut at_line_start = true;
    loop {
        if let Some(rest) = strip_line_end(text) {
            if at_line_start {
                return Err(MetadataError::InvalidPem); // an empty line
            }
            text = rest;
            at_line_start = true;
            continue;
        }
        let (first, rest) = match text {
            [first, rest @ ..] => (*first, rest),
            [] => return Err(MetadataError::InvalidPem),
        };
        let Some(sextet) = base64_value(first) else {
            break;
        };
        pending = pending << 6 | sextet as u32;
        pending_bits += 6;
        characters += 1;
        if pending_bits >= 8 {
            if document.len >= MAX_DER_LEN {
                return Err(MetadataError::KeyTooLong);
            }
            pending_bits -= 8;
            document.der[document.len] = (pending >> pending_bits) as u8;
            document.len += 1;
            pending &= (1 << pending_bits) - 1;
        }
        text = rest;
        at_line_start = false;
    }
    // Padding up to a multiple of four characters, and the bits under it are zero.
    let mut padding = 0;
    while let [b'=', rest @ ..] = text {
        text = rest;
        padding += 1;
        at_line_start = false;
    }
    let padding_fits = matches!((characters % 4, padding), (0, 0) | (2, 2) | (3, 1));
    if characters == 0 || !padding_fits || pending != 0 {
        return Err(MetadataError::InvalidPem);
    }
    if let Some(rest) = strip_line_end(text) {
        text = rest;
    } else if !at_line_start {
        return Err(MetadataError::InvalidPem);
    }
    match strip_prefix(text, label.end()) {
        Some(rest) => Ok((document, rest)),
        None => Err(MetadataError::InvalidPem),
    }
}

const fn base64_value(character: u8) -> Option<u8> {
    match character {
        b'A'..=b'Z' => Some(character - b'A'),
        b'a'..=b'z' => Some(character - b'a' + 26),
        b'0'..=b'9' => Some(character - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// A line end: CRLF, LF, CR, or one of these spelt with backslashes, as in an environment file.
const fn strip_line_end(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b'\r', b'\n', rest @ ..] | [b'\n' | b'\r', rest @ ..] => Some(rest),
        [b'\\', b'r', b'\\', b'n', rest @ ..] | [b'\\', b'n', rest @ ..] => Some(rest),
        _ => None,
    }
}

const fn skip_white_space(mut text: &[u8]) -> &[u8] {
    loop {
        text = match text {
            [b' ' | b'\t', rest @ ..] => rest,
            _ => match strip_line_end(text) {
                Some(rest) => rest,
                None => return text,
            },
        }
    }
}

const fn strip_prefix<'a>(mut text: &'a [u8], mut prefix: &[u8]) -> Option<&'a [u8]> {
    loop {
        (text, prefix) = match (text, prefix) {
            (rest, []) => return Some(rest),
            ([a, text @ ..], [b, prefix @ ..]) if *a == *b => (text, prefix),
            _ => return None,
        }
    }
}

/// The most helpful name for a text that does not begin as it should.
const fn why_not_a_public_key(text: &[u8]) -> MetadataError {
    if text.is_empty() {
        return MetadataError::KeyMissing;
    }
    if strip_prefix(text, b"-----BEGIN CERTIFICATE-----").is_some() {
        return MetadataError::CertificateGiven;
    }
    if contains(text, b"PRIVATE KEY-----") {
        return MetadataError::PrivateKeyGiven;
    }
    if contains(text, b"-----BEGIN PUBLIC KEY-----") || contains(text, b"-----BEGIN RSA PUBLIC KEY-----") {
        return MetadataError::TextAroundPem;
    }
    MetadataError::NotAPublicKeyPem
}

const fn contains(mut text: &[u8], wanted: &[u8]) -> bool {
    while let [_, rest @ ..] = text {
        if strip_prefix(text, wanted).is_some() {
            return true;
        }
        text = rest;
    }
    false
}
