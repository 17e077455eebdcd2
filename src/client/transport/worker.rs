//! The `fetch` of Cloudflare Workers.

use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::task::Poll;
use core::time::Duration;
use std::prelude::v1::*;

use futures_core::Stream;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use worker::{Delay, Fetch, Headers, Request, RequestInit, RequestRedirect, ResponseBody};

use super::{Transport, TransportError, TransportErrorKind};
use crate::client::config::TIMEOUT;

/// Sends calls by the `fetch` of the Worker's runtime.
///
/// The whole answer must be there within 10 seconds. Redirects are not followed. `fetch` does not say why it failed, so
/// a connection that cannot be made is not told apart, and is no reason to repeat a call.
#[derive(Clone, Copy, Debug)]
pub struct WorkerTransport {
    timeout: Duration,
}

impl WorkerTransport {
    /// With the time limit as described above.
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
    ///     Ok(Auth::new(config, verifier, WorkerTransport::new()))
    /// }
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::with_timeout(TIMEOUT)
    }

    /// With another limit for the whole answer.
    ///
    /// ```no_run
    /// use core::time::Duration;
    /// use propelauth_edge::client::WorkerTransport;
    ///
    /// let patient = WorkerTransport::with_timeout(Duration::from_secs(60)); // for a report at night
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
        // Whichever is first; the other is dropped.
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
    let (parts, body) = request.into_parts();
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
    // The only header of an answer that means something.
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
