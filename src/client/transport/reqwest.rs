//! `reqwest`: async, with a Tokio runtime.

use core::time::Duration;
use std::prelude::v1::*;

use reqwest::Client;
use reqwest::redirect::Policy;

use super::{Transport, TransportError, TransportErrorKind};
use crate::client::config::{CONNECT_TIMEOUT, TIMEOUT};

/// Sends calls by [`reqwest`], with TLS by `rustls`. It needs a Tokio runtime.
///
/// A connection must be there within 5 seconds, and the whole answer within 10. Redirects are not followed. It cannot wait,
/// for that is the runtime's business: for retries, wrap it in [`WithSleep`](crate::client::WithSleep).
#[derive(Clone, Debug)]
pub struct ReqwestTransport(Client);

impl ReqwestTransport {
    /// With time limits as described above.
    ///
    /// # Errors
    ///
    /// If the system has no certificates to trust, for one.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use propelauth_edge::client::{InitOptions, ReqwestTransport, RetryPolicy, WithSleep, init_base_auth};
    ///
    /// # async fn example(auth_url: &str, api_key: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let transport = WithSleep(ReqwestTransport::new()?, tokio::time::sleep); // or without the wrapper, and retries
    /// let options = InitOptions { retry: Some(RetryPolicy::times(2)), ..InitOptions::default() };
    /// let auth = init_base_auth(auth_url, api_key, transport, options).await?;
    /// # Ok(()) }
    /// ```
    pub fn new() -> Result<Self, TransportError> {
        Self::with_timeout(TIMEOUT)
    }

    /// With another limit for the whole answer.
    ///
    /// # Errors
    ///
    /// If the system has no certificates to trust, for one.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use propelauth_edge::client::ReqwestTransport;
    ///
    /// let patient = ReqwestTransport::with_timeout(Duration::from_secs(60))?; // for a report at night
    /// # Ok::<(), propelauth_edge::client::TransportError>(())
    /// ```
    pub fn with_timeout(timeout: Duration) -> Result<Self, TransportError> {
        let client = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT.min(timeout))
            .timeout(timeout)
            .build();
        client.map(Self).map_err(error)
    }
}

impl Transport for ReqwestTransport {
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        let request = request.try_into().map_err(error)?;
        let mut response = self.0.execute(request).await.map_err(error)?;
        let mut answer = http::Response::new(Vec::new());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = core::mem::take(response.headers_mut());
        while let Some(chunk) = response.chunk().await.map_err(error)? {
            super::append(answer.body_mut(), &chunk)?;
        }
        Ok(answer)
    }
}

fn error(error: reqwest::Error) -> TransportError {
    let kind = if error.is_connect() {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Broken
    };
    TransportError::new(kind, error.without_url())
}
