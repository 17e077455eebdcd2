use core::fmt;

use sha2::{Digest, Sha256};

use crate::hash::fnv1a;
use crate::keys::{Keys, KeysIdentity};

/// Remembers up to `N` tokens that passed, so that their signatures need not be computed again for the next request
/// with the same token. See [`Verifier::validate_access_token_cached`](crate::Verifier::validate_access_token_cached).
///
/// What is skipped depends on the token and the keys alone: the JOSE header and the signature. The expiry and every
/// other check is made anew on each hit, so an entry need not be removed when its token expires.
///
/// - A hit compares the whole token, in a time that does not depend on where it differs; one that is longer than `LEN`
///   octets, by its SHA-256.
/// - Only tokens that passed every check enter, so a forged one can neither hit nor push another out.
/// - The entries belong to the keys of one verifier. A verifier of other keys does not find them, and puts its own in
///   their place once a token passes under it.
///
/// An entry takes `LEN` octets and 16 more. A token can stand in one place only, so some room to spare makes for more
/// hits. All of it lies in the value itself, tokens in the clear, which are credentials as long as they are valid: keep
/// it where you would keep these. Put it into a `static` behind a lock, or into a thread's own memory.
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
    Token { len: usize, octets: [u8; LEN] },
    Digest([u8; 32]),
}

impl<const LEN: usize> Entry<LEN> {
    /// In place: an entry may be large.
    fn set(&mut self, token: &str) {
        if token.len() > LEN {
            *self = Self::Digest(Sha256::digest(token).into());
            return;
        }
        if !matches!(self, Self::Token { .. }) {
            *self = Self::Token { len: 0, octets: [0; LEN] };
        }
        if let Self::Token { len, octets } = self {
            *len = token.len();
            octets.iter_mut().zip(token.bytes()).for_each(|(to, from)| *to = from);
        }
    }

    fn holds(&self, token: &str) -> bool {
        match self {
            Self::Empty => false,
            Self::Token { len, octets } => are_equal(octets.get(..*len).unwrap_or_default(), token.as_bytes()),
            Self::Digest(digest) => token.len() > LEN && are_equal(digest, &Sha256::digest(token)),
        }
    }
}

/// Looks at all octets whatever they are: whoever sends a token should not learn by the time it takes how much of it
/// agrees with one that somebody else has sent.
fn are_equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

impl<const N: usize, const LEN: usize> TokenCache<N, LEN> {
    /// An empty cache.
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

    /// Forgets all tokens.
    ///
    /// ```
    /// # use propelauth_edge::{TokenCache, Unauthorized};
    /// # let (verifier, token, now, mut buffer) =
    /// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/given.rs"));
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

    /// Whether the token has passed under these keys.
    pub(crate) fn knows(&self, keys: &Keys, token: &str) -> bool {
        self.keys.as_ref().is_some_and(|own| keys.are(own))
            && place(token, N).and_then(|place| self.entries.get(place)).is_some_and(|entry| entry.holds(token))
    }

    /// Remembers a token that has passed under these keys. Not inlined, to keep it off the stack of verification.
    #[inline(never)]
    pub(crate) fn insert(&mut self, keys: &Keys, token: &str) {
        if !self.keys.as_ref().is_some_and(|own| keys.are(own)) {
            self.clear();
            self.keys = Some(keys.identity());
        }
        if let Some(entry) = place(token, N).and_then(|place| self.entries.get_mut(place)) {
            entry.set(token);
        }
    }
}

/// Which of so many places is the token's: by a hash of the signature's end, which differs between any two good tokens,
/// and by which a forger gains nothing.
fn place(token: &str, places: usize) -> Option<usize> {
    (fnv1a(token.bytes().rev().take(16)) as usize).checked_rem(places)
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
