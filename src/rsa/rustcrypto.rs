//! RustCrypto's `rsa` as a second implementation: independent, but slower and with allocation.

use alloc::boxed::Box;

use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, Pkcs1v15Sign, PublicKey};
use sha2::{Digest, Sha256};

use super::VerifyingKey;
use super::modpow::modulus::LIMBS;
use super::pkcs1v15::DIGEST_INFO;
use crate::error::{InvalidSignature, MetadataError};

impl VerifyingKey {
    /// Like [`VerifyingKey::verify`], but with RustCrypto's `rsa`, which allocates.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidSignature`] if the signature does not match the key and the message, and always for an exponent
    /// above 2^33 - 1, which `rsa` does not support.
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
    /// key.verify_with_rsa(message.as_bytes(), &signature)?;
    /// assert_eq!(key.verify_with_rsa(b"another message", &signature), Err(InvalidSignature));
    /// # Ok::<(), InvalidSignature>(())
    /// ```
    pub fn verify_with_rsa(&self, message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        if signature.len() != self.signature_len() {
            return Err(InvalidSignature); // before the message is hashed
        }
        self.verify_digest_with_rsa(&Sha256::digest(message).into(), signature)
    }

    /// Like [`verify_with_rsa`](Self::verify_with_rsa), for the SHA-256 of the message.
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
        let mut bytes = [0; LIMBS * 8];
        for (to, limb) in bytes.rchunks_mut(8).zip(key.modulus().limbs()) {
            to.copy_from_slice(&limb.to_be_bytes());
        }
        let modulus = BoxedUint::from_be_slice(
            bytes.get(bytes.len().saturating_sub(key.modulus().byte_len())..).unwrap_or_default(),
            key.modulus_bits(),
        )
        .map_err(|_| rsa::Error::InvalidModulus)?;
        Self::new(modulus, BoxedUint::from(key.public_exponent()))
    }
}
