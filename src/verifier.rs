use core::fmt;

use crate::access::{OrgRequirement, RequiredOrg};
use crate::cache::TokenCache;
use crate::claims::{self, Claims};
use crate::error::{AuthError, MetadataError, Unauthorized};
use crate::jws::CompactJws;
use crate::keys::Keys;
use crate::limits::{MAX_ISSUER_LEN, MAX_TOKEN_LEN};
use crate::metadata::TokenVerificationMetadata;
use crate::time::UnixTime;
use crate::user::{OrgMemberInfoView, UserView};
use crate::{base64url, bearer};

/// Seconds of leeway unless [`Verifier::with_leeway`] says otherwise: those of the Python library.
pub(crate) const DEFAULT_LEEWAY: u32 = 60;

/// Verifies access tokens of one PropelAuth environment.
///
/// It holds the key, prepared, and the issuer, and nothing else: no heap, no lifetime, nothing to fetch. Make one at
/// compile time by [`Verifier::embed`], or once at start-up by [`Verifier::new`], and share it.
///
/// The checks, in their order, and what each refuses with, are those of [`Unauthorized`].
#[derive(Clone)]
pub struct Verifier {
    keys: Keys,
    issuer: [u8; MAX_ISSUER_LEN],
    issuer_len: usize,
    leeway: u32,
}

impl Verifier {
    /// At start-up: from an environment variable, a Workers secret, the API's answer.
    ///
    /// # Errors
    ///
    /// The rule that the key or the issuer breaks.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{MetadataError, TokenVerificationMetadata, Verifier};
    /// # let verifier_key = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/verifier_key.pem"));
    /// let issuer = "https://auth.example.com";
    /// let verifier = Verifier::new(TokenVerificationMetadata { verifier_key, issuer })?;
    ///
    /// let unset = Verifier::new(TokenVerificationMetadata { verifier_key: "", issuer });
    /// assert_eq!(unset.unwrap_err(), MetadataError::KeyMissing);
    /// # Ok::<(), MetadataError>(())
    /// ```
    pub const fn new(metadata: TokenVerificationMetadata<'_>) -> Result<Self, MetadataError> {
        let (issuer, issuer_len) = match copy_issuer(metadata.issuer) {
            Ok(issuer) => issuer,
            Err(error) => return Err(error),
        };
        match Keys::new(metadata.verifier_key) {
            Ok(keys) => Ok(Self { keys, issuer, issuer_len, leeway: DEFAULT_LEEWAY }),
            Err(error) => Err(error),
        }
    }

    /// At compile time. A bad key is a compile error that says what is wrong with it:
    ///
    /// ```standalone_crate
    /// use propelauth_edge::{TokenVerificationMetadata, Verifier};
    ///
    /// static AUTH: Verifier = Verifier::embed(TokenVerificationMetadata {
    ///     verifier_key: include_str!("../examples/demo/verifier_key.pem"),
    ///     issuer: "https://auth.example.com",
    /// });
    /// ```
    ///
    /// # Panics
    ///
    /// If the key or the issuer breaks a rule, which at compile time is an error. At run time, use [`Verifier::new`].
    #[must_use]
    #[track_caller]
    #[allow(clippy::panic)] // the compile error
    pub const fn embed(metadata: TokenVerificationMetadata<'_>) -> Self {
        match Self::new(metadata) {
            Ok(verifier) => verifier,
            Err(error) => panic!("{}", error.message()),
        }
    }

    /// For a rotation: tokens under the former, or the coming, key are good as well. A verifier has two keys in all.
    ///
    /// # Errors
    ///
    /// The rule that the key breaks, or [`MetadataError::TooManyKeys`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::MetadataError;
    /// # let (verifier, token, now, mut buffer) =
    /// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/given.rs"));
    /// # let next_key = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/next_key.pem"));
    /// # let next_token = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_token.jwt"));
    /// let verifier = verifier.with_additional_key(next_key)?;
    /// assert!(verifier.validate_access_token(token, now, &mut buffer).is_ok());
    /// assert!(verifier.validate_access_token(next_token, now, &mut buffer).is_ok());
    ///
    /// assert_eq!(verifier.with_additional_key(next_key).unwrap_err(), MetadataError::TooManyKeys);
    /// # Ok::<(), MetadataError>(())
    /// ```
    pub const fn with_additional_key(self, verifier_key: &str) -> Result<Self, MetadataError> {
        match self.keys.with_additional(verifier_key) {
            Ok(keys) => Ok(Self { keys, issuer: self.issuer, issuer_len: self.issuer_len, leeway: self.leeway }),
            Err(error) => Err(error),
        }
    }

    /// How far this clock and PropelAuth's may be apart, in seconds. It is 60 unless said otherwise, as in the Python
    /// library.
    ///
    /// ```
    /// # use propelauth_edge::{Unauthorized, UnixTime};
    /// # let (verifier, token, now, mut buffer) =
    /// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/given.rs"));
    /// // The token expired half a minute ago.
    /// let now = UnixTime::from_secs(1_767_227_430);
    /// assert!(verifier.validate_access_token(token, now, &mut buffer).is_ok());
    ///
    /// let verifier = verifier.with_leeway(10);
    /// assert_eq!(verifier.validate_access_token(token, now, &mut buffer).unwrap_err(), Unauthorized::Expired);
    /// ```
    #[must_use]
    pub const fn with_leeway(mut self, seconds: u32) -> Self {
        self.leeway = seconds;
        self
    }

    /// Has signatures checked by RustCrypto's `rsa`, for those who want exactly that crate. It allocates, prepares the
    /// key anew for each token, and takes several times as long. It does not take exponents above 2^33 - 1: under such a
    /// key it refuses every token.
    ///
    /// ```
    /// # let (verifier, token, now, mut buffer) =
    /// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/given.rs"));
    /// let verifier = verifier.with_rsa_engine();
    /// assert!(verifier.validate_access_token(token, now, &mut buffer).is_ok());
    /// ```
    #[cfg(feature = "rsa")]
    #[must_use]
    pub const fn with_rsa_engine(mut self) -> Self {
        self.keys = self.keys.with_rsa_engine();
        self
    }

    /// Octets that `buffer` must have for this token.
    ///
    /// They are a little more than the payload has when decoded, and fewer than the token has: a buffer as long as the
    /// longest token that you accept will do. An org takes about half a kilobyte. The value of the `Authorization` header
    /// may be given in place of the token. A token beyond [`MAX_TOKEN_LEN`](crate::limits::MAX_TOKEN_LEN), which is
    /// refused before the buffer is looked at, needs none.
    ///
    /// ```
    /// # use propelauth_edge::{Unauthorized, Verifier};
    /// # let (verifier, token, now, mut buffer) =
    /// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/given.rs"));
    /// let mut buffer = vec![0; Verifier::buffer_len(token)];
    /// assert!(buffer.len() < token.len());
    /// let user = verifier.validate_access_token(token, now, &mut buffer)?;
    /// # Ok::<(), Unauthorized>(())
    /// ```
    #[must_use]
    pub const fn buffer_len(access_token: &str) -> usize {
        let octets = access_token.as_bytes();
        let token = match octets {
            [_, _, _, _, _, _, b' ', token @ ..] => token, // behind "Bearer"
            token => token,
        };
        // The scheme makes the first segment longer: room to spare, and enough for what is no token.
        if token.len() > MAX_TOKEN_LEN { 0 } else { buffer_len(segment_lens(octets)) }
    }

    /// Verifies a token and gives the user whom it names. The strings of the user lie in `buffer`, which needs
    /// [`Verifier::buffer_len`] octets.
    ///
    /// # Errors
    ///
    /// The first check that the token fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{Unauthorized, UnixTime};
    /// # let (verifier, token, now, mut buffer) =
    /// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/given.rs"));
    /// let mut buffer = [0; 4096];
    /// let now = UnixTime::from_secs(1_767_225_660);
    /// let user = verifier.validate_access_token(token, now, &mut buffer)?;
    /// assert_eq!(user.email, Some("ada@example.com"));
    ///
    /// let next_day = UnixTime::from_secs(now.as_secs() + 86_400);
    /// assert_eq!(verifier.validate_access_token(token, next_day, &mut buffer).unwrap_err(), Unauthorized::Expired);
    /// # Ok::<(), Unauthorized>(())
    /// ```
    pub fn validate_access_token<'b>(
        &self,
        access_token: &str,
        now: UnixTime,
        buffer: &'b mut [u8],
    ) -> Result<UserView<'b>, Unauthorized> {
        self.validate(access_token, now, buffer, |jws, scratch| self.keys.verify(jws, scratch))
    }

    /// The same as [`Verifier::validate_access_token`], the RSA step skipped for a token that this cache has seen pass
    /// under the keys of this verifier. All other checks are made anew.
    ///
    /// # Errors
    ///
    /// The first check that the token fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{TokenCache, Unauthorized, UnixTime};
    /// # let (verifier, token, now, mut buffer) =
    /// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/given.rs"));
    /// let mut cache = TokenCache::<64>::new();
    /// verifier.validate_access_token_cached(token, now, &mut buffer, &mut cache)?; // RSA
    /// verifier.validate_access_token_cached(token, now, &mut buffer, &mut cache)?; // no RSA
    ///
    /// // The expiry of a cached token is looked at as that of any other.
    /// let next_day = UnixTime::from_secs(now.as_secs() + 86_400);
    /// let refused = verifier.validate_access_token_cached(token, next_day, &mut buffer, &mut cache);
    /// assert_eq!(refused.unwrap_err(), Unauthorized::Expired);
    /// # Ok::<(), Unauthorized>(())
    /// ```
    pub fn validate_access_token_cached<'b, const N: usize, const LEN: usize>(
        &self,
        access_token: &str,
        now: UnixTime,
        buffer: &'b mut [u8],
        cache: &mut TokenCache<N, LEN>,
    ) -> Result<UserView<'b>, Unauthorized> {
        let mut known = false;
        let user = self.validate(access_token, now, buffer, |jws, scratch| {
            known = cache.knows(&self.keys, access_token);
            if known { Ok(()) } else { self.keys.verify(jws, scratch) }
        })?;
        if !known {
            cache.insert(&self.keys, access_token);
        }
        Ok(user)
    }

    /// The way of a token. Nothing of the payload is parsed before the signature is known to be good.
    fn validate<'b>(
        &self,
        access_token: &str,
        now: UnixTime,
        buffer: &'b mut [u8],
        verify: impl FnOnce(&CompactJws<'_>, &mut [u8]) -> Result<(), Unauthorized>,
    ) -> Result<UserView<'b>, Unauthorized> {
        let jws = CompactJws::split(access_token)?;
        let needed = buffer_len(jws.lens());
        let buffer = buffer.get_mut(..needed).ok_or(Unauthorized::BufferTooSmall { needed })?;
        verify(&jws, buffer)?;
        let (payload, scratch) = jws.decode_payload(buffer)?;
        let claims = Claims::parse(payload, scratch)?;
        claims.check(self.issuer(), now, self.leeway)?;
        UserView::from_claims(&claims)
    }

    /// Verifies the token in the value of an `Authorization` header: `Bearer`, a space, the token. The buffer is that of
    /// [`Verifier::validate_access_token`].
    ///
    /// # Errors
    ///
    /// The first check that the header or the token fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::Unauthorized;
    /// # let (verifier, token, now, mut buffer) =
    /// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/given.rs"));
    /// let header = format!("Bearer {token}");
    /// let user = verifier.validate_access_token_and_get_user(&*header, now, &mut buffer)?;
    /// assert_eq!(user.email, Some("ada@example.com"));
    ///
    /// let refused = verifier.validate_access_token_and_get_user(None, now, &mut buffer);
    /// assert_eq!(refused.unwrap_err(), Unauthorized::MissingHeader);
    /// # Ok::<(), Unauthorized>(())
    /// ```
    pub fn validate_access_token_and_get_user<'h, 'b>(
        &self,
        authorization_header: impl Into<Option<&'h str>>,
        now: UnixTime,
        buffer: &'b mut [u8],
    ) -> Result<UserView<'b>, Unauthorized> {
        self.validate_access_token(bearer::token(authorization_header.into())?, now, buffer)
    }

    /// The same as [`Verifier::validate_access_token_and_get_user`], by way of a cache as
    /// [`Verifier::validate_access_token_cached`] goes.
    ///
    /// # Errors
    ///
    /// The first check that the header or the token fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{TokenCache, Unauthorized};
    /// # let (verifier, token, now, mut buffer) =
    /// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/given.rs"));
    /// # let header = &*format!("Bearer {token}");
    /// let mut cache = TokenCache::<64>::new();
    /// verifier.validate_access_token_and_get_user_cached(header, now, &mut buffer, &mut cache)?; // RSA
    /// verifier.validate_access_token_and_get_user_cached(header, now, &mut buffer, &mut cache)?; // no RSA
    /// # Ok::<(), Unauthorized>(())
    /// ```
    pub fn validate_access_token_and_get_user_cached<'h, 'b, const N: usize, const LEN: usize>(
        &self,
        authorization_header: impl Into<Option<&'h str>>,
        now: UnixTime,
        buffer: &'b mut [u8],
        cache: &mut TokenCache<N, LEN>,
    ) -> Result<UserView<'b>, Unauthorized> {
        self.validate_access_token_cached(bearer::token(authorization_header.into())?, now, buffer, cache)
    }

    /// Verifies the token in the value of an `Authorization` header, and that the user may do in the org what is
    /// required.
    ///
    /// # Errors
    ///
    /// The first check that the header or the token fails, as `Unauthorized`; then what the user lacks, as `Forbidden`.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{AuthError, OrgRequirement, RequiredOrg};
    /// # let (verifier, token, now, mut buffer) =
    /// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/given.rs"));
    /// # const ACME_ID: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
    /// # let header = &*format!("Bearer {token}");
    /// let (acme, viewer) = (RequiredOrg::Id(ACME_ID), OrgRequirement::Permission("billing::view"));
    /// let (user, org) = verifier.validate_access_token_and_get_user_with_org(header, acme, viewer, now, &mut buffer)?;
    /// assert_eq!((user.first_name, org.org_name), (Some("Ada"), "Acme"));
    ///
    /// let owner = OrgRequirement::Role("Owner");
    /// let refused = verifier.validate_access_token_and_get_user_with_org(header, acme, owner, now, &mut buffer);
    /// assert_eq!(refused.unwrap_err().status(), 403);
    /// # Ok::<(), AuthError>(())
    /// ```
    pub fn validate_access_token_and_get_user_with_org<'h, 'b>(
        &self,
        authorization_header: impl Into<Option<&'h str>>,
        org: RequiredOrg<'_>,
        requirement: OrgRequirement<'_>,
        now: UnixTime,
        buffer: &'b mut [u8],
    ) -> Result<(UserView<'b>, OrgMemberInfoView<'b>), AuthError> {
        let user = self.validate_access_token_and_get_user(authorization_header, now, buffer)?;
        let org = user.require_org(org, requirement)?;
        Ok((user, org))
    }

    /// The issuer whose tokens are good.
    ///
    /// ```
    /// # let verifier = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/verifier.rs"));
    /// assert_eq!(verifier.issuer(), "https://auth.example.com");
    /// ```
    #[must_use]
    pub fn issuer(&self) -> &str {
        let issuer = self.issuer.get(..self.issuer_len).unwrap_or_default();
        core::str::from_utf8(issuer).unwrap_or_default()
    }

    #[cfg(test)]
    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("issuer", &self.issuer())
            .field("key", self.keys.present())
            .field("additional_key", &self.keys.additional())
            .field("leeway", &self.leeway)
            .finish()
    }
}

/// A [`Verifier`] embedded at build time from the environment variables `PROPELAUTH_VERIFIER_KEY` and
/// `PROPELAUTH_ISSUER`. If one is missing or bad, the build fails and says why.
///
/// ```no_run
/// # use propelauth_edge::Verifier;
/// # #[cfg(any())] // the build of the examples has no such variables
/// static AUTH: Verifier = propelauth_edge::verifier_from_env!();
/// ```
#[macro_export]
macro_rules! verifier_from_env {
    () => {
        $crate::Verifier::embed($crate::TokenVerificationMetadata {
            verifier_key: ::core::env!("PROPELAUTH_VERIFIER_KEY"),
            issuer: ::core::env!("PROPELAUTH_ISSUER"),
        })
    };
}

#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)] // `const`, and the length is compared first
const fn copy_issuer(issuer: &str) -> Result<([u8; MAX_ISSUER_LEN], usize), MetadataError> {
    let octets = issuer.as_bytes();
    if octets.is_empty() {
        return Err(MetadataError::IssuerMissing);
    }
    if octets.len() > MAX_ISSUER_LEN {
        return Err(MetadataError::IssuerTooLong);
    }
    let mut copy = [0; MAX_ISSUER_LEN];
    let mut i = 0;
    while i < octets.len() {
        copy[i] = octets[i];
        i += 1;
    }
    Ok((copy, octets.len()))
}

/// Octets that the buffer must have for a header and a payload of so many characters: the one is decoded into it, then
/// the other, with the index of its orgs behind it.
const fn buffer_len((header, payload): (usize, usize)) -> usize {
    let header = base64url::decoded_len(header);
    let payload = base64url::decoded_len(payload);
    let payload = payload.saturating_add(claims::index_len(payload));
    if header > payload { header } else { payload }
}

/// Characters of the first two segments.
const fn segment_lens(mut token: &[u8]) -> (usize, usize) {
    let (mut first, mut second, mut dots) = (0usize, 0usize, 0usize);
    while let [octet, rest @ ..] = token {
        match (*octet, dots) {
            (b'.', 0) => dots = 1,
            (b'.', _) => break,
            (_, 0) => first = first.saturating_add(1),
            _ => second = second.saturating_add(1),
        }
        token = rest;
    }
    (first, second)
}
