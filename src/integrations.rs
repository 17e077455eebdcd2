//! Platform integrations. Each module is thin: it takes a request and returns a user or a refusal.

// Needs sockets.
#[cfg(all(feature = "actix", not(target_family = "wasm")))]
#[cfg_attr(docsrs, doc(cfg(feature = "actix")))]
#[doc(alias("actix auth", "actix middleware"))]
pub mod actix;
// Needs a clock.
#[cfg(all(feature = "axum", any(feature = "js", not(all(target_family = "wasm", target_os = "unknown")))))]
#[cfg_attr(docsrs, doc(cfg(feature = "axum")))]
#[doc(alias("axum auth", "axum middleware"))]
pub mod axum;
#[cfg(feature = "http")]
#[cfg_attr(docsrs, doc(cfg(feature = "http")))]
pub mod http;
#[cfg(feature = "lambda")]
#[cfg_attr(docsrs, doc(cfg(feature = "lambda")))]
#[doc(alias("lambda authorizer", "api gateway"))]
pub mod lambda;
#[cfg(any(feature = "lambda", all(feature = "worker", target_family = "wasm")))]
mod line;
mod token_source;
#[cfg(all(feature = "worker", target_family = "wasm"))]
#[cfg_attr(docsrs, doc(cfg(feature = "worker")))]
#[doc(alias("cloudflare workers"))]
pub mod worker;

#[cfg_attr(docsrs, doc(cfg(any(feature = "http", feature = "worker"))))]
pub use token_source::TokenSource;

use crate::error::Unauthorized;
use crate::event;
use crate::time::UnixTime;
use crate::user::VerifiedUser;
use crate::verifier::Verifier;

/// Verifies a token. An error in finding it is logged like a verification error.
fn user_of_token(
    token: Result<&str, Unauthorized>,
    verifier: &Verifier,
    now: UnixTime,
) -> Result<VerifiedUser, Unauthorized> {
    verifier.validate_access_token_owned(event::refusal(verifier.expected(), token)?, now)
}
