//! The wire contract of the backend API: every recorded call of the Python library, made through each transport against
//! a server on loopback. What is on the wire must be what is recorded, and so must the outcome.
//!
//! `PROPELAUTH_CONTRACT=FILE` names another file of the same form.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod calls;
mod cases;
#[path = "../loopback/mod.rs"]
mod loopback;
mod outcome;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use calls::{Client, Inexpressible, METHODS, Reqwest, dispatch, init, shown};
use cases::{cases, has};
use loopback::{Server, respond};
use outcome::{Deviation, compare_outcome, compare_request};
use propelauth_edge::client::{InitError, UreqTransport, blocking};
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
            *answer.lock().unwrap() = (response.status, content_type, response.octets());
        }
        let outcome = if case.method_name == "init_base_auth" {
            match init::<C>(&case.args, &base_url) {
                Ok(client) => Ok(shown(client.verifier())),
                Err(error) => Err(error),
            }
        } else {
            match dispatch(&client, &case.method_name, &case.args) {
                None => panic!("{}: unknown method {}", case.id, case.method_name),
                // Python's types exclude these arguments, and so do Rust's.
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
            // The sync client fails before it asks, so that there is nothing to compare with.
            skipped.push(case.id);
            continue;
        }
        run += 1;
        let mut seen = BTreeSet::new();
        let result = compare_request(&case, &received, &mut seen)
            .and_then(|()| compare_outcome(&case, outcome.as_ref(), &mut seen));
        match result {
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

/// The setup of all cases, but those of `init_base_auth`.
fn client_of_the_cases<C: Client>(base_url: &str) -> C {
    let verifier_key = include_str!("../../examples/demo/verifier_key.pem");
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

/// The methods that the table in the docs of `client` lists, each linked to a method of `Auth` by rustdoc.
#[test]
fn the_table_of_methods_is_complete() {
    let docs = include_str!("../../src/client.rs");
    let rows = docs.lines().filter_map(|line| line.strip_prefix("//! | `")?.split_once("` | [").map(|row| row.0));
    let listed: BTreeSet<&str> = rows.filter(|name| *name != "init_base_auth").collect();
    assert_eq!(listed, METHODS.iter().map(|name| name()).collect());
    for case in cases() {
        let name = &*case.method_name;
        assert!(name == "init_base_auth" || listed.contains(name), "{name} is not listed");
    }
}
