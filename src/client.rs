//! PropelAuth's backend API: every call of its Python library, async and blocking, in Workers, or with your own HTTP
//! client.
//!
//! ```
//! use propelauth_edge::client::{ApiError, CreateUserOptions, InitOptions, RetryPolicy, init_base_auth};
//! # use propelauth_edge::client::{TransportError, TransportErrorKind};
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! # let transport = |request: http::Request<Vec<u8>>| async move {
//! #     Err::<http::Response<Vec<u8>>, TransportError>(TransportErrorKind::Connect.into())
//! # };
//! // Once, at startup. `transport` is, for example, a `ReqwestTransport`.
//! let options = InitOptions { retry: Some(RetryPolicy::times(2)), ..Default::default() };
//! let auth = init_base_auth("https://auth.example.com", "the integration API key", transport, options).await?;
//!
//! // Who sends this request? No I/O.
//! let authorization_header = "Bearer eyJ...";
//! let user = auth.validate_access_token_and_get_user(authorization_header)?;
//!
//! // Calls have the names of the Python library. Required arguments come first, optional ones in a struct.
//! if let Some(user) = auth.fetch_user_metadata_by_user_id(user.user_id(), Default::default()).await? {
//!     println!("{} has been here since {}", user.email, user.created_at);
//! }
//! let options = CreateUserOptions { first_name: Some("Amélie".into()), ..Default::default() };
//! match auth.create_user("amelie@example.com", options).await {
//!     Ok(created) => println!("created {}", created.user_id),
//!     Err(ApiError::InvalidFields(errors)) => println!("{errors}"),
//!     Err(error) => return Err(error.into()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Transports
//!
//! | | async | blocking |
//! |---|---|---|
//! | | [`Auth`], [`init_base_auth`] | [`blocking::Auth`], [`blocking::init_base_auth`] |
//! | feature `reqwest`, except on wasm | `ReqwestTransport` | |
//! | feature `ureq`, except on wasm | | `UreqTransport` |
//! | feature `worker`, on wasm32 | `WorkerTransport` | |
//! | your own | [`Transport`], or a closure | [`blocking::Transport`], or a closure |
//! | none | each call is an [`Endpoint`]: a value that creates an `http::Request` and parses an `http::Response` | likewise |
//!
//! Transports do not follow redirects, which would carry the API key elsewhere. They read at most [`MAX_RESPONSE_LEN`]
//! bytes and wait at most 10 seconds. Calls are retried only if a [`RetryPolicy`] allows it; `ReqwestTransport` also sends
//! an idempotent request again if the server closed an idle connection (RFC 9112 section 9.3.1). [`Auth::pages`] iterates
//! over paged queries. No `Debug` and no error shows the integration API key, or a password or another secret among the
//! arguments.
//!
//! # Calls
//!
//! Calls have the names of the Python library: `disable_user` is [`Auth::disable_user`],
//! [`blocking::Auth::disable_user`] and, as a value, [`DisableUser`]. The exception is `init_base_auth`, whose call is
//! [`FetchTokenVerificationMetadata`]. Optional arguments are in a struct, such as [`CreateUserOptions`].
//!
//! # Differences from the Python library
//!
//! Requests and results are those of the Python library, with these exceptions:
//!
//! - Fields that the published types require must be present, have the documented type, and fit their integer type.
//!   Otherwise the error is [`ApiError::UndecodableBody`], which also replaces Python's `JSONDecodeError`, `KeyError`
//!   and the like. Python accepts any type and returns `None` for a missing field.
//! - A response with a duplicate field, or that is not JSON by RFC 8259 in UTF-8, is undecodable. Python takes the last
//!   duplicate, lone surrogates, `NaN`, UTF-16 and UTF-32.
//! - A 400 whose body is JSON but not an object is [`ApiError::BadRequest`]; Python raises an exception.
//! - Users are always [`UserMetadata`]. In Python, batch calls return raw objects, and the validation of API keys
//!   returns users whose orgs have other names. Fields that the API adds later are in [`UserMetadata::other`]. Batch
//!   calls by username leave out users without one.
//! - Ids are percent-encoded in the path. In Python, an unchecked id can change the path. An empty id, `.` or `..` is
//!   [`ApiError::InvalidRequest`].
//! - Where Python's sync and async clients differ, this follows the sync one, except that redirects are not followed
//!   and `fetch_api_key_usage` works. Every 429 carries the wait and the text for the user, if the API sends them.
//! - Step-up calls read field errors from every place the API puts them; Python misses one.
//! - An auth URL is rejected if its scheme is not `https` (or `http` to this machine), if it contains a user, or if its
//!   host is invalid by the URL standard or not ASCII (write `xn--…`). A base URL of `http` to another machine and an
//!   API key that is not valid in a header are also rejected.
//! - API key ids are hexadecimal in ASCII; Python also accepts digits of other scripts.
//! - Errors are variants of [`ApiError`] for all calls. Ids are checked as in Python, with the same results.

mod api;
mod auth;
pub mod blocking;
mod call;
mod config;
mod endpoint;
mod error;
mod json;
mod pages;
mod retry;
mod secret;
mod transport;
// Verification needs a clock.
#[cfg(any(feature = "js", not(all(target_family = "wasm", target_os = "unknown"))))]
mod verification;

pub use api::*;
pub use auth::{Auth, init_base_auth};
pub use config::{BASE_URL, Config, InitOptions};
pub use endpoint::Endpoint;
pub use error::{ApiError, Feature, FieldErrors, InitError, RateLimited, Resource};
pub use json::JsonMap;
pub use pages::{Page, Paged, Pages};
pub use retry::RetryPolicy;
pub use secret::Secret;
#[cfg(all(feature = "reqwest", not(target_family = "wasm")))]
pub use transport::reqwest::ReqwestTransport;
#[cfg(all(feature = "ureq", not(target_family = "wasm")))]
pub use transport::ureq::UreqTransport;
#[cfg(all(feature = "worker", target_family = "wasm"))]
pub use transport::worker::WorkerTransport;
pub use transport::{MAX_RESPONSE_LEN, MaybeSend, MaybeSync, Transport, TransportError, TransportErrorKind, WithSleep};
