//! The `tower` layer.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;
use core::future::{Future, Ready, ready};
use core::pin::Pin;
use core::task::{Context, Poll};

use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use super::{TokenSource, refusal, refuse, user_from};
use crate::error::AuthError;
use crate::time::UnixTime;
use crate::verifier::Verifier;

/// A layer that lets only requests with a valid token through and adds their [`VerifiedUser`](crate::VerifiedUser) to
/// the request's extensions.
///
/// It fits every service of `http` requests, such as an axum `Router`, a tonic server or your own tower service. In
/// axum handlers, extract the user with `Extension<VerifiedUser>`.
///
/// ```
/// use std::{convert::Infallible, sync::Arc};
///
/// use http::{Request, Response};
/// use propelauth_edge::{VerifiedUser, http::RequireUserLayer};
/// use tower::{ServiceBuilder, ServiceExt};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Infallible> {
/// # let verifier = demo::lenient_verifier();
/// # let header = demo::HEADER;
/// let app = ServiceBuilder::new().layer(RequireUserLayer::new(Arc::new(verifier))).service_fn(
///     async |request: Request<()>| {
///         let user: &VerifiedUser = request.extensions().get().expect("the layer lets no other request through");
///         Ok::<_, Infallible>(Response::new(user.user_id().to_owned()))
///     },
/// );
///
/// let mut request = Request::new(());
/// assert_eq!(app.clone().oneshot(request.clone()).await?.status(), 401);
/// request.headers_mut().insert("authorization", http::HeaderValue::from_static(header));
/// assert_eq!(app.oneshot(request).await?.body(), "9b2e8f64-3c1d-4f7a-8e5b-6a7c8d9e0f1a");
/// # Ok(()) }
/// ```
///
/// # Order of layers
///
/// Put this layer inside those for tracing, CORS, compression and timeouts. These then see refusals, too, and CORS
/// preflights, which carry no token, are answered before they reach this layer.
///
/// ```
/// use std::{sync::Arc, time::Duration};
///
/// use axum::{Router, http::StatusCode};
/// use propelauth_edge::{Verifier, http::RequireUserLayer};
/// use tower::ServiceBuilder;
/// use tower_http::compression::CompressionLayer;
/// use tower_http::cors::CorsLayer;
/// use tower_http::timeout::TimeoutLayer;
/// use tower_http::trace::TraceLayer;
///
/// fn app(router: Router, verifier: Arc<Verifier>) -> Router {
///     let timeout = TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(10));
///     router.layer(
///         ServiceBuilder::new()
///             .layer(TraceLayer::new_for_http())
///             .layer(CorsLayer::permissive())
///             .layer(CompressionLayer::new())
///             .layer(timeout)
///             .layer(RequireUserLayer::new(verifier)),
///     )
/// }
/// ```
///
/// Tracing and compression change the body type, and outer layers (this one, CORS) may then fail to compile because it
/// lacks `From<&'static str>` or `Default`. Convert it back with tower-http's `MapResponseBodyLayer::new(Body::new)` in
/// between.
#[derive(Clone)]
pub struct RequireUserLayer<F> {
    verifier: Arc<Verifier>,
    source: TokenSource,
    refusal: F,
}

impl<B: From<&'static str>> RequireUserLayer<fn(AuthError) -> Response<B>> {
    /// Creates a layer that rejects requests with [`refusal`].
    #[must_use]
    pub fn new(verifier: Arc<Verifier>) -> Self {
        Self::with_refusal(verifier, refusal)
    }
}

impl<F> RequireUserLayer<F> {
    /// Creates a layer that rejects requests with your own function, or with [`json_refusal`](super::json_refusal),
    /// [`problem_refusal`](super::problem_refusal) or [`grpc_refusal`](super::grpc_refusal). The layer adds the
    /// [`AuthError`] to the response's extensions.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use axum::{Router, routing::get};
    /// use propelauth_edge::Verifier;
    /// use propelauth_edge::http::{RequireUserLayer, problem_refusal};
    ///
    /// fn api(verifier: Arc<Verifier>) -> Router {
    ///     let layer = RequireUserLayer::with_refusal(verifier, problem_refusal);
    ///     Router::new().route("/", get(|| async { "hello" })).layer(layer)
    /// }
    /// ```
    #[must_use]
    pub fn with_refusal<B>(verifier: Arc<Verifier>, refusal: F) -> Self
    where
        F: Fn(AuthError) -> Response<B>,
    {
        Self { verifier, source: TokenSource::default(), refusal }
    }

    /// Reads the token from another place than the `Authorization` header.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use axum::{Router, routing::get};
    /// use propelauth_edge::Verifier;
    /// use propelauth_edge::http::{RequireUserLayer, TokenSource};
    ///
    /// fn site(verifier: Arc<Verifier>) -> Router {
    ///     let layer = RequireUserLayer::new(verifier).token_from(TokenSource::Cookie("__Host-access_token"));
    ///     Router::new().route("/", get(|| async { "hello" })).layer(layer)
    /// }
    /// ```
    #[must_use]
    pub fn token_from(self, source: TokenSource) -> Self {
        Self { source, ..self }
    }
}

impl<F> fmt::Debug for RequireUserLayer<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { verifier, source, refusal: _ } = self;
        f.debug_struct("RequireUserLayer").field("verifier", verifier).field("source", source).finish_non_exhaustive()
    }
}

impl<S, F: Clone> Layer<S> for RequireUserLayer<F> {
    type Service = RequireUser<S, F>;

    fn layer(&self, inner: S) -> RequireUser<S, F> {
        RequireUser { inner, layer: self.clone() }
    }
}

/// The service of a [`RequireUserLayer`].
#[derive(Clone, Debug)]
pub struct RequireUser<S, F> {
    inner: S,
    layer: RequireUserLayer<F>,
}

impl<S, F, A, B> Service<Request<A>> for RequireUser<S, F>
where
    S: Service<Request<A>, Response = Response<B>>,
    F: Fn(AuthError) -> Response<B>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = RequireUserFuture<S::Future, S::Response, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<A>) -> Self::Future {
        let RequireUserLayer { verifier, source, refusal } = &self.layer;
        let user = user_from(*source, request.headers(), request.uri(), verifier, UnixTime::now());
        RequireUserFuture(match user {
            Ok(user) => {
                request.extensions_mut().insert(user);
                Outcome::Admitted(Box::pin(self.inner.call(request)))
            }
            Err(error) => Outcome::Refused(ready(Ok(refuse(error, refusal)))),
        })
    }
}

/// The future of a [`RequireUser`].
#[derive(Debug)]
pub struct RequireUserFuture<F, R, E>(Outcome<F, R, E>);

/// The service's future is boxed so that it can be polled without `unsafe`.
#[derive(Debug)]
enum Outcome<F, R, E> {
    Admitted(Pin<Box<F>>),
    Refused(Ready<Result<R, E>>),
}

impl<F, R, E> Future for RequireUserFuture<F, R, E>
where
    F: Future<Output = Result<R, E>>,
{
    type Output = Result<R, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<R, E>> {
        match &mut self.0 {
            Outcome::Admitted(future) => future.as_mut().poll(context),
            Outcome::Refused(refusal) => Pin::new(refusal).poll(context),
        }
    }
}
