//! What the backend API answers: any status and any octets become a result or an error, which tells of the status
//! what means the same everywhere.
//!
//! Octets of the input: the endpoint, the status less 100, and the body.
#![no_main]

use http::header::{HeaderValue, RETRY_AFTER};
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
    let [endpoint, status, body @ ..] = octets else { return };
    let mut response = Response::new(body.to_vec());
    *response.status_mut() = StatusCode::from_u16(100 + u16::from(*status) * 2).expect("three digits");
    if let Some(Ok(value)) = body.get(..4).map(HeaderValue::from_bytes) {
        response.headers_mut().insert(RETRY_AFTER, value);
    }
    PARSERS[usize::from(*endpoint) % PARSERS.len()](response);
});

fn parse<E: Endpoint + DeserializeOwned>(response: Response<Vec<u8>>) {
    let id = "31c41c16-c281-44ae-9602-8a047e3bf33d";
    let arguments: Map<String, Value> = E::ARGUMENTS[0].iter().map(|name| ((*name).to_owned(), id.into())).collect();
    let call: E = serde_json::from_value(arguments.into()).expect("arguments that are texts");
    let status = response.status().as_u16();
    match call.parse(response) {
        Ok(_) => assert!(!matches!(status, 401 | 429 | 500..)),
        Err(error) => {
            assert_eq!(matches!(error, ApiError::Unauthorized), status == 401);
            assert_eq!(matches!(error, ApiError::RateLimited(_)), status == 429);
            assert!(!error.to_string().is_empty());
        }
    }
}
