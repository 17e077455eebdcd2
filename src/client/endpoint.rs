//! What an endpoint is: how its arguments become a request, and the answer its result.

use std::collections::BTreeMap;
use std::format;
use std::prelude::v1::*;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use http::{HeaderValue, Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::config::Config;
use super::error::{ApiError, Feature, FieldErrors, RateLimited, Resource};
use super::wire::{Arguments, Route};

/// Says whose environment the call is about.
const X_PROPELAUTH_URL: HeaderName = HeaderName::from_static("x-propelauth-url");

/// A call of the backend API, as a value. It can be made with any HTTP client, or none:
///
/// ```
/// use propelauth_edge::client::{Config, DisableUser, Endpoint};
///
/// let config = Config::new("https://auth.example.com", "the integration API key")?;
/// let call = DisableUser { user_id: "31c41c16-c281-44ae-9602-8a047e3bf33d".into() };
///
/// let request = call.request(&config)?;
/// assert_eq!(request.method(), "POST");
/// assert_eq!(request.uri().path(), "/api/backend/v1/user/31c41c16-c281-44ae-9602-8a047e3bf33d/disable");
///
/// // Send it, and give the answer to `parse`.
/// let response = http::Response::builder().status(404).body(vec![])?;
/// assert_eq!(call.parse(response)?, false);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The endpoints of this crate are all there are: the trait cannot be implemented elsewhere.
pub trait Endpoint: Serialize {
    /// What the call gives.
    type Output: Output;

    /// The name of the method, which is that of the Python library.
    const METHOD_NAME: &'static str;

    /// The names of the required and of the optional arguments.
    const ARGUMENTS: &'static [&'static [&'static str]];

    /// The outcome, if it is known without asking: that of an id which nothing can have.
    fn without_asking(&self) -> Option<Result<Self::Output, ApiError>> {
        self.impossible().map(|meaning| self.outcome(&meaning, &Answer::NONE))
    }

    /// The request to send. It carries the API key, and secrets among the arguments: do not log its headers and
    /// its body, and do not follow redirects.
    ///
    /// # Errors
    ///
    /// [`ApiError::InvalidRequest`]
    fn request(&self, config: &Config) -> Result<Request<Vec<u8>>, ApiError> {
        let mut arguments = self.wire_arguments()?;
        let route = &Self::ROUTE;
        let uri = [config.base_url(), &route.target(&mut arguments)?].concat();
        let mut request = Request::builder()
            .method(route.method())
            .uri(uri)
            .header(AUTHORIZATION, config.authorization())
            .header(X_PROPELAUTH_URL, config.auth_host());
        let body = route.body(arguments)?;
        if body.is_some() {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        request.body(body.unwrap_or_default()).map_err(|_| ApiError::InvalidRequest)
    }

    /// What the answer means. Errors keep what the API says, without the secrets among the arguments that it repeats.
    ///
    /// # Errors
    ///
    /// What the API says.
    fn parse(&self, response: Response<Vec<u8>>) -> Result<Self::Output, ApiError> {
        let answer = Answer { status: response.status().as_u16(), body: response.body() };
        let outcome = match answer.status {
            200..=299 | 304 => self.accepted(&answer),
            401 => Err(ApiError::Unauthorized),
            429 => {
                let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
                Err(ApiError::RateLimited(RateLimited::new(answer.text(), retry_after)))
            }
            _ => self.refused(&answer),
        };
        // Behind what the answer means, which must not depend on the arguments.
        outcome.map_err(|error| match self.wire_arguments() {
            Ok(arguments) => arguments.redact(error),
            Err(_) => error,
        })
    }

    #[doc(hidden)]
    const ROUTE: Route;
    #[doc(hidden)]
    const MEANINGS: &'static [(u16, Meaning)];

    #[doc(hidden)]
    fn impossible(&self) -> Option<Meaning> {
        None
    }

    #[doc(hidden)]
    fn wire_arguments(&self) -> Result<Arguments, ApiError> {
        Ok(Self::ROUTE.prune(Arguments::of(self)?))
    }

    /// What the call gives if there is no such thing.
    #[doc(hidden)]
    fn absent(&self) -> Option<Self::Output> {
        Self::Output::absent()
    }

    #[doc(hidden)]
    fn decode(&self, body: &[u8]) -> serde_json::Result<Self::Output> {
        Self::Output::decode(body)
    }

    /// What a success gives.
    #[doc(hidden)]
    fn accepted(&self, answer: &Answer<'_>) -> Result<Self::Output, ApiError> {
        self.decode(answer.body).map_err(|error| answer.undecodable(&error))
    }

    /// What any other status means, but those that mean the same for all endpoints.
    #[doc(hidden)]
    fn refused(&self, refusal: &Answer<'_>) -> Result<Self::Output, ApiError> {
        match Self::MEANINGS.iter().find(|(status, _)| *status == refusal.status) {
            Some((_, meaning)) => self.outcome(meaning, refusal),
            None => Err(refusal.unexpected()),
        }
    }

    #[doc(hidden)]
    fn outcome(&self, meaning: &Meaning, refusal: &Answer<'_>) -> Result<Self::Output, ApiError> {
        Err(match meaning {
            Meaning::Absent => return self.absent().ok_or_else(|| refusal.unexpected()),
            Meaning::FieldErrors => refusal.field_errors().unwrap_or_else(|error| error),
            Meaning::FieldErrorsOrText => refusal.field_errors().unwrap_or_else(|_| refusal.bad_request()),
            Meaning::Text => refusal.bad_request(),
            Meaning::UserFacingError => refusal.user_facing_error().unwrap_or_else(|error| error),
            Meaning::NotFound(resource) => ApiError::NotFound(*resource),
            Meaning::NotEnabled(feature) => ApiError::FeatureNotEnabled(*feature),
        })
    }
}

/// What a status, or an impossible id, means.
#[derive(Clone, Copy, Debug)]
pub enum Meaning {
    /// `None` or `false`.
    Absent,
    /// The body tells what is wrong with which field.
    FieldErrors,
    /// The same, or it is a text.
    FieldErrorsOrText,
    /// The body is a text.
    Text,
    /// The body has a text for the end user.
    UserFacingError,
    /// There is no such thing, which is an error.
    NotFound(Resource),
    /// The environment does not have the feature.
    NotEnabled(Feature),
}

/// Status and body of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    status: u16,
    body: &'a [u8],
}

impl Answer<'_> {
    /// In the place of the answer, where nothing was asked.
    const NONE: Self = Self { status: 0, body: &[] };

    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        serde_json::from_slice(self.body).map_err(|error| self.undecodable(&error))
    }

    pub(super) fn unexpected(&self) -> ApiError {
        match self.status {
            403 => ApiError::Forbidden { text: self.text() },
            status => ApiError::UnexpectedStatus { status, text: self.text() },
        }
    }

    fn bad_request(&self) -> ApiError {
        ApiError::BadRequest { text: self.text() }
    }

    fn field_errors(&self) -> Result<ApiError, ApiError> {
        self.json::<FieldErrors>().map(ApiError::InvalidFields)
    }

    fn user_facing_error(&self) -> Result<ApiError, ApiError> {
        let body: Value = self.json()?;
        let text = body.get("user_facing_error").and_then(Value::as_str);
        Ok(text.map_or_else(|| self.unexpected(), |text| ApiError::BadRequest { text: text.into() }))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(self.body).into_owned()
    }

    /// Tells where, but not what: the text of serde's errors may quote a secret.
    fn undecodable(&self, error: &serde_json::Error) -> ApiError {
        let what = match error.classify() {
            serde_json::error::Category::Data => "a field is missing or of another type",
            serde_json::error::Category::Eof => "JSON that is cut off",
            _ => "not JSON",
        };
        ApiError::UndecodableBody {
            status: self.status,
            reason: format!("{what}, line {}, column {}", error.line(), error.column()),
            text: (self.status >= 400).then(|| self.text()),
        }
    }
}

/// What an endpoint can give.
pub trait Output: DeserializeOwned {
    /// The value for what does not exist, if there is one.
    #[doc(hidden)]
    fn absent() -> Option<Self> {
        None
    }

    /// The value in the body of a success.
    #[doc(hidden)]
    fn decode(body: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(body)
    }
}

/// Done, whatever the body says.
impl Output for bool {
    fn absent() -> Option<Self> {
        Some(false)
    }

    fn decode(_: &[u8]) -> serde_json::Result<Self> {
        Ok(true)
    }
}

impl<T: Output> Output for Option<T> {
    fn absent() -> Option<Self> {
        Some(None)
    }

    fn decode(body: &[u8]) -> serde_json::Result<Self> {
        T::decode(body).map(Some)
    }
}

impl<T: DeserializeOwned> Output for BTreeMap<String, T> {}

impl Output for Value {}
