//! The wire contract of the backend API: every recorded call of the Python library, made through each transport against
//! a server on loopback. What is on the wire must be what is recorded, and so must the outcome.
//!
//! `PROPELAUTH_CONTRACT=FILE` names another file of the same form.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod loopback;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::{Arc, Mutex};

use loopback::{Received, Server, respond};
use propelauth_edge::client::*;
use propelauth_edge::{TokenVerificationMetadata, Verifier};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Cases in this repository's file.
const OWN_CASES: usize = 735;

/// How the outcome of a call may differ from the recorded one, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Deviation {
    /// Tag `lenient`: the answer lacks a field that the published types require. Python has a null where its own types
    /// have a value; here the body is undecodable.
    RequiredField,
    /// Tag `client-bug`: the sync client trips over itself; the async one does what is meant, and so does this crate.
    AsyncClient,
    /// Batch calls give raw objects in Python, users where one user is asked for. Here they are users everywhere, and
    /// a user without a username is not filed under a null one.
    TypedBatch,
    /// The orgs of a validated key's user have other names in Python than those of the same user when fetched, and its
    /// org has its name twice.
    OneShape,
    /// TOTP challenges are refused in the words of the other step-up calls, which Python does not read there.
    StepUpWords,
    /// An id that is not checked goes into the path as it is in Python, and so can change it.
    EncodedPath,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    method_name: String,
    args: Value,
    request: Option<RecordedRequest>,
    response: Option<RecordedResponse>,
    outcome: Outcome,
    #[serde(default)]
    tags: Vec<String>,
    r#async: Option<AsyncPart>,
}

#[derive(Deserialize)]
struct AsyncPart {
    outcome: Option<Outcome>,
}

#[derive(Deserialize)]
struct RecordedRequest {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    headers: BTreeMap<String, String>,
    body: Option<Value>,
}

#[derive(Deserialize)]
struct RecordedResponse {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Value,
    text: Option<String>,
}

impl RecordedResponse {
    /// The body as it was served.
    fn octets(&self) -> Vec<u8> {
        match (&self.text, self.headers.get("Content-Type").map(String::as_str), &self.body) {
            (Some(text), ..) => text.clone().into_bytes(),
            (None, None, _) => Vec::new(),
            (None, Some("application/json"), body) => serde_json::to_vec(body).unwrap(),
            (None, Some(_), body) => body.as_str().unwrap().into(),
        }
    }
}

#[derive(Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Outcome {
    Ok { value: Value },
    Error { class: String, detail: Value },
}

fn cases() -> Vec<Case> {
    let text = match std::env::var_os("PROPELAUTH_CONTRACT") {
        Some(file) => fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display())),
        None => {
            let packed = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/backend-api.json.zst")).unwrap();
            let mut text = Vec::new();
            let mut unpacked = ruzstd::decoding::StreamingDecoder::new(packed.as_slice()).unwrap();
            std::io::Read::read_to_end(&mut unpacked, &mut text).unwrap();
            text
        }
    };
    serde_json::from_slice(&text).unwrap()
}

/// An `Auth` and its transport.
trait Client: Sized {
    fn init(auth_url: &str, key: &str, options: InitOptions<'_>) -> Result<Self, InitError>;
    fn call<E: Endpoint>(&self, endpoint: &E) -> Result<E::Output, ApiError>;
    fn verifier(&self) -> &Verifier;
}

struct Reqwest(tokio::runtime::Runtime, Auth<ReqwestTransport>);

impl Client for Reqwest {
    fn init(auth_url: &str, key: &str, options: InitOptions<'_>) -> Result<Self, InitError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let transport = runtime.block_on(async { ReqwestTransport::new().unwrap() });
        let auth = runtime.block_on(init_base_auth(auth_url, key, transport, options))?;
        Ok(Self(runtime, auth))
    }

    fn call<E: Endpoint>(&self, endpoint: &E) -> Result<E::Output, ApiError> {
        self.0.block_on(self.1.call(endpoint))
    }

    fn verifier(&self) -> &Verifier {
        self.1.verifier()
    }
}

impl Client for blocking::Auth<UreqTransport> {
    fn init(auth_url: &str, key: &str, options: InitOptions<'_>) -> Result<Self, InitError> {
        blocking::init_base_auth(auth_url, key, UreqTransport::new(), options)
    }

    fn call<E: Endpoint>(&self, endpoint: &E) -> Result<E::Output, ApiError> {
        self.call(endpoint)
    }

    fn verifier(&self) -> &Verifier {
        self.verifier()
    }
}

/// The arguments cannot be written in Rust.
struct Inexpressible;

type Called = Result<Result<Value, ApiError>, Inexpressible>;

fn call<C: Client, E: Endpoint<Output: Serialize> + DeserializeOwned>(client: &C, arguments: &Value) -> Called {
    let is_known = |name: &String| E::ARGUMENTS.iter().any(|names| names.contains(&name.as_str()));
    if !arguments.as_object().unwrap().keys().all(is_known) {
        return Err(Inexpressible);
    }
    let endpoint = E::deserialize(arguments).map_err(|_| Inexpressible)?;
    Ok(client.call(&endpoint).map(|output| serde_json::to_value(output).unwrap()))
}

fn method_name<E: Endpoint>() -> &'static str {
    E::METHOD_NAME
}

macro_rules! endpoints {
    ($($endpoint:ident)*) => {
        const METHODS: &[fn() -> &'static str] = &[$(method_name::<$endpoint>),*];

        fn dispatch<C: Client>(client: &C, method: &str, arguments: &Value) -> Option<Called> {
            $(if method == method_name::<$endpoint>() {
                return Some(call::<C, $endpoint>(client, arguments));
            })*
            None
        }
    };
}

endpoints! {
    FetchUserMetadataByUserId FetchUserMetadataByEmail FetchUserMetadataByUsername FetchUserSignupQueryParamsByUserId
    FetchBatchUserMetadataByUserIds FetchBatchUserMetadataByEmails FetchBatchUserMetadataByUsernames FetchUsersByQuery
    FetchUsersInOrg FetchUserMfaMethods FetchUserOauthTokens FetchFreshTokenFromProvider CreateUser UpdateUserEmail
    UpdateUserMetadata UpdateUserPassword ClearUserPassword DeleteUser DisableUser EnableUser DisableUser2fa
    EnableUserCanCreateOrgs DisableUserCanCreateOrgs LogoutAllUserSessions ResendEmailConfirmation InviteUserToOrg
    InviteUserToOrgByUserId CreateMagicLink CreateAccessToken MigrateUserFromExternalSource MigrateUserPassword
    FetchEmployeeById FetchOrg FetchOrgByQuery FetchCustomRoleMappings FetchPendingInvites CreateOrg UpdateOrgMetadata
    SubscribeOrgToRoleMapping DeleteOrg AllowOrgToSetupSamlConnection DisallowOrgToSetupSamlConnection SamlGoLive
    DeleteSamlConnection CreateOrgSamlConnectionLink RevokePendingOrgInvite AddUserToOrg ChangeUserRoleInOrg
    RemoveUserFromOrg FetchSamlSpMetadata SetSamlIdpMetadata SetOidcIdpMetadata FetchApiKey FetchCurrentApiKeys
    FetchArchivedApiKeys CreateApiKey ImportApiKey UpdateApiKey DeleteApiKey ValidateApiKey ValidateImportedApiKey
    ValidatePersonalApiKey ValidateOrgApiKey FetchApiKeyUsage VerifyStepUpTotpChallenge VerifyStepUpGrant
    SendSmsMfaCode VerifySmsChallenge FetchUserTopInviterReport FetchUserChampionReport FetchUserChurnReport
    FetchUserReengagementReport FetchOrgChurnReport FetchOrgReengagementReport FetchOrgGrowthReport
    FetchOrgAttritionReport FetchChartMetricData FetchOrgScimGroups FetchScimGroup
}

/// Calls `init_base_auth`.
fn init<C: Client>(arguments: &Value, base_url: &str) -> Result<C, InitError> {
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let given = &arguments["token_verification_metadata"];
    let (verifier_key, issuer) = (text(given, "verifier_key"), text(given, "issuer"));
    let metadata = TokenVerificationMetadata { verifier_key: &verifier_key, issuer: &issuer };
    let options = InitOptions {
        token_verification_metadata: given.is_object().then_some(metadata),
        base_url: Some(base_url),
        ..InitOptions::default()
    };
    C::init(&text(arguments, "auth_url"), &text(arguments, "integration_api_key"), options)
}

/// The verifier's key shows in `Debug`.
fn shown(verifier: &Verifier) -> Value {
    format!("{verifier:?}").into()
}

fn expected_verifier(value: &Value) -> Option<Value> {
    let metadata =
        TokenVerificationMetadata { verifier_key: value["verifier_key"].as_str()?, issuer: value["issuer"].as_str()? };
    Some(shown(&Verifier::new(metadata).ok()?))
}

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
    let verifier_key = include_str!("../examples/demo/verifier_key.pem");
    let arguments = json!({
        "auth_url": "https://auth.example.com",
        "integration_api_key": "integration-api-key-for-tests",
        "token_verification_metadata": {"verifier_key": verifier_key, "issuer": "https://auth.example.com"},
    });
    init(&arguments, base_url).unwrap_or_else(|error| panic!("{error}"))
}

fn has(case: &Case, tag: &str) -> bool {
    case.tags.iter().any(|other| other == tag)
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, got: T, recorded: T) -> Result<(), String> {
    if got == recorded { Ok(()) } else { Err(format!("{what}: got {got:?}, recorded {recorded:?}")) }
}

fn compare_request(case: &Case, received: &[Received], seen: &mut BTreeSet<Deviation>) -> Result<(), String> {
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

    for name in ["Authorization", "X-Propelauth-url", "Content-Type"] {
        let recorded = recorded.headers.get(name).map(String::as_str);
        same(name, received.header(&name.to_ascii_lowercase()), recorded)?;
    }
    let body = match &*received.body {
        [] => None,
        body => Some(serde_json::from_slice(body).map_err(|error| format!("body: {error}"))?),
    };
    same("body", body.as_ref(), recorded.body.as_ref())
}

fn percent_decoded(path: &str) -> String {
    // `+` stands for itself in a path.
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
            same("value", got, &expected)
        }
        (Err(got), Outcome::Error { class, detail }) => match error_matches(case, got, class, detail, seen) {
            true => Ok(()),
            false => Err(format!("got {got:?}, recorded {class} {detail}")),
        },
        (Ok(got), Outcome::Error { class, detail }) => Err(format!("got {got}, recorded {class} {detail}")),
        (Err(got), Outcome::Ok { value }) => Err(format!("got {got:?}, recorded {value}")),
    }
}

/// Whether an error is the one that Python's class stands for.
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
        ("ValueError", ApiError::Unauthorized) => message == "integration_api_key is incorrect",
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

/// The recorded value as this crate's types have it.
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
            // Indexing has put nulls where there was nothing.
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

/// A raw user as the calls for one user give it.
fn type_user(user: &mut Value) {
    const FIELDS: [&str; 19] = [
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
    rename_orgs(user);
    let typed: Map<String, Value> = FIELDS.iter().map(|field| (field.to_string(), user[*field].clone())).collect();
    *user = typed.into();
}

/// The orgs of a user, renamed as for users who are fetched.
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
    let docs = include_str!("../src/client.rs");
    let rows = docs.lines().filter_map(|line| line.strip_prefix("//! | `")?.split_once("` | [").map(|row| row.0));
    let listed: BTreeSet<&str> = rows.filter(|name| *name != "init_base_auth").collect();
    assert_eq!(listed, METHODS.iter().map(|name| name()).collect());
    for case in cases() {
        let name = &*case.method_name;
        assert!(name == "init_base_auth" || listed.contains(name), "{name} is not listed");
    }
}
