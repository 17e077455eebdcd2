//! [axum](https://docs.rs/axum): the user as an extractor, errors as responses, and layers for whole routers.
//!
//! [`VerifiedUser`] is an extractor for any state that provides an `Arc<Verifier>`. [`Unauthorized`], [`Forbidden`] and
//! [`AuthError`] are responses with the status, `WWW-Authenticate` and the public message. To check an org, a role or a
//! permission, call [`VerifiedUser::require_org`] with `?`.
//!
//! ```
//! use std::sync::Arc;
//!
//! use axum::{Router, extract::Path, routing::get};
//! use propelauth_edge::axum::VerifiedUser;
//! use propelauth_edge::{Forbidden, OrgRequirement, RequiredOrg, TokenVerificationMetadata, Verifier};
//!
//! async fn whoami(user: VerifiedUser) -> String {
//!     user.user_id().into()
//! }
//!
//! async fn billing(user: VerifiedUser, Path(org_id): Path<String>) -> Result<String, Forbidden> {
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
//! Use `Option<VerifiedUser>` on routes that also serve anonymous requests: it is `None` without an `Authorization`
//! header, and an invalid token is still rejected. For whole routers, use [`RequireUserLayer`] and [`RequireOrgLayer`].
//!
//! `Json<VerifiedUser>` is not an extractor: neither a verified user nor a [`User`](crate::User) can be read from a
//! request body.
//!
//! # State
//!
//! For your own state, implement `FromRef`. Rust allows this only for a type of your crate, so not for `Arc<AppState>`.
//! Put the `Arc` inside:
//!
//! ```
//! use std::sync::Arc;
//!
//! use axum::{Router, extract::{FromRef, State}, routing::get};
//! use propelauth_edge::{Verifier, axum::VerifiedUser};
//!
//! #[derive(Clone)]
//! struct AppState(Arc<Inner>);
//!
//! struct Inner {
//!     verifier: Arc<Verifier>,
//!     greeting: String,
//! }
//!
//! impl FromRef<AppState> for Arc<Verifier> {
//!     fn from_ref(state: &AppState) -> Self {
//!         Arc::clone(&state.0.verifier)
//!     }
//! }
//!
//! async fn greet(user: VerifiedUser, State(state): State<AppState>) -> String {
//!     format!("{}, {}", state.0.greeting, user.first_name().unwrap_or("friend"))
//! }
//!
//! # fn router(state: AppState) -> Router {
//! Router::new().route("/", get(greet)).with_state(state)
//! # }
//! ```

mod require_org;

use alloc::sync::Arc;
use core::future::{Future, ready};

use axum::extract::{FromRef, FromRequestParts, OptionalFromRequestParts};
use axum::response::{IntoResponse, Response};
use http::request::Parts;

pub use self::require_org::{RequireOrg, RequireOrgLayer};
pub use super::http::{RequireUser, RequireUserFuture, RequireUserLayer};
use super::http::{refusal, token, user};
use super::token_source::TokenSource;
use super::user_of_token;
use crate::error::{AuthError, Forbidden, Unauthorized};
use crate::time::UnixTime;
pub use crate::user::VerifiedUser;
use crate::verifier::Verifier;

impl<S> FromRequestParts<S> for VerifiedUser
where
    Arc<Verifier>: FromRef<S>,
{
    type Rejection = Unauthorized;

    fn from_request_parts(parts: &mut Parts, state: &S) -> impl Future<Output = Result<Self, Unauthorized>> + Send {
        ready(user(&parts.headers, &Arc::from_ref(state), UnixTime::now()))
    }
}

impl<S> OptionalFromRequestParts<S> for VerifiedUser
where
    Arc<Verifier>: FromRef<S>,
{
    type Rejection = Unauthorized;

    fn from_request_parts(
        parts: &mut Parts,
        state: &S,
    ) -> impl Future<Output = Result<Option<Self>, Unauthorized>> + Send {
        ready(match token(TokenSource::AuthorizationHeader, &parts.headers, None) {
            Err(error) if error.is_missing() => Ok(None),
            token => user_of_token(token, &Arc::from_ref(state), UnixTime::now()).map(Some),
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
        refusal(self)
    }
}

impl IntoResponse for Forbidden {
    fn into_response(self) -> Response {
        refusal(self)
    }
}
