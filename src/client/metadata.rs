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
    pub fn verifier(&self, config: &Config) -> Result<Verifier, InitError> {
        let metadata = TokenVerificationMetadata { verifier_key: &self.verifier_key_pem, issuer: config.issuer() };
        Ok(Verifier::new(metadata)?)
    }
}
