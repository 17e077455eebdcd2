//! Requests and answers in the types of the crate `http`.

use http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};

use crate::error::{AuthError, Unauthorized};

/// The value of the one `Authorization` header. Of two, nobody can say which one other software on the way went by.
pub(super) fn authorization(headers: &HeaderMap) -> Result<Option<&str>, Unauthorized> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Unauthorized::MalformedHeader),
        (Some(_), Some(_)) => Err(Unauthorized::MalformedHeader),
    }
}

/// The answer to a request that is refused. It holds nothing of the reason but the public message.
pub(super) fn refusal<B: From<&'static str>>(error: AuthError) -> Response<B> {
    let mut response = Response::new(B::from(error.public_message()));
    *response.status_mut() = match error {
        AuthError::Unauthorized(_) => StatusCode::UNAUTHORIZED,
        AuthError::Forbidden(_) => StatusCode::FORBIDDEN,
    };
    let headers = response.headers_mut();
    headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(error.www_authenticate()));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
