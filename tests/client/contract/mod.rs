//! The wire contract of the backend API: every recorded call of the Python library, made through each transport against
//! a server on loopback. Requests and outcomes must equal the recorded ones.
//!
//! `PROPELAUTH_CONTRACT=FILE` selects another file in this format.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod calls;
mod cases;
mod outcome;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use self::calls::{Client, ENDPOINTS, Inexpressible, Reqwest, dispatch, init, methods, shown};
use self::cases::{cases, has};
use self::outcome::{Deviation, compare};
use common::loopback::{Server, respond};
use propelauth_edge::client::{
    CreateOrgSamlConnectionLink, CreateOrgSamlConnectionLinkOptions, Endpoint, InitError, UreqTransport, blocking,
};
use serde_json::json;

/// Cases in this repository's file.
const OWN_CASES: usize = 735;

/// Runs all cases on one transport.
fn run<C: Client>(transport: &str) {
    let answer = Arc::new(Mutex::new((200, None, Vec::new())));
    let served = answer.clone();
    let server = Server::start(move |_, stream| {
        let (status, content_type, body) = served.lock().unwrap().clone();
        let content_type: Option<String> = content_type;
        let headers = content_type.as_deref().map(|value| ("content-type", value));
        respond(stream, status, headers.as_slice(), &body);
    });
    let base_url = server.base_url();
    let client = client_of_the_cases::<C>(&base_url);

    let (mut run, mut skipped, mut failures) = (0, Vec::new(), Vec::new());
    let mut deviations = BTreeMap::<Deviation, Vec<String>>::new();
    for case in cases() {
        if let Some(response) = &case.response {
            let content_type = response.headers.get("Content-Type").cloned();
            *answer.lock().unwrap() = (response.status, content_type, response.bytes());
        }
        let outcome = if case.method_name == "init_base_auth" {
            match init::<C>(&case.args, &base_url) {
                Ok(client) => Ok(shown(client.verifier())),
                Err(error) => Err(error),
            }
        } else {
            match dispatch(&client, &case) {
                None => panic!("{}: unknown method {}", case.id, case.method_name),
                // Excluded by the types, in Python as in Rust.
                Some(Err(Inexpressible)) if has(&case, "untyped") => {
                    skipped.push(case.id);
                    continue;
                }
                Some(Err(Inexpressible)) => {
                    failures.push(format!("{}: arguments that cannot be written", case.id));
                    continue;
                }
                Some(Ok(outcome)) => outcome.map_err(InitError::Api),
            }
        };
        let received = server.take_received();
        if has(&case, "client-bug") && case.request.is_none() {
            // The sync client fails before it sends a request, so there is nothing to compare.
            skipped.push(case.id);
            continue;
        }
        run += 1;
        let mut seen = BTreeSet::new();
        match compare(&case, &received, C::HEADERS, outcome.as_ref(), &mut seen) {
            Ok(()) => seen.into_iter().for_each(|seen| deviations.entry(seen).or_default().push(case.id.clone())),
            Err(failure) => failures.push(format!("{}: {failure}", case.id)),
        }
    }

    println!("{transport}: {run} cases run, {} skipped, {} failures", skipped.len(), failures.len());
    println!("  skipped: {}", skipped.join(" "));
    for (deviation, ids) in &deviations {
        println!("  deviation {deviation:?}, {}: {}", ids.len(), ids.join(" "));
    }
    for failure in &failures {
        println!("  failure {failure}");
    }
    assert!(run > 0, "no case ran");
    assert!(failures.is_empty(), "{} failures, {}", failures.len(), failures[0]);
    if std::env::var_os("PROPELAUTH_CONTRACT").is_none() {
        assert_eq!(run + skipped.len(), OWN_CASES);
    }
}

/// Creates the client of all cases except those of `init_base_auth`.
fn client_of_the_cases<C: Client>(base_url: &str) -> C {
    let verifier_key = include_str!("../../../examples/demo/verifier_key.pem");
    let arguments = json!({
        "auth_url": "https://auth.example.com",
        "integration_api_key": "integration-api-key-for-tests",
        "token_verification_metadata": {"verifier_key": verifier_key, "issuer": "https://auth.example.com"},
    });
    init(&arguments, base_url).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_call_through_reqwest() {
    run::<Reqwest>("reqwest");
}

#[test]
fn every_call_through_ureq() {
    run::<blocking::Auth<UreqTransport>>("ureq");
}

/// Compares the crate's endpoints, the list, and the recorded calls.
#[test]
fn the_list_of_endpoints_is_complete() {
    let api = include_str!("../../data/public-api.txt");
    let implementation = "impl propelauth_edge::client::Endpoint for propelauth_edge::client::";
    let of_crate: BTreeSet<&str> = api.lines().filter_map(|line| line.strip_prefix(implementation)).collect();
    let listed = ENDPOINTS.iter().copied().chain(["FetchTokenVerificationMetadata"]);
    assert_eq!(listed.collect::<BTreeSet<&str>>(), of_crate);

    let methods: BTreeSet<String> = methods().into_iter().chain(["init_base_auth".to_owned()]).collect();
    assert_eq!(cases().into_iter().map(|case| case.method_name).collect::<BTreeSet<String>>(), methods);
}

/// Fields that the API adds later are kept where the Python library returns the raw object.
#[test]
fn unknown_fields_of_raw_objects_are_kept() {
    let answer = |body: serde_json::Value| http::Response::new(body.to_string().into_bytes());
    let org_id = "1189c444-8a2d-4c41-8b4b-ae43ce79a492".to_owned();
    let link = CreateOrgSamlConnectionLink { org_id, options: CreateOrgSamlConnectionLinkOptions::default() };
    let link = link.parse(answer(json!({"url": "https://example.com/setup", "short_url": "s3cr3t"}))).unwrap().unwrap();
    assert_eq!((&*link.url, &link.other["short_url"]), ("https://example.com/setup", &json!("s3cr3t")));
    assert_eq!(format!("{link:?}"), "SamlConnectionLink { .. }");
}
