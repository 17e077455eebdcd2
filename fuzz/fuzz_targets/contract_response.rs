//! Responses of the backend API: any status and any bytes become a result or an error. Statuses with one meaning for
//! all endpoints give the documented error.
//!
//! Input bytes: the endpoint; two for the status minus 100, big-endian; how much of the body is also the `Retry-After`
//! header; and the body.
#![no_main]

use std::sync::LazyLock;
use std::time::Duration;

use http::header::{HeaderValue, RETRY_AFTER};
use http::response::Parts;
use http::{Response, StatusCode};
use libfuzzer_sys::fuzz_target;
use propelauth_edge::client::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

include!("../../tests/client/contract/endpoints.rs");

macro_rules! parsers {
    ($($endpoint:ident)*) => {
        const PARSERS: &[fn(Response<Vec<u8>>)] = &[$(parse::<$endpoint>),*];
    };
}

for_each_endpoint!(parsers);

fuzz_target!(|bytes: &[u8]| {
    let [endpoint, high, low, retry_after, body @ ..] = bytes else { return };
    let mut response = Response::new(body.to_vec());
    let status = 100 + u16::from_be_bytes([*high, *low]) % 500;
    *response.status_mut() = StatusCode::from_u16(status).expect("three digits");
    if let Some(Ok(value)) = body.get(..usize::from(*retry_after)).map(HeaderValue::from_bytes) {
        response.headers_mut().insert(RETRY_AFTER, value);
    }
    PARSERS[usize::from(*endpoint) % PARSERS.len()](response);
});

/// Arguments for all endpoints, by name.
static ARGUMENTS: LazyLock<Value> = LazyLock::new(|| {
    let id = "31c41c16-c281-44ae-9602-8a047e3bf33d";
    let mut arguments = json!({
        "user_ids": [id], "emails": [id], "usernames": [id], "email_confirmed": true, "require_email_confirmation": true,
        "duration_in_minutes": 1, "valid_for_seconds": 1, "uses_pkce": true, "idp_type": "Okta",
    });
    for name in [
        "user_id",
        "email",
        "username",
        "org_id",
        "employee_id",
        "new_email",
        "password",
        "password_hash",
        "provider",
        "name",
        "custom_role_mapping_name",
        "role",
        "invitee_email",
        "api_key_id",
        "api_key_token",
        "date",
        "action_type",
        "code",
        "grant",
        "grant_type",
        "mfa_phone_id",
        "challenge_id",
        "chart_metric",
        "group_id",
        "idp_entity_id",
        "idp_sso_url",
        "idp_certificate",
        "client_id",
        "client_secret",
        "okta_sso_domain",
    ] {
        arguments[name] = id.into();
    }
    arguments
});

fn parse<E: Endpoint + DeserializeOwned>(response: Response<Vec<u8>>) {
    let call = E::deserialize(&*ARGUMENTS).expect("all arguments of the endpoint");
    let (head, body) = response.into_parts();
    let status = head.status.as_u16();
    let wait = wait(&head, &body);
    match call.parse(Response::from_parts(head, body)) {
        Ok(_) => assert!(!matches!(status, 401 | 429 | 500..)),
        Err(error) => {
            assert_eq!(matches!(error, ApiError::IncorrectApiKey), status == 401);
            assert_eq!(matches!(error, ApiError::RateLimited(_)), status == 429);
            if let (ApiError::RateLimited(limit), Some(wait)) = (&error, wait) {
                assert_eq!(limit.retry_after, wait);
            }
            assert!(!error.to_string().is_empty());
        }
    }
}

/// Returns the wait of a 429 from its header, or `None` if the body decides.
fn wait(head: &Parts, body: &[u8]) -> Option<Option<Duration>> {
    let may_say = body.trim_ascii_start().starts_with(b"{") || body.trim_ascii_start().starts_with(b"[");
    let in_header = || head.headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse::<u32>().ok();
    (!may_say).then(|| in_header().map(|seconds| Duration::from_secs(seconds.into())))
}
