//! The variables are those of the build. An instance of PropelAuth that this program was not built for is not trusted.

use propelauth_edge::Verifier;

static AUTH: Verifier = propelauth_edge::verifier_from_env!();

fn main() {
    assert_eq!(AUTH.issuer(), "https://auth.example.com");
}
