//! Users and refusals for functions.

use http::{HeaderMap, Response, Uri};

use crate::error::{AuthError, Unauthorized};
use crate::integrations::token_source::TokenSource;
use crate::integrations::{http as glue, line};
use crate::time::UnixTime;
use crate::user::VerifiedUser;
use crate::verifier::Verifier;

/// Verifies the token in the `Authorization` header like [`http::user`](crate::http::user), and logs a refusal.
///
/// # Errors
///
/// Returns the first check that the header or the token fails. A missing header is only logged by [`refusal`], since a
/// function may serve anonymous requests.
pub fn user(headers: &HeaderMap, verifier: &Verifier, now: UnixTime) -> Result<VerifiedUser, Unauthorized> {
    line::user(glue::token(TokenSource::AuthorizationHeader, headers, None), verifier, now)
}

/// Verifies a token from any [`TokenSource`], such as a cookie, like [`http::user_from`](crate::http::user_from), and
/// logs a refusal.
///
/// # Errors
///
/// Returns the first check that the token fails: [`Unauthorized::MissingToken`] if there is no token
/// ([`MissingHeader`](Unauthorized::MissingHeader) for the header), and [`Unauthorized::RepeatedToken`] if there are
/// several. A missing token is only logged by [`refusal`].
///
/// # Examples
///
/// ```
/// use http::{Request, Response};
/// use propelauth_edge::lambda::{refusal, user_from};
/// use propelauth_edge::{TokenSource, UnixTime, Verifier};
///
/// fn page(request: &Request<()>, verifier: &Verifier) -> Response<String> {
///     let source = TokenSource::Cookie("__Host-access_token");
///     match user_from(source, request.headers(), request.uri(), verifier, UnixTime::now()) {
///         Ok(user) => Response::new(user.user_id().into()),
///         Err(error) => refusal(error),
///     }
/// }
/// # let verifier = demo::lenient_verifier();
/// # let cookie = format!("__Host-access_token={}", demo::TOKEN);
/// # assert_eq!(page(&Request::new(()), &verifier).status(), 401);
/// # assert_eq!(page(&Request::builder().header("cookie", cookie).body(()).unwrap(), &verifier).status(), 200);
/// ```
pub fn user_from(
    source: TokenSource,
    headers: &HeaderMap,
    uri: &Uri,
    verifier: &Verifier,
    now: UnixTime,
) -> Result<VerifiedUser, Unauthorized> {
    line::user(glue::token(source, headers, uri.query()), verifier, now)
}

/// Returns a refusal in plain text like [`http::refusal`](crate::http::refusal), and logs what [`user`] and
/// [`user_from`] did not: a missing token, and every 403.
///
/// A token that you pass to a method of [`Verifier`] is logged only as an event, with feature `tracing` and a
/// subscriber. A missing header that you pass to one is logged there, and again here.
pub fn refusal<B: From<&'static str>>(error: impl Into<AuthError>) -> Response<B> {
    let error = error.into();
    line::of_response(error);
    glue::refusal(error)
}
