use core::fmt;

use sha2::{Digest, Sha256};

use crate::error::Unauthorized;
use crate::verifier::Keys;

/// Remembers up to `N` tokens whose signature was good, so that it need not be computed again for the next request
/// with the same token. See [`Verifier::validate_access_token_cached`](crate::Verifier::validate_access_token_cached).
///
/// Only the RSA step is skipped. The expiry and every other check is made anew on each hit, so an entry need not be
/// removed when its token expires.
///
/// - A hit compares the SHA-256 of the whole token.
/// - Only tokens with a good signature enter, so a forged one can neither hit nor push another out.
/// - The entries belong to the keys of one verifier. Used with a verifier of other keys, the cache first forgets them.
///
/// An entry takes 33 octets; a token can stand in one place, so the cache works best with some room to spare. The size
/// is the value's own: put it into a `static` behind a lock, a `RefCell` of a Worker, or a local variable.
pub struct TokenCache<const N: usize> {
    keys: Option<Keys>,
    digests: [Option<[u8; 32]>; N],
}

impl<const N: usize> TokenCache<N> {
    /// An empty cache.
    #[must_use]
    pub const fn new() -> Self {
        Self { keys: None, digests: [None; N] }
    }

    /// Forgets all tokens.
    pub fn clear(&mut self) {
        *self = Self::new();
    }

    /// Whether the token's signature is good under the keys: by memory, or else by `verify`.
    pub(crate) fn verify(
        &mut self,
        keys: &Keys,
        token: &str,
        verify: impl FnOnce() -> Result<(), Unauthorized>,
    ) -> Result<(), Unauthorized> {
        if !self.keys.as_ref().is_some_and(|own| own.are_same(keys)) {
            self.clear();
            self.keys = Some(keys.clone());
        }
        let digest: [u8; 32] = Sha256::digest(token).into();
        let place = digest.first_chunk().map(|chunk| u64::from_le_bytes(*chunk) as usize);
        let place = place.and_then(|place| self.digests.get_mut(place.checked_rem(N)?));
        if let Some(Some(known)) = &place
            && *known == digest
        {
            return Ok(());
        }
        verify()?;
        if let Some(place) = place {
            *place = Some(digest);
        }
        Ok(())
    }
}

impl<const N: usize> Default for TokenCache<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> fmt::Debug for TokenCache<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCache")
            .field("capacity", &N)
            .field("tokens", &self.digests.iter().flatten().count())
            .finish_non_exhaustive()
    }
}
