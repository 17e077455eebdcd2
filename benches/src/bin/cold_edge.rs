//! A process that verifies the header in its argument, with a key prepared at compile time.

use std::process::ExitCode;

use propelauth_edge::{TokenVerificationMetadata, UnixTime, Verifier};
use propelauth_edge_benches::fixture::ISSUER;

static AUTH: Verifier = Verifier::embed(TokenVerificationMetadata {
    verifier_key: include_str!("../../../tests/data/keys/rsa2048.pem"),
    issuer: ISSUER,
});

fn main() -> ExitCode {
    let header = std::env::args().nth(1);
    let mut buffer = [0; 4096];
    let user = AUTH.validate_access_token_and_get_user(header.as_deref(), UnixTime::now(), &mut buffer);
    ExitCode::from(u8::from(user.is_err()))
}
