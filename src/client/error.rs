//! Errors of API calls.

use core::fmt;
use core::time::Duration;
use std::error::Error;
use std::prelude::v1::*;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json::JsonMap;
use super::transport::TransportError;
use crate::error::MetadataError;

/// The number of characters of a server's text that `Display` shows.
const SHOWN_CHARS: usize = 200;

/// The error of an API call.
///
/// ```
/// use propelauth_edge::client::ApiError;
///
/// /// Returns `true` if the caller of this service made the error.
/// fn is_fault_of_caller(error: &ApiError) -> bool {
///     match error {
///         ApiError::InvalidFields(_) | ApiError::BadRequest { .. } | ApiError::NotFound(_) => true,
///         ApiError::IncorrectApiKey | ApiError::RateLimited(_) | ApiError::Transport(_) => false,
///         _ => false, // an error that the API may add
///     }
/// }
/// # assert!(!is_fault_of_caller(&ApiError::IncorrectApiKey));
/// ```
///
/// Texts and field errors from the API are meant for developers, unless named user-facing. They never contain the
/// integration API key, or a password, an API key or a code among the arguments.
#[non_exhaustive]
#[derive(Debug)]
pub enum ApiError {
    /// 401: the integration API key is not valid for this environment.
    IncorrectApiKey,
    /// 429: too many calls.
    RateLimited(RateLimited),
    /// 400, with errors by argument.
    InvalidFields(FieldErrors),
    /// 400, with a text.
    BadRequest {
        /// The API's text.
        text: String,
    },
    /// The object does not exist. Some calls return `None` or `false` instead.
    NotFound(Resource),
    /// The environment, or its pricing plan, does not have this feature.
    FeatureNotEnabled(Feature),
    /// 403.
    Forbidden {
        /// The API's text.
        text: String,
    },
    /// The user has not set up MFA.
    MfaNotEnabled,
    /// The code does not match the user's authenticator app.
    IncorrectMfaCode,
    /// Any status that the call does not document, including redirects, which are not followed.
    UnexpectedStatus {
        /// The HTTP status.
        status: u16,
        /// The API's text.
        text: String,
    },
    /// The body does not match the status: it is not JSON, or a field is missing or has the wrong type.
    UndecodableBody {
        /// The HTTP status.
        status: u16,
        /// The position of the mismatch.
        reason: String,
        /// The body, for a status of 400 and up. The body of a success may contain secrets and is dropped.
        text: Option<String>,
    },
    /// The request failed without a response.
    Transport(TransportError),
    /// The arguments do not form a valid request: an id in the path is empty, `.` or `..`, or the URL is too long.
    InvalidRequest,
}

impl ApiError {
    /// Returns the HTTP status of the response, if the error comes from one.
    ///
    /// ```
    /// # use propelauth_edge::client::{ApiError, TransportErrorKind};
    /// assert_eq!(ApiError::IncorrectApiKey.status(), Some(401));
    /// assert_eq!(ApiError::UnexpectedStatus { status: 503, text: "maintenance".into() }.status(), Some(503));
    /// assert_eq!(ApiError::Transport(TransportErrorKind::Timeout.into()).status(), None);
    /// ```
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::IncorrectApiKey => Some(401),
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
            Self::IncorrectApiKey => f.write_str("incorrect integration API key"),
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
                write!(f, "undecodable response body (status {status}): {reason}")
            }
            Self::Transport(error) => error.fmt(f),
            Self::InvalidRequest => f.write_str("arguments do not form a valid request"),
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

/// An object that does not exist.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The environment of the auth URL.
    Environment,
    /// The user.
    User,
    /// The org. Also used where the API does not distinguish the org from something in it.
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

/// A feature that is not enabled.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// B2B support, required for orgs. It can be enabled in the dashboard.
    B2b,
    /// Creating access tokens from the backend.
    AccessTokenCreation,
    /// A feature of another pricing plan.
    OtherPlan,
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::B2b => "B2B support",
            Self::AccessTokenCreation => "access token creation",
            Self::OtherPlan => "feature of another plan",
        })
    }
}

/// The details of a 429.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RateLimited {
    /// How long to wait: `wait_seconds` from the body, or else the `Retry-After` header in seconds (RFC 9110 section
    /// 10.2.3; a date is ignored).
    pub retry_after: Option<Duration>,
    /// A text for the end user.
    pub user_facing_error: Option<String>,
    /// The API's error code.
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

/// Errors by argument, under the API's names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldErrors(pub(super) JsonMap);

impl FieldErrors {
    pub(super) fn of(field: &str, error: &str) -> Self {
        Self(JsonMap::from_iter([(field.into(), Value::Array(Vec::from_iter([error.into()])))]))
    }

    /// Returns the names of the fields.
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

    /// Returns the errors of a field. The iterator is empty if there are none.
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

    /// Returns the errors as the API's JSON object.
    ///
    /// ```
    /// # use propelauth_edge::client::{ApiError, CreateUser, CreateUserOptions, Endpoint};
    /// # let response = http::Response::builder().status(400).body(br#"{"email": ["taken"]}"#.to_vec()).unwrap();
    /// # let call = CreateUser { email: "ada@example.com".into(), options: CreateUserOptions::default() };
    /// if let Err(ApiError::InvalidFields(errors)) = call.parse(response) {
    ///     assert_eq!(errors.as_json()["email"], serde_json::json!(["taken"])); // for the frontend
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

/// Accepts both a list of texts and a single text.
fn messages(errors: &Value) -> impl Iterator<Item = &str> {
    let list = errors.as_array().map(Vec::as_slice).unwrap_or_default();
    errors.as_str().into_iter().chain(list.iter().filter_map(Value::as_str))
}

/// The beginning of an untrusted text, on one line.
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

/// The error of creating an [`Auth`](super::Auth). Its `Debug` output is its message, since `fn main() -> Result<…>` prints
/// that.
#[non_exhaustive]
pub enum InitError {
    /// The auth URL is not `https://` and a host.
    AuthUrl,
    /// The API key is empty, or not valid in an HTTP header.
    ApiKey,
    /// The base URL has no host, or has a user, a query or a fragment.
    BaseUrl,
    /// The base URL is `http://` to another machine, which would send the API key in the clear.
    InsecureBaseUrl,
    /// The verifier key or the issuer is invalid.
    Metadata(MetadataError),
    /// Fetching the verifier key failed: with [`ApiError::IncorrectApiKey`] if the API key is incorrect, with
    /// [`Resource::Environment`] if the auth URL is.
    Api(ApiError),
}

impl fmt::Display for InitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AuthUrl => f.write_str("invalid auth URL, expected one like https://auth.example.com"),
            Self::ApiKey => f.write_str("integration API key is empty or not valid in a header"),
            Self::BaseUrl => f.write_str("invalid base URL, expected one like https://propelauth-api.com"),
            Self::InsecureBaseUrl => f.write_str("base URL without TLS would expose the integration API key"),
            Self::Metadata(error) => error.fmt(f),
            Self::Api(error) => error.fmt(f),
        }
    }
}

impl fmt::Debug for InitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for InitError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            // This error displays them, so their source comes next.
            Self::Metadata(error) => error.source(),
            Self::Api(error) => error.source(),
            Self::AuthUrl | Self::ApiKey | Self::BaseUrl | Self::InsecureBaseUrl => None,
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
    use crate::client::transport::TransportErrorKind;
    use std::boxed::Box;
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

    /// Error reporters print an error and its sources, one per line.
    #[test]
    fn no_report_prints_a_cause_twice() {
        let transport = || TransportError::new(TransportErrorKind::Broken, "HTTP/0.9");
        let api_errors = || {
            [
                ApiError::IncorrectApiKey,
                ApiError::RateLimited(RateLimited::new("slow down".into(), None)),
                ApiError::InvalidFields(FieldErrors::of("email", "taken")),
                ApiError::BadRequest { text: "no".into() },
                ApiError::NotFound(Resource::User),
                ApiError::FeatureNotEnabled(Feature::B2b),
                ApiError::Forbidden { text: "no".into() },
                ApiError::MfaNotEnabled,
                ApiError::IncorrectMfaCode,
                ApiError::UnexpectedStatus { status: 500, text: "no".into() },
                ApiError::UndecodableBody { status: 200, reason: "not JSON".into(), text: None },
                ApiError::Transport(transport()),
                ApiError::InvalidRequest,
            ]
        };
        let init_errors =
            [InitError::AuthUrl, InitError::ApiKey, InitError::BaseUrl, InitError::InsecureBaseUrl].into_iter();
        let init_errors = init_errors.chain([InitError::Metadata(MetadataError::InvalidPem)]);
        let init_errors = init_errors.chain(api_errors().map(InitError::Api));
        let errors = api_errors().into_iter().map(|error| Box::new(error) as Box<dyn Error>);
        let errors = errors.chain(init_errors.map(|error| Box::new(error) as Box<dyn Error>));
        let mut with_source = 0;
        for error in errors.chain([Box::new(transport()) as Box<dyn Error>]) {
            let mut shown = error.to_string();
            let mut cause = error.source();
            with_source += usize::from(cause.is_some());
            while let Some(error) = cause {
                let text = error.to_string();
                assert!(!shown.contains(&text), "{text:?} twice in {shown:?}");
                shown += &std::format!("\n{text}");
                cause = error.source();
            }
        }
        assert_eq!(with_source, 3); // a transport error alone, in an API error, and in an init error
    }

    #[test]
    fn texts_from_outside_are_shown_short_and_on_one_line() {
        let error = ApiError::BadRequest { text: "a\nb\u{1b}[31m".to_string() + &"x".repeat(1000) };
        let shown = error.to_string();
        assert!(shown.starts_with("bad request: a b [31mxxx") && shown.ends_with('…'));
        assert!(shown.chars().count() < 250 && !shown.contains('\n'));
    }
}
