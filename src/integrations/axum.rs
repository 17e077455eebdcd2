//! [axum](https://docs.rs/axum): the user as an extractor, refusals as answers, and a layer for whole routers.
//!
//! [`User`] is an extractor for every state that has an `Arc<Verifier>` (`FromRef`), and [`Unauthorized`],
//! [`Forbidden`] and [`AuthError`] are answers: 401 or 403, `WWW-Authenticate`, and the public message as the body.
//! An org, a role or a permission is asked for by [`User::require_org`] and `?`.
//!
//! ```
//! use std::sync::Arc;
//!
//! use axum::{Router, extract::Path, routing::get};
//! use propelauth_edge::{Forbidden, OrgRequirement, RequiredOrg, TokenVerificationMetadata, User, Verifier};
//!
//! async fn whoami(user: User) -> String {
//!     user.user_id
//! }
//!
//! async fn billing(user: User, Path(org_id): Path<String>) -> Result<String, Forbidden> {
//!     let org = user.require_org(RequiredOrg::Id(&org_id), OrgRequirement::Permission("billing::view"))?;
//!     Ok(format!("The bill of {}", org.org_name))
//! }
//!
//! # fn router(verifier_key: &str, issuer: &str) -> Result<Router, propelauth_edge::MetadataError> {
//! let verifier = Verifier::new(TokenVerificationMetadata { verifier_key, issuer })?;
//! let router = Router::new()
//!     .route("/whoami", get(whoami))
//!     .route("/org/{org_id}/billing", get(billing))
//!     .with_state(Arc::new(verifier));
//! # Ok(router) }
//! ```
//!
//! `Option<User>` is for routes that serve strangers as well: without an `Authorization` header there is no user, and a
//! bad token is still refused.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::future::{Future, Ready, ready};
use core::pin::Pin;
use core::task::{Context, Poll};

use axum_core::extract::{FromRef, FromRequestParts, OptionalFromRequestParts};
use axum_core::response::{IntoResponse, Response};
use http::HeaderMap;
use http::request::Parts;
use tower_layer::Layer;
use tower_service::Service;

use super::http::{authorization, refusal};
use crate::error::{AuthError, Forbidden, Unauthorized};
use crate::owned;
use crate::time::UnixTime;
use crate::user::User;
use crate::verifier::Verifier;

fn user(verifier: &Verifier, headers: &HeaderMap) -> Result<User, Unauthorized> {
    owned::user(verifier, authorization(headers)?, UnixTime::now())
}

impl<S> FromRequestParts<S> for User
where
    Arc<Verifier>: FromRef<S>,
{
    type Rejection = Unauthorized;

    fn from_request_parts(parts: &mut Parts, state: &S) -> impl Future<Output = Result<Self, Unauthorized>> + Send {
        ready(user(&Arc::from_ref(state), &parts.headers))
    }
}

impl<S> OptionalFromRequestParts<S> for User
where
    Arc<Verifier>: FromRef<S>,
{
    type Rejection = Unauthorized;

    fn from_request_parts(
        parts: &mut Parts,
        state: &S,
    ) -> impl Future<Output = Result<Option<Self>, Unauthorized>> + Send {
        ready(match user(&Arc::from_ref(state), &parts.headers) {
            Err(Unauthorized::MissingHeader) => Ok(None),
            user => user.map(Some),
        })
    }
}

impl IntoResponse for AuthError {
    fn into_response(self) -> Response {
        refusal(self)
    }
}

impl IntoResponse for Unauthorized {
    fn into_response(self) -> Response {
        refusal(self.into())
    }
}

impl IntoResponse for Forbidden {
    fn into_response(self) -> Response {
        refusal(self.into())
    }
}

/// A layer that lets only requests with a good token through, and puts their [`User`] into the request's extensions.
///
/// It verifies once, whatever is behind it: handlers take the user by axum's `Extension<User>`. It is made of nothing
/// but `http` and `tower`, so it fits other servers too, if their bodies can be made of a `&'static str`.
///
/// ```
/// use std::sync::Arc;
///
/// use axum::{Extension, Router, routing::get};
/// use propelauth_edge::{User, Verifier, axum::RequireUserLayer};
///
/// async fn whoami(Extension(user): Extension<User>) -> String {
///     user.user_id
/// }
///
/// # fn router(verifier: Verifier) -> Router {
/// Router::new().route("/whoami", get(whoami)).layer(RequireUserLayer::new(Arc::new(verifier)))
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct RequireUserLayer {
    verifier: Arc<Verifier>,
}

impl RequireUserLayer {
    /// Lets the tokens through that this verifier accepts.
    ///
    /// ```
    /// use std::{convert::Infallible, sync::Arc};
    ///
    /// use http::{Request, Response};
    /// use propelauth_edge::{User, axum::RequireUserLayer};
    /// use tower::{Layer, ServiceExt, service_fn};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Infallible> {
    /// # let verifier = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/lenient_verifier.rs"));
    /// # let header = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/header.rs"));
    /// let app = RequireUserLayer::new(Arc::new(verifier)).layer(service_fn(async |request: Request<()>| {
    ///     let user: &User = request.extensions().get().expect("the layer's");
    ///     Ok::<_, Infallible>(Response::new(user.user_id.clone()))
    /// }));
    ///
    /// let mut request = Request::new(());
    /// assert_eq!(app.clone().oneshot(request.clone()).await?.status(), 401);
    /// request.headers_mut().insert("authorization", http::HeaderValue::from_static(header));
    /// assert_eq!(app.oneshot(request).await?.body(), "9b2e8f64-3c1d-4f7a-8e5b-6a7c8d9e0f1a");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn new(verifier: Arc<Verifier>) -> Self {
        Self { verifier }
    }
}

impl<S> Layer<S> for RequireUserLayer {
    type Service = RequireUser<S>;

    fn layer(&self, inner: S) -> RequireUser<S> {
        RequireUser { inner, verifier: Arc::clone(&self.verifier) }
    }
}

/// The service of a [`RequireUserLayer`].
#[derive(Clone, Debug)]
pub struct RequireUser<S> {
    inner: S,
    verifier: Arc<Verifier>,
}

impl<S, A, B> Service<http::Request<A>> for RequireUser<S>
where
    S: Service<http::Request<A>, Response = http::Response<B>>,
    B: From<&'static str>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = RequireUserFuture<S::Future, S::Response, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: http::Request<A>) -> Self::Future {
        RequireUserFuture(match user(&self.verifier, request.headers()) {
            Ok(user) => {
                request.extensions_mut().insert(user);
                Outcome::Admitted(Box::pin(self.inner.call(request)))
            }
            Err(error) => Outcome::Refused(ready(Ok(refusal(error.into())))),
        })
    }
}

/// The future of a [`RequireUser`].
///
/// ```
/// use http::{Request, Response};
/// use propelauth_edge::axum::{RequireUser, RequireUserFuture};
/// use tower::Service;
///
/// // Where a service of your own has it inside, and has to name its future.
/// fn call<S>(inner: &mut RequireUser<S>, request: Request<()>) -> RequireUserFuture<S::Future, S::Response, S::Error>
/// where
///     S: Service<Request<()>, Response = Response<String>>,
/// {
///     inner.call(request)
/// }
/// ```
#[derive(Debug)]
pub struct RequireUserFuture<F, R, E>(Outcome<F, R, E>);

/// The future of the service is boxed so that it can be polled without `unsafe`.
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
