//! Responses to rejected requests.

use alloc::format;
use alloc::string::String;
use core::cell::Cell;

use http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};

use crate::error::AuthError;
use crate::event::Refusal;

/// Returns a refusal in plain text: the status, `WWW-Authenticate`, and the public message as the body.
///
/// ```
/// use propelauth_edge::{AuthError, Forbidden, Unauthorized, http::refusal};
///
/// let response: http::Response<String> = refusal(Unauthorized::Expired);
/// assert_eq!((response.status().as_u16(), response.body().as_str()), (401, "Invalid access token"));
/// assert_eq!(response.headers()["www-authenticate"], "Bearer error=\"invalid_token\"");
/// assert_eq!(response.extensions().get(), Some(&AuthError::Unauthorized(Unauthorized::Expired)));
/// assert_eq!(refusal::<String>(Forbidden::MissingRole).status(), 403);
/// ```
pub fn refusal<B: From<&'static str>>(error: impl Into<AuthError>) -> Response<B> {
    let error = error.into();
    refusal_with(error, HeaderValue::from_static("text/plain; charset=utf-8"), error.public_message().into())
}

/// Returns a refusal in JSON: an object with the public message as `message`.
///
/// ```
/// use propelauth_edge::{Unauthorized, http::json_refusal};
///
/// let response: http::Response<String> = json_refusal(Unauthorized::Expired);
/// assert_eq!(response.headers()["content-type"], "application/json");
/// assert_eq!(response.body(), r#"{"message":"Invalid access token"}"#);
/// ```
pub fn json_refusal<B: From<String>>(error: impl Into<AuthError>) -> Response<B> {
    let error = error.into();
    // Public messages need no escapes in JSON.
    let body = format!(r#"{{"message":"{}"}}"#, error.public_message());
    refusal_with(error, HeaderValue::from_static("application/json"), body.into())
}

/// Returns a refusal with problem details (RFC 9457).
///
/// ```
/// use propelauth_edge::{Forbidden, http::problem_refusal};
///
/// let response: http::Response<String> = problem_refusal(Forbidden::NotMemberOfOrg);
/// assert_eq!(response.headers()["content-type"], "application/problem+json");
/// assert_eq!(
///     response.body(),
///     r#"{"type":"about:blank","title":"Forbidden","status":403,"detail":"User is not a member of org"}"#
/// );
/// ```
pub fn problem_refusal<B: From<String>>(error: impl Into<AuthError>) -> Response<B> {
    let error = error.into();
    let body = format!(
        r#"{{"type":"about:blank","title":"{}","status":{},"detail":"{}"}}"#,
        status(error).canonical_reason().unwrap_or_default(),
        error.status(),
        error.public_message(),
    );
    refusal_with(error, HeaderValue::from_static("application/problem+json"), body.into())
}

/// Returns a gRPC refusal: status 200, with `grpc-status` and `grpc-message` as headers and an empty body.
///
/// ```
/// use propelauth_edge::{Forbidden, Unauthorized, http::grpc_refusal};
///
/// let response: http::Response<String> = grpc_refusal(Unauthorized::Expired);
/// assert_eq!(response.status(), 200);
/// assert_eq!(response.headers()["grpc-status"], "16"); // UNAUTHENTICATED
/// assert_eq!(response.headers()["grpc-message"], "Invalid access token");
/// assert_eq!(grpc_refusal::<String>(Forbidden::MissingRole).headers()["grpc-status"], "7"); // PERMISSION_DENIED
/// ```
pub fn grpc_refusal<B: Default>(error: impl Into<AuthError>) -> Response<B> {
    let error = error.into();
    let mut response = refusal_with(error, HeaderValue::from_static("application/grpc"), B::default());
    let code = match error.status() {
        401 => "16",
        403 => "7",
        _ => "13",
    };
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.remove(WWW_AUTHENTICATE);
    headers.insert("grpc-status", HeaderValue::from_static(code));
    // Public messages need no escapes in gRPC.
    headers.insert("grpc-message", HeaderValue::from_static(error.public_message()));
    response
}

/// Returns a refusal with your own body. The status, `WWW-Authenticate` and the [`AuthError`] in the extensions are
/// those of [`refusal`].
///
/// ```
/// use propelauth_edge::{AuthError, Unauthorized, http::refusal_with};
///
/// fn page(error: AuthError) -> http::Response<String> {
///     let body = format!("<h1>{}</h1>", error.public_message());
///     refusal_with(error, http::HeaderValue::from_static("text/html"), body)
/// }
/// assert_eq!(page(Unauthorized::Expired.into()).body(), "<h1>Invalid access token</h1>");
/// ```
pub fn refusal_with<B>(error: impl Into<AuthError>, content_type: HeaderValue, body: B) -> Response<B> {
    let error = error.into();
    if !IS_LOGGED.get() {
        log(error);
    }
    let mut response = Response::new(body);
    *response.status_mut() = status(error);
    response.extensions_mut().insert(error);
    let headers = response.headers_mut();
    if let Some(challenge) = error.www_authenticate() {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    headers.insert(CONTENT_TYPE, content_type);
    response
}

std::thread_local! {
    /// Whether [`refuse`] is calling a function, and has logged its refusal.
    static IS_LOGGED: Cell<bool> = const { Cell::new(false) };
}

/// Returns the refusal of a layer's function. Whatever the function does, the refusal is logged once and has the error
/// in its extensions.
#[allow(dead_code)] // used by other features
pub(in crate::integrations) fn refuse<B>(
    error: impl Into<AuthError>,
    function: impl Fn(AuthError) -> Response<B>,
) -> Response<B> {
    /// Restores the value, also after a panic.
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            IS_LOGGED.set(self.0);
        }
    }

    let error = error.into();
    log(error);
    let logged = Restore(IS_LOGGED.replace(true));
    let mut response = function(error);
    drop(logged);
    response.extensions_mut().insert(error);
    response
}

/// Logs a refusal, unless verification has already logged it.
fn log(error: AuthError) {
    if let AuthError::Forbidden(_) = error {
        Refusal::new(error).log();
    }
}

fn status(error: AuthError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
