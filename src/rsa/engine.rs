//! RustCrypto's `rsa` as a second engine: slower, on the heap, and by other people.

use alloc::boxed::Box;

use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, Pkcs1v15Sign, PublicKey};
use sha2::{Digest, Sha256};

use super::VerifyingKey;
use super::modulus::LIMBS;
use super::pkcs1v15::DIGEST_INFO;
use crate::error::{InvalidSignature, MetadataError};

impl VerifyingKey {
    /// Like [`VerifyingKey::verify`], but by RustCrypto's `rsa`, which allocates.
    ///
    /// # Errors
    ///
    /// [`InvalidSignature`] for every signature that this key did not make over this message, and for every signature
    /// under an exponent that `rsa` does not take: above 2^33 - 1.
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
    /// key.verify_with_rsa(message.as_bytes(), &signature)?;
    /// assert_eq!(key.verify_with_rsa(b"another message", &signature), Err(InvalidSignature));
    /// # Ok::<(), InvalidSignature>(())
    /// ```
    pub fn verify_with_rsa(&self, message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        self.verify_digest_with_rsa(&Sha256::digest(message).into(), signature)
    }

    /// The same for the SHA-256 of the message.
    pub(crate) fn verify_digest_with_rsa(&self, digest: &[u8; 32], signature: &[u8]) -> Result<(), InvalidSignature> {
        let key = PublicKey::try_from(self).map_err(|_| InvalidSignature)?;
        let scheme = Pkcs1v15Sign { hash_len: Some(digest.len()), prefix: Box::new(DIGEST_INFO) };
        key.verify(scheme, digest, signature).map_err(|_| InvalidSignature)
    }
}

impl TryFrom<&PublicKey> for VerifyingKey {
    type Error = MetadataError;

    fn try_from(key: &PublicKey) -> Result<Self, MetadataError> {
        Self::from_components(&key.n_bytes(), &key.e_bytes())
    }
}

impl TryFrom<&VerifyingKey> for PublicKey {
    type Error = rsa::Error;

    fn try_from(key: &VerifyingKey) -> Result<Self, rsa::Error> {
        let mut octets = [0; LIMBS * 8];
        for (to, limb) in octets.rchunks_mut(8).zip(key.modulus().limbs()) {
            to.copy_from_slice(&limb.to_be_bytes());
        }
        let modulus = BoxedUint::from_be_slice(
            octets.get(octets.len().saturating_sub(key.modulus().octets())..).unwrap_or_default(),
            key.modulus_bits(),
        )
        .map_err(|_| rsa::Error::InvalidModulus)?;
        Self::new(modulus, BoxedUint::from(key.public_exponent()))
    }
}
