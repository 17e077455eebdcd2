//! One call: its requests and its outcome. Does no I/O, so the async and the blocking client share it.

use core::time::Duration;
use std::prelude::v1::*;

use http::{Request, Response};

use super::config::Config;
use super::endpoint::Endpoint;
use super::error::ApiError;
use super::retry::Attempts;
use super::secret::REDACTED;
use super::transport::TransportError;

pub(super) struct Call<'a, E> {
    config: &'a Config,
    endpoint: &'a E,
    attempts: Attempts,
}

/// What to do after an answer.
pub(super) enum Step<T> {
    Done(Result<T, ApiError>),
    /// Wait, then send another request. Callers that cannot wait return the error.
    Again(Duration, ApiError),
}

impl<'a, E: Endpoint> Call<'a, E> {
    pub(super) fn new(config: &'a Config, endpoint: &'a E) -> Self {
        Self { config, endpoint, attempts: Attempts::new(config.retry(), E::ROUTE.may_repeat()) }
    }

    pub(super) fn request(&self) -> Result<Request<Vec<u8>>, ApiError> {
        self.endpoint.request(self.config)
    }

    pub(super) fn next(&mut self, answer: Result<Response<Vec<u8>>, TransportError>) -> Step<E::Output> {
        let error = match self.outcome(answer) {
            Ok(output) => return Step::Done(Ok(output)),
            Err(error) => error,
        };
        match self.attempts.next(&error) {
            Some(wait) => Step::Again(wait, error),
            None => Step::Done(Err(error)),
        }
    }

    fn outcome(&self, answer: Result<Response<Vec<u8>>, TransportError>) -> Result<E::Output, ApiError> {
        let answer = answer?;
        let is_error = answer.status().as_u16() >= 300;
        self.endpoint.parse(if is_error { answer.map(|body| redact(body, self.config.api_key())) } else { answer })
    }
}

/// Removes the API key from a body that might be shown or logged, in case a server or a proxy echoed it.
fn redact(body: Vec<u8>, api_key: &[u8]) -> Vec<u8> {
    if api_key.is_empty() || !body.windows(api_key.len()).any(|window| window == api_key) {
        return body;
    }
    let api_key = String::from_utf8_lossy(api_key);
    String::from_utf8_lossy(&body).replace(&*api_key, REDACTED).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_key_is_redacted() {
        let echo = redact(b"you sent \xff Bearer s3cr3t and s3cr3t".to_vec(), b"s3cr3t");
        assert_eq!(String::from_utf8_lossy(&echo), "you sent \u{fffd} Bearer [redacted] and [redacted]");
        assert_eq!(redact(b"nothing".to_vec(), b"s3cr3t"), b"nothing");
    }
}
