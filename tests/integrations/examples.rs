//! The examples over a socket.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)]

use std::env;
use std::process::{Command, Stdio};

use propelauth_edge::testkit::Fault;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::{ISSUER, ORG, OTHER_ORG};

#[cfg(feature = "actix")]
#[tokio::test]
async fn actix() {
    example_over_a_socket("actix").await;
    example_without_a_usable_key_does_not_start("actix").await;
}

#[cfg(feature = "axum")]
#[tokio::test]
async fn axum() {
    example_over_a_socket("axum").await;
    example_without_a_usable_key_does_not_start("axum").await;
}

/// Returns status, head and body of the example's response to a request.
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

fn example(name: &str) -> tokio::process::Command {
    // `target/PROFILE/deps/TEST` and `target/PROFILE/examples/EXAMPLE`.
    let path = env::current_exe().unwrap().ancestors().nth(2).unwrap().join("examples").join(name);
    assert!(path.exists(), "first: cargo build --profile test --features {name} --example {name}");
    let mut command = Command::new(path);
    command.env_clear().env("LISTEN", "127.0.0.1:0").stdout(Stdio::piped()).stderr(Stdio::piped());
    command.into()
}

async fn example_over_a_socket(name: &str) {
    let mut server = example(name)
        .env("PROPELAUTH_ISSUER", "https://auth.12345.propelauthtest.com")
        .env("PROPELAUTH_ADDITIONAL_ISSUER", ISSUER.metadata().issuer)
        .env("PROPELAUTH_VERIFIER_KEY", ISSUER.metadata().verifier_key)
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
    let address = line.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("{line:?}"));

    let good = super::good().authorization_header();
    let (status, _, body) = over_socket(address, "/whoami", &good).await;
    let user: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &user["user_id"]), (200, &json!("u1")));
    for (path, authorization, expected) in [
        ("/whoami", super::good().fault(Fault::Tampered).authorization_header().as_str(), 401),
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
    server.kill().await.unwrap();
    let mut log = String::new();
    server.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
    assert_eq!(log.matches("refused a request").count(), 4, "{log}");
    for code in ["InvalidSignature", "NotMemberOfOrg", "MissingRole", "MalformedHeader"] {
        assert!(log.contains(&format!("error.code=\"{code}\"")), "{log}");
    }
}

async fn example_without_a_usable_key_does_not_start(name: &str) {
    let key = ISSUER.metadata().verifier_key;
    for (key, more, reason) in [
        (None, None, "PROPELAUTH_VERIFIER_KEY"),
        (Some("no key"), None, "the verifier key does not begin with"),
        (Some(key), Some(("PROPELAUTH_ISSUER", "")), "the issuer is empty"),
        (Some(key), Some(("PROPELAUTH_ADDITIONAL_ISSUER", "")), "PROPELAUTH_ADDITIONAL_ISSUER: the issuer is empty"),
        (
            Some(key),
            Some(("PROPELAUTH_ADDITIONAL_ISSUER", "https://a.example,https://b.example")),
            "PROPELAUTH_ADDITIONAL_ISSUER: the issuer has more than a host",
        ),
        (
            Some(key),
            Some(("PROPELAUTH_ADDITIONAL_VERIFIER_KEY", "")),
            "PROPELAUTH_ADDITIONAL_VERIFIER_KEY: the verifier key is empty",
        ),
    ] {
        let mut command = example(name);
        command
            .env("PROPELAUTH_ISSUER", "https://auth.example.com")
            .envs(key.map(|key| ("PROPELAUTH_VERIFIER_KEY", key)))
            .envs(more);
        let output = command.output().await.unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && stderr.contains(reason) && !stderr.contains("panicked"), "{stderr}");
    }
}
