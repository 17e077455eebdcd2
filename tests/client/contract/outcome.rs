//! Compares a call with its recording, up to documented deviations.

use std::collections::BTreeSet;

use propelauth_edge::client::*;
use serde_json::{Value, json};

use super::calls::expected_verifier;
use super::cases::{AsyncPart, Case, Outcome, RecordedRequest, has};
use common::loopback::Received;

/// A way in which the outcome may differ from the recorded one, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Deviation {
    /// Tag `lenient`: the response lacks a field that the published types require. Python has a null where its own
    /// types have a value; here the body is undecodable.
    RequiredField,
    /// Tag `client-bug`: the sync client has a bug; the async one works as intended, and so does this crate.
    AsyncClient,
    /// Batch calls return raw objects in Python, and users for single users. Here they always return users, and a user
    /// without a username is not keyed by null.
    TypedBatch,
    /// In Python, the orgs of a validated key's user have other names than when the user is fetched, and its org has
    /// its name twice.
    OneShape,
    /// TOTP challenges report errors like the other step-up calls, which Python does not read there.
    StepUpWords,
    /// Fields of a user beyond the published types are kept. Python does so where it returns raw objects.
    UnknownKept,
    /// An auth URL with `http` is rejected, unless its host is this machine.
    PlainHttp,
    /// In Python, an unchecked id is put into the path unencoded and can change it.
    EncodedPath,
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, got: T, recorded: T) -> Result<(), String> {
    if got == recorded { Ok(()) } else { Err(format!("{what}: got {got:?}, recorded {recorded:?}")) }
}

/// Compares requests and outcome with the recorded ones. `added` are the headers that the transport adds.
pub(crate) fn compare(
    case: &Case,
    received: &[Received],
    added: &[&str],
    outcome: Result<&Value, &InitError>,
    seen: &mut BTreeSet<Deviation>,
) -> Result<(), String> {
    let is_plain_http = case.args["auth_url"].as_str().is_some_and(|url| url.starts_with("http://"));
    if is_plain_http && matches!(outcome, Err(InitError::AuthUrl)) {
        seen.insert(Deviation::PlainHttp);
        return same("requests", received.len(), 0);
    }
    compare_request(case, received, added, seen).and_then(|()| compare_outcome(case, outcome, seen))
}

fn compare_request(
    case: &Case,
    received: &[Received],
    added: &[&str],
    seen: &mut BTreeSet<Deviation>,
) -> Result<(), String> {
    let Some(recorded) = &case.request else {
        return same("requests", received.len(), 0);
    };
    let [received] = received else { return Err(format!("{} requests", received.len())) };
    same("method", &received.method, &recorded.method)?;

    let (path, query) = received.target.split_once('?').unwrap_or((&received.target, ""));
    if path != recorded.path {
        same("path", percent_decoded(path), percent_decoded(&recorded.path))?;
        seen.insert(Deviation::EncodedPath);
    }
    let mut pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let mut recorded_pairs = recorded.query.clone();
    pairs.sort();
    recorded_pairs.sort(); // the order, in which the clients differ, means nothing
    same("query", pairs, recorded_pairs)?;

    same("headers", headers(received, added), expected_headers(recorded, received.body.len()))?;
    same("bytes after the body", &*received.rest, &[])?;
    let body = match &*received.body {
        [] => None,
        body => Some(serde_json::from_slice(body).map_err(|error| format!("body: {error}"))?),
    };
    same("body", body.as_ref(), recorded.body.as_ref())
}

/// Returns all headers except those that identify the server and the transport.
fn headers(received: &Received, added: &[&str]) -> Vec<(String, String)> {
    let is_ours = |name: &str| name != "host" && !added.contains(&name);
    let mut headers = received.headers.clone();
    headers.retain(|(name, _)| is_ours(name));
    headers.sort_unstable();
    headers
}

/// Returns the recorded headers, and the framing of the body: a length, which is sent where a body is possible (RFC
/// 9110 section 8.6).
fn expected_headers(recorded: &RecordedRequest, body_len: usize) -> Vec<(String, String)> {
    let mut headers: Vec<_> =
        recorded.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
    if body_len > 0 || matches!(&*recorded.method, "POST" | "PUT" | "PATCH") {
        headers.push(("content-length".to_owned(), body_len.to_string()));
    }
    headers.sort_unstable();
    headers
}

fn percent_decoded(path: &str) -> String {
    // In a path, `+` is literal.
    let pairs = path.replace('+', "%2B");
    url::form_urlencoded::parse(pairs.as_bytes()).map(|(name, _)| name.into_owned()).collect()
}

fn compare_outcome(
    case: &Case,
    outcome: Result<&Value, &InitError>,
    seen: &mut BTreeSet<Deviation>,
) -> Result<(), String> {
    let undecodable = matches!(outcome, Err(InitError::Api(ApiError::UndecodableBody { .. })));
    if has(case, "lenient") && undecodable {
        seen.insert(Deviation::RequiredField);
        return Ok(());
    }
    let recorded = match &case.r#async {
        Some(AsyncPart { outcome: Some(outcome) }) if has(case, "client-bug") => {
            seen.insert(Deviation::AsyncClient);
            outcome
        }
        _ => &case.outcome,
    };
    match (outcome, recorded) {
        (Ok(got), Outcome::Ok { value }) => {
            let expected = in_our_shape(case, value, seen);
            let got =
                if case.method_name.starts_with("fetch_batch") { got.clone() } else { without_unknown(got, seen) };
            same("value", &got, &expected)
        }
        (Err(got), Outcome::Error { class, detail }) => match error_matches(case, got, class, detail, seen) {
            true => Ok(()),
            false => Err(format!("got {got:?}, recorded {class} {detail}")),
        },
        (Ok(got), Outcome::Error { class, detail }) => Err(format!("got {got}, recorded {class} {detail}")),
        (Err(got), Outcome::Ok { value }) => Err(format!("got {got:?}, recorded {value}")),
    }
}

/// Returns whether an error corresponds to Python's class.
fn error_matches(case: &Case, got: &InitError, class: &str, detail: &Value, seen: &mut BTreeSet<Deviation>) -> bool {
    let got = match got {
        InitError::AuthUrl => return class == "ValueError" && detail["message"] == "Invalid URL",
        InitError::Api(error) => error,
        _ => return false,
    };
    let message = detail["message"].as_str().unwrap_or_default();
    let served = case.response.as_ref().map_or(0, |response| response.status);
    match (class, got) {
        ("RateLimitedException", ApiError::RateLimited(limit)) => {
            let said = [Some(&limit.text), limit.user_facing_error.as_ref()];
            said.into_iter().flatten().any(|text| detail["error_message"] == **text)
        }
        ("EndUserApiKeyRateLimitedException", ApiError::RateLimited(limit)) => {
            limit.retry_after.map(|wait| wait.as_secs_f64()) == detail["wait_seconds"].as_f64()
                && limit.user_facing_error.as_deref() == detail["user_facing_error"].as_str()
                && limit.error_code.as_deref() == detail["error_code"].as_str()
        }
        ("ValueError", ApiError::IncorrectApiKey) => message == "integration_api_key is incorrect",
        ("ValueError", ApiError::NotFound(Resource::Environment)) => message == "auth_url is incorrect",
        ("ValueError", ApiError::UndecodableBody { .. }) => message.starts_with("Unknown MFA type"),
        ("ValueError", ApiError::BadRequest { text }) => match message.strip_prefix("Bad request") {
            Some("") => true,
            Some(said) => said.strip_prefix(": ") == Some(text),
            None => message == text,
        },
        ("RuntimeError", ApiError::FeatureNotEnabled(Feature::B2b)) => message.contains("B2B support is enabled"),
        ("RuntimeError", ApiError::FeatureNotEnabled(Feature::AccessTokenCreation)) => {
            message == "Access token creation is not enabled"
        }
        ("RuntimeError", ApiError::NotFound(Resource::Org)) => message == "Organization not found",
        ("RuntimeError" | "HTTPStatusError", ApiError::UnexpectedStatus { status, .. }) => {
            (class == "HTTPStatusError" || message.starts_with("Unknown error when")) && *status == served
        }
        ("RuntimeError", ApiError::Forbidden { .. }) => message.starts_with("Unknown error when") && served == 403,
        ("UserNotFoundException", ApiError::NotFound(Resource::User)) => true,
        ("EndUserApiKeyNotFoundException", ApiError::NotFound(Resource::EndUserApiKey)) => true,
        ("FeatureGatedException", ApiError::FeatureNotEnabled(Feature::OtherPlan)) => true,
        ("MfaNotEnabledException", ApiError::MfaNotEnabled) => true,
        ("IncorrectMfaCodeException", ApiError::IncorrectMfaCode) => true,
        ("JSONDecodeError", ApiError::UndecodableBody { status, .. }) => *status == served,
        // "Unplanned failures, to be read as bad response".
        ("TypeError" | "KeyError" | "AttributeError", ApiError::UndecodableBody { .. }) => true,
        (_, ApiError::InvalidFields(errors)) => {
            let errors = Value::Object(errors.as_json().clone());
            let body = case.response.as_ref().map(|response| &response.body);
            let is_unread = detail["field_to_errors"] == json!({}) && case.method_name.starts_with("verify_step_up");
            if is_unread && errors != json!({}) && body.is_some_and(|body| body["user_facing_errors"] == errors) {
                seen.insert(Deviation::StepUpWords);
                return true;
            }
            class.ends_with("Exception") && detail["field_to_errors"] == errors
        }
        _ => false,
    }
}

/// Converts the recorded value to this crate's types.
fn in_our_shape(case: &Case, value: &Value, seen: &mut BTreeSet<Deviation>) -> Value {
    let mut value = value.clone();
    let method = &*case.method_name;
    if method == "init_base_auth" {
        return expected_verifier(&value).unwrap_or(value);
    }
    let before = value.clone();
    if method.starts_with("fetch_batch") {
        value.as_object_mut().unwrap().retain(|_, user| !(method.ends_with("usernames") && user["username"].is_null()));
        value.as_object_mut().unwrap().values_mut().for_each(type_user);
        note(before != value, Deviation::TypedBatch, seen);
    } else if method.starts_with("validate_") {
        rename_orgs(&mut value["user"]);
        if let Some(org) = value["org"].as_object_mut() {
            org.remove("name");
        }
        if value["user_in_org"].is_object() && value["user_in_org"]["org_role_structure"].is_null() {
            value["user_in_org"]["org_role_structure"] = "single_role_in_hierarchy".into();
        }
        for absent in ["user", "org", "user_in_org"] {
            // Indexing inserted nulls for missing fields.
            if before.get(absent).is_none() {
                value.as_object_mut().unwrap().remove(absent);
            }
        }
        note(before != value, Deviation::OneShape, seen);
    }
    value
}

fn note(is_seen: bool, deviation: Deviation, seen: &mut BTreeSet<Deviation>) {
    if is_seen {
        seen.insert(deviation);
    }
}

/// The fields of a user in the published types.
const USER_FIELDS: [&str; 19] = [
    "user_id",
    "email",
    "email_confirmed",
    "has_password",
    "username",
    "first_name",
    "last_name",
    "picture_url",
    "locked",
    "enabled",
    "mfa_enabled",
    "can_create_orgs",
    "created_at",
    "last_active_at",
    "org_id_to_org_info",
    "legacy_user_id",
    "impersonator_user_id",
    "metadata",
    "properties",
];

/// Converts a raw user to the form of single users, including what these drop.
fn type_user(user: &mut Value) {
    rename_orgs(user);
    for field in USER_FIELDS {
        // Indexing inserts a null for a missing field.
        let _ = &mut user[field];
    }
}

/// Removes fields of users beyond the published types.
fn without_unknown(value: &Value, seen: &mut BTreeSet<Deviation>) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(|value| without_unknown(value, seen)).collect(),
        Value::Object(members) => {
            let is_user = USER_FIELDS.iter().all(|field| members.contains_key(*field));
            let is_known = |name: &str| !is_user || USER_FIELDS.contains(&name);
            note(!members.keys().all(|name| is_known(name)), Deviation::UnknownKept, seen);
            let known = members.iter().filter(|(name, _)| is_known(name));
            known.map(|(name, value)| (name.clone(), without_unknown(value, seen))).collect()
        }
        other => other.clone(),
    }
}

/// Renames the orgs of a user as for fetched users.
fn rename_orgs(user: &mut Value) {
    let Some(orgs) = user.get_mut("org_id_to_org_info").and_then(Value::as_object_mut) else { return };
    orgs.retain(|_, org| !org["user_role"].is_null());
    for org in orgs.values_mut() {
        *org = json!({
            "org_id": org["org_id"],
            "org_name": org["org_name"],
            "org_metadata": org["org_metadata"],
            "user_assigned_role": org["user_role"],
            "user_inherited_roles_plus_current_role": org["inherited_user_roles_plus_current_role"],
            "user_permissions": org["user_permissions"],
            "org_role_structure": org.get("org_role_structure").unwrap_or(&json!("single_role_in_hierarchy")),
            "assigned_additional_roles": org.get("additional_roles").unwrap_or(&json!([])),
            "url_safe_org_name": org["url_safe_org_name"],
            "legacy_org_id": org["legacy_org_id"],
        });
    }
}
