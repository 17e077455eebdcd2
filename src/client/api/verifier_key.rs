//! Fetches the verifier key.

use std::prelude::v1::*;

use http::Method;
use serde::Serialize;

use crate::client::config::Config;
use crate::client::endpoint::answer::Meaning;
use crate::client::endpoint::declare::results;
use crate::client::endpoint::route::Route;
use crate::client::endpoint::{Declared, Endpoint};
use crate::client::error::{InitError, Resource};
use crate::metadata::TokenVerificationMetadata;
use crate::verifier::Verifier;

/// Fetches the key that verifies the environment's access tokens, and so checks the API key and the auth URL.
/// [`init_base_auth`](crate::client::init_base_auth) makes this call.
///
/// ```
/// # use propelauth_edge::Verifier;
/// # use propelauth_edge::client::{Auth, FetchTokenVerificationMetadata, InitError, Transport};
/// # async fn example(auth: &Auth<impl Transport>) -> Result<Verifier, InitError> {
/// // On a timer, to notice a rotated key. Never in response to a token.
/// let fetched = auth.call(&FetchTokenVerificationMetadata).await?;
/// let verifier = fetched.verifier(auth.config())?;
/// # Ok(verifier) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FetchTokenVerificationMetadata;

impl Endpoint for FetchTokenVerificationMetadata {
    type Output = FetchedVerifierKey;
}

impl Declared<FetchedVerifierKey> for FetchTokenVerificationMetadata {
    const ROUTE: Route = Route::new(Method::GET, "/api/v1/token_verification_metadata").whole_path();
    const MEANINGS: &'static [(u16, Meaning)] =
        &[(400, Meaning::Text), (404, Meaning::NotFound(Resource::Environment))];
}

results! {
    /// The result of [`FetchTokenVerificationMetadata`].
    pub struct FetchedVerifierKey {
        /// The key, in PEM.
        pub verifier_key_pem: String,
    }
}

impl FetchedVerifierKey {
    /// Returns a verifier with this key, for the environment of `config`.
    ///
    /// # Errors
    ///
    /// Returns [`InitError::Metadata`] if the key or the issuer is invalid.
    ///
    /// # Examples
    ///
    /// ```
    /// use propelauth_edge::client::{Config, Endpoint, FetchTokenVerificationMetadata, FetchedVerifierKey};
    ///
    /// # let send = demo::api;
    /// let config = Config::new("https://auth.example.com", "the integration API key")?;
    /// let response = send(FetchTokenVerificationMetadata.request(&config)?)?;
    /// let key: FetchedVerifierKey = FetchTokenVerificationMetadata.parse(response)?;
    /// assert_eq!(key.verifier(&config)?.issuer(), "https://auth.example.com");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verifier(&self, config: &Config) -> Result<Verifier, InitError> {
        let metadata = TokenVerificationMetadata { verifier_key: &self.verifier_key_pem, issuer: config.issuer() };
        Ok(Verifier::new(metadata)?)
    }
}
