use core::fmt;

use crate::cache::{Never, Seen, TokenCache};
use crate::claims::{Claims, Expected};
use crate::error::{AuthError, MetadataError, Unauthorized};
use crate::event;
use crate::limits::MAX_TOKEN_LEN;
use crate::metadata::TokenVerificationMetadata;
use crate::rsa::Keys;
use crate::time::UnixTime;
use crate::token::bearer;
use crate::token::jws::{CompactJws, MAX_SIGNATURE_LEN};
use crate::user::access::{OrgRequirement, RequiredOrg};
use crate::user::{OrgMemberInfoView, UserView};

mod buffer;
mod embedded;
#[cfg(feature = "alloc")]
mod owned;
mod settings;

use buffer::{buffer_len, room, segment_lens};

/// The default leeway in seconds, that of the Python library.
pub(crate) const DEFAULT_LEEWAY: u32 = 60;

/// Verifies access tokens of one PropelAuth environment.
///
/// A plain value of prepared keys and settings: no heap, no lifetime, nothing to fetch.
/// Create one at compile time with [`Verifier::embed`], or once at startup with [`Verifier::new`], and share it.
///
/// See [`Unauthorized`] for the checks, their order and their errors.
#[derive(Clone)]
#[doc(alias("propelauth", "jwt", "jwt verify", "rs256", "no_std jwt"))]
pub struct Verifier {
    keys: Keys,
    expected: Expected,
    max_token_len: u32,
}

impl Verifier {
    /// Creates a verifier at run time, from an environment variable, a Workers secret or an API response.
    ///
    /// # Errors
    ///
    /// Returns the rule that the key or the issuer breaks.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{MetadataError, TokenVerificationMetadata, Verifier};
    /// # let verifier_key = demo::VERIFIER_KEY;
    /// let issuer = "https://auth.example.com";
    /// let verifier = Verifier::new(TokenVerificationMetadata { verifier_key, issuer })?;
    ///
    /// let unset = Verifier::new(TokenVerificationMetadata { verifier_key: "", issuer });
    /// assert_eq!(unset.unwrap_err(), MetadataError::KeyMissing);
    /// # Ok::<(), MetadataError>(())
    /// ```
    pub const fn new(metadata: TokenVerificationMetadata<'_>) -> Result<Self, MetadataError> {
        Self::of(Keys::new(metadata.verifier_key), metadata.issuer)
    }

    /// Like [`Verifier::new`], but accepts the test kit's key in every build. Only for `TestIssuer`, so that tests do
    /// not need a build whose settings accept that key.
    #[cfg(feature = "testkit")]
    pub(crate) const fn of_test_issuer(metadata: TokenVerificationMetadata<'_>) -> Result<Self, MetadataError> {
        Self::of(Keys::of_test_issuer(metadata.verifier_key), metadata.issuer)
    }

    const fn of(keys: Result<Keys, MetadataError>, issuer: &str) -> Result<Self, MetadataError> {
        match (Expected::new(issuer, DEFAULT_LEEWAY), keys) {
            (Ok(expected), Ok(keys)) => Ok(Self { keys, expected, max_token_len: MAX_TOKEN_LEN as u32 }),
            (Err(error), _) | (_, Err(error)) => Err(error),
        }
    }

    /// Creates a verifier at compile time. An invalid key is a compile error that names the broken rule:
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
    /// Panics if the key or the issuer breaks a rule, which at compile time is an error. At run time, use
    /// [`Verifier::new`].
    #[must_use]
    #[track_caller]
    #[allow(clippy::panic)] // the compile error
    pub const fn embed(metadata: TokenVerificationMetadata<'_>) -> Self {
        match Self::new(metadata) {
            Ok(verifier) => verifier,
            Err(error) => panic!("{}", error.message()),
        }
    }

    /// Also accepts tokens under this key: the previous or the next one during a rotation. A verifier has at most two
    /// keys.
    ///
    /// # Errors
    ///
    /// Returns the rule that the key breaks, or [`MetadataError::TooManyKeys`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::MetadataError;
    /// # let (verifier, token, now, mut buffer) = demo::given();
    /// # let next_key = demo::NEXT_KEY;
    /// # let next_token = demo::NEXT_TOKEN;
    /// let verifier = verifier.with_additional_key(next_key)?;
    /// assert!(verifier.validate_access_token(token, now, &mut buffer).is_ok());
    /// assert!(verifier.validate_access_token(next_token, now, &mut buffer).is_ok());
    ///
    /// assert_eq!(verifier.with_additional_key(next_key).unwrap_err(), MetadataError::TooManyKeys);
    /// # Ok::<(), MetadataError>(())
    /// ```
    pub const fn with_additional_key(self, verifier_key: &str) -> Result<Self, MetadataError> {
        match self.keys.with_additional(verifier_key) {
            Ok(keys) => Ok(Self { keys, ..self }),
            Err(error) => Err(error),
        }
    }

    /// Also accepts tokens of this issuer: the previous or the next one during a move to another domain. A verifier has
    /// at most two issuers, and its keys are valid for both. [`UserView::issuer`] returns the issuer of a user's token.
    /// Adding the verifier's own issuer makes no difference.
    ///
    /// Issuers and audience together have at most [`MAX_ISSUER_LEN`](crate::limits::MAX_ISSUER_LEN) bytes.
    ///
    /// # Errors
    ///
    /// Returns the rule that the issuer breaks, as in [`Verifier::new`], [`MetadataError::AdditionalIssuerTooLong`] if
    /// it does not fit, or [`MetadataError::TooManyIssuers`] if there are two already.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{MetadataError, TokenVerificationMetadata, Verifier};
    /// # let (_, token, now, mut buffer) = demo::given();
    /// # let verifier_key = demo::VERIFIER_KEY;
    /// let former = "https://auth.12345.propelauthtest.com";
    /// let verifier = Verifier::new(TokenVerificationMetadata { verifier_key, issuer: former })?;
    /// assert!(verifier.validate_access_token(token, now, &mut buffer).is_err());
    ///
    /// let verifier = verifier.with_additional_issuer("https://auth.example.com")?;
    /// let user = verifier.validate_access_token(token, now, &mut buffer).expect("a token of the second issuer");
    /// assert_eq!(user.issuer(), "https://auth.example.com");
    ///
    /// let third = verifier.with_additional_issuer("https://auth.example.org");
    /// assert_eq!(third.unwrap_err(), MetadataError::TooManyIssuers);
    /// # Ok::<(), MetadataError>(())
    /// ```
    pub const fn with_additional_issuer(self, issuer: &str) -> Result<Self, MetadataError> {
        match self.expected.with_additional_issuer(issuer) {
            Ok(expected) => Ok(Self { expected, ..self }),
            Err(error) => Err(error),
        }
    }

    /// Requires tokens to have this audience in `aud` (RFC 7519 section 4.1.3), either as a string or in an array of
    /// strings, compared byte for byte. By default `aud` is ignored, as in the Python library.
    ///
    /// Issuers and audience together have at most [`MAX_ISSUER_LEN`](crate::limits::MAX_ISSUER_LEN) bytes.
    ///
    /// # Errors
    ///
    /// Returns [`MetadataError::AudienceMissing`] if the audience is empty, and [`MetadataError::AudienceTooLong`] if
    /// it does not fit.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{Claim, MetadataError, Unauthorized};
    /// # let (verifier, token, now, mut buffer) = demo::given();
    /// let verifier = verifier.with_audience("https://api.example.com")?;
    /// let refused = verifier.validate_access_token(token, now, &mut buffer); // it has no `aud`
    /// assert_eq!(refused.unwrap_err(), Unauthorized::MissingClaim(Claim::Aud));
    /// # Ok::<(), MetadataError>(())
    /// ```
    pub const fn with_audience(self, audience: &str) -> Result<Self, MetadataError> {
        match self.expected.with_audience(audience) {
            Ok(expected) => Ok(Self { expected, ..self }),
            Err(error) => Err(error),
        }
    }

    /// Rejects tokens longer than `len` bytes with [`Unauthorized::TokenTooLong`], before any other work. If your users
    /// have few orgs, 8 KiB accepts every token and limits what an attacker can send. Values above
    /// [`MAX_TOKEN_LEN`](crate::limits::MAX_TOKEN_LEN), the default, have no effect.
    ///
    /// ```
    /// # use propelauth_edge::Unauthorized;
    /// # let (verifier, token, now, mut buffer) = demo::given();
    /// let verifier = verifier.with_max_token_len(token.len());
    /// assert!(verifier.validate_access_token(token, now, &mut buffer).is_ok());
    ///
    /// let verifier = verifier.with_max_token_len(token.len() - 1);
    /// assert_eq!(verifier.validate_access_token(token, now, &mut buffer).unwrap_err(), Unauthorized::TokenTooLong);
    /// ```
    #[must_use]
    pub const fn with_max_token_len(mut self, len: usize) -> Self {
        self.max_token_len = if len < MAX_TOKEN_LEN { len } else { MAX_TOKEN_LEN } as u32;
        self
    }

    /// Sets the allowed clock skew, in seconds. Defaults to 60, as in the Python library.
    ///
    /// ```
    /// # use propelauth_edge::{Unauthorized, UnixTime};
    /// # let (verifier, token, now, mut buffer) = demo::given();
    /// // The token expired half a minute ago.
    /// let now = UnixTime::from_secs(1_767_227_430);
    /// assert!(verifier.validate_access_token(token, now, &mut buffer).is_ok());
    ///
    /// let verifier = verifier.with_leeway(10);
    /// assert_eq!(verifier.validate_access_token(token, now, &mut buffer).unwrap_err(), Unauthorized::Expired);
    /// ```
    #[must_use]
    pub const fn with_leeway(mut self, seconds: u32) -> Self {
        self.expected.leeway = seconds;
        self
    }

    /// Checks signatures with RustCrypto's `rsa`, for those who require that crate. It allocates, prepares the key for
    /// each token, and takes several times as long. It does not support exponents above 2^33 - 1: every token is
    /// rejected under such a key.
    ///
    /// ```
    /// # let (verifier, token, now, mut buffer) = demo::given();
    /// let verifier = verifier.with_rsa_engine();
    /// assert!(verifier.validate_access_token(token, now, &mut buffer).is_ok());
    /// ```
    #[cfg(feature = "rsa")]
    #[must_use]
    pub const fn with_rsa_engine(mut self) -> Self {
        self.keys = self.keys.with_rsa_engine();
        self
    }

    /// Returns the number of bytes that `buffer` needs for this token.
    ///
    /// This is a little more than the decoded payload and less than the token, so a buffer as long as your longest
    /// token is always large enough. An org takes about half a kilobyte. You can pass the value of the `Authorization`
    /// header instead of the token. Returns 0 for a token over [`MAX_TOKEN_LEN`](crate::limits::MAX_TOKEN_LEN), which
    /// is rejected before the buffer is used.
    ///
    /// ```
    /// # use propelauth_edge::{Unauthorized, Verifier};
    /// # let (verifier, token, now, mut buffer) = demo::given();
    /// let mut buffer = vec![0; Verifier::buffer_len(token)];
    /// assert!(buffer.len() < token.len());
    /// let user = verifier.validate_access_token(token, now, &mut buffer)?;
    /// # Ok::<(), Unauthorized>(())
    /// ```
    #[must_use]
    pub const fn buffer_len(access_token: &str) -> usize {
        let bytes = access_token.as_bytes();
        let token = match bytes {
            [_, _, _, _, _, _, b' ', token @ ..] => token, // after "Bearer"
            token => token,
        };
        // The scheme makes the first segment longer, which leaves room to spare.
        if token.len() > MAX_TOKEN_LEN { 0 } else { buffer_len(segment_lens(bytes)) }
    }

    /// Verifies a token and returns its user, who borrows from `buffer`. The buffer needs [`Verifier::buffer_len`]
    /// bytes.
    ///
    /// # Errors
    ///
    /// Returns the first check that the token fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{Unauthorized, UnixTime};
    /// # let (verifier, token, now, mut buffer) = demo::given();
    /// let mut buffer = [0; 4096];
    /// let now = UnixTime::from_secs(1_767_225_660);
    /// let user = verifier.validate_access_token(token, now, &mut buffer)?;
    /// assert_eq!(user.email, Some("ada@example.com"));
    ///
    /// let next_day = UnixTime::from_secs(now.as_secs() + 86_400);
    /// assert_eq!(verifier.validate_access_token(token, next_day, &mut buffer).unwrap_err(), Unauthorized::Expired);
    /// # Ok::<(), Unauthorized>(())
    /// ```
    #[doc(alias = "verify")]
    pub fn validate_access_token<'b>(
        &self,
        access_token: &str,
        now: UnixTime,
        buffer: &'b mut [u8],
    ) -> Result<UserView<'b>, Unauthorized> {
        event::outcome(&self.expected, self.validate(access_token, now, buffer, &mut Never))
    }

    /// Like [`Verifier::validate_access_token`], but skips the checks of header and signature for tokens this cache has
    /// already seen verified under the same keys. All other checks still run.
    ///
    /// # Errors
    ///
    /// Returns the first check that the token fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{TokenCache, Unauthorized, UnixTime};
    /// # let (verifier, token, now, mut buffer) = demo::given();
    /// let mut cache = TokenCache::<64>::new();
    /// verifier.validate_access_token_cached(token, now, &mut buffer, &mut cache)?; // RSA
    /// verifier.validate_access_token_cached(token, now, &mut buffer, &mut cache)?; // no RSA
    ///
    /// // The expiry of a cached token is checked like any other.
    /// let next_day = UnixTime::from_secs(now.as_secs() + 86_400);
    /// let refused = verifier.validate_access_token_cached(token, next_day, &mut buffer, &mut cache);
    /// assert_eq!(refused.unwrap_err(), Unauthorized::Expired);
    /// # Ok::<(), Unauthorized>(())
    /// ```
    #[doc(alias = "verify")]
    pub fn validate_access_token_cached<'b, const N: usize, const LEN: usize>(
        &self,
        access_token: &str,
        now: UnixTime,
        buffer: &'b mut [u8],
        cache: &mut TokenCache<N, LEN>,
    ) -> Result<UserView<'b>, Unauthorized> {
        event::outcome(&self.expected, self.validate(access_token, now, buffer, cache))
    }

    /// Runs every step in order and stops at the first error. The payload is not read before the signature is verified.
    fn validate<'b>(
        &self,
        access_token: &str,
        now: UnixTime,
        buffer: &'b mut [u8],
        seen: &mut impl Seen,
    ) -> Result<UserView<'b>, Unauthorized> {
        let jws = CompactJws::split(access_token, self.max_token_len as usize)?;
        let buffer = room(&jws, buffer)?;
        let is_new = !seen.knows(&self.keys, access_token);
        if is_new {
            jws.check_header(buffer)?;
            let mut signature = [0; MAX_SIGNATURE_LEN];
            let signature = jws.decode_signature(&mut signature)?;
            self.keys.verify(jws.signing_input.as_bytes(), signature)?;
        }
        let (payload, scratch) = jws.decode_payload(buffer)?;
        let claims = Claims::parse(payload, scratch)?;
        let issuance = claims.check(&self.expected, now)?;
        let user = UserView::from_claims(&claims, issuance)?;
        if is_new {
            seen.insert(&self.keys, access_token);
        }
        Ok(user)
    }

    /// Verifies the token in the value of an `Authorization` header: `Bearer`, a space, the token. See
    /// [`Verifier::validate_access_token`] for the buffer.
    ///
    /// # Errors
    ///
    /// Returns the first check that the header or the token fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::Unauthorized;
    /// # let (verifier, token, now, mut buffer) = demo::given();
    /// let header = format!("Bearer {token}");
    /// let user = verifier.validate_access_token_and_get_user(&*header, now, &mut buffer)?;
    /// assert_eq!(user.email, Some("ada@example.com"));
    ///
    /// let refused = verifier.validate_access_token_and_get_user(None, now, &mut buffer);
    /// assert_eq!(refused.unwrap_err(), Unauthorized::MissingHeader);
    /// # Ok::<(), Unauthorized>(())
    /// ```
    #[doc(alias = "verify")]
    pub fn validate_access_token_and_get_user<'h, 'b>(
        &self,
        authorization_header: impl Into<Option<&'h str>>,
        now: UnixTime,
        buffer: &'b mut [u8],
    ) -> Result<UserView<'b>, Unauthorized> {
        self.validate_access_token(self.bearer(authorization_header.into())?, now, buffer)
    }

    /// Like [`Verifier::validate_access_token_and_get_user`], with a cache as in
    /// [`Verifier::validate_access_token_cached`].
    ///
    /// # Errors
    ///
    /// Returns the first check that the header or the token fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{TokenCache, Unauthorized};
    /// # let (verifier, token, now, mut buffer) = demo::given();
    /// # let header = &*format!("Bearer {token}");
    /// let mut cache = TokenCache::<64>::new();
    /// verifier.validate_access_token_and_get_user_cached(header, now, &mut buffer, &mut cache)?; // RSA
    /// verifier.validate_access_token_and_get_user_cached(header, now, &mut buffer, &mut cache)?; // no RSA
    /// # Ok::<(), Unauthorized>(())
    /// ```
    #[doc(alias = "verify")]
    pub fn validate_access_token_and_get_user_cached<'h, 'b, const N: usize, const LEN: usize>(
        &self,
        authorization_header: impl Into<Option<&'h str>>,
        now: UnixTime,
        buffer: &'b mut [u8],
        cache: &mut TokenCache<N, LEN>,
    ) -> Result<UserView<'b>, Unauthorized> {
        self.validate_access_token_cached(self.bearer(authorization_header.into())?, now, buffer, cache)
    }

    fn bearer<'h>(&self, authorization_header: Option<&'h str>) -> Result<&'h str, Unauthorized> {
        event::refusal(&self.expected, bearer::parse(authorization_header))
    }

    /// Verifies the token in the value of an `Authorization` header and checks the user's role or permissions in the
    /// org.
    ///
    /// # Errors
    ///
    /// Returns the first check that the header or the token fails as `Unauthorized`, and what the user lacks as
    /// `Forbidden`.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{AuthError, OrgRequirement, RequiredOrg};
    /// # let (verifier, token, now, mut buffer) = demo::given();
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
    #[doc(alias = "verify")]
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

    /// Returns the expected issuer.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.expected.issuer()
    }

    /// Returns the additional issuer, if there is one.
    #[must_use]
    pub fn additional_issuer(&self) -> Option<&str> {
        self.expected.additional_issuer()
    }

    #[cfg(any(feature = "http", feature = "worker"))]
    pub(crate) fn expected(&self) -> &Expected {
        &self.expected
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
            .field("additional_issuer", &self.additional_issuer())
            .field("key", self.keys.present())
            .field("additional_key", &self.keys.additional())
            .field("audience", &self.expected.audience())
            .field("leeway", &self.expected.leeway)
            .field("max_token_len", &self.max_token_len)
            .finish()
    }
}
