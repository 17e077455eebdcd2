//! The subset of DER (X.690) in an RSA public key: sequences, integers, a bit string, an identifier.

// In a `const fn`, every index is compared with the length first.
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::error::MetadataError;

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
const NULL: u8 = 0x05;
const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;

/// rsaEncryption, 1.2.840.113549.1.1.1 (RFC 8017 appendix A.1).
const RSA_ENCRYPTION: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// Modulus and exponent, big-endian, without leading zeros.
pub(crate) struct RsaPublicKey<'a> {
    pub(crate) modulus: &'a [u8],
    pub(crate) public_exponent: &'a [u8],
}

macro_rules! check {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(error) => return Err(error),
        }
    };
}

/// Parses a SubjectPublicKeyInfo (RFC 5280 section 4.1) with the algorithm rsaEncryption.
pub(crate) const fn subject_public_key_info(der: &[u8]) -> Result<RsaPublicKey<'_>, MetadataError> {
    let (info, rest) = check!(element(der, SEQUENCE));
    check!(end(rest));
    let (algorithm, info) = check!(element(info, SEQUENCE));
    let (bits, rest) = check!(element(info, BIT_STRING));
    check!(end(rest));
    let (identifier, parameters) = check!(element(algorithm, OBJECT_IDENTIFIER));
    if !equal(identifier, &RSA_ENCRYPTION) {
        return Err(MetadataError::NotAnRsaKey);
    }
    // RFC 3279 section 2.3.1: the parameters are NULL.
    match element(parameters, NULL) {
        Ok(([], [])) => {}
        _ => return Err(MetadataError::InvalidAlgorithmParameters),
    }
    match bits {
        // No unused bits.
        [0, key @ ..] => rsa_public_key(key),
        _ => Err(MetadataError::InvalidDer),
    }
}

/// Parses an RSAPublicKey (RFC 8017 appendix A.1.1).
pub(crate) const fn rsa_public_key(der: &[u8]) -> Result<RsaPublicKey<'_>, MetadataError> {
    let (key, rest) = check!(element(der, SEQUENCE));
    check!(end(rest));
    let (modulus, key) = check!(natural_number(key));
    let (public_exponent, rest) = check!(natural_number(key));
    check!(end(rest));
    Ok(RsaPublicKey { modulus, public_exponent })
}

/// Parses a non-negative INTEGER in its shortest form, and removes the zero byte that may precede a set top bit.
const fn natural_number(der: &[u8]) -> Result<(&[u8], &[u8]), MetadataError> {
    let (bytes, rest) = check!(element(der, INTEGER));
    match bytes {
        [0] => Ok((bytes, rest)),
        [0, magnitude @ ..] if magnitude[0] >= 0x80 => Ok((magnitude, rest)),
        [1..0x80, ..] => Ok((bytes, rest)),
        _ => Err(MetadataError::InvalidDer),
    }
}

/// Returns the content of the first element, which must have this tag, and the rest. The length must be in its shortest
/// form.
pub(crate) const fn element(der: &[u8], tag: u8) -> Result<(&[u8], &[u8]), MetadataError> {
    let (len, content) = match der {
        [first, ..] if *first != tag => return Err(MetadataError::InvalidDer),
        [_, len @ ..=0x7f, content @ ..] => (*len as usize, content),
        [_, 0x81, len @ 0x80..=0xff, content @ ..] => (*len as usize, content),
        [_, 0x82, high @ 1..=0xff, low, content @ ..] => ((*high as usize) << 8 | *low as usize, content),
        // Longer than 64 KiB exceeds the limits.
        _ => return Err(MetadataError::InvalidDer),
    };
    match content.split_at_checked(len) {
        Some(parts) => Ok(parts),
        None => Err(MetadataError::InvalidDer),
    }
}

const fn end(rest: &[u8]) -> Result<(), MetadataError> {
    if rest.is_empty() { Ok(()) } else { Err(MetadataError::InvalidDer) }
}

const fn equal(a: &[u8], b: &[u8]) -> bool {
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    fn tlv(tag: u8, content: &[&[u8]]) -> Vec<u8> {
        let content = content.concat();
        let len = u8::try_from(content.len()).unwrap();
        assert!(len < 0x80);
        [&[tag, len], &content[..]].concat()
    }

    fn key_of_algorithm(identifier: &[u8]) -> Result<(), MetadataError> {
        let key = tlv(SEQUENCE, &[&tlv(INTEGER, &[&[15]]), &tlv(INTEGER, &[&[3]])]);
        let algorithm = tlv(SEQUENCE, &[&tlv(OBJECT_IDENTIFIER, &[identifier]), &tlv(NULL, &[])]);
        let info = tlv(SEQUENCE, &[&algorithm, &tlv(BIT_STRING, &[&[0], &key])]);
        subject_public_key_info(&info).map(|key| assert_eq!((key.modulus, key.public_exponent), (&[15][..], &[3][..])))
    }

    #[test]
    fn the_identifier_of_the_algorithm_is_compared_whole() {
        assert_eq!(key_of_algorithm(&RSA_ENCRYPTION), Ok(()));
        for len in 0..RSA_ENCRYPTION.len() {
            assert_eq!(key_of_algorithm(&RSA_ENCRYPTION[..len]), Err(MetadataError::NotAnRsaKey));
            let mut other = RSA_ENCRYPTION;
            other[len] ^= 1;
            assert_eq!(key_of_algorithm(&other), Err(MetadataError::NotAnRsaKey));
        }
        assert_eq!(key_of_algorithm(&[&RSA_ENCRYPTION[..], &[1]].concat()), Err(MetadataError::NotAnRsaKey));
    }
}
