//! The inspector over the corpora: it says what the verifier says, and for each refusal why and what would help.

mod common;

use common::corpus::{self, Verdict};
use propelauth_edge::inspect::{self, Configuration, Input, Signature, TokenReport, inspect_key, inspect_token};
use propelauth_edge::{TokenVerificationMetadata, Unauthorized, UnixTime, Verifier};

const NOW: UnixTime = UnixTime::from_secs(1_767_225_660);
const DAY_LATER: UnixTime = UnixTime::from_secs(1_767_225_600 + 24 * 60 * 60);
const TOKEN: &str = include_str!("../examples/demo/access_token.jwt");
const KEY: &str = include_str!("../examples/demo/verifier_key.pem");
const ISSUER: &str = "https://auth.example.com";

fn is_explained(refusal: &inspect::Refusal) -> bool {
    !refusal.code.is_empty()
        && !refusal.reason.is_empty()
        && refusal.explanation.len() > 10
        && refusal.remedy.len() > 10
}

#[test]
fn tokens_of_the_corpora() {
    let keys = corpus::keys();
    let (mut accepted, mut refused) = (0, 0);
    for file in ["tokens", "json_testsuite"] {
        for row in corpus::rows::<corpus::TokenRow>(file) {
            let key = keys.iter().find(|key| key.name == row.key).unwrap().octets();
            let verifier_key = String::from_utf8(key).unwrap();
            let metadata = TokenVerificationMetadata { verifier_key: &verifier_key, issuer: &row.issuer };
            let input = match (&row.token, &row.authorization_header) {
                (Some(token), _) => Input::Token(token),
                (None, header) => Input::Header(header.as_ref().and_then(Option::as_deref)),
            };
            let configuration = Configuration {
                verifier_key: Some(&verifier_key),
                issuer: Some(&row.issuer),
                ..Configuration::default()
            };
            let report = inspect_token(input, &configuration, UnixTime::from_secs(row.now));

            let mut buffer = row.buffer();
            let code = match Verifier::new(metadata) {
                Ok(verifier) => match row.validate(&verifier, &mut buffer) {
                    Ok(user) => {
                        assert_eq!(report.user, Some(user.to_owned()), "{}", row.id);
                        assert_eq!(report.signature, Signature::Good, "{}", row.id);
                        accepted += 1;
                        continue;
                    }
                    Err(error) => format!("{error:?}"),
                },
                Err(error) => format!("{error:?}"),
            };
            refused += 1;
            assert_eq!(report.user, None, "{}", row.id);
            let refusal = report.refusal.as_ref().unwrap_or_else(|| panic!("{}: no refusal", row.id));
            assert_eq!(refusal.code, code, "{}", row.id);
            assert!(is_explained(refusal), "{}: {refusal:?}", row.id);
            // The longest part of the signature that could not stand there by chance.
            if let Some(signature) = row.bare_token().and_then(|token| token.rsplit('.').next())
                && signature.len() > 300
                && signature.is_ascii()
            {
                let json = serde_json::to_string(&report).unwrap();
                assert!(!json.contains(&signature[..40]), "{}: the report has the signature in it", row.id);
            }
            if row.expect == Verdict::Accept {
                assert!(row.either, "{}: {refusal:?}", row.id);
            }
        }
    }
    assert!(!corpus::is_own() || accepted > 400 && refused > 1000, "{accepted} accepted, {refused} refused");
}

#[test]
fn keys_of_the_corpus() {
    let (mut accepted, mut refused) = (0, 0);
    for row in corpus::keys() {
        // What is no text cannot be pasted.
        let Ok(text) = String::from_utf8(row.octets()) else { continue };
        let report = inspect_key(&text);
        let verifier = Verifier::new(TokenVerificationMetadata { verifier_key: &text, issuer: ISSUER });
        assert_eq!(report.verdict == inspect::Verdict::Accepted, verifier.is_ok(), "{}", row.name);
        match (report.refusal, verifier) {
            (None, Ok(_)) => {
                accepted += 1;
                assert_eq!(report.modulus_bits, row.modulus_bits, "{}", row.name);
                assert_eq!(report.fingerprint.map(|fingerprint| fingerprint.len()), Some(7 + 44), "{}", row.name);
            }
            (Some(refusal), Err(error)) => {
                refused += 1;
                assert_eq!(refusal.code, format!("{error:?}"), "{}", row.name);
                assert!(is_explained(&refusal), "{}: {refusal:?}", row.name);
            }
            (refusal, verifier) => panic!("{}: {refusal:?}, {verifier:?}", row.name),
        }
    }
    assert!(!corpus::is_own() || accepted > 25 && refused > 60, "{accepted} accepted, {refused} refused");
}

fn ask(input: &str, now: UnixTime) -> TokenReport {
    let configuration = Configuration { verifier_key: Some(KEY), issuer: Some(ISSUER), ..Configuration::default() };
    inspect_token(input, &configuration, now)
}

/// The explanation, and the offset if there is one.
fn why(input: &str) -> (String, Option<usize>) {
    let refusal = ask(input, NOW).refusal.unwrap();
    (refusal.explanation, refusal.position.map(|position| position.offset))
}

#[test]
fn malformed_at_the_place_where_it_breaks() {
    let token = TOKEN.trim();
    let (first_dot, last_dot) = (token.find('.').unwrap(), token.rfind('.').unwrap());

    let (text, at) = why(&token[..last_dot]);
    assert_eq!((text.as_str(), at), ("The token is cut short: it has 2 parts, and a whole one has 3.", Some(last_dot)));

    let mut broken = token.to_owned();
    broken.replace_range(first_dot + 5..first_dot + 6, "!");
    // The signature is looked at before the payload.
    assert_eq!(ask(&broken, NOW).refusal.unwrap().code, "InvalidSignature");

    broken = token.to_owned();
    broken.replace_range(last_dot + 7..last_dot + 8, "+");
    let (text, at) = why(&broken);
    assert_eq!(at, Some(last_dot + 7), "{text}");
    assert!(text.contains('+'), "{text}");

    broken = token.to_owned();
    broken.replace_range(3..4, " ");
    assert_eq!(ask(&broken, NOW).refusal.unwrap().code, "MalformedHeader");
}

#[test]
fn expired_and_not_yet_valid() {
    let refusal = ask(TOKEN.trim(), DAY_LATER).refusal.unwrap();
    assert_eq!(refusal.code, format!("{:?}", Unauthorized::Expired));
    assert!(refusal.explanation.starts_with("The token expired 23 hours 30 minutes ago"), "{}", refusal.explanation);
    let refusal = ask(TOKEN.trim(), UnixTime::from_secs(1_767_225_600 - 3600)).refusal.unwrap();
    assert_eq!(refusal.code, format!("{:?}", Unauthorized::NotYetValid));
    assert!(refusal.explanation.contains("1 hour"), "{}", refusal.explanation);
}

#[test]
fn another_key_and_another_issuer() {
    let other = corpus::own_key_pem("rsa2048");
    let configuration = Configuration { verifier_key: Some(&other), issuer: Some(ISSUER), ..Configuration::default() };
    let report = inspect_token(TOKEN.trim(), &configuration, NOW);
    assert_eq!(report.signature, Signature::Bad);
    let fingerprint = report.key.and_then(|key| key.fingerprint).unwrap();
    let refusal = report.refusal.unwrap();
    assert!(refusal.explanation.contains(&fingerprint), "{}", refusal.explanation);

    let configuration = Configuration {
        verifier_key: Some(KEY),
        issuer: Some("https://auth.example.com/"),
        ..Configuration::default()
    };
    let refusal = inspect_token(TOKEN.trim(), &configuration, NOW).refusal.unwrap();
    assert_eq!(refusal.code, "WrongIssuer");
    assert!(refusal.explanation.ends_with("They differ in a slash at the end only."), "{}", refusal.explanation);
}

#[test]
fn keys_in_other_forms() {
    let explained = |text: &str| {
        let report = inspect_key(text);
        (report.form, report.refusal.map(|refusal| refusal.remedy).unwrap_or_default())
    };
    // The same key comes back in the right form.
    let quoted = format!("\"{}\"", KEY.trim());
    let base64 = KEY.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    for (text, form) in [(quoted.as_str(), inspect::KeyForm::Quoted), (&base64, inspect::KeyForm::Base64)] {
        let (found, remedy) = explained(text);
        assert_eq!(found, form);
        assert!(remedy.ends_with(KEY.trim()), "{form:?}: {remedy}");
    }
    let private = corpus::own_key_pem("private/rsa2048");
    let (form, remedy) = explained(&private);
    assert_eq!(form, inspect::KeyForm::PrivateKey);
    let secret = private.lines().nth(3).unwrap();
    assert!(!remedy.contains(secret));
    assert_eq!(explained(TOKEN.trim()).0, inspect::KeyForm::Token);
    assert_eq!(explained("https://auth.example.com/.well-known/jwks.json").0, inspect::KeyForm::Url);
}
