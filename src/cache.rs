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
/// - A hit compares the whole token; one that is longer than `LEN` octets, by its SHA-256.
/// - Only tokens with a good signature enter, so a forged one can neither hit nor push another out.
/// - The entries belong to the keys of one verifier. Used with a verifier of other keys, the cache first forgets them.
///
/// An entry takes `LEN` octets and 16 more. A token can stand in one place only, so some room to spare makes for more
/// hits. All of it lies in the value itself: put it into a `static` behind a lock, or into a thread's own memory.
///
/// ```
/// use std::sync::Mutex;
/// use propelauth_edge::TokenCache;
///
/// static CACHE: Mutex<TokenCache<256>> = Mutex::new(TokenCache::new()); // about half a megabyte
/// ```
pub struct TokenCache<const N: usize, const LEN: usize = 2048> {
    keys: Option<Keys>,
    entries: [Entry<LEN>; N],
}

enum Entry<const LEN: usize> {
    Empty,
    Token { len: usize, octets: [u8; LEN] },
    Digest([u8; 32]),
}

impl<const LEN: usize> Entry<LEN> {
    fn new(token: &str) -> Self {
        let mut octets = [0; LEN];
        match octets.get_mut(..token.len()) {
            Some(start) => {
                start.copy_from_slice(token.as_bytes());
                Self::Token { len: token.len(), octets }
            }
            None => Self::Digest(Sha256::digest(token).into()),
        }
    }

    fn holds(&self, token: &str) -> bool {
        match self {
            Self::Empty => false,
            Self::Token { len, octets } => octets.get(..*len) == Some(token.as_bytes()),
            Self::Digest(digest) => token.len() > LEN && <[u8; 32]>::from(Sha256::digest(token)) == *digest,
        }
    }
}

impl<const N: usize, const LEN: usize> TokenCache<N, LEN> {
    /// An empty cache.
    #[must_use]
    pub const fn new() -> Self {
        Self { keys: None, entries: [const { Entry::Empty }; N] }
    }

    /// Forgets all tokens.
    pub fn clear(&mut self) {
        self.entries.fill_with(|| Entry::Empty);
    }

    /// Whether the token's header and signature are good under the keys: by memory, or else by `verify`.
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
        let mut entry = place(token).checked_rem(N).and_then(|place| self.entries.get_mut(place));
        if entry.as_ref().is_some_and(|entry| entry.holds(token)) {
            return Ok(());
        }
        verify()?;
        if let Some(entry) = &mut entry {
            **entry = Entry::new(token);
        }
        Ok(())
    }
}

/// Where the token stands: a hash of the signature's end (FNV-1a), which differs between any two good tokens, and by
/// which a forger gains nothing.
fn place(token: &str) -> usize {
    let end = token.bytes().rev().take(16);
    end.fold(0x811c_9dc5_u32, |hash, octet| (hash ^ u32::from(octet)).wrapping_mul(0x0100_0193)) as usize
}

impl<const N: usize, const LEN: usize> Default for TokenCache<N, LEN> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize, const LEN: usize> fmt::Debug for TokenCache<N, LEN> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tokens = self.entries.iter().filter(|entry| !matches!(entry, Entry::Empty)).count();
        f.debug_struct("TokenCache").field("capacity", &N).field("tokens", &tokens).finish_non_exhaustive()
    }
}
