//! Functions of AWS Lambda that handle requests of the crate `http`.

use std::env;
use std::process::Command;

use http::Request;
use propelauth_edge::lambda::{refusal, user, user_from};
use propelauth_edge::testkit::Fault;
use propelauth_edge::{Forbidden, TokenSource, Unauthorized, UnixTime};

use super::log::Log;
use super::token_sources::{self, Case};
use super::{ISSUER, good};

/// With a subscriber. The handler may accept a missing token.
#[test]
fn one_event_a_refusal() {
    let log = Log::start();
    let verifier = ISSUER.verifier();
    let now = UnixTime::now();
    let none = Request::new(());
    let forged = Request::builder().header("authorization", good().fault(Fault::Tampered).authorization_header());
    let forged = forged.body(()).unwrap();
    let in_cookie = TokenSource::Cookie("t");

    for (error, code) in [
        (user(none.headers(), &verifier, now).unwrap_err(), "MissingHeader"),
        (user_from(in_cookie, none.headers(), none.uri(), &verifier, now).unwrap_err(), "MissingToken"),
    ] {
        assert!(error.is_missing() && log.take().is_empty());
        refusal::<String>(error);
        assert_eq!(log.take(), [format!("INFO {code}")]);
    }
    let error = user(forged.headers(), &verifier, now).unwrap_err();
    assert_eq!((error, log.take()), (Unauthorized::InvalidSignature, vec!["INFO InvalidSignature".to_owned()]));
    refusal::<String>(error);
    assert!(log.take().is_empty());
    refusal::<String>(Forbidden::MissingRole);
    assert_eq!(log.take(), ["INFO MissingRole"]);
}

/// Each refusal is a line, whether [`user_from`] or [`refusal`] writes it.
#[test]
fn one_line_a_refusal() {
    // A process of its own has no subscriber, and a standard error to read.
    const ALONE: &str = "PROPELAUTH_EDGE_ALONE";
    let mut refused = 0;
    for Case { source, path, header, status } in token_sources::cases() {
        if status != 200 {
            refused += 1;
        }
        if env::var_os(ALONE).is_some() {
            let request = Request::get(path).header(header.0, header.1).body(()).unwrap();
            let user = user_from(source, request.headers(), request.uri(), &ISSUER.verifier(), UnixTime::now());
            assert_eq!(user.map_or_else(|error| refusal::<String>(error).status().as_u16(), |_| 200), status);
        }
    }
    if env::var_os(ALONE).is_some() {
        assert_eq!(refusal::<String>(Forbidden::MissingRole).status(), 403);
        return;
    }
    let mut alone = Command::new(env::current_exe().unwrap());
    let output = alone.args(["--exact", "functions::one_line_a_refusal"]).env(ALONE, "").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let log = String::from_utf8(output.stderr).unwrap();
    let count = |text: &str| log.matches(text).count();
    assert_eq!(count(r#""message":"refused a request""#), refused + 1, "{log}");
    for code in ["InvalidSignature", "MissingToken", "RepeatedToken", "MalformedToken", "MissingRole", "MissingHeader"]
    {
        assert!(count(&format!(r#""error.code":"{code}""#)) > 0, "{code} {log}");
    }
}
