//! The interface to a blocking HTTP client.

use core::time::Duration;
use std::prelude::v1::*;

use super::TransportError;

/// Sends a request and blocks until the response arrives.
///
/// An implementation must not follow redirects, which would carry the API key elsewhere. It should limit the time and
/// the size of the response ([`MAX_RESPONSE_LEN`](super::MAX_RESPONSE_LEN)). Send no body if the request's body is
/// empty. A closure from a request to a response is a transport.
///
/// ```
/// use http::{Request, Response};
/// use propelauth_edge::client::{TransportError, TransportErrorKind, blocking::Transport};
///
/// /// A transport that logs each request and its outcome.
/// struct Logged<T>(T);
///
/// impl<T: Transport> Transport for Logged<T> {
///     fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
///         let asked = format!("{} {}", request.method(), request.uri().path()); // the query may name a user
///         let answer = self.0.send(request);
///         println!("{asked}: {:?}", answer.as_ref().map(Response::status));
///         answer
///     }
/// }
///
/// let offline = Logged(|_: Request<Vec<u8>>| Err(TransportErrorKind::Connect.into()));
/// assert!(offline.send(Request::new(Vec::new())).is_err());
/// ```
pub trait Transport {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns a [`TransportError`] if there is no response.
    fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError>;

    /// Waits before a retry. Returns `false` if this transport cannot wait; then the call is not retried.
    fn sleep(&self, duration: Duration) -> bool {
        std::thread::sleep(duration);
        true
    }
}

impl<F: Fn(http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError>> Transport for F {
    fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        self(request)
    }
}
