//! The same [`Auth`], for programs without an async runtime.

use core::time::Duration;
use std::prelude::v1::*;

use super::auth::InitOptions;
use super::config::Config;
use super::endpoint::Endpoint;
use super::error::{ApiError, InitError};
use super::macros::parts;
use super::metadata::FetchTokenVerificationMetadata;
use super::pages::{Paged, Pages};
use super::retry::Attempts;
use super::transport::TransportError;
use crate::verifier::Verifier;

/// Sends a request and blocks until there is the answer.
///
/// An implementation must not follow redirects, which would carry the API key to wherever they lead, and should bound
/// the time and the size of the answer ([`MAX_RESPONSE_LEN`](super::MAX_RESPONSE_LEN)). A request whose body is empty
/// has none. A closure from a request to an answer is a transport.
///
/// ```
/// use http::{Request, Response};
/// use propelauth_edge::client::{TransportError, TransportErrorKind, blocking::Transport};
///
/// /// A transport that tells the log what it was asked, and how it went.
/// struct Logged<T>(T);
///
/// impl<T: Transport> Transport for Logged<T> {
///     fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
///         let asked = format!("{} {}", request.method(), request.uri().path()); // the query may name a user
///         let answer = self.0.send(request);
///         println!("{asked}: {:?}", answer.as_ref().map(Response::status));
///         answer
///     }
/// }
///
/// let offline = Logged(|_: Request<Vec<u8>>| Err(TransportErrorKind::Connect.into()));
/// assert!(offline.send(Request::new(Vec::new())).is_err());
/// ```
pub trait Transport {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Why there is no answer.
    fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError>;

    /// Waits before a repetition. `false`: it cannot, and the call is not repeated.
    fn sleep(&self, duration: Duration) -> bool {
        std::thread::sleep(duration);
        true
    }
}

impl<F: Fn(http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError>> Transport for F {
    fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        self(request)
    }
}

/// An [`Auth`] for the environment of this *Auth URL* and *API key*, as the page *Backend Integration* of the dashboard
/// shows them.
///
/// # Errors
///
/// [`InitError`]: a URL without a host, an unusable verifier key or, if it is fetched, what the API says.
///
/// # Examples
///
/// ```
/// use propelauth_edge::client::{InitOptions, blocking::init_base_auth};
/// # let transport = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/api.rs"));
/// # let (auth_url, api_key) = ("https://auth.example.com", "the integration API key");
///
/// // This asks the API for the verifier key.
/// let auth = init_base_auth(auth_url, api_key, transport, InitOptions::default())?;
/// assert_eq!(auth.verifier().issuer(), "https://auth.example.com");
/// # Ok::<(), propelauth_edge::client::InitError>(())
/// ```
pub fn init_base_auth<T: Transport>(
    auth_url: &str,
    integration_api_key: &str,
    transport: T,
    options: InitOptions<'_>,
) -> Result<Auth<T>, InitError> {
    let config = options.config(auth_url, integration_api_key)?;
    let verifier = match options.token_verification_metadata {
        Some(metadata) => Verifier::new(metadata)?,
        None => call(&transport, &config, &FetchTokenVerificationMetadata)?.verifier(&config)?,
    };
    Ok(Auth::new(config, verifier, transport))
}

/// PropelAuth's backend API and the verifier of one environment: all of the Python library, blocking.
///
/// Its methods are those of the async [`Auth`](super::Auth).
#[derive(Clone, Debug)]
pub struct Auth<T> {
    config: Config,
    verifier: Verifier,
    transport: T,
}

impl<T> Auth<T> {
    parts!("blocking::");
}

#[cfg(any(feature = "js", not(all(target_family = "wasm", target_os = "unknown"))))]
impl<T> Auth<T> {
    super::validate::validation_methods!("blocking::");
}

impl<T: Transport> Auth<T> {
    /// Makes a call that is at hand as a value.
    ///
    /// # Errors
    ///
    /// What the API or the transport says.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::client::{Config, DisableUser, blocking::Auth};
    /// # let transport = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/api.rs"));
    /// # let auth = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/auth.rs"));
    /// // From a queue, say.
    /// let call: DisableUser = serde_json::from_str(r#"{"user_id":"31c41c16-c281-44ae-9602-8a047e3bf33d"}"#)?;
    /// assert_eq!(auth.call(&call)?, true);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn call<E: Endpoint>(&self, endpoint: &E) -> Result<E::Output, ApiError> {
        call(&self.transport, &self.config, endpoint)
    }

    /// The pages that a query gives, from the page that it names on: an iterator.
    ///
    /// ```
    /// # use propelauth_edge::client::{Config, FetchOrgByQuery, blocking::Auth};
    /// # let transport = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/api.rs"));
    /// # let auth = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/auth.rs"));
    /// let mut names = Vec::new();
    /// for page in auth.pages(FetchOrgByQuery { options: Default::default() }) {
    ///     names.extend(page?.orgs.into_iter().map(|org| org.name));
    /// }
    /// assert_eq!(names, ["Acme", "Globex"]); // here, on two pages
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn pages<E: Paged>(&self, query: E) -> Pages<'_, Self, E> {
        Pages::new(self, query)
    }
}

fn call<T: Transport, E: Endpoint>(transport: &T, config: &Config, endpoint: &E) -> Result<E::Output, ApiError> {
    if let Some(outcome) = endpoint.without_asking() {
        return outcome;
    }
    let mut attempts = Attempts::new(config.retry(), E::ROUTE.may_repeat());
    loop {
        let answer = transport.send(endpoint.request(config)?);
        let outcome = config.outcome(endpoint, answer);
        match attempts.next(&outcome) {
            Some(wait) if transport.sleep(wait) => {}
            _ => return outcome,
        }
    }
}
