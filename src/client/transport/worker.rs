//! A transport on the `fetch` of Cloudflare Workers.

use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::task::Poll;
use core::time::Duration;
use std::prelude::v1::*;

use futures_core::Stream;
use http::header::{CONTENT_LENGTH, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use worker::{Delay, Fetch, Headers, Request, RequestInit, RequestRedirect, ResponseBody};

use super::{TIMEOUT, Transport, TransportError, TransportErrorKind};

/// Sends calls with the Worker runtime's `fetch`.
///
/// The timeout is 10 seconds for the whole response. Redirects are not followed. `fetch` does not report why it failed,
/// so a failed connection is not recognized as such and not retried.
#[derive(Clone, Copy, Debug)]
pub struct WorkerTransport {
    timeout: Duration,
}

impl WorkerTransport {
    /// Creates a transport with the default timeout.
    ///
    /// ```no_run
    /// use propelauth_edge::client::{Auth, Config, WorkerTransport};
    /// use propelauth_edge::worker as settings;
    /// use worker::Env;
    ///
    /// fn auth(env: &Env) -> worker::Result<Auth<WorkerTransport>> {
    ///     let api_key = env.secret("PROPELAUTH_API_KEY")?.to_string();
    ///     let verifier = settings::verifier(env).map_err(|error| error.to_string())?;
    ///     let config = Config::new(verifier.issuer(), &api_key).map_err(|error| error.to_string())?;
    ///     Ok(Auth::new(config, verifier.clone(), WorkerTransport::new()))
    /// }
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::with_timeout(TIMEOUT)
    }

    /// Creates a transport with another timeout for the whole response.
    ///
    /// ```no_run
    /// use core::time::Duration;
    /// use propelauth_edge::client::WorkerTransport;
    ///
    /// let patient = WorkerTransport::with_timeout(Duration::from_secs(60)); // for a nightly report
    /// ```
    #[must_use]
    pub fn with_timeout(timeout: Duration) -> Self {
        Self { timeout }
    }
}

impl Default for WorkerTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for WorkerTransport {
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        let mut answer = pin!(fetch(request));
        let mut timeout = pin!(Delay::from(self.timeout));
        // The first one to finish drops the other.
        poll_fn(|context| match answer.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(answer),
            Poll::Pending => timeout.as_mut().poll(context).map(|()| Err(TransportErrorKind::Timeout.into())),
        })
        .await
    }

    async fn sleep(&self, duration: Duration) -> bool {
        Delay::from(duration).await;
        true
    }
}

async fn fetch(request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
    let (mut parts, body) = request.into_parts();
    parts.headers.remove(CONTENT_LENGTH); // `fetch` sets it
    let mut init = RequestInit::new();
    init.with_method(String::from(parts.method.as_str()).into())
        .with_headers(Headers::from(&parts.headers))
        .with_redirect(RequestRedirect::Manual);
    if !body.is_empty() {
        init.with_body(Some(js_sys::Uint8Array::from(body.as_slice()).into()));
    }
    let request = Request::new_with_init(&parts.uri.to_string(), &init).map_err(error)?;
    let mut response = Fetch::Request(request).send().await.map_err(error)?;

    let mut answer = http::Response::new(Vec::new());
    *answer.status_mut() = StatusCode::from_u16(response.status_code()).map_err(|_| TransportErrorKind::Broken)?;
    // The only header of a response that is used.
    let retry_after = response.headers().get(RETRY_AFTER.as_str()).ok().flatten();
    if let Some(value) = retry_after.and_then(|value| HeaderValue::try_from(value).ok()) {
        answer.headers_mut().insert(RETRY_AFTER, value);
    }
    if matches!(response.body(), ResponseBody::Stream(_)) {
        let mut pieces = response.stream().map_err(error)?;
        while let Some(piece) = poll_fn(|context| Pin::new(&mut pieces).poll_next(context)).await {
            super::append(answer.body_mut(), &piece.map_err(error)?)?;
        }
    }
    Ok(answer)
}

fn error(error: worker::Error) -> TransportError {
    TransportError::new(TransportErrorKind::Broken, error.to_string())
}
