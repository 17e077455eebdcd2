//! Step 2: from the token to its three segments, the JOSE header checked (RFC 7515 sections 4 and 7.1).

use base64ct::{Base64UrlUnpadded, Encoding};
use heapless::Vec;

use crate::error::Unauthorized;
use crate::json::{self, Object};
use crate::limits::{MAX_HEADER_PARAMETERS, MAX_MODULUS_BITS, MAX_TOKEN_LEN};

/// Octets of the longest signature.
pub(crate) const MAX_SIGNATURE_LEN: usize = MAX_MODULUS_BITS as usize / 8;

/// A JWS in compact serialization, in its segments.
pub(crate) struct CompactJws<'t> {
    header: &'t str,
    /// The payload, still encoded.
    pub(crate) payload: &'t str,
    signature: &'t str,
    /// What was signed: header and payload, still encoded, with the dot between them.
    pub(crate) signing_input: &'t str,
}

impl<'t> CompactJws<'t> {
    /// Three segments, none of them empty.
    pub(crate) fn split(token: &'t str) -> Result<Self, Unauthorized> {
        if token.len() > MAX_TOKEN_LEN {
            return Err(Unauthorized::TokenTooLong);
        }
        let split = || {
            let (signing_input, signature) = token.rsplit_once('.')?;
            let (header, payload) = signing_input.split_once('.')?;
            let whole = !header.is_empty() && !payload.is_empty() && !signature.is_empty() && !payload.contains('.');
            whole.then_some(Self { header, payload, signature, signing_input })
        };
        split().ok_or(Unauthorized::MalformedToken)
    }

    /// Checks that the header asks for RS256 and for no extension. It is decoded into `scratch`.
    pub(crate) fn check_header(&self, scratch: &mut [u8]) -> Result<(), Unauthorized> {
        let (header, _) = base64url_decode(self.header, scratch)?;
        check_header(header)
    }

    /// The octets of the signature.
    pub(crate) fn decode_signature<'s>(
        &self,
        octets: &'s mut [u8; MAX_SIGNATURE_LEN],
    ) -> Result<&'s [u8], Unauthorized> {
        if self.signature.len() > encoded_len(MAX_SIGNATURE_LEN) {
            return Err(Unauthorized::InvalidSignature);
        }
        base64url_decode(self.signature, octets).map(|(signature, _)| &*signature)
    }
}

/// Decodes canonical unpadded base64url (RFC 7515 section 2) into the front of `buffer`; gives that and the rest.
pub(crate) fn base64url_decode<'b>(
    segment: &str,
    buffer: &'b mut [u8],
) -> Result<(&'b mut [u8], &'b mut [u8]), Unauthorized> {
    let needed = decoded_len(segment.len());
    let (octets, rest) = buffer.split_at_mut_checked(needed).ok_or(Unauthorized::BufferTooSmall { needed })?;
    Base64UrlUnpadded::decode(segment, octets).map_err(|_| Unauthorized::MalformedToken)?;
    Ok((octets, rest))
}

/// Octets that so many characters of unpadded base64 stand for.
pub(crate) const fn decoded_len(characters: usize) -> usize {
    (characters / 4).saturating_mul(3).saturating_add(match characters % 4 {
        3 => 2,
        2 => 1,
        _ => 0,
    })
}

/// Characters of unpadded base64 for so many octets.
const fn encoded_len(octets: usize) -> usize {
    octets.saturating_mul(4).div_ceil(3)
}

/// `alg` is exactly `RS256`; `crit`, and `b64` other than true, are refused as nothing they could name is implemented;
/// `typ` and `kid` are strings when present (sections 4.1.9 and 4.1.4) and otherwise ignored, as are `jwk`, `jku`,
/// `x5u`, `x5c` and what is unknown: the key never comes from the token.
fn check_header(octets: &mut [u8]) -> Result<(), Unauthorized> {
    let header = Object::parse(octets, json::NoFreeForm).map_err(|_| Unauthorized::MalformedToken)?;
    let mut names = Vec::<&str, MAX_HEADER_PARAMETERS>::new();
    let (mut alg, mut extension) = (None, false);
    for (name, value) in header.members() {
        let name = name.plain().ok_or(Unauthorized::MalformedToken)?;
        if names.contains(&name) || names.push(name).is_err() {
            return Err(Unauthorized::MalformedToken);
        }
        match name {
            "alg" => alg = value.as_plain_str(),
            "crit" => extension = true,
            "b64" => extension |= value.as_bool() != Some(true),
            "typ" | "kid" if !value.is_string() => return Err(Unauthorized::MalformedToken),
            _ => {}
        }
    }
    match alg {
        Some("RS256") if extension => Err(Unauthorized::UnsupportedCritical),
        Some("RS256") => Ok(()),
        _ => Err(Unauthorized::UnsupportedAlgorithm),
    }
}
