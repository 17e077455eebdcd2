//! The client of PropelAuth's backend API, on responses that repeat everything that was sent.

use std::collections::BTreeSet;

use propelauth_edge::client::*;
use serde_json::Value;

use super::printed::printed;
use common::mint::{ISSUER, Mint};

const KEY: &str = "an-integration-api-key";
const USER_ID: &str = "31c41c16-c281-44ae-9602-8a047e3bf33d";
/// Secrets of users.
const SECRETS: [&str; 3] = ["an end-user's \"API key\"", "correct horse bättery", "271828"];

#[track_caller]
fn is_hidden(shown: &str) {
    // Plain, as `Debug` shows text, and as escaped in JSON.
    for secret in SECRETS.iter().chain(&[KEY]) {
        let debug = format!("{secret:?}");
        let debug_of_debug = format!("{debug:?}");
        for spelling in [*secret, debug.trim_matches('"'), debug_of_debug.trim_matches(['"', '\\'])] {
            assert!(!shown.contains(spelling), "{spelling} in {shown}");
        }
    }
}

/// A transport with `Debug`, which closures do not have.
#[derive(Debug)]
struct Silent;

impl blocking::Transport for Silent {
    fn send(&self, _: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        Err(TransportErrorKind::Connect.into())
    }
}

#[test]
pub(crate) fn all() {
    configurations_and_clients();
    options();
    answers_that_repeat_secrets();
    #[cfg(any(feature = "reqwest", feature = "ureq"))]
    transports();
}

fn configurations_and_clients() {
    let transport = |request: http::Request<Vec<u8>>| {
        is_hidden(&format!("{:?}", request.headers()));
        let authorization = request.headers()["authorization"].as_bytes().to_vec();
        Ok::<_, TransportError>(http::Response::builder().status(500).body(authorization).unwrap())
    };
    let config = Config::new(ISSUER, KEY).unwrap();
    let verifier = || Mint::new("rsa2048").verifier;
    let auth = Auth::new(config.clone(), verifier(), WithSleep(Silent, "sleep"));
    let blocking = blocking::Auth::new(config.clone(), verifier(), Silent);
    is_hidden(&[printed(&config), printed(&auth), printed(&blocking), printed(&WithSleep(Silent, "sleep"))].concat());
    is_hidden(&printed(&blocking.pages(FetchUsersByQuery { options: FetchUsersByQueryOptions::default() })));
    let request = http::Request::builder().header("authorization", KEY).body(()).unwrap();
    assert!(format!("{request:?}").contains(KEY), "a header shows unless it is marked");

    let init = blocking::init_base_auth(ISSUER, KEY, transport, InitOptions::default()).map(drop).unwrap_err();
    is_hidden(&format!("{init} {}", printed(&init)));
    let key_of_two_lines = Config::new(ISSUER, &format!("{KEY}\n{KEY}")).unwrap_err();
    is_hidden(&format!("{key_of_two_lines} {}", printed(&key_of_two_lines)));
    let secret = Secret::from(KEY.to_owned());
    is_hidden(&(printed(&secret) + &printed(&InitOptions::default())));
    let error = TransportError::new(TransportErrorKind::Broken, "HTTP/0.9");
    is_hidden(&format!("{error} {}", printed(&error)));
}

/// Like those of calls, whose content is not printed.
fn options() {
    macro_rules! are_hidden {
        ($($name:ident)*) => { $(
            let shown = printed(&$name::default());
            assert_eq!(shown, concat!(stringify!($name), " { .. } ", stringify!($name), " { .. }"));
        )* };
    }
    are_hidden! {
        ChurnReportOptions CreateAccessTokenOptions CreateApiKeyOptions CreateMagicLinkOptions CreateOrgOptions
        CreateOrgSamlConnectionLinkOptions CreateUserOptions FetchApiKeyUsageOptions FetchApiKeysOptions
        FetchChartMetricDataOptions FetchOrgByQueryOptions FetchOrgScimGroupsOptions FetchPendingInvitesOptions
        FetchScimGroupOptions FetchUserOptions FetchUsersByQueryOptions FetchUsersInOrgOptions GrowthReportOptions
        MigrateUserOptions ReengagementReportOptions RoleOptions UpdateApiKeyOptions UpdateOrgMetadataOptions
        UpdateUserMetadataOptions UpdateUserPasswordOptions
    }
}

/// Each secret alone and everything that was sent, as text and as JSON, in field names and as a field name.
fn answers_that_repeat_secrets() {
    let [api_key, password, code] = SECRETS;
    let mut variants = BTreeSet::new();
    let mut look = |error: Option<ApiError>| {
        let Some(error) = error else { return };
        let mut shown = format!("{error} {}", printed(&error));
        match &error {
            ApiError::InvalidFields(errors) => shown += &format!("{errors} {}", printed(errors)),
            ApiError::RateLimited(limit) => shown += &format!("{limit} {}", printed(limit)),
            _ => {}
        }
        is_hidden(&shown);
        if shown.contains("[redacted]") {
            variants.insert(format!("{error:?}").split([' ', '(']).next().unwrap().to_owned());
        }
    };
    for (status, is_json) in
        [302, 400, 403, 404, 429, 500].into_iter().flat_map(|status| [(status, true), (status, false)])
    {
        let echo = |request: http::Request<Vec<u8>>| {
            let key = request.headers()["authorization"].to_str().unwrap();
            let sent: Value = serde_json::from_slice(request.body()).unwrap_or_default();
            let mut body = sent.clone();
            body["user_facing_error"] = format!("{key} sent {sent}").into();
            body["error_code"] =
                sent.as_object().into_iter().flat_map(|sent| sent.values()).filter_map(Value::as_str).collect();
            let [all, sent] = [body.to_string(), format!("{sent:?}")];
            let body = if is_json { all } else { format!("{key} sent {sent} {all}") };
            Ok::<_, TransportError>(http::Response::builder().status(status).body(body.into()).unwrap())
        };
        let auth = blocking::Auth::new(Config::new(ISSUER, KEY).unwrap(), Mint::new("rsa2048").verifier, echo);
        look(auth.validate_api_key(&format!("Bearer {api_key}")).err());
        look(auth.validate_personal_api_key(api_key).err());
        look(auth.import_api_key(api_key, CreateApiKeyOptions::default()).err());
        let options = CreateUserOptions { password: Some(password.into()), ..CreateUserOptions::default() };
        look(auth.create_user("ada@example.com", options).err());
        look(auth.migrate_user_password(USER_ID, password).err());
        look(auth.verify_sms_challenge("challenge", USER_ID, code).err());
        // Here only the integration API key is repeated.
        look(auth.fetch_user_metadata_by_user_id(USER_ID, FetchUserOptions::default()).err());
    }
    let expected = ["BadRequest", "Forbidden", "InvalidFields", "RateLimited", "UndecodableBody", "UnexpectedStatus"];
    assert!(variants.iter().eq(expected), "{variants:?}");
}

#[cfg(any(feature = "reqwest", feature = "ureq"))]
fn transports() {
    #[cfg(feature = "reqwest")]
    is_hidden(&printed(&ReqwestTransport::new().unwrap()));
    #[cfg(feature = "ureq")]
    is_hidden(&printed(&UreqTransport::new()));
}
