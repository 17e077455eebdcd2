//! The variables are those of the build. Only the PropelAuth environment that the program was built for is trusted.

use propelauth_edge::Verifier;

static AUTH: Verifier = propelauth_edge::verifier_from_env!();

fn main() {
    assert_eq!(AUTH.issuer(), "https://auth.example.com");
    assert_eq!(AUTH.additional_issuer(), Some("https://auth.12345.propelauthtest.com"));
}
