//! The keys whose tokens are good: step 3, and the header of step 2, whose outcome depends on them and the token alone.

use sha2::{Digest, Sha256};

use crate::error::{InvalidSignature, MetadataError, Unauthorized};
use crate::jws::{self, CompactJws};
use crate::limits::MAX_KEYS;
use crate::rsa::{PublicKey, VerifyingKey};

/// One or two keys, any of which may have signed.
#[derive(Clone)]
pub(crate) struct Keys {
    present: VerifyingKey,
    additional: Option<VerifyingKey>,
    engine: Engine,
}

const _: () = assert!(MAX_KEYS == 2, "the present one and the additional one");

impl Keys {
    pub(crate) const fn new(verifier_key: &str) -> Result<Self, MetadataError> {
        match trusted_key(verifier_key) {
            Ok(present) => Ok(Self { present, additional: None, engine: Engine::Own }),
            Err(error) => Err(error),
        }
    }

    pub(crate) const fn with_additional(self, verifier_key: &str) -> Result<Self, MetadataError> {
        if self.additional.is_some() {
            return Err(MetadataError::TooManyKeys);
        }
        match trusted_key(verifier_key) {
            Ok(key) => Ok(Self { present: self.present, additional: Some(key), engine: self.engine }),
            Err(error) => Err(error),
        }
    }

    #[cfg(feature = "rsa")]
    pub(crate) const fn with_rsa_engine(mut self) -> Self {
        self.engine = Engine::RustCrypto;
        self
    }

    pub(crate) const fn present(&self) -> &VerifyingKey {
        &self.present
    }

    pub(crate) const fn additional(&self) -> Option<&VerifyingKey> {
        self.additional.as_ref()
    }

    /// The checks whose outcome depends on the token and the keys alone: header and signature. The header is decoded
    /// into `scratch`.
    pub(crate) fn verify(&self, jws: &CompactJws<'_>, scratch: &mut [u8]) -> Result<(), Unauthorized> {
        jws.check_header(scratch)?;
        let mut octets = [0; jws::MAX_SIGNATURE_LEN];
        let signature = jws.decode_signature(&mut octets)?;
        let digest = Sha256::digest(jws.signing_input).into();
        let is_good = |key: &VerifyingKey| self.engine.verify(key, &digest, signature).is_ok();
        if is_good(&self.present) || self.additional.as_ref().is_some_and(is_good) {
            Ok(())
        } else {
            Err(Unauthorized::InvalidSignature)
        }
    }

    /// What tells them from the keys of another verifier.
    pub(crate) fn identity(&self) -> KeysIdentity {
        KeysIdentity {
            present: self.present.public_key().clone(),
            additional: self.additional.as_ref().map(|key| key.public_key().clone()),
            engine: self.engine,
        }
    }

    /// Whether these are the keys, in this order and for this engine, that the identity is that of.
    pub(crate) fn are(&self, identity: &KeysIdentity) -> bool {
        self.present.public_key() == &identity.present
            && self.additional.as_ref().map(VerifyingKey::public_key) == identity.additional.as_ref()
            && self.engine == identity.engine
    }
}

/// The public keys of a verifier, as they were before they were prepared, and the engine.
pub(crate) struct KeysIdentity {
    present: PublicKey,
    additional: Option<PublicKey>,
    engine: Engine,
}

/// Whose RSA checks the signatures.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Engine {
    Own,
    #[cfg(feature = "rsa")]
    RustCrypto,
}

impl Engine {
    fn verify(self, key: &VerifyingKey, digest: &[u8; 32], signature: &[u8]) -> Result<(), InvalidSignature> {
        match self {
            Self::Own => key.verify_digest(digest, signature),
            #[cfg(feature = "rsa")]
            Self::RustCrypto => key.verify_digest_with_rsa(digest, signature),
        }
    }
}

/// The key whose tokens will be good. Those of the test kit's key are only where there is the test kit: its private half
/// is public. Here, where trust is configured, and not in [`VerifyingKey`], which is arithmetic.
pub(crate) const fn trusted_key(pem: &str) -> Result<VerifyingKey, MetadataError> {
    match VerifyingKey::from_public_key_pem(pem) {
        Ok(key) if !cfg!(feature = "testkit") && key.is_test_key() => Err(MetadataError::TestKey),
        result => result,
    }
}
