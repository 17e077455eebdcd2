//! `Auth`, from the auth URL to the user of a request, with closures as transports.

use std::time::Duration;

use common::mint::{ISSUER, Mint};
use propelauth_edge::client::*;
use propelauth_edge::{AuthError, Forbidden, OrgMemberInfo, RequiredOrg, Unauthorized, UnixTime, VerifiedUser};
use proptest::prelude::*;
use serde_json::json;

const ORG_ID: &str = "1189c444-8a2d-4c41-8b4b-ae43ce79a492";
const ORG: RequiredOrg<'_> = RequiredOrg::Id(ORG_ID);

type Answer = Result<http::Response<Vec<u8>>, TransportError>;

fn answer(status: u16, body: &str) -> Answer {
    Ok(http::Response::builder().status(status).body(body.into()).unwrap())
}

/// An API that only serves the verifier key.
fn key_server(request: &http::Request<Vec<u8>>) -> Answer {
    assert_eq!(request.uri(), "https://propelauth-api.com/api/v1/token_verification_metadata");
    assert_eq!(request.headers()["x-propelauth-url"], "auth.acme-example.com");
    assert!(request.headers()["authorization"].is_sensitive());
    match request.headers()["authorization"].to_str().unwrap() {
        "Bearer good" => answer(200, &json!({"verifier_key_pem": common::corpus::own_key_pem("rsa2048")}).to_string()),
        _ => answer(401, "Unauthorized"),
    }
}

fn auth() -> blocking::Auth<impl blocking::Transport> {
    let transport = |request: http::Request<Vec<u8>>| key_server(&request);
    blocking::init_base_auth(ISSUER, "good", transport, InitOptions::default()).unwrap()
}

fn header() -> String {
    let now = UnixTime::now().as_secs();
    let claims = json!({
        "sub": "u1", "user_id": "u1", "email": "amelie@example.com", "iss": ISSUER, "iat": now, "exp": now + 60,
        "org_id_to_org_member_info": {ORG_ID: {
            "org_id": ORG_ID, "org_name": "Acme", "url_safe_org_name": "acme", "org_metadata": {},
            "user_role": "Admin", "inherited_user_roles_plus_current_role": ["Admin", "Member"],
            "user_permissions": ["read", "write"],
        }},
    });
    format!("Bearer {}", Mint::new("rsa2048").token(claims.to_string().as_bytes()))
}

#[test]
fn the_key_is_fetched_and_verifies() {
    let (auth, header) = (auth(), header());
    let user = auth.validate_access_token_and_get_user(&*header).unwrap();
    assert_eq!((user.user_id(), user.email()), ("u1", Some("amelie@example.com")));
    let of_token = auth.validate_access_token(header.strip_prefix("Bearer ").unwrap()).unwrap();
    assert_eq!(of_token.to_user(), user.to_user());
    let refusal = |header: Option<&str>| auth.validate_access_token_and_get_user(header).unwrap_err();
    assert_eq!(refusal(None), Unauthorized::MissingHeader);
    assert_eq!(refusal(Some("Bearer x")), Unauthorized::MalformedToken);
    let long = format!("Bearer {}", "a".repeat(10 << 20));
    assert!(auth.validate_access_token_and_get_user(&*long).is_err());
}

#[test]
fn org_role_and_permission_are_required() {
    let (auth, header) = (auth(), header());
    let header = Some(&*header);
    let good =
        |result: Result<(VerifiedUser, OrgMemberInfo), AuthError>| result.is_ok_and(|(_, org)| org.org_id == ORG_ID);
    let lacks = |result: Result<(VerifiedUser, OrgMemberInfo), AuthError>, what| {
        result.is_err_and(|error| error == AuthError::Forbidden(what))
    };

    assert!(good(auth.validate_access_token_and_get_user_with_org(header, ORG)));
    assert!(good(auth.validate_access_token_and_get_user_with_org(header, RequiredOrg::Name("Acme"))));
    let other = auth.validate_access_token_and_get_user_with_org(header, RequiredOrg::Id("other"));
    assert!(lacks(other, Forbidden::NotMemberOfOrg));

    assert!(good(auth.validate_access_token_and_get_user_with_org_by_minimum_role(header, ORG, "Member")));
    let exact = auth.validate_access_token_and_get_user_with_org_by_exact_role(header, ORG, "Member");
    assert!(lacks(exact, Forbidden::MissingRole));
    assert!(good(auth.validate_access_token_and_get_user_with_org_by_exact_role(header, ORG, "Admin")));

    assert!(good(auth.validate_access_token_and_get_user_with_org_by_permission(header, ORG, "read")));
    let all = |permissions: &[&str]| {
        auth.validate_access_token_and_get_user_with_org_by_all_permissions(header, ORG, permissions)
    };
    assert!(good(all(&["read", "write"])));
    assert!(lacks(all(&["read", "delete"]), Forbidden::MissingPermission));

    let missing = auth.validate_access_token_and_get_user_with_org(None, ORG);
    assert_eq!(missing.unwrap_err(), AuthError::Unauthorized(Unauthorized::MissingHeader));
}

#[test]
fn there_is_no_auth_without_the_right_api_key_and_url() {
    let init = |auth_url, api_key| {
        let transport = |request: http::Request<Vec<u8>>| key_server(&request);
        blocking::init_base_auth(auth_url, api_key, transport, InitOptions::default()).map(drop).unwrap_err()
    };
    assert!(matches!(init(ISSUER, "bad"), InitError::Api(ApiError::IncorrectApiKey)));
}

/// Rejected without a request: settings that would send the API key elsewhere, in the clear, or for nothing.
#[test]
fn a_setting_that_can_never_work_is_refused_before_anything_is_sent() {
    let init = |auth_url, api_key, base_url| {
        let transport = |request: http::Request<Vec<u8>>| -> Answer { panic!("sent: {request:?}") };
        let options = InitOptions { base_url, ..InitOptions::default() };
        blocking::init_base_auth(auth_url, api_key, transport, options).map(drop).unwrap_err()
    };
    for auth_url in [
        "auth.acme-example.com",
        "auth.acme-example.com/login?next=https://evil.com",
        "auth.acme-example.com//evil.com",
        "https//auth.acme-example.com",
        "http://auth.acme-example.com",
        "https://auth.acme-example.com@evil.com",
        "https://auth.acme-example.com\\evil.com",
    ] {
        assert!(matches!(init(auth_url, "good", None), InitError::AuthUrl), "{auth_url}");
    }
    for api_key in ["b\nad", "k\u{e9}y", "", "good "] {
        assert!(matches!(init(ISSUER, api_key, None), InitError::ApiKey), "{api_key}");
    }
    assert!(matches!(init(ISSUER, "good", Some("http://proxy.internal")), InitError::InsecureBaseUrl));
    assert!(matches!(init(ISSUER, "good", Some("proxy.internal")), InitError::BaseUrl));
}

#[test]
fn a_base_url_of_http_is_a_choice() {
    let asked = |base_url, allow_insecure_base_url| {
        let transport = |request: http::Request<Vec<u8>>| answer(500, &request.uri().to_string());
        let options = InitOptions { base_url: Some(base_url), allow_insecure_base_url, ..InitOptions::default() };
        match blocking::init_base_auth(ISSUER, "good", transport, options).map(drop).unwrap_err() {
            InitError::Api(ApiError::UnexpectedStatus { text, .. }) => text,
            error => panic!("{error:?}"),
        }
    };
    let path = "/api/v1/token_verification_metadata";
    assert_eq!(asked("http://proxy.internal/p", true), format!("http://proxy.internal/p{path}"));
    assert_eq!(asked("http://localhost:8080/", false), format!("http://localhost:8080{path}"));
    assert_eq!(asked("https://proxy.internal", false), format!("https://proxy.internal{path}"));
}

/// Text made of the parts of auth URLs, and of mistakes in them.
fn auth_urls() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "https",
        "HTTP",
        "http",
        "ftp",
        ":",
        "/",
        "//",
        "://",
        "https://",
        "http://",
        "auth.example.com",
        "evil.com",
        "localhost",
        "127.0.0.1",
        "[::1]",
        ":8443",
        "@",
        "\\",
        "?next=",
        "#",
        "%2f",
        ".",
        " ",
        "\t",
        "\u{e9}",
        "\0",
    ]);
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

    /// The API key is sent for the host that the URL standard finds in the whole text, with an allowed scheme.
    #[test]
    fn the_host_of_an_auth_url_is_that_of_the_url_standard(text in auth_urls()) {
        let Ok(config) = Config::new(&text, "key") else { return Ok(()) };
        let text = text.trim();
        let whole = if text.starts_with("//") { format!("https:{text}") } else { text.to_owned() };
        let url = url::Url::parse(&whole).unwrap();
        let request = FetchCustomRoleMappings {}.request(&config).unwrap();
        let sent_for = request.headers()["x-propelauth-url"].to_str().unwrap();

        prop_assert_eq!(config.issuer(), format!("https://{sent_for}"));
        let sent_for = url::Url::parse(&format!("https://{sent_for}/")).unwrap();
        prop_assert_eq!(url.host_str(), sent_for.host_str());
        prop_assert_eq!((url.username(), url.password(), sent_for.path()), ("", None, "/"));
        let is_loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        prop_assert!(url.scheme() == "https" || url.scheme() == "http" && is_loopback, "{}", url);
    }

    /// A URL with only a host is accepted.
    #[test]
    fn a_plain_auth_url_is_taken(scheme in "(https:|HTTPS:|)", port in "(:[1-9][0-9]{0,3}|)", rest in "(/[a-z/:?=#]*|)") {
        let config = Config::new(&format!("{scheme}//auth.example.com{port}{rest}"), "key").unwrap();
        prop_assert_eq!(config.issuer(), format!("https://auth.example.com{port}"));
    }
}

/// A closure that returns a future is a transport. With a timer, calls are retried.
#[tokio::test]
async fn closures_are_async_transports() {
    let transport = |request: http::Request<Vec<u8>>| async move { key_server(&request) };
    let auth = init_base_auth(ISSUER, "good", transport, InitOptions::default()).await.unwrap();
    assert!(auth.validate_access_token_and_get_user(&*header()).is_ok());

    let requests = std::sync::atomic::AtomicUsize::new(0);
    let unavailable = |_| {
        requests.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        std::future::ready(answer(503, ""))
    };
    let retry = RetryPolicy { base_delay: Duration::ZERO, ..RetryPolicy::times(2) };
    let config = Config::new(ISSUER, "good").unwrap().with_retry(retry);
    let verifier = auth.verifier().clone();

    let cannot_wait = Auth::new(config.clone(), verifier.clone(), &unavailable);
    assert!(cannot_wait.fetch_custom_role_mappings().await.is_err());
    assert_eq!(requests.swap(0, std::sync::atomic::Ordering::SeqCst), 1);

    let can_wait = Auth::new(config, verifier, WithSleep(&unavailable, tokio::time::sleep));
    assert!(can_wait.fetch_custom_role_mappings().await.is_err());
    assert_eq!(requests.into_inner(), 3);
}
