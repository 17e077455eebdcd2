//! `Auth`: the async client, and verification of access tokens, which needs no I/O.

#[cfg(target_family = "wasm")]
use std::pin::Pin;
use std::prelude::v1::*;

use super::api::FetchTokenVerificationMetadata;
use super::call::{Call, Step};
use super::config::{Config, InitOptions};
use super::endpoint::Endpoint;
use super::error::{ApiError, InitError};
use super::pages::{Paged, Pages};
use super::transport::Transport;
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
/// ```
/// use propelauth_edge::client::{InitOptions, init_base_auth};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), propelauth_edge::client::InitError> {
/// # let transport = demo::transport();
/// # let (auth_url, api_key) = ("https://auth.example.com", "the integration API key");
///
/// // This fetches the verifier key from the API.
/// let auth = init_base_auth(auth_url, api_key, transport, InitOptions::default()).await?;
/// assert_eq!(auth.verifier().issuer(), "https://auth.example.com");
/// # Ok(()) }
/// ```
pub async fn init_base_auth<T: Transport>(
    auth_url: &str,
    integration_api_key: &str,
    transport: T,
    options: InitOptions<'_>,
) -> Result<Auth<T>, InitError> {
    let config = options.config(auth_url, integration_api_key)?;
    let verifier = match options.token_verification_metadata {
        Some(metadata) => Verifier::new(metadata)?,
        None => call(&transport, &config, &FetchTokenVerificationMetadata).await?.verifier(&config)?,
    };
    Ok(Auth::new(config, verifier, transport))
}

/// An async client of PropelAuth's backend API, with the verifier of one environment.
///
/// Create it once, at startup, and share it. Its methods have the names of the Python library.
///
/// # Examples
///
/// ```
/// use propelauth_edge::RequiredOrg;
/// # use propelauth_edge::client::Auth;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let auth = demo::auth();
/// # let header = demo::HEADER;
///
/// // No I/O: the key was fetched at startup.
/// let acme = RequiredOrg::Name("Acme");
/// let (user, org) = auth.validate_access_token_and_get_user_with_org_by_minimum_role(header, acme, "Admin")?;
/// println!("{} is {} in {}", user.user_id(), org.user_assigned_role, org.org_name);
///
/// // One request.
/// let was_there = auth.disable_user("31c41c16-c281-44ae-9602-8a047e3bf33d").await?;
/// assert!(was_there);
/// # Ok(()) }
/// ```
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
    /// # use propelauth_edge::client::{Auth, Config, DisableUser};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let auth = demo::auth();
    /// // For example, from a queue.
    /// let call: DisableUser = serde_json::from_str(r#"{"user_id":"31c41c16-c281-44ae-9602-8a047e3bf33d"}"#)?;
    /// assert_eq!(auth.call(&call).await?, true);
    /// # Ok(()) }
    /// ```
    pub async fn call<E: Endpoint>(&self, endpoint: &E) -> Result<E::Output, ApiError> {
        let call = call(&self.transport, &self.config, endpoint);
        // Behind a pointer, or the compiler makes one function of the caller and the client, which V8 compiles as a whole
        // for the first request.
        #[cfg(target_family = "wasm")]
        let call: Pin<Box<dyn Future<Output = _>>> = Box::pin(call);
        call.await
    }

    /// Returns the pages of a query, beginning with its `page_number`.
    ///
    /// ```
    /// # use propelauth_edge::client::{ApiError, Auth, FetchUsersByQuery, Transport};
    /// # async fn f(auth: &Auth<impl Transport>) -> Result<(), ApiError> {
    /// let mut pages = auth.pages(FetchUsersByQuery { options: Default::default() });
    /// while let Some(page) = pages.next().await {
    ///     for user in page?.users {
    ///         println!("{}", user.email);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages<E: Paged>(&self, query: E) -> Pages<'_, Self, E> {
        Pages::new(self, query)
    }
}

async fn call<T: Transport, E: Endpoint>(transport: &T, config: &Config, endpoint: &E) -> Result<E::Output, ApiError> {
    if let Some(outcome) = endpoint.without_asking() {
        return outcome;
    }
    let mut call = Call::new(config, endpoint);
    loop {
        match call.next(transport.send(call.request()?).await) {
            Step::Done(outcome) => return outcome,
            Step::Again(wait, error) if !transport.sleep(wait).await => return Err(error),
            Step::Again(..) => {}
        }
    }
}

impl<T: Transport, E: Paged> Pages<'_, Auth<T>, E> {
    /// Fetches the next page. Returns `None` after the last one.
    ///
    /// To get a stream, use the `futures` crate: `stream::unfold(pages, async |mut pages| Some((pages.next().await?,
    /// pages)))`.
    ///
    /// ```
    /// # use propelauth_edge::client::{Auth, Config, FetchOrgByQuery};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let auth = demo::auth();
    /// let mut pages = auth.pages(FetchOrgByQuery { options: Default::default() });
    /// let mut names = Vec::new();
    /// while let Some(page) = pages.next().await {
    ///     names.extend(page?.orgs.into_iter().map(|org| org.name));
    /// }
    /// assert_eq!(names, ["Acme", "Globex"]); // here, on two pages
    /// # Ok(()) }
    /// ```
    pub async fn next(&mut self) -> Option<Result<E::Output, ApiError>> {
        let page = self.auth().call(self.query()?).await;
        Some(self.turn(page))
    }
}
