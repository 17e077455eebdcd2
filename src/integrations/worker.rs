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
//!     let user = auth::user(request, auth::verifier(env)?, UnixTime::now())?;
//!     let org = user.require_org(RequiredOrg::Id("…"), OrgRequirement::Permission("billing::view"))?;
//!     Ok(Response::ok(org.org_name)?)
//! }
//! ```
//!
//! A Worker that embeds its key at build time with [`verifier_from_env!`](crate::verifier_from_env) needs no settings.

use alloc::string::{String, ToString};
use core::fmt;
use std::sync::OnceLock;

use worker::{Env, Request, Response, ResponseBuilder, Url};

use super::line;
use super::token_source::TokenSource;
use crate::error::{AuthError, Forbidden, SettingsError, Unauthorized};
use crate::event::Refusal;
use crate::time::UnixTime;
use crate::user::VerifiedUser;
use crate::verifier::Verifier;

/// Returns the Worker's verifier. The first call creates it from the Worker's secrets and variables, which have the
/// names in [`Verifier::from_settings`]. Later calls return the same verifier: changed settings come with a new instance
/// of the Worker.
///
/// ```toml
/// # wrangler.toml. The key: npx wrangler secret put PROPELAUTH_VERIFIER_KEY < verifier_key.pem
/// [vars]
/// PROPELAUTH_ISSUER = "https://auth.example.com"
/// ```
///
/// # Errors
///
/// Returns the setting that is missing or invalid. The next call tries again.
pub fn verifier(env: &Env) -> Result<&'static Verifier, SettingsError> {
    static VERIFIER: OnceLock<Verifier> = OnceLock::new();
    if let Some(verifier) = VERIFIER.get() {
        return Ok(verifier);
    }
    let verifier = new_verifier(env)?;
    Ok(VERIFIER.get_or_init(|| verifier))
}

/// Creates a verifier from the Worker's secrets and variables, to add further settings to. Each call parses the key, so
/// keep the result.
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
/// use propelauth_edge::worker::{Failure, new_verifier};
/// use propelauth_edge::Verifier;
/// use worker::Env;
///
/// fn verifier(env: &Env) -> Result<&'static Verifier, Failure> {
///     static VERIFIER: OnceLock<Verifier> = OnceLock::new();
///     if let Some(verifier) = VERIFIER.get() {
///         return Ok(verifier);
///     }
///     let verifier = new_verifier(env)?.with_leeway(5);
///     Ok(VERIFIER.get_or_init(|| verifier))
/// }
/// ```
pub fn new_verifier(env: &Env) -> Result<Verifier, SettingsError> {
    Verifier::from_texts(|name| {
        let is_bound = js_sys::Reflect::has(env, &name.into()).unwrap_or_default();
        // What is bound may be no text: a KV namespace, for example.
        is_bound.then(|| env.var(name).ok().map(|value| value.to_string()))
    })
}

/// Verifies the token in the `Authorization` header and returns its user. Logs a refusal.
///
/// # Errors
///
/// Returns the first check that the header or the token fails. A missing header is only logged by [`refusal`], since a
/// Worker may serve anonymous requests.
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
    user_from(TokenSource::AuthorizationHeader, request, verifier, now)
}

/// Returns the value of a header. Errors only occur for invalid names.
fn header(request: &Request, name: &str) -> Option<String> {
    request.headers().get(name).unwrap_or_default()
}

/// Verifies a token from any [`TokenSource`], such as a cookie.
///
/// # Errors
///
/// Returns the first check that the token fails: [`Unauthorized::MissingToken`] if there is no token
/// ([`MissingHeader`](Unauthorized::MissingHeader) for the header), and [`Unauthorized::RepeatedToken`] if there are
/// several.
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
    // The runtime joins repeated headers with commas, which is invalid, and repeated cookies with semicolons.
    let value = source.header().and_then(|name| header(request, name));
    let url = if source.header().is_none() { request.url().ok() } else { None };
    let token = source.token(value.as_deref().map(str::as_bytes).into_iter(), url.as_ref().and_then(Url::query));
    line::user(token, verifier, now)
}

/// Returns the response to a rejected request: 401 or 403, `WWW-Authenticate`, and the public message as the body. Logs
/// what [`user`] and [`user_from`] did not: a missing token, and every 403.
///
/// A token that you pass to a method of [`Verifier`] is logged only as an event, with feature `tracing` and a
/// subscriber. A missing header that you pass to one is logged there, and again here.
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
