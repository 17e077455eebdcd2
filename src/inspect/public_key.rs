//! Reads an RSA public key from any format, and writes the one that a verifier accepts.

use std::format;
use std::string::{String, ToString};
use std::vec;
use std::vec::Vec;

use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};

use super::input::Members;
use crate::rsa::VerifyingKey;
use crate::rsa::der::{self, BIT_STRING, INTEGER, SEQUENCE};
use crate::token::base64url;

/// AlgorithmIdentifier of rsaEncryption with its NULL (RFC 8017 appendix A.1), in DER.
const ALGORITHM: [u8; 15] = [0x30, 13, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0];

/// Modulus and public exponent, big-endian, without leading zeros. Not limited in size.
#[derive(Debug, PartialEq)]
pub(super) struct PublicKey {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl PublicKey {
    fn new(modulus: &[u8], exponent: &[u8]) -> Self {
        let number = |bytes: &[u8]| bytes.iter().copied().skip_while(|&byte| byte == 0).collect();
        Self { modulus: number(modulus), exponent: number(exponent) }
    }

    /// Parses a SubjectPublicKeyInfo, a PKCS#1 key or a certificate.
    pub(super) fn from_der(bytes: &[u8]) -> Option<Self> {
        let info = |bytes| der::subject_public_key_info(bytes).ok();
        let key = info(bytes).or_else(|| der::rsa_public_key(bytes).ok()).or_else(|| info(certified(bytes)?))?;
        Some(Self::new(key.modulus, key.public_exponent))
    }

    /// Parses `n` and `e` of a JWK (RFC 7518 section 6.3.1).
    pub(super) fn from_jwk(jwk: &Members) -> Option<Self> {
        let number = |name: &str| loose_base64(jwk.get(name)?.as_str()?);
        Some(Self::new(&number("n")?, &number("e")?))
    }

    /// Parses a line of OpenSSH: `ssh-rsa` and base64 (RFC 4253 section 6.6).
    pub(super) fn from_ssh(line: &str) -> Option<Self> {
        let bytes = loose_base64(line.split_ascii_whitespace().nth(1)?)?;
        let string = |bytes: &[u8]| {
            let (len, rest) = bytes.split_first_chunk()?;
            let (string, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*len)).ok()?)?;
            Some((string.to_vec(), rest.to_vec()))
        };
        let (name, rest) = string(&bytes)?;
        let (exponent, rest) = string(&rest)?;
        let (modulus, _) = string(&rest)?;
        (name == b"ssh-rsa").then(|| Self::new(&modulus, &exponent))
    }

    /// Returns `true` if a verifier accepts the key.
    pub(super) fn is_good(&self) -> bool {
        VerifyingKey::from_components(&self.modulus, &self.exponent).is_ok()
    }

    pub(super) fn modulus_bits(&self) -> u32 {
        bits(&self.modulus)
    }

    /// Returns the exponent in decimal, if it has at most 128 bits.
    pub(super) fn exponent(&self) -> Option<String> {
        if self.exponent.len() > 16 {
            return None;
        }
        Some(self.exponent.iter().fold(0u128, |number, &byte| number << 8 | u128::from(byte)).to_string())
    }

    /// Returns the SubjectPublicKeyInfo.
    fn to_der(&self) -> Vec<u8> {
        let key = element(SEQUENCE, &[natural_number(&self.modulus), natural_number(&self.exponent)].concat());
        let bits = element(BIT_STRING, &[&[0], key.as_slice()].concat());
        element(SEQUENCE, &[&ALGORITHM, bits.as_slice()].concat())
    }

    pub(super) fn to_pem(&self) -> String {
        let text = base64(&self.to_der());
        let lines: String =
            text.as_bytes().chunks(64).map(|line| format!("{}\n", String::from_utf8_lossy(line))).collect();
        format!("-----BEGIN PUBLIC KEY-----\n{lines}-----END PUBLIC KEY-----")
    }

    pub(super) fn fingerprint(&self) -> String {
        format!("SHA256:{}", base64(&Sha256::digest(self.to_der())))
    }
}

fn bits(number: &[u8]) -> u32 {
    let zeros = number.first().map_or(0, |byte| byte.leading_zeros());
    u32::try_from(number.len()).unwrap_or(u32::MAX).saturating_mul(8).saturating_sub(zeros)
}

/// Returns the SubjectPublicKeyInfo of a certificate (RFC 5280 section 4.1).
fn certified(certificate: &[u8]) -> Option<&[u8]> {
    let content = |bytes| Some(next(bytes)?.0);
    let mut fields = content(content(certificate)?)?;
    // First an optional version with its own tag, then number, algorithm, issuer, validity and subject.
    if fields.first() == Some(&0xa0) {
        fields = next(fields)?.1;
    }
    for _ in 0..5 {
        fields = next(fields)?.1;
    }
    let len = fields.len().checked_sub(next(fields)?.1.len())?;
    fields.get(..len)
}

/// Returns the content of the first element, and the rest.
fn next(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    der::element(bytes, *bytes.first()?).ok()
}

fn natural_number(bytes: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if bytes.first().is_none_or(|&byte| byte >= 0x80) { &[0] } else { &[] };
    element(INTEGER, &[sign, bytes].concat())
}

/// Encodes an element with the shortest form of its length, as DER requires.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let len = content.len().to_be_bytes();
    let len: Vec<u8> = len.into_iter().skip_while(|&byte| byte == 0).collect();
    let mut bytes = vec![tag];
    match len.as_slice() {
        [] => bytes.push(0),
        [short @ ..=0x7f] => bytes.push(*short),
        long => {
            bytes.push(0x80 | u8::try_from(long.len()).unwrap_or(0));
            bytes.extend(long);
        }
    }
    bytes.extend(content);
    bytes
}

fn base64(bytes: &[u8]) -> String {
    let mut text = vec![0; Base64::encoded_len(bytes)];
    Base64::encode(bytes, &mut text).unwrap_or_default().into()
}

/// Decodes base64 or base64url, with or without padding, on any number of lines.
pub(super) fn loose_base64(text: &str) -> Option<Vec<u8>> {
    let characters: Vec<u8> = text
        .replace("\\\\", "\\")
        .replace("\\n", "\n")
        .replace("\\r", "\r")
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| match byte {
            b'+' => b'-',
            b'/' => b'_',
            other => other,
        })
        .collect();
    let padding = characters.iter().rev().take_while(|&&byte| byte == b'=').count();
    let characters = characters.get(..characters.len().saturating_sub(padding.min(2)))?;
    let mut bytes = vec![0; base64url::decoded_len(characters.len())];
    base64url::decode(characters, &mut bytes)?;
    if bytes.is_empty() { None } else { Some(bytes) }
}
