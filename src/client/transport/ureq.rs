//! A blocking transport on `ureq`.

use core::time::Duration;
use std::prelude::v1::*;

use ureq::{Agent, Error};

use super::blocking::Transport;
use super::{CONNECT_TIMEOUT, MAX_RESPONSE_LEN, TIMEOUT, TransportError, TransportErrorKind};

/// Sends calls with [`ureq`] and `rustls`.
///
/// The timeout is 5 seconds for a connection and 10 for the whole response. Redirects are not followed.
#[derive(Clone, Debug)]
pub struct UreqTransport(Agent);

impl UreqTransport {
    /// Creates a transport with the default timeouts.
    ///
    /// ```no_run
    /// use propelauth_edge::client::{InitOptions, UreqTransport, blocking::init_base_auth};
    ///
    /// # fn example(auth_url: &str, api_key: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let auth = init_base_auth(auth_url, api_key, UreqTransport::new(), InitOptions::default())?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::with_timeout(TIMEOUT)
    }

    /// Creates a transport with another timeout for the whole response.
    ///
    /// ```
    /// use std::time::Duration;
    /// use propelauth_edge::client::UreqTransport;
    ///
    /// let patient = UreqTransport::with_timeout(Duration::from_secs(60)); // for a nightly report
    /// ```
    #[must_use]
    pub fn with_timeout(timeout: Duration) -> Self {
        let config = Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .timeout_connect(Some(CONNECT_TIMEOUT.min(timeout)))
            .timeout_global(Some(timeout))
            .build();
        Self(config.new_agent())
    }
}

impl Default for UreqTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for UreqTransport {
    fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        let response = if request.body().is_empty() { self.0.run(request.map(|_| ())) } else { self.0.run(request) };
        let (parts, body) = response.map_err(error)?.into_parts();
        let body = body.into_with_config().limit(MAX_RESPONSE_LEN as u64).read_to_vec().map_err(error)?;
        Ok(http::Response::from_parts(parts, body))
    }
}

fn error(error: Error) -> TransportError {
    let kind = match &error {
        Error::HostNotFound | Error::ConnectionFailed => TransportErrorKind::Connect,
        Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => TransportErrorKind::Connect,
        Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => TransportErrorKind::Connect,
        Error::Timeout(_) => TransportErrorKind::Timeout,
        Error::BodyExceedsLimit(_) => return TransportErrorKind::BodyTooLarge.into(),
        _ => TransportErrorKind::Broken,
    };
    TransportError::new(kind, error)
}
