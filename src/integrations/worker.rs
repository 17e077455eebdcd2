//! Cloudflare Workers: a verifier from the Worker's settings, the user of a request, refusals as answers.
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
//!     Ok(Response::ok(&org.org_name)?)
//! }
//! ```
//!
//! A Worker whose key is embedded at build time, by [`verifier_from_env!`](crate::verifier_from_env), needs no settings.

use alloc::string::ToString;
use core::fmt;

use worker::{Env, Request, Response, ResponseBuilder};

use crate::error::{AuthError, Forbidden, MetadataError, Unauthorized};
use crate::metadata::TokenVerificationMetadata;
use crate::owned;
use crate::time::UnixTime;
use crate::user::User;
use crate::verifier::Verifier;

/// The secret, or variable, that holds the *Public (Verifier) Key*.
///
/// ```sh
/// npx wrangler secret put PROPELAUTH_VERIFIER_KEY < verifier_key.pem
/// ```
pub const VERIFIER_KEY: &str = "PROPELAUTH_VERIFIER_KEY";

/// The variable, or secret, that holds the *Auth URL*.
///
/// ```toml
/// # wrangler.toml
/// [vars]
/// PROPELAUTH_ISSUER = "https://auth.example.com"
/// ```
pub const ISSUER: &str = "PROPELAUTH_ISSUER";

/// A verifier from the Worker's settings [`VERIFIER_KEY`] and [`ISSUER`].
///
/// It prepares the key anew, so keep it: settings do not change as long as a Worker's `static` lives.
///
/// # Errors
///
/// The setting that is missing, or why it is no good.
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
    Ok(Verifier::new(TokenVerificationMetadata { verifier_key: &verifier_key, issuer: &issuer })?)
}

/// The user whom the token in the request's `Authorization` header names.
///
/// # Errors
///
/// The first check that the header or the token fails.
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
pub fn user(request: &Request, verifier: &Verifier, now: UnixTime) -> Result<User, Unauthorized> {
    // Several headers come as one with commas, which is no token.
    let header = request.headers().get("authorization").map_err(|_| Unauthorized::MalformedHeader)?;
    owned::user(verifier, header.as_deref(), now)
}

/// The answer to a request that is refused: 401 or 403, `WWW-Authenticate`, and the public message as the body.
///
/// # Errors
///
/// None that the runtime is known to make.
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
    ResponseBuilder::new()
        .with_status(error.status())
        .with_header("www-authenticate", error.www_authenticate())?
        .ok(error.public_message())
}

/// Why a Worker has no verifier. The answer is 500, for nothing can be said of any token.
///
/// ```no_run
/// use propelauth_edge::worker::{ISSUER, SettingsError, VERIFIER_KEY, verifier};
///
/// # fn example(env: &worker::Env) {
/// match verifier(env) {
///     Ok(verifier) => worker::console_log!("tokens of {}", verifier.issuer()),
///     Err(SettingsError::Missing(ISSUER)) => worker::console_error!("add {ISSUER} to the variables"),
///     Err(SettingsError::Missing(_)) => worker::console_error!("wrangler secret put {VERIFIER_KEY}"),
///     Err(SettingsError::Unusable(error)) => worker::console_error!("{error}"),
/// }
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsError {
    /// There is no such secret or variable, or it is not text.
    Missing(&'static str),
    /// The key or the issuer is unusable.
    Unusable(MetadataError),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "no secret or variable {name}"),
            Self::Unusable(error) => write!(f, "{VERIFIER_KEY} and {ISSUER}: {error}"),
        }
    }
}

impl core::error::Error for SettingsError {}

impl From<MetadataError> for SettingsError {
    fn from(error: MetadataError) -> Self {
        Self::Unusable(error)
    }
}

/// Why a request is not answered as it wants. `?` makes one of whatever fails in a handler.
///
/// ```no_run
/// use propelauth_edge::worker::Failure;
/// use propelauth_edge::{AuthError, OrgRequirement, RequiredOrg, User};
/// use worker::Response;
///
/// fn billing(user: &User, org_id: &str) -> Result<Response, Failure> {
///     let requirement = OrgRequirement::Permission("billing::view");
///     let org = user.require_org(RequiredOrg::Id(org_id), requirement)?; // Failure::Refused
///     Ok(Response::ok(&org.org_name)?) // Failure::Broken
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
    /// 500. The reason is for the log.
    Broken(worker::Error),
}

impl Failure {
    /// The answer to a refusal; anything else stays an error, which the `worker` crate writes into the log and answers
    /// with a bare 500.
    ///
    /// # Errors
    ///
    /// That of [`Failure::Broken`].
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
