//! Cloudflare Workers: a verifier from the Worker's settings, the user of a request, and responses to rejected
//! requests.
//!
//! ```ignore
//! use propelauth_edge::worker::{self as auth, Failure};
//! use propelauth_edge::{OrgRequirement, RequiredOrg, UnixTime};
//! use worker::{Context, Env, Request, Response, event};
//!
//! #[event(fetch)]
//! async fn fetch(request: Request, env: Env, _: Context) -> worker::Result<Response> {
//!     billing(&request, &env).or_else(Failure::into_response)
//! }
//!
//! fn billing(request: &Request, env: &Env) -> Result<Response, Failure> {
//!     let user = auth::user(request, &auth::verifier(env)?, UnixTime::now())?;
//!     let org = user.require_org(RequiredOrg::Id("…"), OrgRequirement::Permission("billing::view"))?;
//!     Ok(Response::ok(org.org_name)?)
//! }
//! ```
//!
//! A Worker that embeds its key at build time with [`verifier_from_env!`](crate::verifier_from_env) needs no settings.

use alloc::string::{String, ToString};
use core::fmt;

use worker::{Env, Request, Response, ResponseBuilder, Url};

use super::token_source::TokenSource;
use super::{line, user_of_token};
use crate::error::{AuthError, Forbidden, MetadataError, Unauthorized};
use crate::event::Refusal;
use crate::metadata::TokenVerificationMetadata;
use crate::time::UnixTime;
use crate::user::VerifiedUser;
use crate::verifier::Verifier;

/// The name of the secret or variable with the *Public (Verifier) Key*.
///
/// ```sh
/// npx wrangler secret put PROPELAUTH_VERIFIER_KEY < verifier_key.pem
/// ```
pub const VERIFIER_KEY: &str = "PROPELAUTH_VERIFIER_KEY";

/// The name of the variable or secret with the *Auth URL*.
///
/// ```toml
/// # wrangler.toml
/// [vars]
/// PROPELAUTH_ISSUER = "https://auth.example.com"
/// ```
pub const ISSUER: &str = "PROPELAUTH_ISSUER";

/// The name of the secret or variable with a second key during a key rotation; see [`Verifier::with_additional_key`].
/// Delete it afterwards: an empty one is an error.
pub const ADDITIONAL_VERIFIER_KEY: &str = "PROPELAUTH_ADDITIONAL_VERIFIER_KEY";

/// The name of the variable or secret with a second issuer during a move to another domain; see
/// [`Verifier::with_additional_issuer`]. Delete it afterwards: an empty one is an error.
pub const ADDITIONAL_ISSUER: &str = "PROPELAUTH_ADDITIONAL_ISSUER";

/// Creates a verifier from the Worker's settings [`VERIFIER_KEY`] and [`ISSUER`], and from [`ADDITIONAL_VERIFIER_KEY`]
/// and [`ADDITIONAL_ISSUER`] if they are set.
///
/// Keep the verifier: each call parses the key again. Settings do not change during the lifetime of a Worker's
/// `static`.
///
/// # Errors
///
/// Returns the setting that is missing or invalid.
///
/// # Examples
///
/// ```no_run
/// use std::sync::OnceLock;
///
/// use propelauth_edge::Verifier;
/// use propelauth_edge::worker::{self as auth, SettingsError};
/// use worker::Env;
///
/// fn verifier(env: &Env) -> Result<&'static Verifier, SettingsError> {
///     static AUTH: OnceLock<Verifier> = OnceLock::new();
///     if let Some(verifier) = AUTH.get() {
///         return Ok(verifier);
///     }
///     let verifier = auth::verifier(env)?;
///     Ok(AUTH.get_or_init(|| verifier))
/// }
/// ```
pub fn verifier(env: &Env) -> Result<Verifier, SettingsError> {
    let setting = |name| env.var(name).map(|value| value.to_string()).map_err(|_| SettingsError::Missing(name));
    let (verifier_key, issuer) = (setting(VERIFIER_KEY)?, setting(ISSUER)?);
    let mut verifier = Verifier::new(TokenVerificationMetadata { verifier_key: &verifier_key, issuer: &issuer })?;
    type Add = fn(Verifier, &str) -> Result<Verifier, MetadataError>;
    let add: [(_, Add); 2] = [
        (ADDITIONAL_VERIFIER_KEY, Verifier::with_additional_key),
        (ADDITIONAL_ISSUER, Verifier::with_additional_issuer),
    ];
    for (name, add) in add {
        if js_sys::Reflect::has(env, &name.into()).unwrap_or_default() {
            verifier =
                add(verifier, &setting(name)?).map_err(|error| SettingsError::UnusableAdditional(name, error))?;
        }
    }
    Ok(verifier)
}

/// Verifies the token in the `Authorization` header and returns its user.
///
/// # Errors
///
/// Returns the first check that the header or the token fails.
///
/// # Examples
///
/// ```no_run
/// use propelauth_edge::worker::{self as auth, Failure};
/// use propelauth_edge::{UnixTime, Verifier};
/// use worker::{Request, Response};
///
/// fn whoami(request: &Request, verifier: &Verifier) -> Result<Response, Failure> {
///     let user = auth::user(request, verifier, UnixTime::now())?;
///     Ok(Response::from_json(&user)?)
/// }
/// ```
pub fn user(request: &Request, verifier: &Verifier, now: UnixTime) -> Result<VerifiedUser, Unauthorized> {
    // The runtime joins repeated headers with commas, so they form an invalid token.
    line::of_user(
        verifier.validate_access_token_and_get_owned_user(header(request, "authorization").as_deref(), now),
        verifier,
    )
}

/// Returns the value of a header. Errors only occur for invalid names.
fn header(request: &Request, name: &str) -> Option<String> {
    request.headers().get(name).unwrap_or_default()
}

/// Verifies a token from any [`TokenSource`], such as a cookie.
///
/// # Errors
///
/// Returns the first check that the token fails: [`Unauthorized::MissingHeader`] if there is no token, and
/// [`Unauthorized::MalformedToken`] if there are several.
///
/// # Examples
///
/// ```no_run
/// use propelauth_edge::worker::{Failure, user_from};
/// use propelauth_edge::{TokenSource, UnixTime, Verifier};
/// use worker::{Request, Response};
///
/// fn page(request: &Request, verifier: &Verifier) -> Result<Response, Failure> {
///     let user = user_from(TokenSource::Cookie("__Host-access_token"), request, verifier, UnixTime::now())?;
///     Ok(Response::ok(user.user_id())?)
/// }
/// ```
pub fn user_from(
    source: TokenSource,
    request: &Request,
    verifier: &Verifier,
    now: UnixTime,
) -> Result<VerifiedUser, Unauthorized> {
    // The runtime joins repeated headers with commas, and repeated cookies with semicolons.
    let value = source.header().and_then(|name| header(request, name));
    let url = if source.header().is_none() { request.url().ok() } else { None };
    let token = source.token(value.as_deref().map(Some).into_iter(), url.as_ref().and_then(Url::query));
    line::of_user(user_of_token(token, verifier, now), verifier)
}

/// Returns the response to a rejected request: 401 or 403, `WWW-Authenticate`, and the public message as the body. Logs
/// what [`user`] and [`user_from`] did not: a missing token, and every 403.
///
/// A token that you pass to a method of [`Verifier`] is logged only as an event, with feature `tracing` and a
/// subscriber.
///
/// # Errors
///
/// Returns errors of the runtime; none are known to occur.
///
/// # Examples
///
/// ```no_run
/// use propelauth_edge::worker::refusal;
/// use propelauth_edge::{Forbidden, Unauthorized};
///
/// # fn example() -> worker::Result<()> {
/// assert_eq!(refusal(Unauthorized::Expired)?.status_code(), 401);
/// let response = refusal(Forbidden::MissingRole)?;
/// assert_eq!(response.status_code(), 403);
/// let challenge = response.headers().get("www-authenticate")?;
/// assert_eq!(challenge.as_deref(), Some("Bearer error=\"insufficient_scope\""));
/// # Ok(()) }
/// ```
pub fn refusal(error: impl Into<AuthError>) -> worker::Result<Response> {
    let error = error.into();
    if let AuthError::Forbidden(_) = error {
        Refusal::new(error).log();
    }
    line::of_response(error);
    let mut response = ResponseBuilder::new().with_status(error.status());
    if let Some(value) = error.www_authenticate() {
        response = response.with_header("www-authenticate", value)?;
    }
    response.ok(error.public_message())
}

/// The error of creating a Worker's verifier. Respond with 500, since no token can be verified.
///
/// ```no_run
/// use propelauth_edge::worker::{ISSUER, SettingsError, VERIFIER_KEY, verifier};
///
/// # fn example(env: &worker::Env) {
/// match verifier(env) {
///     Ok(verifier) => worker::console_log!("tokens of {}", verifier.issuer()),
///     Err(SettingsError::Missing(ISSUER)) => worker::console_error!("add {ISSUER} to the variables"),
///     Err(SettingsError::Missing(_)) => worker::console_error!("wrangler secret put {VERIFIER_KEY}"),
///     Err(error @ (SettingsError::Unusable(_) | SettingsError::UnusableAdditional(..))) => {
///         worker::console_error!("{error}");
///     }
/// }
/// # }
/// ```
///
/// `Debug` prints the same sentence as `Display`, so that `expect` prints it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum SettingsError {
    /// The secret or variable is missing, or not text.
    Missing(&'static str),
    /// The key or the issuer is invalid.
    Unusable(MetadataError),
    /// The additional key or issuer in the setting of this name is invalid.
    UnusableAdditional(&'static str, MetadataError),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "no secret or variable {name} that is text"),
            Self::Unusable(error) => write!(f, "{VERIFIER_KEY} and {ISSUER}: {error}"),
            Self::UnusableAdditional(name, error) => write!(f, "{name}: {error}"),
        }
    }
}

impl fmt::Debug for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for SettingsError {}

impl From<MetadataError> for SettingsError {
    fn from(error: MetadataError) -> Self {
        Self::Unusable(error)
    }
}

/// A handler's error. Converts from every error a handler meets, so `?` works throughout. [`Failure::into_response`]
/// logs like [`refusal`].
///
/// ```no_run
/// use propelauth_edge::worker::Failure;
/// use propelauth_edge::{AuthError, OrgRequirement, RequiredOrg, VerifiedUser};
/// use worker::Response;
///
/// fn billing(user: &VerifiedUser, org_id: &str) -> Result<Response, Failure> {
///     let requirement = OrgRequirement::Permission("billing::view");
///     let org = user.require_org(RequiredOrg::Id(org_id), requirement)?; // Failure::Refused
///     Ok(Response::ok(org.org_name)?) // Failure::Broken
/// }
///
/// fn is_forbidden(failure: &Failure) -> bool {
///     matches!(failure, Failure::Refused(AuthError::Forbidden(_)))
/// }
/// ```
#[derive(Debug)]
pub enum Failure {
    /// 401 or 403.
    Refused(AuthError),
    /// 500. The reason is only logged.
    Broken(worker::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => fmt::Display::fmt(error, f),
            Self::Broken(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl Failure {
    /// Returns the response to a refusal. Any other error stays an error, which the `worker` crate logs and answers
    /// with a bare 500.
    ///
    /// # Errors
    ///
    /// Returns the error in [`Failure::Broken`].
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use propelauth_edge::Unauthorized;
    /// use propelauth_edge::worker::Failure;
    ///
    /// # fn example() -> worker::Result<()> {
    /// let answer = Failure::from(Unauthorized::Expired).into_response()?;
    /// assert_eq!(answer.status_code(), 401);
    /// assert!(Failure::from(worker::Error::from("no such bucket")).into_response().is_err());
    /// # Ok(()) }
    /// ```
    pub fn into_response(self) -> worker::Result<Response> {
        match self {
            Self::Refused(error) => refusal(error),
            Self::Broken(error) => Err(error),
        }
    }
}

impl From<AuthError> for Failure {
    fn from(error: AuthError) -> Self {
        Self::Refused(error)
    }
}

impl From<Unauthorized> for Failure {
    fn from(error: Unauthorized) -> Self {
        Self::Refused(error.into())
    }
}

impl From<Forbidden> for Failure {
    fn from(error: Forbidden) -> Self {
        Self::Refused(error.into())
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Self::Broken(worker::Error::RustError(error.to_string()))
    }
}

impl From<worker::Error> for Failure {
    fn from(error: worker::Error) -> Self {
        Self::Broken(error)
    }
}
