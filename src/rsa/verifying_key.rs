use core::fmt;

use sha2::{Digest, Sha256};

use super::modpow::BackendConstants;
use super::modpow::modulus::{Limbs, Modulus, limbs_from_be_bytes};
use super::{der, pem, pkcs1v15};
use crate::error::{InvalidSignature, MetadataError};

/// The low 256 bits of the modulus of the test kit's built-in key, whose private key is public.
const TEST_KEY_MODULUS_LOW: [u64; 4] =
    [0x7bc9_f487_c15b_e16f, 0x1ed2_aafb_f61f_d11e, 0xabd0_9c57_fa55_021f, 0x55ce_bed3_a2f7_bd52];

/// An RSA public key, prepared for verifying RS256 signatures.
///
/// This is plain RS256, for tests, tools and tokens of other issuers. To verify access tokens, use
/// [`Verifier`](crate::Verifier).
///
/// The modulus is odd and has 2048 to 4096 bits. The exponent is odd, at least 3 and below 2^64. All constants of the
/// arithmetic are computed once, at compile time if the key is a constant:
///
/// ```standalone_crate
/// # use propelauth_edge::VerifyingKey;
/// const PEM: &str = include_str!("../../examples/demo/verifier_key.pem");
/// static KEY: VerifyingKey = match VerifyingKey::from_public_key_pem(PEM) {
///     Ok(key) => key,
///     Err(error) => panic!("{}", error.message()),
/// };
/// assert_eq!(KEY.modulus_bits(), 2048);
/// assert!(KEY.verify(b"message", &[0; 256]).is_err());
/// ```
#[derive(Clone)]
pub struct VerifyingKey {
    public_key: PublicKey,
    constants: BackendConstants,
}

/// The key without its constants, for comparison.
#[derive(Clone, PartialEq)]
pub(crate) struct PublicKey {
    modulus: Modulus,
    exponent: u64,
}

impl VerifyingKey {
    /// Parses `PUBLIC KEY` (SubjectPublicKeyInfo, RFC 5280 section 4.1) or `RSA PUBLIC KEY` (PKCS#1, RFC 8017 appendix
    /// A.1.1) in PEM (RFC 7468).
    ///
    /// Also accepts what environment files, secret stores and shells turn such a text into, as long as it is
    /// unambiguous: any ASCII white space, or none, instead of line breaks; line breaks escaped as `\n` or `\\n`; a
    /// byte order mark; one pair of quotation marks; the base64 of the text, or only of the DER. Everything else is
    /// rejected: a second key, text around it, white space within `-----BEGIN PUBLIC KEY-----`.
    ///
    /// # Errors
    ///
    /// Returns the rule of PEM, DER or the key that is broken.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{MetadataError, VerifyingKey};
    /// # let pem = demo::VERIFIER_KEY;
    /// let key = VerifyingKey::from_public_key_pem(pem)?;
    /// assert_eq!(key.modulus_bits(), 2048);
    ///
    /// let quoted = format!("{pem:?}"); // "-----BEGIN PUBLIC KEY-----\nMII…
    /// assert_eq!(VerifyingKey::from_public_key_pem(&quoted)?.modulus_bits(), 2048);
    ///
    /// let two = format!("{pem}{pem}");
    /// assert_eq!(VerifyingKey::from_public_key_pem(&two).unwrap_err(), MetadataError::TextAroundPem);
    /// # Ok::<(), MetadataError>(())
    /// ```
    pub const fn from_public_key_pem(pem: &str) -> Result<Self, MetadataError> {
        let document = match pem::decode(pem.as_bytes()) {
            Ok(document) => document,
            Err(error) => return Err(error),
        };
        let key = match document.label {
            pem::Label::PublicKey => der::subject_public_key_info(document.bytes()),
            pem::Label::RsaPublicKey => der::rsa_public_key(document.bytes()),
        };
        Self::from_der_key(key)
    }

    /// Parses a SubjectPublicKeyInfo (RFC 5280 section 4.1) in DER.
    ///
    /// # Errors
    ///
    /// Returns the rule of DER or the key that is broken.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{MetadataError, VerifyingKey};
    /// # use base64ct::{Base64, Encoding};
    /// # let pem = demo::VERIFIER_KEY;
    /// # let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    /// # let der = Base64::decode_vec(&base64).unwrap();
    /// let key = VerifyingKey::from_public_key_der(&der)?;
    /// assert_eq!(key.modulus_bits(), 2048);
    ///
    /// let cut_short = &der[..der.len() - 1];
    /// assert_eq!(VerifyingKey::from_public_key_der(cut_short).unwrap_err(), MetadataError::InvalidDer);
    /// # Ok::<(), MetadataError>(())
    /// ```
    pub const fn from_public_key_der(spki: &[u8]) -> Result<Self, MetadataError> {
        Self::from_der_key(der::subject_public_key_info(spki))
    }

    /// Creates a key from modulus and public exponent as big-endian bytes, with or without leading zeros: the decoded
    /// `n` and `e` of a JWK (RFC 7518 section 6.3.1).
    ///
    /// # Errors
    ///
    /// Returns the rule of the key that is broken.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{MetadataError, VerifyingKey};
    /// # use base64ct::{Base64, Encoding};
    /// # let pem = demo::VERIFIER_KEY;
    /// # let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    /// # let der = Base64::decode_vec(&base64).unwrap();
    /// # let n = &der[33..289];
    /// let key = VerifyingKey::from_components(n, &[0x01, 0x00, 0x01])?; // "e": "AQAB"
    /// assert_eq!((key.modulus_bits(), key.public_exponent()), (2048, 65537));
    ///
    /// assert_eq!(VerifyingKey::from_components(n, &[2]).unwrap_err(), MetadataError::InvalidExponent);
    /// # Ok::<(), MetadataError>(())
    /// ```
    pub const fn from_components(modulus_be: &[u8], exponent_be: &[u8]) -> Result<Self, MetadataError> {
        let exponent = match exponent(exponent_be) {
            Ok(exponent) => exponent,
            Err(error) => return Err(error),
        };
        match Modulus::from_be_bytes(modulus_be) {
            Ok(modulus) => {
                Ok(Self { constants: BackendConstants::new(&modulus), public_key: PublicKey { modulus, exponent } })
            }
            Err(error) => Err(error),
        }
    }

    const fn from_der_key(key: Result<der::RsaPublicKey<'_>, MetadataError>) -> Result<Self, MetadataError> {
        match key {
            Ok(key) => Self::from_components(key.modulus, key.public_exponent),
            Err(error) => Err(error),
        }
    }

    /// Verifies an RSASSA-PKCS1-v1_5 signature with SHA-256 (RFC 8017 section 8.2.2).
    ///
    /// Not constant-time: all inputs are public.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidSignature`] if the signature does not match the key and the message.
    ///
    /// # Examples
    ///
    /// ```
    /// # use base64ct::{Base64UrlUnpadded, Encoding};
    /// # use propelauth_edge::{InvalidSignature, VerifyingKey};
    /// # let pem = demo::VERIFIER_KEY;
    /// # let token = demo::TOKEN;
    /// # let key = VerifyingKey::from_public_key_pem(pem).unwrap();
    /// let (message, signature) = token.rsplit_once('.').unwrap();
    /// let signature = Base64UrlUnpadded::decode_vec(signature).unwrap();
    /// key.verify(message.as_bytes(), &signature)?;
    /// assert_eq!(key.verify(b"another message", &signature), Err(InvalidSignature));
    /// # Ok::<(), InvalidSignature>(())
    /// ```
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        if signature.len() != self.signature_len() {
            return Err(InvalidSignature); // before the message is hashed
        }
        self.verify_digest(&Sha256::digest(message).into(), signature)
    }

    /// Like [`verify`](Self::verify), for the SHA-256 of the message. Not inlined: a verifier calls it for each of its
    /// keys.
    #[inline(never)]
    pub(crate) fn verify_digest(&self, digest: &[u8; 32], signature: &[u8]) -> Result<(), InvalidSignature> {
        let exponent = self.public_exponent();
        self.verify_digest_by(|number| self.constants.modpow(self.modulus(), number, exponent), digest, signature)
    }

    /// Like [`verify_digest`](Self::verify_digest), with a function for RSAVP1 (RFC 8017 section 5.2.2), which raises a
    /// number to e mod n.
    #[inline(always)]
    fn verify_digest_by(
        &self,
        modpow: impl FnOnce(&mut Limbs),
        digest: &[u8; 32],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        // Step 1 and RSAVP1 step 1: as many bytes as the modulus, and a number below it. Both are public.
        if signature.len() != self.signature_len() {
            return Err(InvalidSignature);
        }
        let mut number = limbs_from_be_bytes(signature);
        if number.iter().rev().ge(self.modulus().limbs().iter().rev()) {
            return Err(InvalidSignature);
        }
        modpow(&mut number);
        let is_good = pkcs1v15::is_encoding(&number, digest, self.signature_len());
        if is_good { Ok(()) } else { Err(InvalidSignature) }
    }

    /// Returns the size of the modulus in bits.
    #[must_use]
    pub const fn modulus_bits(&self) -> u32 {
        self.modulus().bits()
    }

    /// Returns the public exponent.
    #[must_use]
    pub const fn public_exponent(&self) -> u64 {
        self.public_key.exponent
    }

    /// Returns `true` for the built-in key of the test kit.
    #[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)] // `const`; indices are below the number of limbs
    pub(crate) const fn is_test_key(&self) -> bool {
        let limbs = self.modulus().limbs();
        let mut i = 0;
        while i < TEST_KEY_MODULUS_LOW.len() {
            if limbs[i] != TEST_KEY_MODULUS_LOW[i] {
                return false;
            }
            i += 1;
        }
        true
    }

    /// Returns the length of this key's signatures in bytes, equal to the modulus's.
    pub(crate) const fn signature_len(&self) -> usize {
        self.modulus().byte_len()
    }

    pub(super) const fn modulus(&self) -> &Modulus {
        &self.public_key.modulus
    }

    /// Raises a big-endian number below n to e modulo n with each backend, by name. The fuzz target compares these
    /// numbers, since it cannot sign under most keys.
    #[cfg(fuzzing)]
    #[doc(hidden)]
    #[must_use]
    pub fn powers(&self, base: &[u8]) -> std::vec::Vec<(std::string::String, std::vec::Vec<u8>)> {
        let base = super::modpow::modulus::limbs_from_be_bytes(base);
        let bytes = |limbs: Limbs| limbs.iter().rev().flat_map(|limb| limb.to_be_bytes()).collect();
        let powers = super::modpow::backends::powers(self.modulus(), &base, self.public_exponent());
        powers.into_iter().map(|(name, power)| (name, bytes(power))).collect()
    }

    pub(crate) fn public_key(&self) -> &PublicKey {
        &self.public_key
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("modulus_bits", &self.modulus_bits())
            .field("public_exponent", &self.public_exponent())
            .finish_non_exhaustive()
    }
}

/// Parses an odd exponent, 3 <= e < 2^64. RFC 8017 section 3.1 also requires e to be coprime to λ(n), which a verifier
/// cannot check. The upper bound limits the work.
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)] // `const`, and the index is below the length
const fn exponent(bytes: &[u8]) -> Result<u64, MetadataError> {
    let mut exponent = 0u64;
    let mut i = 0;
    while i < bytes.len() {
        if exponent >> 56 != 0 {
            return Err(MetadataError::InvalidExponent);
        }
        exponent = exponent << 8 | bytes[i] as u64;
        i += 1;
    }
    if exponent < 3 || exponent & 1 == 0 {
        return Err(MetadataError::InvalidExponent);
    }
    Ok(exponent)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]
mod tests {
    use std::io::Read;
    use std::string::String;
    use std::vec::Vec;

    use serde::Deserialize;

    use super::*;
    use crate::rsa::modpow::backends;

    #[derive(Deserialize)]
    struct Row {
        id: String,
        n_hex: String,
        e_hex: String,
        msg_hex: String,
        sig_hex: String,
        expect: String,
    }

    /// Project Wycheproof's vectors.
    fn rows() -> Vec<Row> {
        let packed = include_bytes!("../../tests/data/rsa_pkcs1_sha256.jsonl.zst");
        let mut text = String::new();
        ruzstd::decoding::StreamingDecoder::new(packed.as_slice()).unwrap().read_to_string(&mut text).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Decodes hexadecimal digits. Wycheproof sometimes drops a leading zero.
    fn bytes(hex: &str) -> Vec<u8> {
        hex.as_bytes()
            .rchunks(2)
            .rev()
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }

    #[test]
    fn every_backend_gives_the_verdicts_of_wycheproof() {
        let (mut valid, mut invalid) = (0, 0);
        for row in rows() {
            let Ok(key) = VerifyingKey::from_components(&bytes(&row.n_hex), &bytes(&row.e_hex)) else { continue };
            let digest = Sha256::digest(bytes(&row.msg_hex)).into();
            let signature = bytes(&row.sig_hex);
            let expected = row.expect == "valid";
            for backend in backends::available() {
                let modpow = |number: &mut Limbs| {
                    key.constants.modpow_by(backend, key.modulus(), number, key.public_exponent());
                };
                let verdict = key.verify_digest_by(modpow, &digest, &signature);
                assert_eq!(verdict.is_ok(), expected, "{backend:?}, {}", row.id);
            }
            if expected { valid += 1 } else { invalid += 1 }
        }
        assert_eq!((valid, invalid), (43, 599));
    }
}
