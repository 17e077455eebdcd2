//! Step 3: the keys of a verifier. One of them must have made the signature.

use sha2::{Digest, Sha256};

use super::verifying_key::{PublicKey, VerifyingKey};
use crate::error::{InvalidSignature, MetadataError};
use crate::limits::MAX_KEYS;

/// One or two keys. Either may have signed the token.
#[derive(Clone)]
pub(crate) struct Keys {
    present: VerifyingKey,
    additional: Option<VerifyingKey>,
    implementation: Implementation,
}

const _: () = assert!(MAX_KEYS == 2, "the present one and the additional one");

impl Keys {
    pub(crate) const fn new(verifier_key: &str) -> Result<Self, MetadataError> {
        match trusted_key(verifier_key) {
            Ok(present) => Ok(Self { present, additional: None, implementation: Implementation::Own }),
            Err(error) => Err(error),
        }
    }

    /// Creates the key of a `TestIssuer`, which may be the built-in one in every build.
    #[cfg(feature = "testkit")]
    pub(crate) const fn of_test_issuer(verifier_key: &str) -> Result<Self, MetadataError> {
        match VerifyingKey::from_public_key_pem(verifier_key) {
            Ok(present) => Ok(Self { present, additional: None, implementation: Implementation::Own }),
            Err(error) => Err(error),
        }
    }

    pub(crate) const fn with_additional(self, verifier_key: &str) -> Result<Self, MetadataError> {
        if self.additional.is_some() {
            return Err(MetadataError::TooManyKeys);
        }
        match trusted_key(verifier_key) {
            Ok(key) => Ok(Self { present: self.present, additional: Some(key), implementation: self.implementation }),
            Err(error) => Err(error),
        }
    }

    #[cfg(feature = "rsa")]
    pub(crate) const fn with_rsa_engine(mut self) -> Self {
        self.implementation = Implementation::RustCrypto;
        self
    }

    pub(crate) const fn present(&self) -> &VerifyingKey {
        &self.present
    }

    pub(crate) const fn additional(&self) -> Option<&VerifyingKey> {
        self.additional.as_ref()
    }

    /// Verifies that one of the keys made this signature over this message.
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        // Checked before hashing: a signature that no key can have made costs nothing more.
        if !self.any(|key| key.signature_len() == signature.len()) {
            return Err(InvalidSignature);
        }
        let digest = Sha256::digest(message).into();
        if self.any(|key| self.implementation.verify(key, &digest, signature).is_ok()) {
            Ok(())
        } else {
            Err(InvalidSignature)
        }
    }

    fn any(&self, is_so: impl Fn(&VerifyingKey) -> bool) -> bool {
        is_so(&self.present) || self.additional.as_ref().is_some_and(is_so)
    }

    /// Returns an identity that differs from that of other keys.
    pub(crate) fn identity(&self) -> KeysIdentity {
        KeysIdentity {
            present: self.present.public_key().clone(),
            additional: self.additional.as_ref().map(|key| key.public_key().clone()),
            implementation: self.implementation,
        }
    }

    /// Returns `true` if the identity was taken from these keys, in this order, with this implementation.
    pub(crate) fn matches(&self, identity: &KeysIdentity) -> bool {
        self.present.public_key() == &identity.present
            && self.additional.as_ref().map(VerifyingKey::public_key) == identity.additional.as_ref()
            && self.implementation == identity.implementation
    }
}

/// The public keys of a verifier, before preparation, and the implementation.
pub(crate) struct KeysIdentity {
    present: PublicKey,
    additional: Option<PublicKey>,
    implementation: Implementation,
}

/// The RSA implementation that checks signatures.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Implementation {
    Own,
    #[cfg(feature = "rsa")]
    RustCrypto,
}

impl Implementation {
    fn verify(self, key: &VerifyingKey, digest: &[u8; 32], signature: &[u8]) -> Result<(), InvalidSignature> {
        match self {
            Self::Own => key.verify_digest(digest, signature),
            #[cfg(feature = "rsa")]
            Self::RustCrypto => key.verify_digest_with_rsa(digest, signature),
        }
    }
}

/// Parses a key that is configured as trusted.
///
/// Rejects the test kit's key, whose private key is public, except in debug builds with feature `testkit`. The feature
/// alone does not imply a test: Cargo also enables it for programs that are built together with tests.
const fn trusted_key(pem: &str) -> Result<VerifyingKey, MetadataError> {
    const TAKES_TEST_KEY: bool = cfg!(all(feature = "testkit", debug_assertions));
    match VerifyingKey::from_public_key_pem(pem) {
        Ok(key) if !TAKES_TEST_KEY && key.is_test_key() => Err(MetadataError::TestKey),
        result => result,
    }
}
