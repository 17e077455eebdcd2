//! A payload of any octets, well signed: taken for JSON exactly when `serde_json` takes it, and every accessor of the
//! user agrees with what `serde_json` reads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use propelauth_edge::Unauthorized;
use propelauth_edge::limits::MAX_OTHER_CLAIMS;
use propelauth_edge_fuzz::model::{self, parse_json};
use propelauth_edge_fuzz::{HEADER, base64url, token, validate, values};
use serde_json::{Map, Value};

fuzz_target!(|payload: &[u8]| {
    let result = validate(&token(&format!("{}.{}", base64url(HEADER.as_bytes()), base64url(payload))));
    let is_json = result != Err(Unauthorized::InvalidPayload);
    match model::is_payload(payload) {
        _ if payload.is_empty() => assert_eq!(result, Err(Unauthorized::MalformedToken)),
        Some(true) => {
            let claims: Map<String, Value> = parse_json(payload).expect("it was parsed before");
            assert!(is_json || claims.len() > MAX_OTHER_CLAIMS, "refused");
            if let Ok(user) = result {
                assert!(values::same(&user, &model::user(&claims)), "{user}");
            }
        }
        Some(false) => assert!(!is_json, "accepted"),
        None => {}
    }
});
