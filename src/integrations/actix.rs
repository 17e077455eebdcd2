//! [actix-web](https://docs.rs/actix-web): the user as an extractor, errors as responses, and middleware for whole
//! scopes.
//!
//! [`VerifiedUser`] is an extractor in every app with a `Data<Verifier>`. [`Unauthorized`], [`Forbidden`] and
//! [`AuthError`] implement [`ResponseError`]: the status, `WWW-Authenticate`, and the public message as the body. To
//! check an org, a role or a permission, call [`VerifiedUser::require_org`] with `?`.
//!
//! ```
//! use actix_web::{App, HttpServer, get, web};
//! use propelauth_edge::actix::VerifiedUser;
//! use propelauth_edge::{Forbidden, OrgRequirement, RequiredOrg, TokenVerificationMetadata, Verifier};
//!
//! #[get("/whoami")]
//! async fn whoami(user: VerifiedUser) -> String {
//!     user.user_id().into()
//! }
//!
//! #[get("/org/{org_id}/billing")]
//! async fn billing(user: VerifiedUser, org_id: web::Path<String>) -> Result<String, Forbidden> {
//!     let org = user.require_org(RequiredOrg::Id(&org_id), OrgRequirement::Permission("billing::view"))?;
//!     Ok(format!("The bill of {}", org.org_name))
//! }
//!
//! # async fn serve(verifier_key: &str, issuer: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let verifier = web::Data::new(Verifier::new(TokenVerificationMetadata { verifier_key, issuer })?);
//! HttpServer::new(move || App::new().app_data(verifier.clone()).service(whoami).service(billing))
//!     .bind("127.0.0.1:3000")?
//!     .run()
//!     .await?;
//! # Ok(()) }
//! ```
//!
//! Create the verifier outside of the closure, which runs once for each thread. An app without a `Data<Verifier>`
//! responds with 500 and logs the reason with `tracing`.
//!
//! # Anonymous requests
//!
//! Use [`OptionalUser`] on routes that also serve anonymous requests: there is no user without an `Authorization`
//! header, and an invalid token is still rejected. Do not use `Option<VerifiedUser>`: actix-web turns every error into
//! `None`, even an expired token.
//!
//! # Scopes
//!
//! For whole scopes, use the middleware [`RequireUser`] and [`RequireOrg`]. Both reject requests with
//! [`refusal`](crate::http::refusal), or with another function of [`http`](crate::http), such as
//! [`problem_refusal`](crate::http::problem_refusal). Each of these responses has the [`AuthError`] in its extensions.

mod middleware;

use core::future::{Ready, ready};
use core::ops::Deref;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::Payload;
use actix_web::error::ErrorInternalServerError;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError};

pub use self::middleware::{Guarded, RequireOrg, RequireUser};
use super::http::refusal;
use super::token_source::TokenSource;
use super::user_of_token;
use crate::error::{AuthError, Forbidden, Unauthorized};
use crate::event::Refusal;
use crate::time::UnixTime;
pub use crate::user::VerifiedUser;
use crate::verifier::Verifier;

impl FromRequest for VerifiedUser {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = token(TokenSource::AuthorizationHeader, request);
        ready(verifier(request).and_then(|verifier| Ok(user_of_token(token, verifier, UnixTime::now())?)))
    }
}

/// The user on a route that also serves anonymous requests: `None` without an `Authorization` header. An invalid token
/// is rejected.
///
/// ```
/// use actix_web::get;
/// use propelauth_edge::actix::OptionalUser;
///
/// #[get("/")]
/// async fn greet(user: OptionalUser) -> String {
///     let name = user.as_ref().and_then(|user| user.first_name());
///     format!("Hello, {}", name.unwrap_or("stranger"))
/// }
/// # drop(actix_web::App::new().service(greet));
/// ```
#[derive(Clone, Debug)]
pub struct OptionalUser(pub Option<VerifiedUser>);

impl Deref for OptionalUser {
    type Target = Option<VerifiedUser>;

    fn deref(&self) -> &Option<VerifiedUser> {
        &self.0
    }
}

impl FromRequest for OptionalUser {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = token(TokenSource::AuthorizationHeader, request);
        ready(verifier(request).and_then(|verifier| match token {
            Err(error) if error.is_missing() => Ok(Self(None)),
            token => Ok(Self(Some(user_of_token(token, verifier, UnixTime::now())?))),
        }))
    }
}

impl ResponseError for AuthError {
    fn status_code(&self) -> StatusCode {
        status(self.status())
    }

    fn error_response(&self) -> HttpResponse {
        response(refusal::<&'static str>(*self))
    }
}

impl ResponseError for Unauthorized {
    fn status_code(&self) -> StatusCode {
        status(self.status())
    }

    fn error_response(&self) -> HttpResponse {
        AuthError::from(*self).error_response()
    }
}

impl ResponseError for Forbidden {
    fn status_code(&self) -> StatusCode {
        status(self.status())
    }

    fn error_response(&self) -> HttpResponse {
        AuthError::from(*self).error_response()
    }
}

fn verifier(request: &HttpRequest) -> Result<&Verifier, actix_web::Error> {
    let verifier = request.app_data::<Data<Verifier>>().map(|verifier| &***verifier);
    verifier.ok_or_else(|| fault("MissingVerifier", "the app has no Data<Verifier>"))
}

fn token(source: TokenSource, request: &HttpRequest) -> Result<&str, Unauthorized> {
    let values = source.header().into_iter().flat_map(|name| request.headers().get_all(name));
    source.token(values.map(HeaderValue::as_bytes), request.uri().query())
}

/// Logs a server-side error, and responds without the reason.
fn fault(code: &'static str, reason: &'static str) -> actix_web::Error {
    Refusal::other(500, code, reason).log();
    ErrorInternalServerError("Internal error")
}

/// Converts a response of the crate `http`. actix-web uses an older version of it.
fn response<B: MessageBody + 'static>(refusal: http::Response<B>) -> HttpResponse {
    let (parts, body) = refusal.into_parts();
    let mut response = HttpResponse::with_body(status(parts.status.as_u16()), BoxBody::new(body));
    for (name, value) in &parts.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::from_bytes(value.as_bytes()))
        {
            response.headers_mut().append(name, value);
        }
    }
    if let Some(error) = parts.extensions.get::<AuthError>() {
        response.extensions_mut().insert(*error);
    }
    response
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
