//! The interface to an async HTTP client.

use core::fmt;
use core::future::Future;
use core::time::Duration;
use std::boxed::Box;
use std::error::Error;
use std::vec::Vec;

pub(super) mod blocking;
#[cfg(all(feature = "reqwest", not(target_family = "wasm")))]
pub(super) mod reqwest;
#[cfg(all(feature = "ureq", not(target_family = "wasm")))]
pub(super) mod ureq;
#[cfg(all(feature = "worker", target_family = "wasm"))]
pub(super) mod worker;

/// The largest body that this crate's transports read: 4 MiB. A page has at most a hundred users, each with some
/// kilobytes of metadata and orgs; the rest is headroom.
pub const MAX_RESPONSE_LEN: usize = 4 << 20;

/// How long this crate's transports wait for a connection. Equals the timeout of the Python library's async client.
#[cfg(all(any(feature = "reqwest", feature = "ureq"), not(target_family = "wasm")))]
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long this crate's transports wait for the whole response, including the connection. The Python library waits 5
/// seconds for each step.
#[cfg(any(
    all(any(feature = "reqwest", feature = "ureq"), not(target_family = "wasm")),
    all(feature = "worker", target_family = "wasm")
))]
pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);

/// Appends a chunk to a body. Fails if it would exceed [`MAX_RESPONSE_LEN`].
#[cfg(any(all(feature = "reqwest", not(target_family = "wasm")), all(feature = "worker", target_family = "wasm")))]
fn append(body: &mut Vec<u8>, piece: &[u8]) -> Result<(), TransportError> {
    if piece.len() > MAX_RESPONSE_LEN.saturating_sub(body.len()) {
        return Err(TransportErrorKind::BodyTooLarge.into());
    }
    body.extend_from_slice(piece);
    Ok(())
}

/// `Send`, except on wasm32, where futures cannot be sent to another thread.
///
/// ```
/// use propelauth_edge::client::{ApiError, Auth, MaybeSend, Transport};
///
/// /// A future that can be spawned on every target.
/// fn disable<T: Transport>(auth: &Auth<T>, user_id: &str) -> impl Future<Output = Result<bool, ApiError>> + MaybeSend {
///     auth.disable_user(user_id)
/// }
/// ```
#[cfg(not(target_family = "wasm"))]
pub trait MaybeSend: Send {}
#[cfg(not(target_family = "wasm"))]
impl<T: Send> MaybeSend for T {}

/// `Send`, except on wasm32, where futures cannot be sent to another thread.
#[cfg(target_family = "wasm")]
pub trait MaybeSend {}
#[cfg(target_family = "wasm")]
impl<T> MaybeSend for T {}

/// `Send` and `Sync`, except on wasm32.
///
/// ```
/// use http::{Request, Response};
/// use propelauth_edge::client::{MaybeSync, Transport, TransportError};
///
/// /// A transport that answers immediately, for tests.
/// fn immediate<F>(answer: F) -> impl Transport
/// where
///     F: Fn(Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> + MaybeSync,
/// {
///     move |request| std::future::ready(answer(request))
/// }
/// ```
#[cfg(not(target_family = "wasm"))]
pub trait MaybeSync: Send + Sync {}
#[cfg(not(target_family = "wasm"))]
impl<T: Send + Sync> MaybeSync for T {}

/// `Send` and `Sync`, except on wasm32.
#[cfg(target_family = "wasm")]
pub trait MaybeSync {}
#[cfg(target_family = "wasm")]
impl<T> MaybeSync for T {}

/// Sends a request and returns the response, without blocking.
///
/// An implementation must not follow redirects, which would carry the API key elsewhere. It should limit the time and
/// the size of the response ([`MAX_RESPONSE_LEN`]). Send no body if the request's body is empty.
///
/// A closure from a request to a future is a transport. It has no timer, so calls are not retried unless it is wrapped
/// in [`WithSleep`].
///
/// ```
/// use http::{Request, Response};
/// use propelauth_edge::client::{Transport, TransportError};
///
/// /// A transport that logs each request and its outcome.
/// struct Logged<T>(T);
///
/// impl<T: Transport> Transport for Logged<T> {
///     async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
///         let asked = format!("{} {}", request.method(), request.uri().path()); // the query may name a user
///         let answer = self.0.send(request).await;
///         println!("{asked}: {:?}", answer.as_ref().map(Response::status));
///         answer
///     }
/// }
/// ```
pub trait Transport: MaybeSync {
    /// Sends the request.
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> impl Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + MaybeSend;

    /// Waits before a retry. Returns `false` if this transport cannot wait; then the call is not retried.
    fn sleep(&self, duration: Duration) -> impl Future<Output = bool> + MaybeSend {
        let _ = duration;
        core::future::ready(false)
    }
}

impl<F, A> Transport for F
where
    F: Fn(http::Request<Vec<u8>>) -> A + MaybeSync,
    A: Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + MaybeSend,
{
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> impl Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + MaybeSend {
        self(request)
    }
}

/// A transport with a timer from the application's runtime, for retries: `WithSleep(transport, tokio::time::sleep)`.
///
/// ```
/// use propelauth_edge::client::{Transport, WithSleep};
/// # use propelauth_edge::client::{TransportError, TransportErrorKind};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let transport = |_: http::Request<Vec<u8>>| async {
/// #     Err::<http::Response<Vec<u8>>, TransportError>(TransportErrorKind::Connect.into())
/// # };
/// # let wait = std::time::Duration::from_millis(1);
///
/// assert_eq!(transport.sleep(wait).await, false); // it cannot wait, so no call is retried
/// assert_eq!(WithSleep(transport, tokio::time::sleep).sleep(wait).await, true);
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct WithSleep<T, S>(pub T, pub S);

impl<T, S, A> Transport for WithSleep<T, S>
where
    T: Transport,
    S: Fn(Duration) -> A + MaybeSync,
    A: Future<Output = ()> + MaybeSend,
{
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> impl Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + MaybeSend {
        self.0.send(request)
    }

    async fn sleep(&self, duration: Duration) -> bool {
        (self.1)(duration).await;
        true
    }
}

/// The error of a transport.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl TransportError {
    /// Creates an error of this kind with its cause. The cause must not contain the request's headers.
    ///
    /// ```
    /// use std::error::Error;
    /// use propelauth_edge::client::{TransportError, TransportErrorKind};
    ///
    /// let error = TransportError::new(TransportErrorKind::Broken, "HTTP/0.9");
    /// assert_eq!(error.to_string(), "connection broken");
    /// assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("HTTP/0.9"));
    /// ```
    pub fn new(kind: TransportErrorKind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind, source: Some(source.into()) }
    }

    /// Returns the kind of the error.
    ///
    /// ```
    /// # use propelauth_edge::client::{TransportError, TransportErrorKind};
    /// let error: TransportError = TransportErrorKind::Timeout.into(); // without a cause
    /// assert_eq!(error.kind(), TransportErrorKind::Timeout);
    /// ```
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

impl From<TransportErrorKind> for TransportError {
    fn from(kind: TransportErrorKind) -> Self {
        Self { kind, source: None }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::Connect => "no connection to the API",
            TransportErrorKind::Timeout => "no answer in time",
            TransportErrorKind::BodyTooLarge => "answer larger than the limit",
            TransportErrorKind::Broken => "connection broken",
        })
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn Error + 'static))
    }
}

/// The kinds of [`TransportError`].
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportErrorKind {
    /// No connection could be made. No request was sent.
    Connect,
    /// The response did not arrive in time, or not completely.
    Timeout,
    /// The body of the response is larger than [`MAX_RESPONSE_LEN`].
    BodyTooLarge,
    /// Anything else, such as a connection closed early or a response that is not HTTP.
    Broken,
}
