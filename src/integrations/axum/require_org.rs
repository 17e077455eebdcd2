use alloc::boxed::Box;
use core::fmt;
use core::future::Future;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll};

use axum::extract::{FromRequestParts, MatchedPath, RawPathParams, Request};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use tower_layer::Layer;
use tower_service::Service;

use crate::error::AuthError;
use crate::event::Refusal;
use crate::integrations::http::refuse;
use crate::user::access::{OrgRequirement, RequiredOrg};
use crate::user::{OrgMemberInfo, VerifiedUser};

/// A layer for routes with an org id in the path. It lets only members of the org through who meet a requirement, and
/// adds the [`OrgMemberInfo`] to the request's extensions.
///
/// The user comes from a [`RequireUserLayer`](super::RequireUserLayer), which must be outside this layer, that is,
/// added later.
///
/// ```
/// use std::sync::Arc;
///
/// use axum::{Extension, Router, routing::get};
/// use propelauth_edge::axum::{RequireOrgLayer, RequireUserLayer};
/// use propelauth_edge::{OrgMemberInfo, OrgRequirement, Verifier};
///
/// async fn bill(Extension(org): Extension<OrgMemberInfo>) -> String {
///     format!("The bill of {}", org.org_name)
/// }
///
/// fn router(verifier: Arc<Verifier>) -> Router {
///     let viewers = RequireOrgLayer::new("org_id", OrgRequirement::Permission("billing::view"));
///     let billing = Router::new().route("/org/{org_id}/bill", get(bill)).layer(viewers);
///     let users = Router::new().route("/whoami", get(|| async { "a user" }));
///     billing.merge(users).layer(RequireUserLayer::new(verifier))
/// }
/// ```
///
/// # Unknown paths
///
/// `Router::layer` also wraps the router's fallback. The layer responds with 404 where no route matches, and does not
/// call the fallback. To have your own, add it after this layer, or add the layer with `Router::route_layer`.
///
/// # Errors
///
/// Without an outer `RequireUserLayer`, outside of a `Router`, or if the route's path does not have the parameter, the
/// response is 500 and the reason is logged with `tracing`.
#[derive(Clone)]
pub struct RequireOrgLayer<F = fn(AuthError) -> Response> {
    parameter: &'static str,
    requirement: OrgRequirement<'static>,
    refusal: F,
}

impl RequireOrgLayer {
    /// Creates a layer that checks this requirement in the org whose id is the path parameter.
    #[must_use]
    pub fn new(parameter: &'static str, requirement: OrgRequirement<'static>) -> Self {
        Self::with_refusal(parameter, requirement, AuthError::into_response)
    }
}

impl<F: Fn(AuthError) -> Response> RequireOrgLayer<F> {
    /// Creates a layer that rejects requests with a function, such as
    /// [`http::problem_refusal`](crate::http::problem_refusal). The layer logs the refusal and adds the [`AuthError`] to
    /// the response's extensions. The function is not called for server-side errors, such as a route without the path
    /// parameter.
    #[must_use]
    pub fn with_refusal(parameter: &'static str, requirement: OrgRequirement<'static>, refusal: F) -> Self {
        Self { parameter, requirement, refusal }
    }

    async fn check(&self, parts: &mut Parts) -> Result<OrgMemberInfo, Response> {
        let fault = |code, reason| {
            Refusal::other(500, code, reason).log();
            (StatusCode::INTERNAL_SERVER_ERROR, "Internal error").into_response()
        };
        let path = match RawPathParams::from_request_parts(parts, &()).await {
            Ok(path) => path,
            Err(rejection) if rejection.status().is_client_error() => return Err(rejection.into_response()),
            // A Router has no parameters for a CONNECT request, the only one without a path.
            Err(_) if parts.uri.path().is_empty() => return Err(StatusCode::NOT_FOUND.into_response()),
            Err(_) => return Err(fault("MissingPathParameter", "a RequireOrgLayer outside of a Router")),
        };
        let Some((_, org_id)) = path.iter().find(|(name, _)| *name == self.parameter) else {
            return Err(match parts.extensions.get::<MatchedPath>() {
                Some(_) => fault("MissingPathParameter", "the route of a RequireOrgLayer lacks its path parameter"),
                // No route. The fallback may be the application's, so it is not called without a check.
                None => StatusCode::NOT_FOUND.into_response(),
            });
        };
        let user: &VerifiedUser = parts
            .extensions
            .get()
            .ok_or_else(|| fault("MissingUser", "a RequireOrgLayer without a RequireUserLayer around it"))?;
        match user.require_org(RequiredOrg::Id(org_id), self.requirement) {
            Ok(org) => Ok(org.to_owned()),
            Err(error) => Err(refuse(error, &self.refusal)),
        }
    }
}

impl<F> fmt::Debug for RequireOrgLayer<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { parameter, requirement, refusal: _ } = self;
        let mut debug = f.debug_struct("RequireOrgLayer");
        debug.field("parameter", parameter).field("requirement", requirement).finish_non_exhaustive()
    }
}

impl<S, F: Clone> Layer<S> for RequireOrgLayer<F> {
    type Service = RequireOrg<S, F>;

    fn layer(&self, inner: S) -> RequireOrg<S, F> {
        RequireOrg { inner, layer: self.clone() }
    }
}

/// The service of a [`RequireOrgLayer`].
#[derive(Clone, Debug)]
pub struct RequireOrg<S, F = fn(AuthError) -> Response> {
    inner: S,
    layer: RequireOrgLayer<F>,
}

impl<S, F> Service<Request> for RequireOrg<S, F>
where
    S: Service<Request, Future: Send, Response: IntoResponse> + Clone + Send + 'static,
    F: Fn(AuthError) -> Response + Clone + Send + Sync + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // Calls the instance that is ready and leaves a fresh one in its place.
        let next = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, next);
        let layer = self.layer.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match layer.check(&mut parts).await {
                Ok(org) => {
                    parts.extensions.insert(org);
                    Ok(inner.call(Request::from_parts(parts, body)).await?.into_response())
                }
                Err(response) => Ok(response),
            }
        })
    }
}
