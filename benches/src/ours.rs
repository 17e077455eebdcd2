//! The crate as its users call it.

use propelauth_edge::{TokenVerificationMetadata, Verifier};

use crate::fixture::{ISSUER, Key};

pub fn verifier(key: &Key) -> Verifier {
    Verifier::new(TokenVerificationMetadata { verifier_key: key.public_pem, issuer: ISSUER }).expect("a valid key")
}

/// Returns the token in a header.
pub fn token(header: &str) -> &str {
    header.strip_prefix("Bearer ").expect("a header of the fixture")
}
