//! The trait of endpoints: how arguments become a request, and a response a result.

pub(crate) mod answer;
pub(crate) mod declare;
pub(crate) mod id;
pub(crate) mod object;
pub(crate) mod redact;
pub(crate) mod route;

use std::prelude::v1::*;

use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use http::{HeaderValue, Method, Request, Response};
use serde::Serialize;

use super::config::Config;
use super::error::{ApiError, RateLimited};
use answer::{Answer, Meaning, Output};
use redact::Secrets;
use route::Route;

/// Names the environment of a call.
const X_PROPELAUTH_URL: HeaderName = HeaderName::from_static("x-propelauth-url");

/// A call of the backend API, as a value. Send it with any HTTP client, or none:
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
/// // Send it, and pass the response to `parse`.
/// let response = http::Response::builder().status(404).body(vec![])?;
/// assert_eq!(call.parse(response)?, false);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// This trait is sealed: only this crate implements it.
pub trait Endpoint: Declared<<Self as Endpoint>::Output> {
    /// The result of the call.
    type Output: Output;

    /// Returns the outcome if it is known without a request, because an id is invalid.
    fn without_asking(&self) -> Option<Result<Self::Output, ApiError>> {
        self.impossible().map(|meaning| outcome(self, &meaning, &Answer::NONE))
    }

    /// Returns the request to send. It carries the API key and any secret arguments: do not log its headers or body,
    /// and do not follow redirects.
    ///
    /// # Errors
    ///
    /// Returns [`ApiError::InvalidRequest`] if an argument is not valid in the URL.
    fn request(&self, config: &Config) -> Result<Request<Vec<u8>>, ApiError> {
        let mut arguments = Self::ROUTE.arguments(self)?;
        let uri = [config.base_url(), &Self::ROUTE.target(&mut arguments)?].concat();
        let mut request = Request::builder()
            .method(Self::ROUTE.method())
            .uri(uri)
            .header(AUTHORIZATION, config.authorization())
            .header(X_PROPELAUTH_URL, config.auth_host());
        let body = Self::ROUTE.body(&arguments)?;
        if body.is_some() {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        } else if matches!(*Self::ROUTE.method(), Method::POST | Method::PUT | Method::PATCH) {
            // RFC 9110 section 8.6: a method that anticipates a body states that it is empty. Some servers insist
            // (411).
            request = request.header(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        request.body(body.unwrap_or_default()).map_err(|_| ApiError::InvalidRequest)
    }

    /// Parses a response. Errors keep the API's text, but not the secret arguments that it repeats.
    ///
    /// # Errors
    ///
    /// Returns the error that the API reports, or [`ApiError::UndecodableBody`].
    fn parse(&self, response: Response<Vec<u8>>) -> Result<Self::Output, ApiError> {
        let answer = Answer::new(response.status().as_u16(), response.body());
        let outcome = match answer.status() {
            200..=299 | 304 => self.accepted(&answer),
            401 => Err(ApiError::IncorrectApiKey),
            429 => {
                let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
                Err(ApiError::RateLimited(RateLimited::new(answer.text(), retry_after)))
            }
            _ => self.refused(&answer),
        };
        // Redact last: the meaning of an answer must not depend on the arguments.
        outcome.map_err(|error| Secrets::new(&self.secrets()).out_of(error))
    }
}

/// What an endpoint declares by the macro [`endpoint`](declare::endpoint).
///
/// Its path is private, so only this crate can name it. Code that is generic over [`Endpoint`] can use its methods, as
/// the repository's tests do.
pub trait Declared<O: Output>: Serialize {
    const ROUTE: Route;
    const MEANINGS: &'static [(u16, Meaning)];

    /// Returns the arguments that are secrets, or from which a secret can be found.
    fn secrets(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Returns the outcome if no object can have the id.
    fn impossible(&self) -> Option<Meaning> {
        None
    }

    /// Returns the result if the object does not exist.
    fn absent(&self) -> Option<O> {
        O::absent()
    }

    /// Returns the result of a success.
    fn accepted(&self, answer: &Answer<'_>) -> Result<O, ApiError> {
        O::decode(answer)
    }

    /// Returns the outcome of any other status, except those that all endpoints share.
    fn refused(&self, refusal: &Answer<'_>) -> Result<O, ApiError> {
        match Self::MEANINGS.iter().find(|(status, _)| *status == refusal.status()) {
            Some((_, meaning)) => outcome(self, meaning, refusal),
            None => Err(refusal.unexpected()),
        }
    }
}

fn outcome<O: Output, E: Declared<O> + ?Sized>(
    call: &E,
    meaning: &Meaning,
    refusal: &Answer<'_>,
) -> Result<O, ApiError> {
    match meaning.error(refusal) {
        Some(error) => Err(error),
        None => call.absent().ok_or_else(|| refusal.unexpected()),
    }
}
