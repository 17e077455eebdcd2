//! `Auth` from the auth URL to the user of a request, with closures for transports.

mod common;

use std::time::Duration;

use common::mint::{ISSUER, Mint};
use propelauth_edge::client::*;
use propelauth_edge::{AuthError, Forbidden, OrgMemberInfo, RequiredOrg, Unauthorized, UnixTime, User};
use serde_json::json;

const ORG_ID: &str = "1189c444-8a2d-4c41-8b4b-ae43ce79a492";
const ORG: RequiredOrg<'_> = RequiredOrg::Id(ORG_ID);

type Answer = Result<http::Response<Vec<u8>>, TransportError>;

fn answer(status: u16, body: &str) -> Answer {
    Ok(http::Response::builder().status(status).body(body.into()).unwrap())
}

/// The API, as far as the verifier key goes.
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
    assert_eq!((&*user.user_id, user.email.as_deref()), ("u1", Some("amelie@example.com")));
    assert_eq!(auth.validate_access_token(header.strip_prefix("Bearer ").unwrap()), Ok(user));
    assert_eq!(auth.validate_access_token_and_get_user(None), Err(Unauthorized::MissingHeader));
    assert_eq!(auth.validate_access_token_and_get_user("Bearer x"), Err(Unauthorized::MalformedToken));
    let long = format!("Bearer {}", "a".repeat(10 << 20));
    assert!(auth.validate_access_token_and_get_user(&*long).is_err());
}

#[test]
fn org_role_and_permission_are_required() {
    let (auth, header) = (auth(), header());
    let header = Some(&*header);
    let good = |result: Result<(User, OrgMemberInfo), AuthError>| result.is_ok_and(|(_, org)| org.org_id == ORG_ID);
    let lacks = |result: Result<(User, OrgMemberInfo), AuthError>, what| result == Err(AuthError::Forbidden(what));

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
    assert!(matches!(init(ISSUER, "bad"), InitError::Api(ApiError::Unauthorized)));
    assert!(matches!(init(ISSUER, "b\nad"), InitError::ApiKey));
    assert!(matches!(init("auth.acme-example.com", "good"), InitError::AuthUrl));
}

/// A closure of a future is a transport; with a way to wait, calls are repeated.
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
