//! What the backend API answers: any status and any octets become a result or an error, which tells of the status
//! what means the same everywhere.
//!
//! Octets of the input: the endpoint, two of the status less 100, big-endian, how much of the body is the `Retry-After`
//! header, too, and the body.
#![no_main]

use std::time::Duration;

use http::header::{HeaderValue, RETRY_AFTER};
use http::response::Parts;
use http::{Response, StatusCode};
use libfuzzer_sys::fuzz_target;
use propelauth_edge::client::*;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// An endpoint for each form that a result and a refusal can have.
const PARSERS: [fn(Response<Vec<u8>>); 16] = [
    parse::<FetchUserMetadataByUserId>,
    parse::<FetchUserSignupQueryParamsByUserId>,
    parse::<FetchOrg>,
    parse::<FetchPendingInvites>,
    parse::<FetchCustomRoleMappings>,
    parse::<FetchApiKey>,
    parse::<FetchUserMfaMethods>,
    parse::<FetchUserOauthTokens>,
    parse::<FetchEmployeeById>,
    parse::<FetchSamlSpMetadata>,
    parse::<FetchOrgScimGroups>,
    parse::<CreateUser>,
    parse::<CreateOrg>,
    parse::<ResendEmailConfirmation>,
    parse::<DisableUser>,
    parse::<CreateMagicLink>,
];

fuzz_target!(|octets: &[u8]| {
    let [endpoint, high, low, retry_after, body @ ..] = octets else { return };
    let mut response = Response::new(body.to_vec());
    let status = 100 + u16::from_be_bytes([*high, *low]) % 500;
    *response.status_mut() = StatusCode::from_u16(status).expect("three digits");
    if let Some(Ok(value)) = body.get(..usize::from(*retry_after)).map(HeaderValue::from_bytes) {
        response.headers_mut().insert(RETRY_AFTER, value);
    }
    PARSERS[usize::from(*endpoint) % PARSERS.len()](response);
});

fn parse<E: Endpoint + DeserializeOwned>(response: Response<Vec<u8>>) {
    let id = "31c41c16-c281-44ae-9602-8a047e3bf33d";
    let arguments: Map<String, Value> = E::ARGUMENTS[0].iter().map(|name| ((*name).to_owned(), id.into())).collect();
    let call: E = serde_json::from_value(arguments.into()).expect("arguments that are texts");
    let (head, body) = response.into_parts();
    let status = head.status.as_u16();
    let wait = wait(&head, &body);
    match call.parse(Response::from_parts(head, body)) {
        Ok(_) => assert!(!matches!(status, 401 | 429 | 500..)),
        Err(error) => {
            assert_eq!(matches!(error, ApiError::Unauthorized), status == 401);
            assert_eq!(matches!(error, ApiError::RateLimited(_)), status == 429);
            if let (ApiError::RateLimited(limit), Some(wait)) = (&error, wait) {
                assert_eq!(limit.retry_after, wait);
            }
            assert!(!error.to_string().is_empty());
        }
    }
}

/// How long a 429 says to wait, in its header; nothing if that is for its body to say.
fn wait(head: &Parts, body: &[u8]) -> Option<Option<Duration>> {
    let may_say = body.trim_ascii_start().starts_with(b"{") || body.trim_ascii_start().starts_with(b"[");
    let in_header = || head.headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse::<u32>().ok();
    (!may_say).then(|| in_header().map(|seconds| Duration::from_secs(seconds.into())))
}
