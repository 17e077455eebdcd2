//! Decodes PEM (RFC 7468), and the forms that environment files, secret stores and shells turn it into. `const`, unlike
//! `base64ct`.
//!
//! Accepts every unambiguous change: other white space instead of line breaks, or none, or escaped ones; a pair of
//! quotation marks; a byte order mark; base64 of the text, or of the DER alone.

// In a `const fn`, every index is compared with the length first.
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::error::MetadataError;
use crate::limits::MAX_PEM_LEN;

/// The maximum length of a key's DER in bytes: a 4096-bit modulus, an exponent as long, and 64 for the rest.
const MAX_DER_LEN: usize = 2 * 512 + 64;
/// The maximum length of PEM inside base64, in bytes: such DER takes 1,452, plus a tenth for line breaks.
const MAX_INNER_LEN: usize = 2048;

#[derive(Clone, Copy)]
pub(crate) enum Label {
    PublicKey,
    RsaPublicKey,
}

impl Label {
    const fn begin(self) -> &'static str {
        match self {
            Self::PublicKey => "-----BEGIN PUBLIC KEY-----",
            Self::RsaPublicKey => "-----BEGIN RSA PUBLIC KEY-----",
        }
    }

    pub(crate) const fn end(self) -> &'static str {
        match self {
            Self::PublicKey => "-----END PUBLIC KEY-----",
            Self::RsaPublicKey => "-----END RSA PUBLIC KEY-----",
        }
    }
}

/// An error in the text after a BEGIN line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The text ends with its BEGIN line.
    NoBase64,
    /// The text ends within the base64.
    NoEndLine,
    /// Base64 follows the padding.
    AfterPadding,
    /// The base64 contains an invalid character.
    Character,
    /// The base64 contains a hyphen, as in base64url.
    Hyphen,
    /// The text ends within the END line.
    EndLineCutShort,
    /// The END line has another label than the BEGIN line.
    OtherEndLine,
    /// The END line follows the BEGIN line.
    Empty,
    /// The length or the padding of the base64 is wrong, or unused bits are not zero.
    Base64,
}

/// The DER of a key.
pub(super) struct Document {
    pub(super) label: Label,
    der: Decoded,
}

impl Document {
    pub(super) const fn bytes(&self) -> &[u8] {
        self.der.bytes()
    }
}

pub(super) const fn decode(text: &[u8]) -> Result<Document, MetadataError> {
    if text.len() > MAX_PEM_LEN {
        return Err(MetadataError::KeyTooLong);
    }
    let text = unquote(trim(text));
    match strip_begin(text) {
        Some((label, body)) => decode_body(label, body),
        None => decode_base64(text),
    }
}

const fn strip_begin(text: &[u8]) -> Option<(Label, &[u8])> {
    if let Some(body) = strip_prefix(text, Label::PublicKey.begin().as_bytes()) {
        Some((Label::PublicKey, body))
    } else if let Some(body) = strip_prefix(text, Label::RsaPublicKey.begin().as_bytes()) {
        Some((Label::RsaPublicKey, body))
    } else {
        None
    }
}

/// Reads the text after the BEGIN line up to the END line, which must be the last.
const fn decode_body(label: Label, body: &[u8]) -> Result<Document, MetadataError> {
    let (der, rest) = Decoded::read(body);
    let end = read_end(label, &der, rest);
    match (document(label, der), end) {
        (Err(error), _) => Err(error),
        (Ok(_), Err(_)) => Err(MetadataError::InvalidPem),
        (Ok(document), Ok(rest)) if trim(rest).is_empty() => Ok(document),
        (Ok(_), Ok(_)) => Err(MetadataError::TextAroundPem),
    }
}

/// Returns the text after the END line, which must come next.
const fn read_end<'a>(label: Label, der: &Decoded, rest: &'a [u8]) -> Result<&'a [u8], Fault> {
    let end = label.end().as_bytes();
    if let Some(rest) = strip_prefix(rest, end) {
        return match der {
            Decoded { is_well_formed: true, .. } => Ok(rest),
            Decoded { characters: 0, .. } => Err(Fault::Empty),
            _ => Err(Fault::Base64),
        };
    }
    Err(match rest {
        [] if der.characters == 0 => Fault::NoBase64,
        [] => Fault::NoEndLine,
        [b'-', ..] if strip_prefix(rest, b"-----END ").is_some() => Fault::OtherEndLine,
        [b'-', ..] if rest.len() < end.len() => Fault::EndLineCutShort,
        [b'-', ..] => Fault::Hyphen,
        _ if der.has_padding => Fault::AfterPadding,
        _ => Fault::Character,
    })
}

/// Returns the first error in the first PEM of a public key, with its offset. Returns `None` if there is no error or no
/// PEM.
#[cfg(feature = "inspect")]
pub(crate) fn fault(text: &[u8]) -> Option<(usize, Fault, Label)> {
    let (label, body) = (0..text.len()).find_map(|at| strip_begin(text.get(at..)?))?;
    let (der, rest) = Decoded::read(body);
    let fault = read_end(label, &der, rest).err()?;
    Some((text.len().saturating_sub(rest.len()), fault, label))
}

/// Reads text that is entirely base64, of PEM or DER.
const fn decode_base64(text: &[u8]) -> Result<Document, MetadataError> {
    let (decoded, rest) = Decoded::read(text);
    let is_whole = rest.is_empty() && decoded.is_well_formed && decoded.len <= MAX_INNER_LEN;
    let inner = decoded.bytes();
    if contains(inner, b"-----BEGIN ") {
        return match strip_begin(trim(inner)) {
            Some((label, body)) if is_whole => decode_body(label, body),
            Some(_) => Err(MetadataError::InvalidPem),
            None => Err(why_not_a_public_key(trim(inner))),
        };
    }
    match label_of_der(inner) {
        Some(Ok(label)) if rest.is_empty() => document(label, decoded),
        Some(Ok(_)) => Err(MetadataError::InvalidPem),
        Some(Err(error)) => Err(error),
        None => Err(why_not_a_public_key(text)),
    }
}

/// Returns the type of a SEQUENCE of a key or a certificate. Keys are recognized by their first element: an
/// AlgorithmIdentifier, the modulus, or the version of a private key.
const fn label_of_der(bytes: &[u8]) -> Option<Result<Label, MetadataError>> {
    let content = match bytes {
        [0x30, 0x81, _, content @ ..] | [0x30, 0x82, _, _, content @ ..] | [0x30, 0..=0x7f, content @ ..] => content,
        _ => return None,
    };
    match content {
        [0x02, 0x01, 0..=1, ..] => Some(Err(MetadataError::PrivateKeyGiven)),
        [0x02, 0x81 | 0x82, ..] => Some(Ok(Label::RsaPublicKey)),
        [0x30, 0x81 | 0x82, ..] => Some(Err(MetadataError::CertificateGiven)),
        [0x30, _, 0x06, ..] => Some(Ok(Label::PublicKey)),
        _ => None,
    }
}

const fn document(label: Label, der: Decoded) -> Result<Document, MetadataError> {
    if der.len > MAX_DER_LEN {
        return Err(MetadataError::KeyTooLong);
    }
    if der.is_well_formed { Ok(Document { label, der }) } else { Err(MetadataError::InvalidPem) }
}

/// Decoded base64 (RFC 4648 section 4, padded).
struct Decoded {
    bytes: [u8; MAX_INNER_LEN],
    /// May exceed the bytes that are kept.
    len: usize,
    /// The number of characters, without white space and padding.
    characters: usize,
    has_padding: bool,
    /// Whether the length and the padding are correct, and unused bits zero.
    is_well_formed: bool,
}

impl Decoded {
    /// Reads base64 with white space anywhere, up to the first other character.
    const fn read(mut text: &[u8]) -> (Self, &[u8]) {
        let mut decoded =
            Self { bytes: [0; MAX_INNER_LEN], len: 0, characters: 0, has_padding: false, is_well_formed: false };
        let mut pending = 0u32;
        let mut pending_bits = 0;
        let mut characters = 0;
        let mut padding = 0;
        loop {
            text = skip_white_space(text);
            let (first, rest) = match text {
                [first, rest @ ..] => (*first, rest),
                [] => break,
            };
            if first == b'=' {
                padding += 1;
            } else if let (Some(sextet), 0) = (base64_value(first), padding) {
                pending = pending << 6 | sextet as u32;
                pending_bits += 6;
                characters += 1;
                if pending_bits >= 8 {
                    pending_bits -= 8;
                    if decoded.len < MAX_INNER_LEN {
                        decoded.bytes[decoded.len] = (pending >> pending_bits) as u8;
                    }
                    decoded.len += 1;
                    pending &= (1 << pending_bits) - 1;
                }
            } else {
                break;
            }
            text = rest;
        }
        let padding_fits = matches!((characters % 4, padding), (0, 0) | (2, 2) | (3, 1));
        decoded.is_well_formed = characters > 0 && padding_fits && pending == 0;
        decoded.characters = characters;
        decoded.has_padding = padding > 0;
        (decoded, text)
    }

    const fn bytes(&self) -> &[u8] {
        match self.bytes.split_at_checked(self.len) {
            Some((bytes, _)) => bytes,
            None => &self.bytes,
        }
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

/// Removes white space, or an escaped line break as in an environment file: one backslash, or two if it was escaped
/// twice.
const fn strip_white_space(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b' ' | b'\t'..=b'\r', rest @ ..]
        | [b'\\', b'n' | b'r', rest @ ..]
        | [b'\\', b'\\', b'n' | b'r', rest @ ..] => Some(rest),
        _ => None,
    }
}

const fn skip_white_space(mut text: &[u8]) -> &[u8] {
    while let Some(rest) = strip_white_space(text) {
        text = rest;
    }
    text
}

/// Removes a byte order mark, and surrounding white space.
const fn trim(mut text: &[u8]) -> &[u8] {
    if let [0xef, 0xbb, 0xbf, rest @ ..] = text {
        text = rest;
    }
    text = skip_white_space(text);
    loop {
        text = match text {
            [rest @ .., b' ' | b'\t'..=b'\r']
            | [rest @ .., b'\\', b'\\', b'n' | b'r']
            | [rest @ .., b'\\', b'n' | b'r'] => rest,
            _ => return text,
        }
    }
}

/// Removes a pair of quotation marks around the whole text.
const fn unquote(text: &[u8]) -> &[u8] {
    match text {
        [b'"', inside @ .., b'"'] | [b'\'', inside @ .., b'\''] => trim(inside),
        _ => text,
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

/// Returns the most helpful error for a text with a wrong beginning.
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
    if contains_begin(text) { MetadataError::TextAroundPem } else { MetadataError::NotAPublicKeyPem }
}

const fn contains_begin(mut text: &[u8]) -> bool {
    while let [_, rest @ ..] = text {
        // Compares the letter first. Otherwise, a text of hyphens would be compared anew at each hyphen.
        if matches!(text, [_, _, _, _, _, b'B', ..]) && strip_begin(text).is_some() {
            return true;
        }
        text = rest;
    }
    false
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
