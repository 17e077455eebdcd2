//! Calls by the names of their methods, through each transport.

use std::any::type_name;
use std::fmt::Debug;

use propelauth_edge::client::*;
use propelauth_edge::{TokenVerificationMetadata, Verifier};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// An `Auth` and its transport.
pub(crate) trait Client: Sized {
    fn init(auth_url: &str, key: &str, options: InitOptions<'_>) -> Result<Self, InitError>;
    fn call<E: Endpoint>(&self, endpoint: &E) -> Result<E::Output, ApiError>;
    fn verifier(&self) -> &Verifier;
}

pub(crate) struct Reqwest(tokio::runtime::Runtime, Auth<ReqwestTransport>);

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
pub(crate) struct Inexpressible;

pub(crate) type Called = Result<Result<Value, ApiError>, Inexpressible>;

/// Names of what is not to be in a log.
const SECRETS: [&str; 5] = ["access_token", "refresh_token", "api_key_token", "url", "step_up_grant"];

/// Whether a print shows, as a string, a secret that stands in the value.
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

/// The arguments whose names tell that no log may have them.
fn secret_arguments(arguments: &Value) -> Vec<&str> {
    const WORDS: [&str; 7] = ["code", "grant", "hash", "key", "password", "secret", "token"];
    const OTHERS: [&str; 4] = ["api_key_id", "api_key_type", "grant_type", "token_url"];
    let is_secret = |name: &str| WORDS.iter().any(|word| name.contains(word)) && !OTHERS.contains(&name);
    let request = arguments.get("request").and_then(Value::as_object);
    let members = arguments.as_object().into_iter().chain(request).flatten();
    members
        .filter(|(name, _)| is_secret(name))
        .filter_map(|(_, value)| value.as_str()?.split_whitespace().last())
        .collect()
}

/// An error shows no secret that the answer repeats, by itself or as it was sent.
fn repeats_no_secret<E: Endpoint>(endpoint: &E, arguments: &Value) {
    let config = Config::new("https://auth.example.com", "an-integration-api-key").unwrap();
    let Ok(request) = endpoint.request(&config) else { return };
    // Shorter ones are parts of other words.
    for secret in secret_arguments(arguments).into_iter().filter(|secret| secret.len() >= 4) {
        let sent = String::from_utf8_lossy(request.body());
        let json = serde_json::json!({"sent": *sent, "secret": [secret], "user_facing_error": secret});
        let bodies = [sent.clone().into_owned(), json.to_string(), format!("{} {sent} {secret}", request.uri())];
        for (status, body) in
            [400, 403, 404, 429, 500].into_iter().flat_map(|status| bodies.clone().map(|body| (status, body)))
        {
            let answer = http::Response::builder().status(status).body(body.into_bytes()).unwrap();
            let Err(error) = endpoint.parse(answer) else { continue };
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains(secret), "{}: {secret} in {shown}", E::METHOD_NAME);
        }
    }
}

fn call<C: Client, E>(client: &C, arguments: &Value) -> Called
where
    E: Endpoint<Output: Serialize + Debug> + DeserializeOwned + Debug,
{
    let is_known = |name: &String| E::ARGUMENTS.iter().any(|names| names.contains(&name.as_str()));
    if !arguments.as_object().unwrap().keys().all(is_known) {
        return Err(Inexpressible);
    }
    let endpoint = E::deserialize(arguments).map_err(|_| Inexpressible)?;
    // Of the arguments, nothing is printed.
    let name = type_name::<E>().rsplit("::").next().unwrap();
    assert_eq!(format!("{endpoint:?}"), format!("{name} {{ .. }}"));
    repeats_no_secret(&endpoint, arguments);
    Ok(client.call(&endpoint).map(|output| {
        let value = serde_json::to_value(&output).unwrap();
        assert!(!shows_a_secret(&format!("{output:?}"), &value), "{output:?}");
        value
    }))
}

pub(crate) fn method_name<E: Endpoint>() -> &'static str {
    E::METHOD_NAME
}

macro_rules! endpoints {
    ($($endpoint:ident)*) => {
        pub(crate) const METHODS: &[fn() -> &'static str] = &[$(method_name::<$endpoint>),*];

        pub(crate) fn dispatch<C: Client>(client: &C, method: &str, arguments: &Value) -> Option<Called> {
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

/// The verifier's key shows in `Debug`.
pub(crate) fn shown(verifier: &Verifier) -> Value {
    format!("{verifier:?}").into()
}

pub(crate) fn expected_verifier(value: &Value) -> Option<Value> {
    let metadata =
        TokenVerificationMetadata { verifier_key: value["verifier_key"].as_str()?, issuer: value["issuer"].as_str()? };
    Some(shown(&Verifier::new(metadata).ok()?))
}
