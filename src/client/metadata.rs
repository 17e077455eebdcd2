//! The verifier key, from the API.

use std::prelude::v1::*;

use http::Method;
use serde::Serialize;

use super::config::Config;
use super::endpoint::{Endpoint, Meaning};
use super::error::{InitError, Resource};
use super::macros::results;
use super::wire::Route;
use crate::metadata::TokenVerificationMetadata;
use crate::verifier::Verifier;

/// Asks for the key that verifies the environment's access tokens. The answer also tells whether the API key and the auth
/// URL are right. [`init_base_auth`](super::init_base_auth) makes this call.
///
/// ```
/// # use propelauth_edge::Verifier;
/// # use propelauth_edge::client::{Auth, FetchTokenVerificationMetadata, InitError, Transport};
/// # async fn example(auth: &Auth<impl Transport>) -> Result<Verifier, InitError> {
/// // On a timer, to notice a key that was rotated. Never because of a token.
/// let fetched = auth.call(&FetchTokenVerificationMetadata).await?;
/// let verifier = fetched.verifier(auth.config())?;
/// # Ok(verifier) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FetchTokenVerificationMetadata;

impl Endpoint for FetchTokenVerificationMetadata {
    type Output = FetchedVerifierKey;
    const METHOD_NAME: &'static str = "init_base_auth";
    const ARGUMENTS: &'static [&'static [&'static str]] = &[];
    const ROUTE: Route = Route::new(Method::GET, "/api/v1/token_verification_metadata").whole_path();
    const MEANINGS: &'static [(u16, Meaning)] =
        &[(400, Meaning::Text), (404, Meaning::NotFound(Resource::Environment))];
}

results! {
    /// What [`FetchTokenVerificationMetadata`] gives.
    pub struct FetchedVerifierKey {
        /// The key, a PEM text.
        pub verifier_key_pem: String,
    }
}

impl FetchedVerifierKey {
    /// A verifier of this key, for the environment of `config`.
    ///
    /// # Errors
    ///
    /// [`InitError::Metadata`]
    ///
    /// # Examples
    ///
    /// ```
    /// use propelauth_edge::client::{Config, Endpoint, FetchTokenVerificationMetadata, FetchedVerifierKey};
    ///
    /// # let send = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/api.rs"));
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
