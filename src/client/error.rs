//! What can go wrong with a call.

use core::fmt;
use core::time::Duration;
use std::error::Error;
use std::prelude::v1::*;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::JsonMap;
use super::transport::TransportError;
use crate::error::MetadataError;

/// Characters of a server's text that `Display` shows.
const SHOWN_CHARS: usize = 200;

/// Why a call did not give what was asked for.
///
/// What the API says, in texts and field errors, is meant for developers, unless it is named user-facing. None of it
/// holds the integration API key, or a password, an API key or a code among the arguments.
#[non_exhaustive]
#[derive(Debug)]
pub enum ApiError {
    /// 401: the integration API key is not that of this environment.
    Unauthorized,
    /// 429: too many calls.
    RateLimited(RateLimited),
    /// 400, with what is wrong with which argument.
    InvalidFields(FieldErrors),
    /// 400, with a text.
    BadRequest {
        /// What the API says.
        text: String,
    },
    /// What the call is about does not exist, where that is not `None` or `false`.
    NotFound(Resource),
    /// The environment, or its plan, does not have this feature.
    FeatureNotEnabled(Feature),
    /// 403.
    Forbidden {
        /// What the API says.
        text: String,
    },
    /// The user has not set up MFA.
    MfaNotEnabled,
    /// Not the code that the user's authenticator shows.
    IncorrectMfaCode,
    /// Any other status than those that the call knows, redirects included: they are not followed.
    UnexpectedStatus {
        /// The HTTP status.
        status: u16,
        /// What the API says.
        text: String,
    },
    /// The body is not what the status promises: not JSON, or a field is missing or has another type.
    UndecodableBody {
        /// The HTTP status.
        status: u16,
        /// Where the body departs from what was expected.
        reason: String,
        /// The body, for a status of 400 and up. That of a success may hold secrets, and is not kept.
        text: Option<String>,
    },
    /// There is no answer.
    Transport(TransportError),
    /// The arguments do not make a request: the base URL is none, or a path segment is `.` or `..`.
    InvalidRequest,
}

impl ApiError {
    /// The HTTP status of the answer, if there was one and it alone decided.
    ///
    /// ```
    /// # use propelauth_edge::client::{ApiError, TransportErrorKind};
    /// assert_eq!(ApiError::Unauthorized.status(), Some(401));
    /// assert_eq!(ApiError::UnexpectedStatus { status: 503, text: "maintenance".into() }.status(), Some(503));
    /// assert_eq!(ApiError::Transport(TransportErrorKind::Timeout.into()).status(), None);
    /// ```
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Unauthorized => Some(401),
            Self::RateLimited(_) => Some(429),
            Self::Forbidden { .. } => Some(403),
            Self::UnexpectedStatus { status, .. } | Self::UndecodableBody { status, .. } => Some(*status),
            _ => None,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthorized => f.write_str("incorrect integration API key"),
            Self::RateLimited(limit) => limit.fmt(f),
            Self::InvalidFields(errors) => write!(f, "invalid fields: {errors}"),
            Self::BadRequest { text } => write!(f, "bad request: {}", Shown(text)),
            Self::NotFound(resource) => write!(f, "{resource} not found"),
            Self::FeatureNotEnabled(feature) => write!(f, "{feature} not enabled"),
            Self::Forbidden { text } => write!(f, "forbidden: {}", Shown(text)),
            Self::MfaNotEnabled => f.write_str("MFA not set up"),
            Self::IncorrectMfaCode => f.write_str("incorrect MFA code"),
            Self::UnexpectedStatus { status, text } => {
                write!(f, "unexpected status {status}: {}", Shown(text))
            }
            Self::UndecodableBody { status, reason, .. } => {
                write!(f, "undecodable body of an answer with status {status}: {reason}")
            }
            Self::Transport(error) => error.fmt(f),
            Self::InvalidRequest => f.write_str("arguments that do not make a request"),
        }
    }
}

impl Error for ApiError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Transport(error) => error.source(),
            _ => None,
        }
    }
}

impl From<TransportError> for ApiError {
    fn from(error: TransportError) -> Self {
        Self::Transport(error)
    }
}

/// What does not exist.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The environment of the auth URL.
    Environment,
    /// The user.
    User,
    /// The org; also where the API does not say whether it is the org or something in it.
    Org,
    /// The end-user API key.
    EndUserApiKey,
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "environment of this auth URL",
            Self::User => "user",
            Self::Org => "org",
            Self::EndUserApiKey => "API key",
        })
    }
}

/// What is not enabled.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// B2B support, without which there are no orgs. It can be enabled in the dashboard.
    B2b,
    /// The creation of access tokens by the backend.
    AccessTokenCreation,
    /// A feature of another plan.
    OtherPlan,
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::B2b => "B2B support",
            Self::AccessTokenCreation => "creation of access tokens",
            Self::OtherPlan => "feature of another plan",
        })
    }
}

/// What the API says with a 429.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RateLimited {
    /// How long to wait: `wait_seconds` of the body, or else a `Retry-After` header in seconds (RFC 9110 section
    /// 10.2.3; the form with a date is not read).
    pub retry_after: Option<Duration>,
    /// A text for the end user.
    pub user_facing_error: Option<String>,
    /// The API's name for the error.
    pub error_code: Option<String>,
    /// The whole body.
    pub text: String,
}

impl RateLimited {
    pub(super) fn new(text: String, retry_after_header: Option<&str>) -> Self {
        #[derive(Default, Deserialize)]
        struct Body {
            wait_seconds: Option<f64>,
            user_facing_error: Option<String>,
            error_code: Option<String>,
        }
        let body: Body = serde_json::from_str(&text).unwrap_or_default();
        let seconds = body.wait_seconds.or_else(|| retry_after_header?.trim().parse::<u32>().ok().map(f64::from));
        Self {
            retry_after: seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
            user_facing_error: body.user_facing_error,
            error_code: body.error_code,
            text,
        }
    }
}

impl fmt::Display for RateLimited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rate limited")?;
        if let Some(wait) = self.retry_after {
            write!(f, " for {} s", wait.as_secs_f64())?;
        }
        let text = self.user_facing_error.as_ref().unwrap_or(&self.text);
        if text.is_empty() { Ok(()) } else { write!(f, ": {}", Shown(text)) }
    }
}

/// What is wrong with which argument, by the names that the API gives to them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldErrors(pub(super) JsonMap);

impl FieldErrors {
    pub(super) fn of(field: &str, error: &str) -> Self {
        Self(JsonMap::from_iter([(field.into(), Value::Array(Vec::from_iter([error.into()])))]))
    }

    /// The names of the fields.
    ///
    /// ```
    /// # use propelauth_edge::client::FieldErrors;
    /// let errors: FieldErrors = serde_json::from_str(r#"{"email": ["taken"], "username": ["too short"]}"#)?;
    /// assert_eq!(errors.fields().collect::<Vec<_>>(), ["email", "username"]);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// What is wrong with this field. None if nothing is.
    ///
    /// ```
    /// # use propelauth_edge::client::FieldErrors;
    /// let errors: FieldErrors = serde_json::from_str(r#"{"password": ["too short", "no digit"]}"#)?;
    /// assert_eq!(errors.get("password").collect::<Vec<_>>(), ["too short", "no digit"]);
    /// assert_eq!(errors.get("email").next(), None);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn get(&self, field: &str) -> impl Iterator<Item = &str> {
        messages(self.0.get(field).unwrap_or(&Value::Null))
    }

    /// As the API says it.
    ///
    /// ```
    /// # use propelauth_edge::client::{ApiError, CreateUser, CreateUserOptions, Endpoint};
    /// # let response = http::Response::builder().status(400).body(br#"{"email": ["taken"]}"#.to_vec()).unwrap();
    /// # let call = CreateUser { email: "ada@example.com".into(), options: CreateUserOptions::default() };
    /// if let Err(ApiError::InvalidFields(errors)) = call.parse(response) {
    ///     assert_eq!(errors.as_json()["email"], serde_json::json!(["taken"])); // for a frontend that shows it
    /// }
    /// ```
    #[must_use]
    pub fn as_json(&self) -> &JsonMap {
        &self.0
    }
}

impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (field, errors) in &self.0 {
            for error in messages(errors) {
                write!(f, "{separator}{field}: {}", Shown(error))?;
                separator = "; ";
            }
        }
        Ok(())
    }
}

/// The API gives a list of texts, or one text.
fn messages(errors: &Value) -> impl Iterator<Item = &str> {
    let list = errors.as_array().map(Vec::as_slice).unwrap_or_default();
    errors.as_str().into_iter().chain(list.iter().filter_map(Value::as_str))
}

/// The beginning of a text from outside, on one line.
struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut chars = self.0.chars();
        for char in chars.by_ref().take(SHOWN_CHARS) {
            fmt::Write::write_char(f, if char.is_control() { ' ' } else { char })?;
        }
        if chars.next().is_some() { f.write_str("…") } else { Ok(()) }
    }
}

/// Why there is no [`Auth`](super::Auth).
#[non_exhaustive]
#[derive(Debug)]
pub enum InitError {
    /// The auth URL has no host.
    AuthUrl,
    /// The API key has characters that an HTTP header cannot have.
    ApiKey,
    /// The verifier key or the issuer cannot be used.
    Metadata(MetadataError),
    /// The API did not give the verifier key. [`ApiError::Unauthorized`] if the API key is incorrect,
    /// [`Resource::Environment`] if the auth URL is.
    Api(ApiError),
}

impl fmt::Display for InitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AuthUrl => f.write_str("auth URL without a host"),
            Self::ApiKey => f.write_str("integration API key with characters that no header can have"),
            Self::Metadata(error) => error.fmt(f),
            Self::Api(error) => error.fmt(f),
        }
    }
}

impl Error for InitError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Metadata(error) => Some(error),
            Self::Api(error) => Some(error),
            Self::AuthUrl | Self::ApiKey => None,
        }
    }
}

impl From<MetadataError> for InitError {
    fn from(error: MetadataError) -> Self {
        Self::Metadata(error)
    }
}

impl From<ApiError> for InitError {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn field_errors_are_lists_or_texts() {
        let errors: FieldErrors =
            serde_json::from_str(r#"{"email":["taken","too long"],"grant":"not found","n":3}"#).unwrap();
        assert_eq!(errors.get("email").collect::<Vec<_>>(), ["taken", "too long"]);
        assert_eq!(errors.get("grant").collect::<Vec<_>>(), ["not found"]);
        assert_eq!(errors.get("n").chain(errors.get("none")).count(), 0);
        assert_eq!(errors.to_string(), "email: taken; email: too long; grant: not found");
    }

    #[test]
    fn the_wait_is_read_from_the_body_or_else_from_the_header() {
        let wait = |body: &str, header| RateLimited::new(body.into(), header).retry_after;
        assert_eq!(wait(r#"{"wait_seconds":12.5}"#, Some("7")), Some(Duration::from_millis(12_500)));
        assert_eq!(wait("slow down", Some(" 7 ")), Some(Duration::from_secs(7)));
        assert_eq!(wait("{}", Some("7")), Some(Duration::from_secs(7)));
        for odd in ["-1", "soon", "99999999999999999999", "Fri, 31 Dec 1999 23:59:59 GMT"] {
            assert_eq!(wait("", Some(odd)), None, "{odd}");
        }
        assert_eq!(wait(r#"{"wait_seconds":-1}"#, None), None);
        assert_eq!(wait(r#"{"wait_seconds":1e300}"#, None), None);
    }

    #[test]
    fn texts_from_outside_are_shown_short_and_on_one_line() {
        let error = ApiError::BadRequest { text: "a\nb\u{1b}[31m".to_string() + &"x".repeat(1000) };
        let shown = error.to_string();
        assert!(shown.starts_with("bad request: a b [31mxxx") && shown.ends_with('…'));
        assert!(shown.chars().count() < 250 && !shown.contains('\n'));
    }
}
