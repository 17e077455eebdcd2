//! Step 2: from the token to its three segments, the JOSE header checked (RFC 7515 sections 4 and 7.1).

use base64ct::{Base64UrlUnpadded, Encoding};

use crate::base64url;
use crate::error::Unauthorized;
use crate::json::{Kind, Malformed, Source, Strings, UniqueNames, Validator};
use crate::limits::{MAX_HEADER_PARAMETERS, MAX_TOKEN_LEN};

/// Octets of the longest signature that is decoded, whatever the longest modulus is.
pub(crate) const MAX_SIGNATURE_LEN: usize = 4096 / 8;

/// A JWS in compact serialization, in its segments.
pub(crate) struct CompactJws<'t> {
    header: &'t str,
    payload: &'t str,
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
            let (header, rest) = token.split_once('.')?;
            let (payload, signature) = rest.split_once('.')?;
            let signing_input = token.get(..header.len().checked_add(1)?.checked_add(payload.len())?)?;
            Some(Self { header, payload, signature, signing_input })
        };
        let whole = |jws: &Self| {
            ![jws.header, jws.payload, jws.signature].contains(&"") && !jws.signature.as_bytes().contains(&b'.')
        };
        split().filter(whole).ok_or(Unauthorized::MalformedToken)
    }

    /// Characters of the header and of the payload.
    pub(crate) fn lens(&self) -> (usize, usize) {
        (self.header.len(), self.payload.len())
    }

    /// Checks that the header asks for RS256 and for no extension. It is decoded into `scratch`.
    pub(crate) fn check_header(&self, scratch: &mut [u8]) -> Result<(), Unauthorized> {
        check_header(decode(self.header, scratch)?)
    }

    /// The octets of the signature.
    pub(crate) fn decode_signature<'s>(
        &self,
        octets: &'s mut [u8; MAX_SIGNATURE_LEN],
    ) -> Result<&'s [u8], Unauthorized> {
        if base64url::decoded_len(self.signature.len()) > MAX_SIGNATURE_LEN {
            return Err(Unauthorized::InvalidSignature);
        }
        decode(self.signature, octets).map(|signature| &*signature)
    }

    /// The octets of the payload, in the front of `buffer`, and the rest of it. The buffer has room for it, and for the
    /// header: `Verifier` has seen to that, and says how much is needed.
    pub(crate) fn decode_payload<'b>(
        &self,
        buffer: &'b mut [u8],
    ) -> Result<(&'b mut [u8], &'b mut [u8]), Unauthorized> {
        let needed = base64url::decoded_len(self.payload.len());
        let (payload, rest) = buffer.split_at_mut_checked(needed).ok_or(Unauthorized::BufferTooSmall { needed })?;
        base64url::decode(self.payload.as_bytes(), payload).ok_or(Unauthorized::MalformedToken)?;
        Ok((payload, rest))
    }
}

/// Decodes a segment into the front of `buffer`.
fn decode<'b>(segment: &str, buffer: &'b mut [u8]) -> Result<&'b mut [u8], Unauthorized> {
    let needed = base64url::decoded_len(segment.len());
    let octets = buffer.get_mut(..needed).ok_or(Unauthorized::BufferTooSmall { needed })?;
    Base64UrlUnpadded::decode(segment, octets).map_err(|_| Unauthorized::MalformedToken)?;
    Ok(octets)
}

/// `alg` is exactly `RS256`; `crit`, and `b64` other than true, are refused as nothing they could name is implemented;
/// `typ` and `kid` are strings when present (sections 4.1.9 and 4.1.4) and otherwise ignored, as are `jwk`, `jku`,
/// `x5u`, `x5c` and what is unknown: the key never comes from the token.
fn check_header(octets: &mut [u8]) -> Result<(), Unauthorized> {
    let header = read_header(octets).map_err(|Malformed| Unauthorized::MalformedToken)?;
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

fn read_header(octets: &mut [u8]) -> Result<Header, Malformed> {
    let mut json = Validator::new(octets);
    if !json.enter_object()? {
        return Err(Malformed);
    }
    let mut header = Header::default();
    let mut names = UniqueNames::<MAX_HEADER_PARAMETERS>::default();
    while let Some(name) = json.name_span()? {
        names.insert(name, json.text())?;
        let value = json.value(Strings::Unescaped)?;
        match name.of_octets(json.text()) {
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
