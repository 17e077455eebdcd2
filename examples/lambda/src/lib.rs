//! Shared code of the functions: the verifier from environment variables.

use std::env::{self, VarError};

use propelauth_edge::{TokenVerificationMetadata, Verifier};

/// Creates the verifier, once, when the function starts.
///
/// # Errors
///
/// Returns the variable that is missing or invalid. The function then does not start.
pub fn verifier() -> Result<Verifier, lambda_runtime::Error> {
    let variable = |name| env::var(name).map_err(|error| format!("{name}: {error}"));
    let (verifier_key, issuer) = (variable("PROPELAUTH_VERIFIER_KEY")?, variable("PROPELAUTH_ISSUER")?);
    let mut verifier = Verifier::new(TokenVerificationMetadata { verifier_key: &verifier_key, issuer: &issuer })
        .map_err(|error| format!("PROPELAUTH_VERIFIER_KEY and PROPELAUTH_ISSUER: {error}"))?;
    // While a key is rotated, or the project moves to another domain.
    for (name, add) in [
        ("PROPELAUTH_ADDITIONAL_VERIFIER_KEY", Verifier::with_additional_key as fn(Verifier, &str) -> _),
        ("PROPELAUTH_ADDITIONAL_ISSUER", Verifier::with_additional_issuer),
    ] {
        match env::var(name) {
            Ok(value) => verifier = add(verifier, &value).map_err(|error| format!("{name}: {error}"))?,
            Err(VarError::NotPresent) => {}
            Err(error) => return Err(format!("{name}: {error}").into()),
        }
    }
    Ok(verifier)
}
