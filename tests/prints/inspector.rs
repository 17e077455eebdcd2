//! The inspector's reports on tokens and API keys in all the places where people put them.

use std::sync::Once;

use propelauth_edge::inspect::{Configuration, Input, KeyReport, TokenReport, inspect_key, inspect_token};

use super::printed::printed;
use super::token;
use common::corpus::own_key_pem;
use common::mint::{ISSUER, Mint, NOW};
use common::secrets::shows_nothing_of;

/// In the format of PropelAuth's.
const API_KEY: &str = "9c1f0a7be45d28369c1f0a7be45d28360f1e2d3c4b5a69788796a5b4c3d2e1f0\
                       1b2d3f4a5c6e708192a3b4c5d6e7f8091a2b3c4d5e6f708f9e8d7c6b5a493827";

/// `every_public_type_is_printed` calls this as well.
#[test]
pub(crate) fn all() {
    static PRINTED: Once = Once::new();
    PRINTED.call_once(|| {
        tokens();
        api_keys();
        keys();
    });
}

fn of_token(report: &TokenReport) -> String {
    let mut shown = printed(report) + &serde_json::to_string(report).unwrap() + &printed(&report.times);
    shown += &format!("{}", report.times);
    if let Some(refusal) = &report.refusal {
        shown += &printed(refusal);
        shown += &refusal.position.as_ref().map(printed).unwrap_or_default();
    }
    shown
}

fn of_key(report: &KeyReport) -> String {
    printed(report) + &serde_json::to_string(report).unwrap()
}

/// Places where a token or an API key is alone, or next to something else.
fn places(secret: &str) -> Vec<String> {
    let places = [
        "@",
        "Bearer @",
        "bearer @",
        "Bearer  @",
        "Bearer:@",
        "Bearer @ ",
        "Bearer @ @",
        "Authorization: Bearer @",
        "Authorization: @",
        "X-Api-Key: @",
        "Token @",
        "Basic @",
        "@ ",
        "@\n",
        "\n@",
        "@ more",
        "@: more",
        "@=more",
        "@-more",
        "-@",
        "\"@\"",
        "'@",
        "(@)",
        "api_key=@",
        "PROPELAUTH_API_KEY=@",
        "session=1; token=@",
        "{\"token\":\"@\"}",
        "https://app.example.com/?token=@",
        "@://",
        "é@",
        "@é",
        "@…",
        "@, and",
        "%@",
        "@=",
        "@.@",
        "@.pem",
        "eyJ.@.@",
        "eyJhbGciOiJSUzI1NiJ9.@.@",
        "@.e30.AA",
        "@@",
    ];
    places.iter().map(|place| place.replace('@', secret)).collect()
}

fn tokens() {
    let mint = Mint::new("rsa2048");
    let key = own_key_pem("rsa2048");
    let good = token(&mint);
    let other = Mint::new("rsa3072").token(br#"{"iss":"x"}"#);
    let configuration = |verifier_key| Configuration { verifier_key, issuer: Some(ISSUER), ..Configuration::default() };
    let configurations = [configuration(Some(key.as_str())), configuration(None)];
    for token in [&good, &other] {
        let mut inputs = places(token);
        for at in (0..token.len()).step_by(53) {
            inputs.push(token[..at].to_owned());
            inputs.push(token[at..].to_owned());
            for odd in ["!", " ", "\n", "", "é", "A"] {
                inputs.push(format!("{}{odd}{}", &token[..at], &token[at + 1..]));
            }
        }
        let parts: Vec<_> = token.split('.').collect();
        inputs.extend(parts.iter().flat_map(|part| places(part)));
        for input in &inputs {
            for configuration in &configurations {
                for given in [Input::Pasted(input), Input::Token(input), Input::Header(Some(input))] {
                    let report = inspect_token(given, configuration, NOW);
                    shows_nothing_of(token, &(of_token(&report) + &printed(&given) + &printed(configuration)));
                }
            }
        }
    }
}

fn api_keys() {
    let key = own_key_pem("rsa2048");
    let configuration = Configuration { verifier_key: Some(&key), issuer: Some(ISSUER), ..Configuration::default() };
    for input in places(API_KEY) {
        for given in [Input::Pasted(&input), Input::Token(&input), Input::Header(Some(&input))] {
            shows_nothing_of(API_KEY, &of_token(&inspect_token(given, &configuration, NOW)));
        }
    }
}

/// In place of a verifier's key.
fn keys() {
    let token = token(&Mint::new("rsa2048"));
    let pem = own_key_pem("rsa2048");
    for secret in [API_KEY, &token] {
        let mut inputs = places(secret);
        for place in places(secret) {
            inputs.push(format!("{place}\n{pem}"));
            inputs.push(format!("{pem}{place}\n"));
            inputs.push(format!("PROPELAUTH_VERIFIER_KEY='{pem}'\n{place}\n"));
            inputs.push(pem.replacen('\n', &format!("\n{place}\n"), 3));
        }
        inputs.push(format!("-----BEGIN {secret}-----\n{secret}\n-----END {secret}-----\n"));
        inputs.push(format!("{{\"kid\":\"{secret}\",\"keys\":[]}}"));
        for input in &inputs {
            let configuration =
                Configuration { verifier_key: Some(input), issuer: Some(ISSUER), ..Configuration::default() };
            let report = inspect_token("eyJ.e30.AA", &configuration, NOW);
            shows_nothing_of(secret, &(of_key(&inspect_key(input)) + &of_token(&report) + &printed(&configuration)));
        }
    }
}
