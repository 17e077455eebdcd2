//! A process that verifies the header in its argument with jsonwebtoken and aws-lc-rs.

use std::process::ExitCode;

use propelauth_edge_benches::fixture::RSA_2048;
use propelauth_edge_benches::peers;

fn main() -> ExitCode {
    let header = std::env::args().nth(1).unwrap_or_default();
    let verify = peers::jsonwebtoken(&RSA_2048, peers::Engine::AwsLc);
    ExitCode::from(u8::from(!verify(&header)))
}
