//! The program `propelauth-edge`, called as from a shell.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const KEY: &str = "../examples/demo/verifier_key.pem";
const ISSUER: &str = "https://auth.example.com";
const NOW: &str = "1767225660";
const ORG: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
const TOKEN: &str = include_str!("../../examples/demo/access_token.jwt");

fn run(arguments: &[&str], environment: &[(&str, &str)], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_propelauth-edge"))
        .args(arguments)
        .env_remove("PROPELAUTH_VERIFIER_KEY")
        .env_remove("PROPELAUTH_ADDITIONAL_VERIFIER_KEY")
        .env_remove("PROPELAUTH_ISSUER")
        .env_remove("PROPELAUTH_ADDITIONAL_ISSUER")
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Invalid calls exit before they read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// Returns the exit code and the output.
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
    // During a move to another domain.
    let former = "https://auth.12345.propelauthtest.com";
    let with =
        |additional| [environment[0], ("PROPELAUTH_ISSUER", former), ("PROPELAUTH_ADDITIONAL_ISSUER", additional)];
    let output = run(&["check", "--org", ORG, "--now", NOW], &with(ISSUER), TOKEN);
    assert_eq!(output.status.code(), Some(0));
    let output = run(&["inspect", "--now", NOW], &with(""), TOKEN);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr.contains("--additional-issuer: the additional issuer is empty"), "{stderr}");
    // Key on standard input, token as argument.
    let arguments = ["inspect", "--now", NOW, "--key", "-", "--issuer", ISSUER, TOKEN.trim()];
    assert_eq!(answer(&arguments, &key).0, 0);
}

#[test]
fn a_second_key() {
    let of_issuer = |arguments: &[&'static str]| [arguments, &["--issuer", ISSUER, "--now", NOW]].concat();
    for (key, additional) in [(KEY, PUBLIC_KEY), (PUBLIC_KEY, KEY)] {
        let (code, text) = answer(&of_issuer(&["inspect", "--key", key, "--additional-key", additional]), TOKEN);
        assert_eq!(code, 0, "{text}");
        // The key shown is the one that signed.
        let (_, facts) = answer(&["key", KEY], "");
        let facts = facts.trim().strip_prefix("accepted\n\n").unwrap();
        assert!(text.contains(&format!("key          {facts}\nsignature    made by this key\n")), "{text}");

        let check = of_issuer(&["check", "--org", ORG, "--key", key]);
        let contents = std::fs::read_to_string(additional).unwrap();
        let environment = [("PROPELAUTH_ADDITIONAL_VERIFIER_KEY", contents.as_str())];
        assert_eq!(run(&check, &environment, TOKEN).status.code(), Some(0));
        assert_eq!(run(&check, &[], TOKEN).status.code(), Some(if key == KEY { 0 } else { 1 }));
    }
    // A claim is explained by the key that signed, and a forged token by both.
    let both = ["inspect", "--key", PUBLIC_KEY, "--additional-key", KEY, "--issuer", ISSUER];
    assert_eq!(refusal(&both, TOKEN), (1, "Expired".into()));
    let forged = TOKEN.trim().replace(&signature()[..4], "AAAA");
    assert_eq!(refusal(&both, &forged), (1, "InvalidSignature".into()));
    assert!(answer(&both, &forged).1.contains("The additional key did not sign it either."));
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
    let has = "the user's roles: Admin, Member\nthe user's permissions: billing::view\n";
    for (refused, reason, has) in [
        (
            &["--org", "another"][..],
            "refused: 403, user is not a member of the org\n",
            &*format!("the user's orgs: Acme ({ORG})\n"),
        ),
        (&[by_id[0], ORG, "--role", "Member"], "refused: 403, user does not have the role in the org\n", has),
        (
            &[by_id[0], ORG, "--permission", "billing::view", "--permission", "billing::edit"],
            "refused: 403, user does not have the permission in the org\n",
            has,
        ),
    ] {
        assert_eq!(check(refused), (1, format!("{reason}{has}")), "{refused:?}");
    }
    let (_, text) = check(&["--org", ORG, "--role", "Owner", "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["roles"], serde_json::json!(["Admin", "Member"]));
    let (code, text) = answer(&with_verifier(&["check", "--org", ORG, "--json"]), TOKEN);
    assert_eq!((code, &serde_json::from_str::<Value>(&text).unwrap()["status"]), (1, &401.into()));
}

/// Invalid calls and their messages.
#[test]
fn wrong_uses() {
    for (arguments, said) in [
        (&["check", "--org", ORG][..], "no verifier key: pass --key FILE, or set PROPELAUTH_VERIFIER_KEY"),
        (&["inspect"], "no verifier key: pass --key FILE, or set PROPELAUTH_VERIFIER_KEY"),
        (&["check", "--org", ORG, "--key", KEY], "no issuer: pass --issuer URL, or set PROPELAUTH_ISSUER"),
        (&["inspect", "--key", KEY], "no issuer: pass --issuer URL, or set PROPELAUTH_ISSUER"),
        (
            &["check", "--org", ORG, "--key", KEY, "--issuer", ISSUER, "--additional-issuer", "https://a.example,"],
            "--additional-issuer: the additional issuer has no valid host",
        ),
        (
            &["inspect", "--key", KEY, "--issuer", "https://a.example/", "--additional-issuer", ISSUER],
            "--issuer: the issuer ends in a slash",
        ),
        (&["check", "--org", ORG, "--issuer", ISSUER, "--key", "Cargo.toml"], "--key: the verifier key"),
        (&["inspect", "--issuer", ISSUER, "--key", "Cargo.toml"], "--key: the verifier key"),
        (&["check", "--org", ORG, "--issuer", ISSUER, "--key", "no such file"], "no such file: "),
        (
            &["check", "--org", ORG, "--issuer", ISSUER, "--key", KEY, "--additional-key", "Cargo.toml"],
            "--additional-key: the verifier key",
        ),
        (&["inspect", "--key", KEY, "--additional-key", "-"], "standard input can be the key or the token, not both"),
        (&["inspect", "--key", "-", "--additional-key", "-"], "standard input can be one key, not both"),
        (&["check", "--key", KEY, "--issuer", ISSUER], "--org <ID>"),
        (&["inspect", "--key", "-"], "standard input can be the key or the token, not both"),
        (&["inspect", "no_such.jwt"], "`no_such.jwt` is a file name; to read the token from it, use < no_such.jwt"),
        (&["inspect", "Cargo.toml"], "`Cargo.toml` is a file name"),
        (&["key"], "no verifier key: pass its file, or set PROPELAUTH_VERIFIER_KEY"),
        (&["inspekt"], "a similar subcommand exists: 'inspect'"),
        (&["mint", "--fault", "expird"], "a similar value exists: 'expired'"),
        (&["mint", "--key", "Cargo.toml"], "Cargo.toml: not an RSA private key in PEM"),
        (&["mint", "--key", KEY], "not an RSA private key in PEM"),
        (&["mint", "--key", "../tests/data/keys/private/rsa1024.pem"], "the verifier key has fewer than 2048 bits"),
        (&["mint", "--new-key", "Cargo.toml"], "Cargo.toml: "),
    ] {
        let output = run(arguments, &[], TOKEN);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(error.contains(said), "{arguments:?}: {error}");
    }
    // Without a key, the token is still shown.
    let output = run(&["inspect"], &[], TOKEN);
    assert!(String::from_utf8(output.stdout).unwrap().contains("\"email\": \"ada@example.com\""));
}

#[test]
fn help_tells_exit_codes_and_faults() {
    for command in ["inspect", "check", "key", "mint"] {
        let (_, help) = answer(&[command, "--help"], "");
        assert!(help.contains("Exit code: 0"), "{command}: {help}");
    }
    let (_, help) = answer(&["mint", "--help"], "");
    assert!(help.contains("algorithm-hs256:"), "{help}");
}

#[test]
fn key() {
    let (code, text) = answer(&["key", KEY], "");
    assert_eq!(code, 0);
    assert!(text.starts_with("accepted\n\nRSA, 2048 bits, exponent 65537, SHA256:"), "{text}");
    assert_eq!(text.lines().count(), 3, "{text}");

    let pem = std::fs::read_to_string(KEY).unwrap();
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    for (given, form) in [
        (pem.replace('\n', "\\n"), "PEM with escaped line breaks"),
        (pem.replace('\n', " "), "PEM with other line breaks"),
        (format!("\u{feff}{pem}"), "PEM after a byte order mark"),
        (format!("\"{pem}\""), "PEM in quotation marks"),
        (base64, "base64 of PEM or DER"),
    ] {
        let (code, told) = answer(&["key", "-"], &given);
        assert_eq!((code, told), (0, format!("{text}{form}\n")), "{given}");
    }

    let private = std::fs::read_to_string("../tests/data/keys/private/rsa2048.pem").unwrap();
    let (code, text) = answer(&["key", "-"], &private);
    assert_eq!(code, 1);
    assert!(text.contains("This is a private key."), "{text}");
    assert!(!text.contains(private.lines().nth(3).unwrap()), "{text}");
    let (code, text) = answer(&["key", "-", "--json"], "{\"kty\":\"RSA\"}");
    assert_eq!((code, &serde_json::from_str::<Value>(&text).unwrap()["form"]), (1, &"jwk".into()));
}

/// Returns the exit code and the refusal's code.
fn refusal(arguments: &[&str], input: &str) -> (i32, Value) {
    let (code, text) = answer(&[arguments, &["--json"]].concat(), input);
    (code, serde_json::from_str::<Value>(&text).unwrap()["refusal"]["code"].clone())
}

#[test]
fn the_key_of_the_test_kit_is_refused() {
    let (_, key) = answer(&["mint", "--print-key"], "");
    let (code, text) = answer(&["key", "-"], &key);
    assert_eq!(code, 1);
    assert!(text.contains("only debug builds with feature `testkit` accept"), "{text}");
    assert_eq!(refusal(&["key", "-"], &key), (1, "TestKey".into()));
    let (_, token) = answer(&["mint"], "");
    assert_eq!(refusal(&["inspect", "--key", "-", "--issuer", ISSUER, token.trim()], &key), (2, "TestKey".into()));
}

const PRIVATE_KEY: &str = "../tests/data/keys/private/rsa2048.pem";
const PUBLIC_KEY: &str = "../tests/data/keys/rsa2048.pem";

/// Mints with a private key of the test's own.
fn mint(arguments: &[&str]) -> String {
    let (code, token) = answer(&[&["mint", "--key", PRIVATE_KEY], arguments].concat(), "");
    assert_eq!(code, 0);
    token.trim().to_owned()
}

#[test]
fn minted_tokens_are_good_for_their_key() {
    let org = ["ada", "--org", "acme", "--role", "Admin", "--inherits", "Member", "--permission", "billing::view"];
    for active in [&[][..], &["--active"]] {
        let token = mint(&[&org, active].concat());
        let check = ["check", "--key", PUBLIC_KEY, "--issuer", ISSUER, "--org", "acme", "--at-least-role", "Member"];
        assert_eq!(answer(&check, &token), (0, "allowed\n".into()));
    }
    for (arguments, code) in [
        (&["--fault", "expired"][..], "Expired"),
        (&["--expires-in", "-61"], "Expired"),
        (&["--fault", "wrong-key"], "InvalidSignature"),
        (&["--fault", "algorithm-hs256"], "UnsupportedAlgorithm"),
    ] {
        let token = mint(arguments);
        let inspect = ["inspect", "--key", PUBLIC_KEY, "--issuer", ISSUER];
        assert_eq!(refusal(&inspect, &token), (1, code.into()), "{arguments:?}");
        let (_, text) = answer(&inspect, &token);
        assert!(!text.contains("1970"), "{text}");
    }
    let (_, key) = answer(&["mint", "--print-key"], "");
    let (_, text) = answer(&["mint", "--json"], "");
    let minted: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&minted["issuer"], &minted["verifier_key"]), (&ISSUER.into(), &key.into()));
}

#[test]
fn a_new_key() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("new_key");
    let _ = std::fs::remove_dir_all(&folder);
    let new_key = ["mint", "--new-key", folder.to_str().unwrap()];
    let (code, token) = answer(&new_key, "");
    assert_eq!(code, 0);
    let [private, public] = ["private_key.pem", "verifier_key.pem"].map(|name| folder.join(name));
    let inspect = ["inspect", "--key", public.to_str().unwrap(), "--issuer", ISSUER];
    assert_eq!(answer(&inspect, &token).0, 0);
    let (_, another) = answer(&["mint", "--key", private.to_str().unwrap()], "");
    assert_eq!(answer(&inspect, &another).0, 0);
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&private).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    // An existing key is kept.
    let before = std::fs::read(&private).unwrap();
    let output = run(&new_key, &[], "");
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains(&format!("; to sign with this key, use --key {}", private.display())), "{error}");
    assert_eq!(std::fs::read(&private).unwrap(), before);
    // Only a private key can sign.
    std::fs::remove_file(&private).unwrap();
    let error = String::from_utf8(run(&new_key, &[], "").stderr).unwrap();
    assert!(error.contains(public.to_str().unwrap()) && !error.contains("to sign"), "{error}");
}

#[test]
fn a_token_cannot_command_the_terminal() {
    let name = "Acme\x1b[2J\naccepted\u{202e}";
    let token = mint(&["ada\u{9b}", "--org", "acme", "--org-name", name]);
    let inspect = |issuer| answer(&["inspect", "--key", PUBLIC_KEY, "--issuer", issuer], &token);
    let (code, text) = inspect(ISSUER);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains(r"Acme\u{1b}[2J\naccepted\u{202e}  acme"), "{text}");
    let (code, text) = answer(&["check", "--key", PUBLIC_KEY, "--issuer", ISSUER, "--org", "other"], &token);
    assert_eq!(code, 1);
    assert!(text.contains(r"Acme\u{1b}[2J\naccepted\u{202e} (acme)"), "{text}");
    // A refused one cannot either.
    for issuer in [ISSUER, "https://auth.example.org"] {
        let (_, text) = inspect(issuer);
        assert!(!text.contains(|c: char| c != '\n' && c.is_control() || c == '\u{202e}'), "{text:?}");
    }
}
