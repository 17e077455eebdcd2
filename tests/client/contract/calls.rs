//! Calls by the names of their methods, through each transport.

use std::any::type_name;
use std::fmt::Debug;

use propelauth_edge::client::*;
use propelauth_edge::{TokenVerificationMetadata, Verifier};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::cases::{Case, has};

include!("endpoints.rs");

/// An `Auth` and its transport.
pub(crate) trait Client: Sized {
    /// The headers that the transport adds.
    const HEADERS: &[&str];

    fn init(auth_url: &str, key: &str, options: InitOptions<'_>) -> Result<Self, InitError>;
    fn call<E: Endpoint>(&self, endpoint: &E) -> Result<E::Output, ApiError>;
    fn verifier(&self) -> &Verifier;
}

pub(crate) struct Reqwest(tokio::runtime::Runtime, Auth<ReqwestTransport>);

impl Client for Reqwest {
    const HEADERS: &[&str] = &["accept"];

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
    const HEADERS: &[&str] = &["accept", "user-agent"];

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

/// The arguments cannot be expressed in Rust.
pub(crate) struct Inexpressible;

pub(crate) type Called = Result<Result<Value, ApiError>, Inexpressible>;

/// Names of values that must not be logged.
const SECRETS: [&str; 5] = ["access_token", "refresh_token", "api_key_token", "url", "step_up_grant"];

/// Returns whether the printed text contains a secret string of the value.
fn shows_a_secret(printed: &str, value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(name, value)| match value.as_str() {
            Some(text) => SECRETS.contains(&name.as_str()) && printed.contains(&format!("{text:?}")),
            None => shows_a_secret(printed, value),
        }),
        Value::Array(elements) => elements.iter().any(|value| shows_a_secret(printed, value)),
        _ => false,
    }
}

/// Returns whether the name of an argument suggests that it must not be logged.
fn tells_a_secret(name: &str) -> bool {
    const WORDS: [&str; 7] = ["code", "grant", "hash", "key", "password", "secret", "token"];
    const OTHERS: [&str; 7] = [
        "api_key_id",
        "api_key_type",
        "ask_user_to_update_password_on_login",
        "grant_type",
        "password_rotation_enabled",
        "token_url",
        "update_password_required",
    ];
    WORDS.iter().any(|word| name.contains(word)) && !OTHERS.contains(&name)
}

/// Checks that an argument that looks secret is declared as such, and that no error shows one that the response
/// repeats, plain or as sent.
fn keeps_secrets<E: Endpoint>(endpoint: &E, arguments: &Value) {
    let secrets = endpoint.secrets();
    for (name, value) in arguments.as_object().unwrap() {
        if let Some(text) = value.as_str().filter(|_| tells_a_secret(name)) {
            assert!(secrets.contains(&text), "{}: {name} is not declared as a secret", type_name::<E>());
        }
    }
    let config = Config::new("https://auth.example.com", "an-integration-api-key").unwrap();
    let Ok(request) = endpoint.request(&config) else { return };
    let secrets = secrets.into_iter().filter_map(|secret| secret.split_whitespace().last());
    // Shorter ones occur within other words.
    for secret in secrets.filter(|secret| secret.len() >= 4) {
        let sent = String::from_utf8_lossy(request.body());
        let json = serde_json::json!({"sent": *sent, "secret": [secret], "user_facing_error": secret});
        let bodies = [sent.clone().into_owned(), json.to_string(), format!("{} {sent} {secret}", request.uri())];
        for (status, body) in
            [400, 403, 404, 429, 500].into_iter().flat_map(|status| bodies.clone().map(|body| (status, body)))
        {
            let answer = http::Response::builder().status(status).body(body.into_bytes()).unwrap();
            let Err(error) = endpoint.parse(answer) else { continue };
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains(secret), "{}: {secret} in {shown}", type_name::<E>());
        }
    }
}

/// Checks that malformed responses are errors, and that unusual spellings are accepted.
fn reads_answers<E: Endpoint<Output: Serialize>>(endpoint: &E, case: &Case) {
    let name = struct_name::<E>();
    let parse =
        |status: u16, body: &str| endpoint.parse(http::Response::builder().status(status).body(body.into()).unwrap());
    for body in [r#""Invalid request""#, "[]", "null", "7", r#"["invalid_request_fields",{"grant":"grant_not_found"}]"#]
    {
        match parse(400, body) {
            Err(ApiError::BadRequest { text } | ApiError::UnexpectedStatus { status: 400, text }) => {
                assert_eq!(text, body)
            }
            other => panic!("{name}: {:?} for a 400 with {body}", other.map(drop)),
        }
    }

    let Some(response) = case.response.as_ref().filter(|response| response.status == 200) else { return };
    let Ok(output) = parse(200, &response.body.to_string()) else { return };
    if parse(200, "[").is_ok() || parse(200, "7").is_ok() {
        return; // any body, or any JSON, is accepted
    }
    for (place, changed) in with_an_array_for_an_object(&response.body) {
        let result = parse(200, &changed.to_string());
        let is_undecodable = matches!(result, Err(ApiError::UndecodableBody { status: 200, .. }));
        assert!(is_undecodable, "{name}: {place} may be an array: {changed}");
    }
    let with_floats =
        parse(200, &in_floats(&response.body).to_string()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let [output, with_floats] = [output, with_floats].map(|output| in_floats(&serde_json::to_value(&output).unwrap()));
    assert_eq!(output, with_floats, "{name}");
}

/// Returns the body with an array of the values instead of an object: at the top, in lists, and in single fields.
fn with_an_array_for_an_object(body: &Value) -> Vec<(String, Value)> {
    fn array(value: &Value) -> Option<Value> {
        Some(Value::Array(value.as_object()?.values().cloned().collect()))
    }
    let mut changed: Vec<_> = array(body).into_iter().map(|array| ("the body".to_owned(), array)).collect();
    for (name, value) in body.as_object().into_iter().flatten() {
        let (index, of_member) = match value {
            Value::Array(elements) => (Some(0_usize), elements.first().and_then(array)),
            _ if ["mfa_setup", "org", "user", "user_in_org"].contains(&name.as_str()) => (None, array(value)),
            _ => (None, None),
        };
        if let Some(array) = of_member {
            let mut body = body.clone();
            match index {
                Some(index) => body[name][index] = array,
                None => body[name] = array,
            }
            changed.push((name.clone(), body));
        }
    }
    changed
}

fn in_floats(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().into(),
        Value::Array(elements) => elements.iter().map(in_floats).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), in_floats(value))).collect(),
        other => other.clone(),
    }
}

/// Returns the arguments with Python's argument classes flattened.
fn flattened(arguments: &Value) -> Value {
    let mut flat = arguments.as_object().unwrap().clone();
    for name in ["saml_idp_metadata", "request"] {
        if let Some(members) = arguments.get(name).and_then(Value::as_object) {
            flat.remove(name);
            flat.extend(members.clone());
        }
    }
    flat.into()
}

fn call<C: Client, E>(client: &C, case: &Case) -> Called
where
    E: Endpoint<Output: Serialize + Debug> + DeserializeOwned + Debug,
{
    let arguments = flattened(&case.args);
    let endpoint = E::deserialize(&arguments).map_err(|_| Inexpressible)?;
    let written = serde_json::to_value(&endpoint).unwrap();
    let is_written = |name: &String| written.get(name).is_some();
    if case.request.is_none() && has(case, "untyped") && !arguments.as_object().unwrap().keys().all(is_written) {
        return Err(Inexpressible);
    }
    // No argument is printed.
    assert_eq!(format!("{endpoint:?}"), format!("{} {{ .. }}", struct_name::<E>()));
    keeps_secrets(&endpoint, &arguments);
    reads_answers(&endpoint, case);
    Ok(client.call(&endpoint).map(|output| {
        let value = serde_json::to_value(&output).unwrap();
        assert!(!shows_a_secret(&format!("{output:?}"), &value), "{output:?}");
        value
    }))
}

pub(crate) fn struct_name<E>() -> &'static str {
    type_name::<E>().rsplit("::").next().unwrap()
}

/// Returns `disable_user_2fa` for `DisableUser2fa`.
fn method_name<E>() -> String {
    let mut name = String::new();
    for char in struct_name::<E>().chars() {
        if char.is_ascii_uppercase() || char.is_ascii_digit() {
            name.push('_');
        }
        name.push(char.to_ascii_lowercase());
    }
    name.split_off(1)
}

macro_rules! dispatch {
    ($($endpoint:ident)*) => {
        /// The names of the structs.
        pub(crate) const ENDPOINTS: &[&str] = &[$(stringify!($endpoint)),*];

        pub(crate) fn methods() -> Vec<String> {
            vec![$(method_name::<$endpoint>()),*]
        }

        pub(crate) fn dispatch<C: Client>(client: &C, case: &Case) -> Option<Called> {
            $(if case.method_name == method_name::<$endpoint>() {
                return Some(call::<C, $endpoint>(client, case));
            })*
            None
        }
    };
}

for_each_endpoint!(dispatch);

/// Calls `init_base_auth`.
pub(crate) fn init<C: Client>(arguments: &Value, base_url: &str) -> Result<C, InitError> {
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

/// `Debug` shows the verifier's key.
pub(crate) fn shown(verifier: &Verifier) -> Value {
    format!("{verifier:?}").into()
}

pub(crate) fn expected_verifier(value: &Value) -> Option<Value> {
    let metadata =
        TokenVerificationMetadata { verifier_key: value["verifier_key"].as_str()?, issuer: value["issuer"].as_str()? };
    Some(shown(&Verifier::new(metadata).ok()?))
}
