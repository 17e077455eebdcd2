//! The program `propelauth-edge`, as it is called from a shell.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const KEY: &str = "examples/demo/verifier_key.pem";
const ISSUER: &str = "https://auth.example.com";
const NOW: &str = "1767225660";
const ORG: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
const TOKEN: &str = include_str!("../examples/demo/access_token.jwt");

fn run(arguments: &[&str], environment: &[(&str, &str)], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_propelauth-edge"))
        .args(arguments)
        .env_remove("PROPELAUTH_VERIFIER_KEY")
        .env_remove("PROPELAUTH_ISSUER")
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A call that is no good ends before it reads.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// The exit code and what was printed.
fn answer(arguments: &[&str], input: &str) -> (i32, String) {
    let output = run(arguments, &[], input);
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

fn with_verifier<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &["--key", KEY, "--issuer", ISSUER]].concat()
}

fn signature() -> &'static str {
    TOKEN.trim().rsplit('.').next().unwrap()
}

#[test]
fn inspect_says_who_it_is() {
    for token in [TOKEN.to_owned(), format!("Bearer {TOKEN}"), format!("Authorization: Bearer {TOKEN}\r\n")] {
        let (code, text) = answer(&with_verifier(&["inspect", "--now", NOW]), &token);
        assert_eq!(code, 0, "{text}");
        assert!(text.starts_with("accepted\n"), "{text}");
        assert!(text.contains("email        ada@example.com\n"), "{text}");
        assert!(text.contains(&format!("Acme  {ORG}  Admin, Member  billing::view\n")), "{text}");
        assert!(!text.contains(&signature()[..20]), "{text}");
    }
}

#[test]
fn inspect_says_why_not() {
    let (code, text) = answer(&with_verifier(&["inspect", TOKEN.trim()]), "");
    assert_eq!(code, 1);
    assert!(text.starts_with("refused: expired access token\n\nThe token expired "), "{text}");
    assert!(text.contains("Get a new access token"), "{text}");
    assert!(!text.contains(&signature()[..20]), "{text}");

    let token = TOKEN.replacen('.', "!.", 1);
    let (code, text) = answer(&with_verifier(&["inspect", "-"]), &token);
    assert_eq!(code, 1);
    let at = token.find('!').unwrap() + 1;
    assert!(text.contains(&format!("At character {at}, in the header")), "{text}");
}

#[test]
fn the_signature_is_shown_only_when_asked_for() {
    let arguments = with_verifier(&["inspect", "--now", NOW, "--show-signature"]);
    let (_, text) = answer(&arguments, TOKEN);
    assert!(text.ends_with(&format!("signature {}\n", signature())), "{text}");
    let (_, text) = answer(&[arguments.as_slice(), &["--json"]].concat(), TOKEN);
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["signature_segment"], signature());
}

#[test]
fn json() {
    let (code, text) = answer(&with_verifier(&["inspect", "--json", "--now", NOW]), TOKEN);
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (code, &report["verdict"], &report["user"]["email"]),
        (0, &"accepted".into(), &"ada@example.com".into())
    );
    let (code, text) = answer(&with_verifier(&["inspect", "--json"]), TOKEN);
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, &report["refusal"]["code"], &report["user"]), (1, &"Expired".into(), &Value::Null));
    assert!(!text.contains(&signature()[..20]));
}

#[test]
fn settings_from_the_environment() {
    let key = std::fs::read_to_string(KEY).unwrap();
    let environment = [("PROPELAUTH_VERIFIER_KEY", key.as_str()), ("PROPELAUTH_ISSUER", ISSUER)];
    let output = run(&["inspect", "--now", NOW], &environment, TOKEN);
    assert_eq!(output.status.code(), Some(0));
    let output = run(&["key"], &environment, "");
    assert_eq!(output.status.code(), Some(0));
    // The key from standard input, the token as an argument.
    let arguments = ["inspect", "--now", NOW, "--key", "-", "--issuer", ISSUER, TOKEN.trim()];
    assert_eq!(answer(&arguments, &key).0, 0);
}

#[test]
fn check_by_its_exit_code() {
    let check = |arguments: &[&str]| answer(&with_verifier(&[&["check", "--now", NOW], arguments].concat()), TOKEN);
    let by_id = ["--org", ORG];
    for granted in [
        &["--org", ORG][..],
        &["--org-name", "Acme"],
        &["--org", ORG, "--role", "Admin"],
        &["--org", ORG, "--at-least-role", "Member", "--permission", "billing::view"],
    ] {
        assert_eq!(check(granted), (0, "allowed\n".into()), "{granted:?}");
    }
    for (refused, reason) in [
        (&["--org", "another"][..], "refused: 403, user who is not a member of the org\n"),
        (&[by_id[0], ORG, "--role", "Member"], "refused: 403, user without the role in the org\n"),
        (
            &[by_id[0], ORG, "--permission", "billing::view", "--permission", "billing::edit"],
            "refused: 403, user without the permission in the org\n",
        ),
    ] {
        assert_eq!(check(refused), (1, reason.into()), "{refused:?}");
    }
    let (code, text) = answer(&with_verifier(&["check", "--org", ORG, "--json"]), TOKEN);
    assert_eq!((code, &serde_json::from_str::<Value>(&text).unwrap()["status"]), (1, &401.into()));

    // Questions that cannot be answered.
    for unusable in [
        &["check", "--org", ORG][..],
        &["check", "--org", ORG, "--key", KEY],
        &["check", "--org", ORG, "--issuer", ISSUER, "--key", "Cargo.toml"],
        &["check", "--org", ORG, "--issuer", ISSUER, "--key", "no such file"],
        &["check", "--key", KEY, "--issuer", ISSUER],
        &["inspect", "--key", "-"],
        &["no such command"],
    ] {
        let output = run(unusable, &[], TOKEN);
        assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(2), true), "{unusable:?}");
        assert!(!output.stderr.is_empty(), "{unusable:?}");
    }
}

#[test]
fn key() {
    let (code, text) = answer(&["key", KEY], "");
    assert_eq!(code, 0);
    assert!(text.starts_with("accepted\n\nRSA, 2048 bits, exponent 65537, SHA256:"), "{text}");

    let private = std::fs::read_to_string("tests/data/keys/private/rsa2048.pem").unwrap();
    let (code, text) = answer(&["key", "-"], &private);
    assert_eq!(code, 1);
    assert!(text.contains("This is a private key."), "{text}");
    assert!(!text.contains(private.lines().nth(3).unwrap()), "{text}");
    let (code, text) = answer(&["key", "-", "--json"], "{\"kty\":\"RSA\"}");
    assert_eq!((code, &serde_json::from_str::<Value>(&text).unwrap()["form"]), (1, &"jwk".into()));
}

#[test]
fn minted_tokens_are_good_for_their_key() {
    let (_, key) = answer(&["mint", "--print-key"], "");
    let mint =
        ["mint", "ada", "--org", "acme", "--role", "Admin", "--inherits", "Member", "--permission", "billing::view"];
    for active in [&[][..], &["--active"]] {
        let (_, token) = answer(&[&mint, active].concat(), "");
        let check =
            ["check", "--key", "-", "--issuer", ISSUER, "--org", "acme", "--at-least-role", "Member", token.trim()];
        assert_eq!(answer(&check, &key), (0, "allowed\n".into()));
    }
    for (fault, code) in
        [("expired", "Expired"), ("wrong-key", "InvalidSignature"), ("algorithm-hs256", "UnsupportedAlgorithm")]
    {
        let (_, token) = answer(&["mint", "--fault", fault], "");
        let (_, text) = answer(&["inspect", "--json", "--key", "-", "--issuer", ISSUER, token.trim()], &key);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["refusal"]["code"], code, "{fault}");
    }
    let (_, text) = answer(&["mint", "--json"], "");
    let minted: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&minted["issuer"], &minted["verifier_key"]), (&ISSUER.into(), &key.into()));
}

#[test]
fn a_token_cannot_command_the_terminal() {
    let (_, key) = answer(&["mint", "--print-key"], "");
    let name = "Acme\x1b[2J\naccepted\u{202e}";
    let (_, token) = answer(&["mint", "ada\u{9b}", "--org", "acme", "--org-name", name], "");
    let (code, text) = answer(&["inspect", "--key", "-", "--issuer", ISSUER, token.trim()], &key);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains(r"Acme\u{1b}[2J\naccepted\u{202e}  acme"), "{text}");
    // Nor can one that is refused.
    for issuer in [ISSUER, "https://auth.example.org"] {
        let (_, text) = answer(&["inspect", "--key", "-", "--issuer", issuer, token.trim()], &key);
        assert!(!text.contains(|c: char| c != '\n' && c.is_control() || c == '\u{202e}'), "{text:?}");
    }
}
