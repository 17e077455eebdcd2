//! A transport on `reqwest`: async, for Tokio.

use core::error::Error;
use core::time::Duration;
use std::io::ErrorKind;
use std::prelude::v1::*;
use std::time::Instant;

use reqwest::redirect::Policy;
use reqwest::{Client, Request};

use super::{CONNECT_TIMEOUT, TIMEOUT, Transport, TransportError, TransportErrorKind};

/// How long an idle connection is kept. Servers usually keep one for 60 seconds or more.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Sends calls with [`reqwest`] and `rustls`. Requires a Tokio runtime.
///
/// The timeout is 5 seconds for a connection and 10 for the whole response. Redirects are not followed. A `GET`, `PUT`
/// or `DELETE` is sent again if the server closes the connection before it answers, because the connection may have
/// been closed while idle. For retries, wrap this in [`WithSleep`](crate::client::WithSleep), which supplies the
/// runtime's timer.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: Client,
    timeout: Duration,
}

impl ReqwestTransport {
    /// Creates a transport with the default timeouts.
    ///
    /// # Errors
    ///
    /// Returns an error if TLS cannot be set up, for example because the system has no trusted certificates.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use propelauth_edge::client::{InitOptions, ReqwestTransport, RetryPolicy, WithSleep, init_base_auth};
    ///
    /// # async fn example(auth_url: &str, api_key: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let transport = WithSleep(ReqwestTransport::new()?, tokio::time::sleep); // without the wrapper, no retries
    /// let options = InitOptions { retry: Some(RetryPolicy::times(2)), ..InitOptions::default() };
    /// let auth = init_base_auth(auth_url, api_key, transport, options).await?;
    /// # Ok(()) }
    /// ```
    pub fn new() -> Result<Self, TransportError> {
        Self::with_timeout(TIMEOUT)
    }

    /// Creates a transport with another timeout for the whole response.
    ///
    /// # Errors
    ///
    /// Returns an error if TLS cannot be set up, for example because the system has no trusted certificates.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use propelauth_edge::client::ReqwestTransport;
    ///
    /// let patient = ReqwestTransport::with_timeout(Duration::from_secs(60))?; // for a nightly report
    /// # Ok::<(), propelauth_edge::client::TransportError>(())
    /// ```
    pub fn with_timeout(timeout: Duration) -> Result<Self, TransportError> {
        let client = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT.min(timeout))
            .pool_idle_timeout(IDLE_TIMEOUT)
            .timeout(timeout)
            .build();
        Ok(Self { client: client.map_err(error)?, timeout })
    }
}

impl Transport for ReqwestTransport {
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        let request: Request = request.try_into().map_err(error)?;
        let again = if request.method().is_idempotent() { request.try_clone() } else { None };
        let start = Instant::now();
        let mut response = match (self.client.execute(request).await, again) {
            (Err(error), Some(mut again)) if was_closed(&error) => {
                *again.timeout_mut() = Some(self.timeout.saturating_sub(start.elapsed()));
                self.client.execute(again).await
            }
            (response, _) => response,
        }
        .map_err(error)?;
        let mut answer = http::Response::new(Vec::new());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = core::mem::take(response.headers_mut());
        while let Some(chunk) = response.chunk().await.map_err(error)? {
            super::append(answer.body_mut(), &chunk)?;
        }
        Ok(answer)
    }
}

/// Returns `true` if the server closed the connection before it answered. It may have done so while the connection was
/// idle, which goes unnoticed while nothing polls the runtime. RFC 9112 section 9.3.1 then allows sending an idempotent
/// request again.
fn was_closed(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<hyper::Error>() {
            return error.is_incomplete_message() || error.is_canceled() || is_reset(error);
        }
        cause = error.source();
    }
    false
}

fn is_reset(error: &hyper::Error) -> bool {
    let error = error.source().and_then(|error| error.downcast_ref::<std::io::Error>());
    error.is_some_and(|error| {
        matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
    })
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
