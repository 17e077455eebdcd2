//! [`Auth`] for programs without an async runtime.
//!
//! ```
//! # #[cfg(feature = "ureq")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use propelauth_edge::client::{InitOptions, UreqTransport, blocking::init_base_auth};
//! # // A mock of the API that answers one request.
//! # let mock = std::net::TcpListener::bind("127.0.0.1:0")?;
//! # let mock_url = format!("http://{}", mock.local_addr()?);
//! # let verifier_key = demo::VERIFIER_KEY;
//! # let body = serde_json::json!({ "verifier_key_pem": verifier_key }).to_string();
//! # std::thread::spawn(move || -> std::io::Result<()> {
//! #     use std::io::{Read, Write};
//! #     let (mut stream, _) = mock.accept()?;
//! #     stream.read(&mut [0; 4096])?;
//! #     write!(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())
//! # });
//!
//! let options = InitOptions {
//!     base_url: Some(&mock_url), // a mock in a test; without it, PropelAuth's API
//!     ..InitOptions::default()
//! };
//! let auth = init_base_auth("https://auth.example.com", "the integration API key", UreqTransport::new(), options)?;
//!
//! // Who sends this request? No I/O.
//! assert!(auth.validate_access_token_and_get_user("Bearer eyJ...").is_err());
//!
//! // An invalid id is answered without a request.
//! assert_eq!(auth.fetch_user_metadata_by_user_id("nobody", Default::default())?, None);
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "ureq"))]
//! # fn main() {}
//! ```

use std::prelude::v1::*;

use super::api::FetchTokenVerificationMetadata;
use super::call::{Call, Step};
use super::config::{Config, InitOptions};
use super::endpoint::Endpoint;
use super::error::{ApiError, InitError};
use super::pages::{Paged, Pages};
pub use super::transport::blocking::Transport;
use crate::verifier::Verifier;

/// Creates an [`Auth`] from the *Auth URL* and the *API key* on the dashboard's page *Backend Integration*.
///
/// # Errors
///
/// Returns [`InitError`] if the URL, the API key or the verifier key is invalid, or if the verifier key cannot be
/// fetched.
///
/// # Examples
///
/// See the [module](self).
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

/// A blocking client of PropelAuth's backend API, with the verifier of one environment.
///
/// Its methods are those of the async [`Auth`](super::Auth), without `await`. See the [module](self) for an example.
#[derive(Clone, Debug)]
pub struct Auth<T> {
    config: Config,
    verifier: Verifier,
    transport: T,
}

impl<T> Auth<T> {
    /// Creates a client from its parts. Checks and fetches nothing.
    #[must_use]
    pub fn new(config: Config, verifier: Verifier, transport: T) -> Self {
        Self { config, verifier, transport }
    }

    /// Returns the configuration, for sending an [`Endpoint`] with another HTTP client.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Returns the verifier of access tokens, which can borrow users from a buffer. The methods of this type return
    /// owned users.
    #[must_use]
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }
}

#[cfg(any(feature = "js", not(all(target_family = "wasm", target_os = "unknown"))))]
impl<T> Auth<T> {
    super::verification::verification_methods!();
}

impl<T: Transport> Auth<T> {
    /// Sends an [`Endpoint`]: a call as a value.
    ///
    /// # Errors
    ///
    /// Returns the error of the API or the transport.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::client::{Config, DisableUser, blocking::Auth};
    /// # let auth = demo::blocking_auth();
    /// // For example, from a queue.
    /// let call: DisableUser = serde_json::from_str(r#"{"user_id":"31c41c16-c281-44ae-9602-8a047e3bf33d"}"#)?;
    /// assert_eq!(auth.call(&call)?, true);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn call<E: Endpoint>(&self, endpoint: &E) -> Result<E::Output, ApiError> {
        call(&self.transport, &self.config, endpoint)
    }

    /// Returns an iterator over the pages of a query, beginning with its `page_number`.
    ///
    /// ```
    /// # use propelauth_edge::client::{Config, FetchOrgByQuery, blocking::Auth};
    /// # let auth = demo::blocking_auth();
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
    let mut call = Call::new(config, endpoint);
    loop {
        match call.next(transport.send(call.request()?)) {
            Step::Done(outcome) => return outcome,
            Step::Again(wait, error) if !transport.sleep(wait) => return Err(error),
            Step::Again(..) => {}
        }
    }
}

impl<T: Transport, E: Paged> Iterator for Pages<'_, Auth<T>, E> {
    type Item = Result<E::Output, ApiError>;

    fn next(&mut self) -> Option<Self::Item> {
        let page = self.auth().call(self.query()?);
        Some(self.turn(page))
    }
}
