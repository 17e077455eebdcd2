//! What the functions share: the verifier from the function's environment variables.

use std::env;

use propelauth_edge::{TokenVerificationMetadata, Verifier};

/// Made once, when the function starts.
///
/// # Errors
///
/// The variable that is missing, or why it is no good. A function that does not start serves nobody.
pub fn verifier() -> Result<Verifier, lambda_runtime::Error> {
    let variable = |name| env::var(name).map_err(|error| format!("{name}: {error}"));
    Ok(Verifier::new(TokenVerificationMetadata {
        verifier_key: &variable("PROPELAUTH_VERIFIER_KEY")?,
        issuer: &variable("PROPELAUTH_ISSUER")?,
    })?)
}
