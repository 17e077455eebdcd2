//! The extractor and the layer by `oneshot`, and the example over a socket.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)]

use std::env;
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock};

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use axum::routing::get;
use axum::{Extension, Router};
use propelauth_edge::axum::RequireUserLayer;
use propelauth_edge::testkit::{Fault, TestIssuer, TestOrg, TestToken};
use propelauth_edge::{AuthError, OrgRequirement, RequiredOrg, User};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tower::ServiceExt;

const ORG: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
const OTHER_ORG: &str = "00000000-0d5b-4b8e-9a53-7c1d2e3f4a5b";

/// The example is built without the test kit, and so refuses the fixed key.
static ISSUER: LazyLock<TestIssuer> = LazyLock::new(TestIssuer::generate);

/// A user who is a `Member` of one org, with the permission `billing::view`.
fn good() -> TestToken<'static> {
    ISSUER.token("u1").org(TestOrg::new(ORG, "Acme").user_permissions(&["billing::view"]))
}

fn router() -> Router {
    async fn billing(user: User, Path(org_id): Path<String>) -> Result<String, AuthError> {
        let org = user.require_org(RequiredOrg::Id(&org_id), OrgRequirement::Permission("billing::view"))?;
        Ok(org.org_name.clone())
    }
    async fn admin(user: User, Path(org_id): Path<String>) -> Result<String, AuthError> {
        let org = user.require_org(RequiredOrg::Id(&org_id), OrgRequirement::AtLeastRole("Admin"))?;
        Ok(org.org_name.clone())
    }
    let extracted = Router::new()
        .route("/whoami", get(|user: User| async { user.user_id }))
        .route("/greeting", get(|user: Option<User>| async { user.map_or("stranger".into(), |user| user.user_id) }))
        .route("/org/{org_id}/billing", get(billing))
        .route("/org/{org_id}/admin", get(admin))
        .with_state(Arc::new(ISSUER.verifier()));
    let layered = Router::new()
        .route("/layered", get(|Extension(user): Extension<User>| async { user.user_id }))
        .layer(RequireUserLayer::new(Arc::new(ISSUER.verifier())));
    extracted.merge(layered)
}

async fn ask(path: &str, authorization: &[HeaderValue]) -> Response<Body> {
    let mut request = Request::get(path).body(Body::empty()).unwrap();
    for value in authorization {
        request.headers_mut().append(header::AUTHORIZATION, value.clone());
    }
    router().oneshot(request).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
}

fn challenge(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::WWW_AUTHENTICATE).map(|value| value.to_str().unwrap())
}

const INVALID_TOKEN: Option<&str> = Some(r#"Bearer error="invalid_token""#);
const INSUFFICIENT_SCOPE: Option<&str> = Some(r#"Bearer error="insufficient_scope""#);
const EXPECTED_BEARER: &str = "Invalid authorization header. Expected: Bearer {accessToken}";

#[tokio::test]
async fn status_challenge_and_body() {
    let value = |text: &str| HeaderValue::from_str(text).unwrap();
    let good = value(&good().authorization_header());
    let faulty = |fault| value(&self::good().fault(fault).authorization_header());
    let (billing, admin) = (format!("/org/{ORG}/billing"), format!("/org/{ORG}/admin"));
    let elsewhere = format!("/org/{OTHER_ORG}/billing");
    for path in ["/whoami", "/layered", "/greeting"] {
        let missing = match path {
            "/greeting" => (200, None, "stranger"),
            _ => (401, Some("Bearer"), "No authorization header found"),
        };
        let cases = [
            (vec![good.clone()], (200, None, "u1")),
            (vec![], missing),
            (vec![value("")], missing),
            (vec![value("Basic dTpw")], (401, Some("Bearer"), EXPECTED_BEARER)),
            (vec![HeaderValue::from_bytes(b"Bearer \xe9").unwrap()], (401, Some("Bearer"), EXPECTED_BEARER)),
            (vec![good.clone(), good.clone()], (401, Some("Bearer"), EXPECTED_BEARER)),
            (vec![faulty(Fault::Tampered)], (401, INVALID_TOKEN, "Invalid access token")),
            (vec![faulty(Fault::Expired)], (401, INVALID_TOKEN, "Invalid access token")),
        ];
        for (i, (authorization, expected)) in cases.into_iter().enumerate() {
            let response = ask(path, &authorization).await;
            let got = (response.status().as_u16(), challenge(response.headers()).map(str::to_owned));
            let body = text(response).await;
            assert_eq!((got.0, got.1.as_deref(), body.as_str()), expected, "{path}, case {i}");
        }
    }
    for (path, status, challenge_of, body) in [
        (&billing, StatusCode::OK, None, "Acme"),
        (&admin, StatusCode::FORBIDDEN, INSUFFICIENT_SCOPE, "User doesn't have required role"),
        (&elsewhere, StatusCode::FORBIDDEN, INSUFFICIENT_SCOPE, "User is not a member of org"),
    ] {
        let response = ask(path, std::slice::from_ref(&good)).await;
        assert_eq!((response.status(), challenge(response.headers())), (status, challenge_of), "{path}");
        assert_eq!(text(response).await, body, "{path}");
    }
}

#[test]
fn futures_can_be_sent() {
    fn send<T: Send>(_: &T) {}
    send(&router().oneshot(Request::get("/layered").body(Body::empty()).unwrap()));
}

/// Status, head and body of the answer to a request of the example.
async fn over_socket(address: &str, path: &str, authorization: &str) -> (u16, String, String) {
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: {authorization}\r\nconnection: close\r\n\r\n"
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), head.to_owned(), body.to_owned())
}

fn example() -> tokio::process::Command {
    // `target/PROFILE/deps/TEST` and `target/PROFILE/examples/EXAMPLE`.
    let path = env::current_exe().unwrap().ancestors().nth(2).unwrap().join("examples/axum");
    assert!(path.exists(), "first: cargo build --profile test --features axum --example axum");
    let mut command = Command::new(path);
    command.env_clear().env("LISTEN", "127.0.0.1:0").stdout(Stdio::piped()).stderr(Stdio::piped());
    command.into()
}

#[tokio::test]
async fn example_over_a_socket() {
    let mut server = example()
        .env("PROPELAUTH_ISSUER", ISSUER.metadata().issuer)
        .env("PROPELAUTH_VERIFIER_KEY", ISSUER.metadata().verifier_key)
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
    let address = line.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("{line:?}"));

    let good = self::good().authorization_header();
    let (status, _, body) = over_socket(address, "/whoami", &good).await;
    let user: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &user["user_id"]), (200, &json!("u1")));
    for (path, authorization, expected) in [
        ("/whoami", self::good().fault(Fault::Tampered).authorization_header().as_str(), 401),
        (&format!("/org/{ORG}"), &good, 200),
        (&format!("/org/{OTHER_ORG}"), &good, 403),
        (&format!("/org/{ORG}/billing"), &good, 200),
        (&format!("/org/{ORG}/admin"), &good, 403),
        (&format!("/org/{ORG}/admin"), "Bearer", 401),
    ] {
        let (status, head, body) = over_socket(address, path, authorization).await;
        assert_eq!(status, expected, "{path}: {head}");
        assert_eq!(head.contains("www-authenticate: Bearer"), expected != 200, "{path}: {head}");
        if expected == 200 {
            assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["org_name"], "Acme", "{path}");
        }
    }
}

#[tokio::test]
async fn example_without_a_usable_key_does_not_start() {
    for (key, reason) in [(None, "PROPELAUTH_VERIFIER_KEY"), (Some("no key"), "NotAPublicKeyPem")] {
        let mut command = example();
        command
            .env("PROPELAUTH_ISSUER", "https://auth.example.com")
            .envs(key.map(|key| ("PROPELAUTH_VERIFIER_KEY", key)));
        let output = command.output().await.unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && stderr.contains(reason), "{stderr}");
    }
}
