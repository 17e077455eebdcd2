//! Step 2: splits the token into its three segments and checks the JOSE header (RFC 7515 sections 4 and 7.1).

use super::base64url;
use crate::error::Unauthorized;
use crate::json::{Kind, Malformed, Source, Strings, UniqueNames, Validator};
use crate::limits::{MAX_HEADER_LEN, MAX_HEADER_PARAMETERS};

/// The maximum length of a signature in bytes: that of a 4096-bit key, even if `MAX_MODULUS_BITS` is lower.
pub(crate) const MAX_SIGNATURE_LEN: usize = 4096 / 8;

/// The segments of a JWS in compact serialization.
pub(crate) struct CompactJws<'t> {
    header: &'t str,
    payload: &'t str,
    signature: &'t str,
    /// The signed text: header and payload, still encoded, with the dot between them.
    pub(crate) signing_input: &'t str,
}

impl<'t> CompactJws<'t> {
    /// Splits a token of at most `max_len` bytes into three non-empty segments. The header has its own limit, since
    /// decoding it costs work before the signature is checked.
    pub(crate) fn split(token: &'t str, max_len: usize) -> Result<Self, Unauthorized> {
        if token.len() > max_len {
            return Err(Unauthorized::TokenTooLong);
        }
        let split = || {
            let (header, rest) = split_at_dot(token)?;
            let (payload, signature) = split_at_dot(rest)?;
            let signing_input = token.get(..header.len().checked_add(1)?.checked_add(payload.len())?)?;
            Some(Self { header, payload, signature, signing_input })
        };
        let whole = |jws: &Self| {
            ![jws.header, jws.payload, jws.signature].contains(&"")
                && jws.header.len() <= MAX_HEADER_LEN
                && !jws.signature.as_bytes().contains(&b'.')
        };
        split().filter(whole).ok_or(Unauthorized::MalformedToken)
    }

    /// Returns the lengths of header and payload in characters.
    pub(crate) fn lens(&self) -> (usize, usize) {
        (self.header.len(), self.payload.len())
    }

    /// Checks that the header requires RS256 and no extension. Decodes it into `scratch`.
    pub(crate) fn check_header(&self, scratch: &mut [u8]) -> Result<(), Unauthorized> {
        let (header, _) = decode(self.header, scratch)?;
        check_header(header)
    }

    /// Decodes the signature.
    pub(crate) fn decode_signature<'s>(
        &self,
        bytes: &'s mut [u8; MAX_SIGNATURE_LEN],
    ) -> Result<&'s [u8], Unauthorized> {
        if base64url::decoded_len(self.signature.len()) > MAX_SIGNATURE_LEN {
            return Err(Unauthorized::InvalidSignature);
        }
        decode(self.signature, bytes).map(|(signature, _)| &*signature)
    }

    /// Decodes the payload into the front of `buffer`; returns it and the remainder. The caller has checked that
    /// `buffer` is large enough.
    pub(crate) fn decode_payload<'b>(
        &self,
        buffer: &'b mut [u8],
    ) -> Result<(&'b mut [u8], &'b mut [u8]), Unauthorized> {
        decode(self.payload, buffer)
    }
}

/// Returns the text before and after the first dot. Scans large pieces as a whole: a loop that compilers vectorize is
/// several times as fast as one that stops at the dot.
fn split_at_dot(text: &str) -> Option<(&str, &str)> {
    let (pieces, _) = text.as_bytes().as_chunks();
    let mut start = 0usize;
    for piece in pieces {
        if has_dot(piece) {
            break;
        }
        start = start.wrapping_add(piece.len());
    }
    let dot = start.checked_add(text.as_bytes().get(start..)?.iter().position(|byte| *byte == b'.')?)?;
    Some((text.get(..dot)?, text.get(dot.checked_add(1)?..)?))
}

fn has_dot(piece: &[u8; 64]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let (words, _) = piece.as_chunks();
    // Sets the top bit of a word's lowest byte that is a dot, and no top bit in a word without a dot.
    let found = words.iter().fold(0, |found, word| {
        let is_dot_if_zero = u64::from_ne_bytes(*word) ^ ONES.wrapping_mul(b'.' as u64);
        found | is_dot_if_zero.wrapping_sub(ONES) & !is_dot_if_zero
    });
    found & ONES << 7 != 0
}

/// Decodes a segment into the front of `buffer`; returns it and the remainder.
fn decode<'b>(segment: &str, buffer: &'b mut [u8]) -> Result<(&'b mut [u8], &'b mut [u8]), Unauthorized> {
    let needed = base64url::decoded_len(segment.len());
    let (decoded, rest) = buffer.split_at_mut_checked(needed).ok_or(Unauthorized::BufferTooSmall { needed })?;
    base64url::decode(segment.as_bytes(), decoded).ok_or(Unauthorized::MalformedToken)?;
    Ok((decoded, rest))
}

/// Accepts only `alg` equal to `RS256`. Rejects `crit`, and `b64` other than true, since no extension is implemented.
/// `typ` and `kid` must be strings if present (sections 4.1.9 and 4.1.4) and are otherwise ignored, like `jwk`, `jku`,
/// `x5u`, `x5c` and unknown parameters: the key never comes from the token.
fn check_header(bytes: &mut [u8]) -> Result<(), Unauthorized> {
    let header = parse_header(bytes).map_err(|Malformed| Unauthorized::MalformedToken)?;
    if !header.alg_is_rs256 {
        return Err(Unauthorized::UnsupportedAlgorithm);
    }
    if header.has_extension { Err(Unauthorized::UnsupportedCritical) } else { Ok(()) }
}

#[derive(Default)]
struct Header {
    alg_is_rs256: bool,
    has_extension: bool,
}

fn parse_header(bytes: &mut [u8]) -> Result<Header, Malformed> {
    let mut json = Validator::new(bytes);
    if !json.enter_object()? {
        return Err(Malformed);
    }
    let mut header = Header::default();
    let mut names = UniqueNames::<MAX_HEADER_PARAMETERS>::default();
    while let Some(name) = json.name_span()? {
        names.insert(name, json.text())?;
        let value = json.value(Strings::Unescaped)?;
        match name.of_bytes(json.text()) {
            b"alg" => header.alg_is_rs256 = json.string(value) == Some(b"RS256"),
            b"crit" => header.has_extension = true,
            b"b64" => header.has_extension |= value.kind != Kind::True,
            b"typ" | b"kid" if value.kind != Kind::String => return Err(Malformed),
            _ => {}
        }
    }
    json.finish()?;
    Ok(header)
}
