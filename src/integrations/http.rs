//! Servers with requests and responses of the crate [`http`](https://docs.rs/http): hyper, axum, tonic, poem,
//! `lambda_http` and others.
//!
//! [`user`] verifies the token of a request, and [`refusal`] creates the response to a rejected one. With feature
//! `tower`, [`RequireUserLayer`] does both for every request to a service.
//!
//! ```
//! use http::{Request, Response};
//! use propelauth_edge::http::{refusal, user};
//! use propelauth_edge::{AuthError, OrgRequirement, RequiredOrg, UnixTime, Verifier};
//!
//! fn handle(request: &Request<()>, verifier: &Verifier) -> Response<String> {
//!     bill(request, verifier).unwrap_or_else(refusal)
//! }
//!
//! fn bill(request: &Request<()>, verifier: &Verifier) -> Result<Response<String>, AuthError> {
//!     let user = user(request.headers(), verifier, UnixTime::now())?;
//!     let org = user.require_org(RequiredOrg::Name("Acme"), OrgRequirement::Permission("billing::view"))?;
//!     Ok(Response::new(format!("The bill of {}", org.org_name)))
//! }
//! # let verifier = demo::lenient_verifier();
//! # let header = demo::HEADER;
//! # let mut request = Request::new(());
//! # assert_eq!(handle(&request, &verifier).status(), 401);
//! # request.headers_mut().insert("authorization", http::HeaderValue::from_static(header));
//! # assert_eq!(handle(&request, &verifier).status(), 200);
//! ```
//!
//! [`refusal`] responds in plain text, [`json_refusal`], [`problem_refusal`] and [`grpc_refusal`] in other formats, and
//! [`refusal_with`] in your own. Each response carries the [`AuthError`](crate::AuthError) in its extensions, for
//! middleware that logs or counts.
//!
//! # gRPC
//!
//! A tonic server is a service of `http` requests. With [`grpc_refusal`], its clients see a refusal as the status
//! `UNAUTHENTICATED`, or `PERMISSION_DENIED` for a [`Forbidden`](crate::Forbidden). Methods find the user in
//! `request.extensions()`.
//!
//! ```
//! # #[cfg(feature = "tower")]
//! # mod example {
//! use std::sync::Arc;
//!
//! use http::Response;
//! use propelauth_edge::http::{RequireUserLayer, grpc_refusal};
//! use propelauth_edge::{AuthError, Verifier};
//!
//! /// For `tonic::transport::Server::builder().layer(users(verifier))`. `B` is `tonic::body::Body`.
//! fn users<B: Default>(verifier: Arc<Verifier>) -> RequireUserLayer<fn(AuthError) -> Response<B>> {
//!     RequireUserLayer::with_refusal(verifier, grpc_refusal)
//! }
//! # }
//! ```

mod refusal;
#[cfg(all(feature = "tower", any(feature = "js", not(all(target_family = "wasm", target_os = "unknown")))))]
mod require_user;

use http::{HeaderMap, HeaderValue, Uri};

#[allow(unused_imports)] // used by other features
pub(super) use self::refusal::refuse;
pub use self::refusal::{grpc_refusal, json_refusal, problem_refusal, refusal, refusal_with};
#[cfg(all(feature = "tower", any(feature = "js", not(all(target_family = "wasm", target_os = "unknown")))))]
#[cfg_attr(docsrs, doc(cfg(feature = "tower")))]
pub use self::require_user::{RequireUser, RequireUserFuture, RequireUserLayer};
pub use super::token_source::TokenSource;
use super::user_of_token;
use crate::error::Unauthorized;
use crate::time::UnixTime;
use crate::user::VerifiedUser;
use crate::verifier::Verifier;

/// Verifies the token in the `Authorization` header.
///
/// # Errors
///
/// Returns the first check that the header or the token fails. Several `Authorization` headers are
/// [`Unauthorized::MalformedHeader`].
///
/// # Examples
///
/// ```
/// use http::{HeaderMap, HeaderValue};
/// use propelauth_edge::{Unauthorized, UnixTime, http::user};
/// # let verifier = demo::lenient_verifier();
/// # let header = demo::HEADER;
///
/// let mut headers = HeaderMap::new();
/// assert_eq!(user(&headers, &verifier, UnixTime::now()).unwrap_err(), Unauthorized::MissingHeader);
/// headers.insert("authorization", HeaderValue::from_static(header));
/// let user = user(&headers, &verifier, UnixTime::now())?;
/// assert_eq!(user.email(), Some("ada@example.com"));
/// # Ok::<(), Unauthorized>(())
/// ```
pub fn user(headers: &HeaderMap, verifier: &Verifier, now: UnixTime) -> Result<VerifiedUser, Unauthorized> {
    user_of_token(token(TokenSource::AuthorizationHeader, headers, None), verifier, now)
}

/// Verifies a token from any [`TokenSource`], such as a cookie.
///
/// # Errors
///
/// Returns the first check that the token fails: [`Unauthorized::MissingToken`] if there is no token
/// ([`MissingHeader`](Unauthorized::MissingHeader) for the header), and [`Unauthorized::RepeatedToken`] if there are
/// several.
///
/// # Examples
///
/// ```
/// use http::Request;
/// use propelauth_edge::http::{TokenSource, user_from};
/// use propelauth_edge::{UnixTime, Unauthorized};
/// # let verifier = demo::lenient_verifier();
/// # let token = demo::TOKEN;
///
/// let source = TokenSource::Cookie("__Host-access_token");
/// let request = Request::builder().header("cookie", format!("theme=dark; __Host-access_token={token}")).body(());
/// let request = request.expect("a valid request");
/// let user = user_from(source, request.headers(), request.uri(), &verifier, UnixTime::now())?;
/// assert_eq!(user.first_name(), Some("Ada"));
/// # Ok::<(), Unauthorized>(())
/// ```
pub fn user_from(
    source: TokenSource,
    headers: &HeaderMap,
    uri: &Uri,
    verifier: &Verifier,
    now: UnixTime,
) -> Result<VerifiedUser, Unauthorized> {
    user_of_token(token(source, headers, uri.query()), verifier, now)
}

pub(super) fn token<'r>(
    source: TokenSource,
    headers: &'r HeaderMap,
    query: Option<&'r str>,
) -> Result<&'r str, Unauthorized> {
    let values = source.header().into_iter().flat_map(|name| headers.get_all(name));
    source.token(values.map(HeaderValue::as_bytes), query)
}
