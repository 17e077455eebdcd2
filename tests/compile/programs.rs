//! Programs that must not compile, with the compiler's messages, and programs that must.
#![cfg(test)]

use std::env;
use std::process::Command;

const KEY: &str = include_str!("../../examples/demo/verifier_key.pem");
const OTHER_KEY: &str = include_str!("../data/keys/rsa2048.pem");
const OTHER_ISSUER: &str = "https://auth.12345.propelauthtest.com";

/// Runs a test of this program in a new process, with the settings of `verifier_from_env!` in its environment.
fn with_settings(test: &str, verifier_key: &str, additional_issuer: &str) {
    let status = Command::new(env::current_exe().expect("this program"))
        .args([test, "--exact", "--ignored", "--nocapture"])
        .env("PROPELAUTH_VERIFIER_KEY", verifier_key)
        .env("PROPELAUTH_ISSUER", "https://auth.example.com")
        .env("PROPELAUTH_ADDITIONAL_VERIFIER_KEY", OTHER_KEY)
        .env("PROPELAUTH_ADDITIONAL_ISSUER", additional_issuer)
        .status();
    assert!(status.expect("this program").success());
}

#[test]
fn compile_fail() {
    with_settings("programs", KEY, OTHER_ISSUER);
    with_settings("with_a_bad_key", "verifier_key.pem", OTHER_ISSUER);
    with_settings("with_an_empty_additional_issuer", KEY, "");
}

#[test]
#[ignore = "run by `compile_fail`"]
fn programs() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("fail/*.rs");
    cases.pass("pass/*.rs");
}

#[test]
#[ignore = "run by `compile_fail`"]
fn with_a_bad_key() {
    bad_setting("fail/settings/key.rs");
}

#[test]
#[ignore = "run by `compile_fail`"]
fn with_an_empty_additional_issuer() {
    bad_setting("fail/settings/additional_issuer.rs");
}

fn bad_setting(program: &str) {
    let cases = trybuild::TestCases::new();
    cases.compile_fail(program);
    // `cargo check` does not evaluate constants outside of statics. trybuild runs nothing else, unless one of the
    // programs has to compile.
    cases.pass("pass/keys_at_compile_time.rs");
}

#[cfg(feature = "owned")]
#[test]
fn owned_users() {
    trybuild::TestCases::new().compile_fail("fail/owned/*.rs");
}
