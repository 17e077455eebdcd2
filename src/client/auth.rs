//! `Auth`: async, and the checks of access tokens that need no I/O.

use std::prelude::v1::*;

use super::config::Config;
use super::endpoint::Endpoint;
use super::error::{ApiError, InitError};
use super::macros::parts;
use super::metadata::FetchTokenVerificationMetadata;
use super::pages::{Paged, Pages};
use super::retry::{Attempts, RetryPolicy};
use super::transport::Transport;
use crate::metadata::TokenVerificationMetadata;
use crate::verifier::Verifier;

/// What [`init_base_auth`] can be told beyond the auth URL and the API key.
#[derive(Clone, Debug, Default)]
pub struct InitOptions<'a> {
    /// What the dashboard shows for a verifier of access tokens. If it is given, nothing is fetched; if it is not, the
    /// API is asked for it, which checks the auth URL and the API key as well.
    pub token_verification_metadata: Option<TokenVerificationMetadata<'a>>,
    /// Where the API is, if not at [`BASE_URL`](super::BASE_URL): a proxy, or a server in a test.
    pub base_url: Option<&'a str>,
    /// When a call that failed is made again.
    pub retry: Option<RetryPolicy>,
}

impl InitOptions<'_> {
    pub(super) fn config(&self, auth_url: &str, integration_api_key: &str) -> Result<Config, InitError> {
        let mut config = Config::new(auth_url, integration_api_key)?;
        if let Some(base_url) = self.base_url {
            config = config.with_base_url(base_url);
        }
        Ok(config.with_retry(self.retry.unwrap_or(RetryPolicy::OFF)))
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
/// use propelauth_edge::client::{InitOptions, init_base_auth};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), propelauth_edge::client::InitError> {
/// # let api = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/api.rs"));
/// # let transport = |request| std::future::ready(api(request));
/// # let (auth_url, api_key) = ("https://auth.example.com", "the integration API key");
///
/// // This asks the API for the verifier key.
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

/// PropelAuth's backend API and the verifier of one environment: all of the Python library, async.
///
/// Make it once, at start-up, and share it. Its methods are those of the Python library, under their names; the
/// [module](super) lists them.
#[derive(Clone, Debug)]
pub struct Auth<T> {
    config: Config,
    verifier: Verifier,
    transport: T,
}

impl<T> Auth<T> {
    parts!("");
}

#[cfg(any(feature = "js", not(all(target_family = "wasm", target_os = "unknown"))))]
impl<T> Auth<T> {
    super::validate::validation_methods!("");
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
    /// # use propelauth_edge::client::{Auth, Config, DisableUser};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let api = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/api.rs"));
    /// # let transport = |request| std::future::ready(api(request));
    /// # let auth = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/auth.rs"));
    /// // From a queue, say.
    /// let call: DisableUser = serde_json::from_str(r#"{"user_id":"31c41c16-c281-44ae-9602-8a047e3bf33d"}"#)?;
    /// assert_eq!(auth.call(&call).await?, true);
    /// # Ok(()) }
    /// ```
    pub async fn call<E: Endpoint>(&self, endpoint: &E) -> Result<E::Output, ApiError> {
        call(&self.transport, &self.config, endpoint).await
    }

    /// The pages that a query gives, from the page that it names on.
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
    let mut attempts = Attempts::new(config.retry(), E::ROUTE.may_repeat());
    loop {
        let answer = transport.send(endpoint.request(config)?).await;
        let outcome = config.outcome(endpoint, answer);
        match attempts.next(&outcome) {
            Some(wait) if transport.sleep(wait).await => {}
            _ => return outcome,
        }
    }
}
