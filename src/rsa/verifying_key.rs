use core::fmt;

use sha2::{Digest, Sha256};

use super::modpow::Prepared;
use super::modulus::{Limbs, Modulus};
use super::{der, pem, pkcs1v15};
use crate::error::{InvalidSignature, MetadataError};

/// The low 256 bits of the modulus of the test kit's built-in key, whose private half everybody has.
const TEST_KEY_MODULUS_LOW: [u64; 4] =
    [0x7bc9_f487_c15b_e16f, 0x1ed2_aafb_f61f_d11e, 0xabd0_9c57_fa55_021f, 0x55ce_bed3_a2f7_bd52];

/// An RSA public key, prepared for checking RS256 signatures.
///
/// This is RS256 by itself, for tests, tools and tokens that are not PropelAuth's; access tokens are the business of
/// [`Verifier`](crate::Verifier).
///
/// The modulus is odd and has 2048 to 4096 bits, the exponent is odd and at least 3 and below 2^64. Everything that the
/// arithmetic needs is computed here, once, at compile time if the key is a constant:
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
    prepared: Prepared,
}

/// The key by itself, which is what makes two of them the same.
#[derive(Clone, PartialEq)]
pub(crate) struct PublicKey {
    modulus: Modulus,
    exponent: u64,
}

impl VerifyingKey {
    /// Reads `PUBLIC KEY` (SubjectPublicKeyInfo, RFC 5280 section 4.1) or `RSA PUBLIC KEY` (PKCS#1, RFC 8017 appendix
    /// A.1.1) in the textual encoding of RFC 7468.
    ///
    /// Lines end with LF, CRLF, CR or the two characters `\n`, as some environment files leave them, and may have any
    /// length. White space around the text is allowed, and nothing else is: no second key, no text.
    ///
    /// # Errors
    ///
    /// The rule of the text, of DER or of the key that is broken.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{MetadataError, VerifyingKey};
    /// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/verifier_key.pem"));
    /// let key = VerifyingKey::from_public_key_pem(pem)?;
    /// assert_eq!(key.modulus_bits(), 2048);
    ///
    /// let quoted = format!("{pem:?}");
    /// assert_eq!(VerifyingKey::from_public_key_pem(&quoted).unwrap_err(), MetadataError::TextAroundPem);
    /// # Ok::<(), MetadataError>(())
    /// ```
    pub const fn from_public_key_pem(pem: &str) -> Result<Self, MetadataError> {
        let document = match pem::decode(pem.as_bytes()) {
            Ok(document) => document,
            Err(error) => return Err(error),
        };
        let key = match document.label {
            pem::Label::PublicKey => der::subject_public_key_info(document.octets()),
            pem::Label::RsaPublicKey => der::rsa_public_key(document.octets()),
        };
        Self::from_der_key(key)
    }

    /// Reads a SubjectPublicKeyInfo (RFC 5280 section 4.1) in DER.
    ///
    /// # Errors
    ///
    /// The rule of DER or of the key that is broken.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{MetadataError, VerifyingKey};
    /// # use base64ct::{Base64, Encoding};
    /// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/verifier_key.pem"));
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

    /// Takes the modulus and the public exponent as big-endian octets, with or without leading zeros: `n` and `e` of a
    /// JWK (RFC 7518 section 6.3.1), decoded.
    ///
    /// # Errors
    ///
    /// The rule of the key that is broken.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{MetadataError, VerifyingKey};
    /// # use base64ct::{Base64, Encoding};
    /// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/verifier_key.pem"));
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
            Ok(modulus) => Ok(Self { prepared: Prepared::new(&modulus), public_key: PublicKey { modulus, exponent } }),
            Err(error) => Err(error),
        }
    }

    const fn from_der_key(key: Result<der::RsaPublicKey<'_>, MetadataError>) -> Result<Self, MetadataError> {
        match key {
            Ok(key) => Self::from_components(key.modulus, key.public_exponent),
            Err(error) => Err(error),
        }
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2.2).
    ///
    /// All inputs are taken for public: the time depends on them.
    ///
    /// # Errors
    ///
    /// [`InvalidSignature`] for every signature that this key did not make over this message; RFC 8017 wants no
    /// reasons told apart.
    ///
    /// # Examples
    ///
    /// ```
    /// # use base64ct::{Base64UrlUnpadded, Encoding};
    /// # use propelauth_edge::{InvalidSignature, VerifyingKey};
    /// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/verifier_key.pem"));
    /// # let token = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/access_token.jwt"));
    /// # let key = VerifyingKey::from_public_key_pem(pem).unwrap();
    /// let (message, signature) = token.rsplit_once('.').unwrap();
    /// let signature = Base64UrlUnpadded::decode_vec(signature).unwrap();
    /// key.verify(message.as_bytes(), &signature)?;
    /// assert_eq!(key.verify(b"another message", &signature), Err(InvalidSignature));
    /// # Ok::<(), InvalidSignature>(())
    /// ```
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        self.verify_digest(&Sha256::digest(message).into(), signature)
    }

    /// The same for the SHA-256 of the message.
    pub(crate) fn verify_digest(&self, digest: &[u8; 32], signature: &[u8]) -> Result<(), InvalidSignature> {
        pkcs1v15::verify(self, digest, signature)
    }

    /// Bits of the modulus.
    ///
    /// ```
    /// # use propelauth_edge::VerifyingKey;
    /// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/verifier_key.pem"));
    /// # let key = VerifyingKey::from_public_key_pem(pem).unwrap();
    /// assert_eq!(key.modulus_bits(), 2048);
    /// ```
    #[must_use]
    pub const fn modulus_bits(&self) -> u32 {
        self.modulus().bits()
    }

    /// The public exponent.
    ///
    /// ```
    /// # use propelauth_edge::VerifyingKey;
    /// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/verifier_key.pem"));
    /// # let key = VerifyingKey::from_public_key_pem(pem).unwrap();
    /// assert_eq!(key.public_exponent(), 65537);
    /// ```
    #[must_use]
    pub const fn public_exponent(&self) -> u64 {
        self.public_key.exponent
    }

    /// Whether this is the built-in key of the test kit.
    #[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)] // `const`, and there are as many limbs
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

    pub(super) const fn modulus(&self) -> &Modulus {
        &self.public_key.modulus
    }

    /// `base`^e mod n, for `base` < n (RSAVP1, RFC 8017 section 5.2.2).
    pub(super) fn power(&self, base: &Limbs) -> Limbs {
        self.prepared.modpow(self.modulus(), base, self.public_exponent())
    }

    /// The same by one of the backends.
    #[cfg(test)]
    pub(super) fn power_by(&self, backend: super::modpow::Backend, base: &Limbs) -> Limbs {
        self.prepared.modpow_by(backend, self.modulus(), base, self.public_exponent())
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

/// An odd exponent, 3 <= e < 2^64: RFC 8017 section 3.1 wants no more than that e is prime to what is not known here,
/// and the bound keeps the work small.
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)] // `const`, and the index is below the length
const fn exponent(octets: &[u8]) -> Result<u64, MetadataError> {
    let mut exponent = 0u64;
    let mut i = 0;
    while i < octets.len() {
        if exponent >> 56 != 0 {
            return Err(MetadataError::InvalidExponent);
        }
        exponent = exponent << 8 | octets[i] as u64;
        i += 1;
    }
    if exponent < 3 || exponent & 1 == 0 {
        return Err(MetadataError::InvalidExponent);
    }
    Ok(exponent)
}
