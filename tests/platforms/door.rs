//! The shared handler of the runtimes' test programs. Each request contains the settings and the clock.

use http::{HeaderMap, Response, StatusCode};
use propelauth_edge::http::{refusal, user};
use propelauth_edge::{TokenVerificationMetadata, UnixTime, Verifier};

#[derive(serde::Deserialize)]
struct Case {
    verifier_key: String,
    issuer: String,
    now: u64,
}

/// Answers a request, whose body is a case, with the user.
pub fn answer(headers: &HeaderMap, case: &[u8]) -> Response<String> {
    let Case { verifier_key, issuer, now } = serde_json::from_slice(case).expect("a case");
    match Verifier::new(TokenVerificationMetadata { verifier_key: &verifier_key, issuer: &issuer }) {
        Ok(verifier) => user(headers, &verifier, UnixTime::from_secs(now))
            .map_or_else(refusal, |user| Response::new(serde_json::to_string(&user).expect("a user has a JSON form"))),
        Err(reason) => {
            eprintln!("{reason}");
            let mut response = Response::new("Internal error".to_owned());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        }
    }
}
