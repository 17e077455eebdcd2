use core::fmt;

use sha2::{Digest, Sha256};

use crate::hash;
use crate::rsa::{Keys, KeysIdentity};

/// Remembers up to `N` verified tokens, so that repeated requests with a token check its signature only once.
/// See [`Verifier::validate_access_token_cached`](crate::Verifier::validate_access_token_cached).
///
/// A hit skips the JOSE header and the signature, which depend only on the token and the keys. Expiry and all other
/// checks run on every hit, so entries need not be removed when their tokens expire.
///
/// - A hit compares the whole token in constant time. A token longer than `LEN` bytes is compared by its SHA-256.
/// - Only tokens that passed every check are inserted, so a forged token can neither hit nor evict another.
/// - Entries belong to the keys of one verifier. A verifier with other keys does not find them, and replaces them once
///   it verifies a token.
///
/// An entry takes `LEN` + 16 bytes. Each token has a single slot, so spare entries improve the hit rate. The cache
/// stores tokens inline and in the clear. They are credentials while they are valid, so protect the cache like them.
/// Put it into a `static` behind a lock, or into thread-local memory.
///
/// ```
/// use std::sync::Mutex;
/// use propelauth_edge::TokenCache;
///
/// static CACHE: Mutex<TokenCache<256>> = Mutex::new(TokenCache::new()); // about half a megabyte
/// ```
pub struct TokenCache<const N: usize, const LEN: usize = 2048> {
    keys: Option<KeysIdentity>,
    entries: [Entry<LEN>; N],
}

enum Entry<const LEN: usize> {
    Empty,
    Token { len: usize, bytes: [u8; LEN] },
    Digest([u8; 32]),
}

impl<const LEN: usize> Entry<LEN> {
    /// Writes in place, since an entry may be large.
    fn set(&mut self, token: &str) {
        if token.len() > LEN {
            *self = Self::Digest(Sha256::digest(token).into());
            return;
        }
        if !matches!(self, Self::Token { .. }) {
            *self = Self::Token { len: 0, bytes: [0; LEN] };
        }
        if let Self::Token { len, bytes } = self {
            *len = token.len();
            bytes.iter_mut().zip(token.bytes()).for_each(|(to, from)| *to = from);
        }
    }

    fn holds(&self, token: &str) -> bool {
        match self {
            Self::Empty => false,
            Self::Token { len, bytes } => are_equal(bytes.get(..*len).unwrap_or_default(), token.as_bytes()),
            Self::Digest(digest) => token.len() > LEN && are_equal(digest, &Sha256::digest(token)),
        }
    }
}

/// Compares in constant time, so that timing does not reveal how much of a guess matches a cached token.
fn are_equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

impl<const N: usize, const LEN: usize> TokenCache<N, LEN> {
    /// Creates an empty cache.
    ///
    /// ```
    /// use std::cell::RefCell;
    /// use propelauth_edge::TokenCache;
    ///
    /// // 64 tokens of up to 4 KB: a quarter of a megabyte for each thread.
    /// thread_local! {
    ///     static CACHE: RefCell<TokenCache<64, 4096>> = const { RefCell::new(TokenCache::new()) };
    /// }
    /// CACHE.with_borrow(|cache| assert_eq!(format!("{cache:?}"), "TokenCache { capacity: 64, tokens: 0, .. }"));
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { keys: None, entries: [const { Entry::Empty }; N] }
    }

    /// Removes all tokens.
    ///
    /// ```
    /// # use propelauth_edge::{TokenCache, Unauthorized};
    /// # let (verifier, token, now, mut buffer) = demo::given();
    /// let mut cache = TokenCache::<64>::new();
    /// verifier.validate_access_token_cached(token, now, &mut buffer, &mut cache)?;
    /// assert_eq!(format!("{cache:?}"), "TokenCache { capacity: 64, tokens: 1, .. }");
    /// cache.clear();
    /// assert_eq!(format!("{cache:?}"), "TokenCache { capacity: 64, tokens: 0, .. }");
    /// # Ok::<(), Unauthorized>(())
    /// ```
    pub fn clear(&mut self) {
        self.entries.fill_with(|| Entry::Empty);
    }
}

/// A set of tokens whose header and signature need not be checked again.
pub(crate) trait Seen {
    /// Returns `true` if the token was verified under these keys.
    fn knows(&self, keys: &Keys, token: &str) -> bool;
    /// Remembers a token that was verified under these keys.
    fn insert(&mut self, keys: &Keys, token: &str);
}

/// The empty set, for verification without a cache.
pub(crate) struct Never;

impl Seen for Never {
    fn knows(&self, _: &Keys, _: &str) -> bool {
        false
    }

    fn insert(&mut self, _: &Keys, _: &str) {}
}

impl<const N: usize, const LEN: usize> Seen for TokenCache<N, LEN> {
    fn knows(&self, keys: &Keys, token: &str) -> bool {
        self.keys.as_ref().is_some_and(|own| keys.matches(own))
            && self.entries.get(place(token, N)).is_some_and(|entry| entry.holds(token))
    }

    // Not inlined, to keep it off the stack during verification.
    #[inline(never)]
    fn insert(&mut self, keys: &Keys, token: &str) {
        if !self.keys.as_ref().is_some_and(|own| keys.matches(own)) {
            self.clear();
            self.keys = Some(keys.identity());
        }
        if let Some(entry) = self.entries.get_mut(place(token, N)) {
            entry.set(token);
        }
    }
}

/// Returns the token's slot: a hash of the signature's end, which differs between any two valid tokens. A collision
/// only evicts an entry.
fn place(token: &str, places: usize) -> usize {
    let token = token.as_bytes();
    hash::place(token.last_chunk::<16>().map_or(token, |end| end), places)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{TokenVerificationMetadata, UnixTime, Verifier};

    const KEY: &str = include_str!("../examples/demo/verifier_key.pem");
    const TOKEN: &str = include_str!("../examples/demo/access_token.jwt");
    const NOW: UnixTime = UnixTime::from_secs(1_767_225_600);

    fn verifier(issuer: &str) -> Verifier {
        Verifier::new(TokenVerificationMetadata { verifier_key: KEY, issuer }).unwrap()
    }

    fn remembers<const LEN: usize>(mut cache: TokenCache<4, LEN>) {
        let verifier = verifier("https://auth.example.com");
        assert!(!cache.knows(verifier.keys(), TOKEN));
        verifier.validate_access_token_cached(TOKEN, NOW, &mut [0; 4096], &mut cache).unwrap();
        assert!(cache.knows(verifier.keys(), TOKEN));
        for i in 0..TOKEN.len() {
            let mut other = TOKEN.as_bytes().to_vec();
            other[i] ^= 1;
            assert!(!cache.knows(verifier.keys(), core::str::from_utf8(&other).unwrap()), "changed at {i}");
        }
        cache.clear();
        assert!(!cache.knows(verifier.keys(), TOKEN));
    }

    #[test]
    fn tokens_that_passed_are_known() {
        remembers(TokenCache::<4>::new());
        remembers(TokenCache::<4, 64>::new());
        remembers(TokenCache::<4, { TOKEN.len() }>::new());
        remembers(TokenCache::<4, { TOKEN.len() - 1 }>::new());
    }

    #[test]
    fn tokens_that_did_not_pass_are_not_known() {
        let mut cache = TokenCache::<4>::new();
        let later = UnixTime::from_secs(NOW.as_secs() + 86_400);
        let good = verifier("https://auth.example.com");
        good.validate_access_token_cached(TOKEN, later, &mut [0; 4096], &mut cache).unwrap_err();
        verifier("https://other.example")
            .validate_access_token_cached(TOKEN, NOW, &mut [0; 4096], &mut cache)
            .unwrap_err();
        assert!(!cache.knows(good.keys(), TOKEN));
    }

    #[test]
    fn other_keys_neither_find_nor_push_out() {
        let mut cache = TokenCache::<4>::new();
        let verifier = verifier("https://auth.example.com");
        verifier.validate_access_token_cached(TOKEN, NOW, &mut [0; 4096], &mut cache).unwrap();
        let pem = include_str!("../tests/data/keys/rsa2048.pem");
        let other = Verifier::new(TokenVerificationMetadata { verifier_key: pem, issuer: "https://auth.example.com" });
        let other = other.unwrap();
        assert!(!cache.knows(other.keys(), TOKEN));
        other.validate_access_token_cached(TOKEN, NOW, &mut [0; 4096], &mut cache).unwrap_err();
        other.validate_access_token_cached("a.b.c", NOW, &mut [0; 4096], &mut cache).unwrap_err();
        assert!(cache.knows(verifier.keys(), TOKEN));
    }
}
