//! The inspector on the corpora: it gives the verifier's verdict, and a reason and a remedy for each refusal.

use std::sync::LazyLock;

use base64ct::Encoding;
use common::corpus::{self, Verdict};
use common::mint::{self, HEADER, Mint};
use common::secrets::shown_piece;
use propelauth_edge::inspect::{
    self, Configuration, Input, KeyForm, Segment, Signature, TokenReport, inspect_key, inspect_token,
};
use propelauth_edge::{Claim, TokenVerificationMetadata, Unauthorized, UnixTime, Verifier};
use proptest::prelude::*;

const NOW: UnixTime = UnixTime::from_secs(1_767_225_660);
const DAY_LATER: UnixTime = UnixTime::from_secs(1_767_225_600 + 24 * 60 * 60);
const TOKEN: &str = include_str!("../../examples/demo/access_token.jwt");
const KEY: &str = include_str!("../../examples/demo/verifier_key.pem");
const ISSUER: &str = "https://auth.example.com";

fn is_explained(refusal: &inspect::Refusal) -> bool {
    !refusal.code.is_empty()
        && !refusal.reason.is_empty()
        && refusal.explanation.len() > 10
        && refusal.remedy.len() > 10
        // The texts for cases without a specific explanation.
        && !["cannot be parsed", "is rejected:", "are rejected:", "unknown"].iter().any(|words| refusal.explanation.contains(words))
}

#[test]
fn tokens_of_the_corpora() {
    let keys = corpus::keys();
    let (mut accepted, mut refused) = (0, 0);
    for file in ["tokens", "json_testsuite"] {
        for row in corpus::rows::<corpus::TokenRow>(file) {
            let key = keys.iter().find(|key| key.name == row.key).unwrap().bytes();
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
                        let reported = report.user.as_ref().map(propelauth_edge::VerifiedUser::to_user);
                        assert_eq!(reported, Some(user.to_owned()), "{}", row.id);
                        assert_eq!(report.signature, Signature::Good, "{}", row.id);
                        accepted += 1;
                        continue;
                    }
                    Err(error) => (error.code(), error.claim().map(Claim::name)),
                },
                Err(error) => (error.code(), None),
            };
            refused += 1;
            assert!(report.user.is_none(), "{}", row.id);
            let refusal = report.refusal.as_ref().unwrap_or_else(|| panic!("{}: no refusal", row.id));
            assert_eq!((refusal.code, refusal.claim), code, "{}", row.id);
            assert!(is_explained(refusal), "{}: {refusal:?}", row.id);
            // The longest part of the signature that could not occur by chance.
            if let Some(signature) = row.bare_token().and_then(|token| token.rsplit('.').next())
                && signature.len() > 300
                && signature.is_ascii()
            {
                let json = serde_json::to_string(&report).unwrap();
                assert!(!json.contains(&signature[..40]), "{}: the report has the signature in it", row.id);
            }
            // Checks the whole token, except in the longest ones, where the search takes long, and where the token
            // contains claims in plain text.
            if let Some(token) = row.bare_token().filter(|token| token.len() < 4096 && !token.contains('{')) {
                let shown = format!("{report:?} {}", serde_json::to_string(&report).unwrap());
                assert_eq!(shown_piece(token, &shown), None, "{}: {shown}", row.id);
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
        // What is not text cannot be pasted.
        let Ok(text) = String::from_utf8(row.bytes()) else { continue };
        let report = inspect_key(&text);
        let verifier = Verifier::new(TokenVerificationMetadata { verifier_key: &text, issuer: ISSUER });
        assert_eq!(report.verdict == inspect::Verdict::Accepted, verifier.is_ok(), "{}", row.name);
        match (report.refusal, verifier) {
            (None, Ok(_)) => {
                accepted += 1;
                assert_eq!(report.modulus_bits, row.modulus_bits.or(report.modulus_bits), "{}", row.name);
                assert_eq!(report.fingerprint.map(|fingerprint| fingerprint.len()), Some(7 + 44), "{}", row.name);
            }
            (Some(refusal), Err(error)) => {
                refused += 1;
                assert_eq!(refusal.code, error.code(), "{}", row.name);
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

/// Returns the explanation, and the offset if there is one.
fn why(input: &str) -> (String, Option<usize>) {
    let refusal = ask(input, NOW).refusal.unwrap();
    (refusal.explanation, refusal.position.map(|position| position.offset))
}

#[test]
fn malformed_at_the_place_where_it_breaks() {
    let token = TOKEN.trim();
    let (first_dot, last_dot) = (token.find('.').unwrap(), token.rfind('.').unwrap());

    let (text, at) = why(&token[..last_dot]);
    assert_eq!((text.as_str(), at), ("The token is cut off: it has 2 parts instead of 3.", Some(last_dot)));

    let mut broken = token.to_owned();
    broken.replace_range(first_dot + 5..first_dot + 6, "!");
    // The signature is checked before the payload.
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
    assert_eq!(refusal.code, Unauthorized::Expired.code());
    assert!(refusal.explanation.starts_with("The token expired 23 hours 30 minutes ago"), "{}", refusal.explanation);
    let refusal = ask(TOKEN.trim(), UnixTime::from_secs(1_767_225_600 - 3600)).refusal.unwrap();
    assert_eq!(refusal.code, Unauthorized::NotYetValid.code());
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
    let report = inspect_token(TOKEN.trim(), &configuration, NOW);
    assert_eq!(report.signature, Signature::Good);
    let refusal = report.refusal.unwrap();
    assert_eq!(refusal.code, "IssuerEndsInSlash");
    assert!(refusal.explanation.contains("cannot match any token: it ends in a slash."), "{}", refusal.explanation);
}

#[test]
fn issuers_of_no_token() {
    for (issuer, code, meant) in [
        (" https://auth.example.com\n", "IssuerHasWhiteSpace", ISSUER),
        ("auth.example.com", "IssuerNotHttps", ISSUER),
        ("\"https://auth.example.com\"", "IssuerNotHttps", ISSUER),
        ("http://auth.example.org", "IssuerNotHttps", "https://auth.example.org"),
        ("https://auth.example.org/login?next=/", "IssuerHasPath", "https://auth.example.org"),
        ("https://", "IssuerInvalidHost", ISSUER),
    ] {
        let configuration = Configuration { verifier_key: Some(KEY), issuer: Some(issuer), ..Configuration::default() };
        let refusal = inspect_token(TOKEN.trim(), &configuration, NOW).refusal.unwrap();
        assert_eq!(refusal.code, code, "{issuer}");
        assert!(refusal.remedy.ends_with(&format!("such as `{meant}`.")), "{issuer}: {}", refusal.remedy);
    }
}

/// During a move to another domain.
#[test]
fn tokens_under_two_issuers() {
    let former = "https://auth.12345.propelauthtest.com";
    let inspect = |issuer, additional_issuer| {
        let configuration = Configuration {
            verifier_key: Some(KEY),
            issuer: Some(issuer),
            additional_issuer: Some(additional_issuer),
            ..Configuration::default()
        };
        let report = inspect_token(TOKEN.trim(), &configuration, NOW);
        assert_eq!(report.expected_issuer.as_deref(), Some(issuer));
        assert_eq!(report.expected_additional_issuer.as_deref(), Some(additional_issuer));
        assert_eq!((report.signature, report.user.is_some()), (Signature::Good, report.refusal.is_none()));
        report.refusal
    };
    assert!(inspect(former, ISSUER).is_none() && inspect(ISSUER, former).is_none());
    let refusal = inspect(former, "https://auth.example.org").unwrap();
    assert_eq!(refusal.code, "WrongIssuer");
    let expected = format!("the verifier expects `{former}` or `https://auth.example.org`.");
    assert!(refusal.explanation.ends_with(&expected), "{}", refusal.explanation);
    let refusal = inspect(former, "https://AUTH.example.com").unwrap();
    let expected = "It differs from `https://AUTH.example.com` only in capital letters.";
    assert!(refusal.explanation.ends_with(expected), "{}", refusal.explanation);
    let long = format!("https://{}", "x".repeat(280));
    for (additional, code, reason, explanation) in [
        ("", "IssuerMissing", "the additional issuer is empty", "The given additional issuer is empty."),
        (
            "https://auth.example.com/",
            "IssuerEndsInSlash",
            "the additional issuer ends in a slash; write it like https://auth.example.com",
            "The given additional issuer, `https://auth.example.com/`, cannot match any token",
        ),
        (
            &long,
            "AdditionalIssuerTooLong",
            "the additional issuer, together with the issuer and the audience, is too long",
            "The given issuers are together longer than 300 bytes.",
        ),
    ] {
        let refusal = inspect(ISSUER, additional).unwrap();
        assert_eq!((refusal.code, &*refusal.reason), (code, reason));
        assert!(refusal.explanation.starts_with(explanation), "{}", refusal.explanation);
    }
}

#[test]
fn keys_in_other_forms() {
    let explained = |text: &str| {
        let report = inspect_key(text);
        (report.form, report.refusal.map(|refusal| refusal.remedy).unwrap_or_default())
    };
    // An accepted key has its format named.
    let base64 = |text: &str| base64ct::Base64::encode_string(text.as_bytes());
    let body = KEY.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    for (text, form) in [
        (KEY.to_owned(), KeyForm::PublicKeyPem),
        (KEY.replace('\n', "\r\n"), KeyForm::PublicKeyPem),
        (KEY.replace('\n', "\\n"), KeyForm::EscapedPem),
        (KEY.replace('\n', "\\\\n"), KeyForm::EscapedPem),
        (KEY.replace('\n', " "), KeyForm::RewrappedPem),
        (KEY.replace('\n', ""), KeyForm::RewrappedPem),
        (KEY.replace('\n', "\n  "), KeyForm::RewrappedPem),
        (KEY.replace('\n', " \n"), KeyForm::RewrappedPem),
        (format!("\u{feff}{KEY}"), KeyForm::MarkedPem),
        (format!("\"{}\"", KEY.trim()), KeyForm::Quoted),
        (format!("'{}'", KEY.replace('\n', "\\n")), KeyForm::Quoted),
        (base64(KEY), KeyForm::Base64),
        (body, KeyForm::Base64),
    ] {
        let report = inspect_key(&text);
        assert_eq!((report.verdict, report.form), (inspect::Verdict::Accepted, form), "{text}");
        assert_eq!(report.fingerprint, inspect_key(KEY).fingerprint, "{text}");
    }
    // A key in a rejected format is converted.
    for (text, form) in [
        (format!("`{}`", KEY.trim()), KeyForm::Quoted),
        (format!("\"'{}'\"", KEY.trim()), KeyForm::Quoted),
        (format!("{{\"verifier_key_pem\":{KEY:?}}}"), KeyForm::Json),
    ] {
        let (found, remedy) = explained(&text);
        assert_eq!(found, form);
        assert!(remedy.ends_with(KEY.trim()), "{form:?}: {remedy}");
    }
    for (text, sentence) in [
        (KEY.replace("BEGIN PUBLIC", "BEGIN  PUBLIC"), "The first line is not `-----BEGIN PUBLIC KEY-----`"),
        (KEY.replace("END PUBLIC", "END  PUBLIC"), "The PEM is malformed: its last line is not"),
        (base64(&format!("{KEY}{KEY}")), "A second PEM block follows the key"),
        (base64(KEY)[1..].to_owned(), "This is not a known key format"),
        (base64(&KEY[..200]), "The base64, or the PEM in it, is malformed"),
    ] {
        let explanation = inspect_key(&text).refusal.unwrap().explanation;
        assert!(explanation.starts_with(sentence), "{text}: {explanation}");
    }
    // An API key in the surrounding text is not shown.
    let api_key = "0123456789abcdef".repeat(8);
    for (text, explanation) in [
        (
            format!("PROPELAUTH_API_KEY={api_key}\n{KEY}"),
            "Other text precedes the key: `PROPELAUTH_API_KEY=0123…(128 characters)`.",
        ),
        (format!("{KEY}{api_key}"), "Other text follows the key: `0123…(128 characters)`."),
    ] {
        assert_eq!(inspect_key(&text).refusal.unwrap().explanation, explanation);
    }
    let private = corpus::own_key_pem("private/rsa2048");
    let (form, remedy) = explained(&private);
    assert_eq!(form, KeyForm::PrivateKey);
    let secret = private.lines().nth(3).unwrap();
    assert!(!remedy.contains(secret));
    assert_eq!(explained(TOKEN.trim()).0, KeyForm::Token);
    assert_eq!(explained("https://auth.example.com/.well-known/jwks.json").0, KeyForm::Url);
}

static MINT: LazyLock<Mint> = LazyLock::new(|| Mint::new("rsa2048"));
static MINT_KEY: LazyLock<String> = LazyLock::new(|| corpus::own_key_pem("rsa2048"));

fn ask_of_mint<'a>(input: impl Into<Input<'a>>) -> TokenReport {
    let configuration =
        Configuration { verifier_key: Some(&MINT_KEY), issuer: Some(mint::ISSUER), ..Configuration::default() };
    inspect_token(input, &configuration, mint::NOW)
}

/// Returns a token with these claims and the required ones.
fn token_with(claims: &str) -> String {
    let others = r#""iss":"https://auth.acme-example.com","iat":1759999990,"exp":1760001790"#;
    MINT.token(format!("{{{others},{claims}}}").as_bytes())
}

/// Returns a token with only these claims.
fn token_of(claims: &str) -> String {
    MINT.token(claims.as_bytes())
}

fn token_under(header: &str) -> String {
    MINT.token_with_header(header.as_bytes(), b"{}")
}

/// The input, the code and the claim, the explanation, and the position.
type Case = (String, &'static str, String, Option<(Option<Segment>, usize)>);

fn check(cases: Vec<Case>) {
    for (input, code, explanation, place) in cases {
        let refusal = ask_of_mint(Input::Pasted(&input)).refusal.unwrap_or_else(|| panic!("{input} is accepted"));
        let found = [Some(refusal.code), refusal.claim].into_iter().flatten().collect::<Vec<_>>().join(" ");
        assert_eq!((found.as_str(), refusal.explanation.as_str()), (code, explanation.as_str()), "{input}");
        assert_eq!(
            refusal.position.map(|position| (position.segment, position.offset)),
            place,
            "{input}: {explanation}"
        );
    }
}

#[test]
fn sentences_on_headers() {
    let token = token_with(r#""user_id":"u""#);
    assert!(ask_of_mint(token.as_str()).refusal.is_none());
    let at = |offset| Some((None, offset));
    let header = |input: String, explanation: &str, offset| (input, "MalformedHeader", explanation.into(), at(offset));
    let no_token =
        |input: &str, explanation: &str, offset| (input.into(), "MalformedToken", explanation.into(), at(offset));
    check(vec![
        (
            String::new(),
            "MissingHeader",
            "There is no token: the `Authorization` header is missing or empty.".into(),
            None,
        ),
        header("Bearer".into(), "Nothing follows `Bearer`.", 6),
        header(format!("Bearer  {token}"), "There is more than one space between `Bearer` and the token.", 7),
        header(format!("Bearer\t{token}"), "`Bearer` is followed by a tab instead of a space.", 6),
        header(
            format!("Bearer\u{a0}{token}"),
            r"`Bearer` is followed by an unusual space, `\u{a0}` instead of a space.",
            6,
        ),
        header(format!("Bearer: {token}"), "`Bearer` is followed by `:` instead of a space.", 6),
        header(format!("Bearer Bearer {token}"), "The word `Bearer` occurs twice.", 7),
        header(format!("Bearer {token} "), "A space follows the token.", 7 + token.len()),
        header(
            format!("Authorization:  Bearer  {token}"),
            "There is more than one space between `Bearer` and the token.",
            23,
        ),
        header(format!(" Bearer {token}"), "The header's value starts with a space.", 0),
        header(format!("\"Bearer {token}\""), "The header's value starts with a quotation mark.", 0),
        header(format!("{token} and more"), "`Bearer` and a space are missing before the token.", 0),
        header(
            format!("session=1; access={token}"),
            "This is a cookie header; expected the `Authorization` header.",
            0,
        ),
        header(
            "Basic YWRhOmxvdmVsYWNl".into(),
            "The header starts with `Basic`; access tokens use the scheme `Bearer`.",
            0,
        ),
        header(
            "Bearer [object Promise]".into(),
            "A JavaScript object was sent instead of the token, most likely a promise.",
            7,
        ),
        no_token(
            "Bearer undefined",
            "The text is `undefined` instead of a token: there was no token when the header was built.",
            7,
        ),
        no_token(&"0123456789abcdef".repeat(8), "This is hexadecimal, like a PropelAuth API key, and not a token.", 0),
        no_token("{\"access_token\":\"a.b.c.d\"}", "This is JSON, not a token.", 0),
        no_token(&format!("access_token={token}"), "This is a cookie or a form parameter, not a token.", 0),
        no_token("session=a", "This is a cookie or a form parameter, not a token.", 0),
        no_token("3f1f9a52-8f07-4d5e-9d3f-2f0e2d4b7a10", "This is an id (UUID), not a token.", 0),
        no_token("https://auth.example.com/login", "This is a URL, not a token.", 0),
        // This key in an `Authorization` header, followed by more.
        header(
            format!("{} \n", "0123456789abcdef".repeat(8)),
            "This is hexadecimal, like a PropelAuth API key, and not a token.",
            0,
        ),
        header("0123456789abcdef0123 more".into(), "The header's value does not start with `Bearer` and a space.", 0),
        header(MINT_KEY.clone(), "This is a key, not a token.", 0),
        header("{ \"access_token\": 1 }".into(), "This is JSON, not a token.", 0),
    ]);
}

#[test]
fn sentences_on_encodings() {
    let token = token_with(r#""user_id":"u""#);
    let dots: Vec<usize> = token.match_indices('.').map(|(at, _)| at).collect();
    let case = |input: String, explanation: &str, segment, offset| {
        (input, "MalformedToken", explanation.to_owned(), Some((segment, offset)))
    };
    let (header, payload, signature) = (Some(Segment::Header), Some(Segment::Payload), Some(Segment::Signature));
    let of_claims = |claims: &str, what: &str, byte: usize| {
        let at = mint::base64url(HEADER.as_bytes()).len() + 1 + byte / 3 * 4 + byte % 3;
        let explanation = format!("The token's payload is not valid JSON for a token: {what}.");
        (token_of(claims), "InvalidPayload", explanation, Some((payload, at)))
    };
    check(vec![
        case(token[..dots[1]].into(), "The token is cut off: it has 2 parts instead of 3.", None, dots[1]),
        case(
            token[..dots[1] + 1].into(),
            "The token's signature is empty: the token was cut off, or never signed.",
            None,
            dots[1] + 1,
        ),
        case(
            format!("{token}.{token}"),
            "The token has 6 parts instead of 3: more than the token was copied.",
            None,
            token.len(),
        ),
        case(
            format!("{}{token}", "A".repeat(4096)),
            "The token's header has 4132 characters; the maximum is 4096.",
            None,
            0,
        ),
        case(
            "eyJ.a.b.c.d".into(),
            "The token has 5 parts, so it is encrypted (JWE). PropelAuth's access tokens are signed but not encrypted.",
            None,
            0,
        ),
        case(
            format!("{token}\n"),
            "The token's signature is not base64url: it contains a line break, which no token has.",
            signature,
            token.len(),
        ),
        case(
            format!("\"{token}\""),
            "The token's header is not base64url: it contains a quotation mark, which no token has.",
            header,
            0,
        ),
        case(
            format!("Bearer {token}=="),
            "The token's signature is not base64url: it contains `=`, which is padding, and tokens have none.",
            signature,
            token.len() + 7,
        ),
        case(
            token[..token.len() - 1].into(),
            "The token's signature is not base64url: it has 341 characters, a length that base64url cannot have.",
            signature,
            token.len() - 1,
        ),
        // Characters are counted, not bytes.
        case(
            format!("e\u{e9}\u{e9}{token}"),
            "The token's header is not base64url: it contains `\u{e9}`, which base64url does not have.",
            header,
            1,
        ),
        case(
            token_under(r#"{"alg":"RS256",}"#),
            "The token's header is not valid JSON for a token: trailing comma.",
            header,
            20,
        ),
        case(
            token_under(r#"{"alg":"RS256","alg":"none"}"#),
            "The token's header is not valid JSON for a token: \
             the name `alg` occurs twice, so parsers could disagree on its value.",
            header,
            20,
        ),
        case(
            token_under(r#"{"alg":"RS256","kid":7}"#),
            "The header's `kid` is a number; expected a string.",
            header,
            0,
        ),
        of_claims(r#"{"exp":1 "iat":2}"#, "expected `,` or `}`", 9),
        of_claims(r#"{"exp":1,"iat":2"#, "it ends too early", 16),
        of_claims(r#"{"exp":NaN}"#, "`NaN` is not JSON", 7),
        of_claims(r#"["exp"]"#, "it is an array; expected an object", 0),
        of_claims(
            r#"{"exp":1,"\u0065xp":2}"#,
            "the name `exp` occurs twice, so parsers could disagree on its value",
            9,
        ),
        of_claims("\u{feff}{}", "it starts with a byte order mark", 0),
    ]);
    // The header counts its bytes too.
    let cut = token[..token.len() - 10].to_owned();
    let explanation =
        "The signature has 249 bytes, but this key's have 256: the token was cut off, or a smaller key signed it.";
    check(vec![(cut.clone(), "InvalidSignature", explanation.into(), Some((signature, cut.len())))]);
}

#[test]
fn sentences_on_claims() {
    let claims =
        |claims: &str, code: &'static str, explanation: &str| (token_with(claims), code, explanation.to_owned(), None);
    let under = |header: &str, code: &'static str, explanation: &str| {
        let token = MINT.token_with_header(header.as_bytes(), br#"{"iss":"x"}"#);
        (token, code, explanation.to_owned(), None)
    };
    let times = |iat: &str, exp: &str, code: &'static str, explanation: &str| {
        let token =
            token_of(&format!(r#"{{"user_id":"u","iss":"https://auth.acme-example.com","iat":{iat},"exp":{exp}}}"#));
        (token, code, explanation.to_owned(), None)
    };
    let issuer = |issuer: &str, explanation: &str| {
        let token = token_of(&format!(r#"{{"user_id":"u","iss":{issuer},"iat":1759999990,"exp":1760001790}}"#));
        (token, "WrongIssuer", explanation.to_owned(), None)
    };
    check(vec![
        times(
            "1759999000",
            "1759999700",
            "Expired",
            "The token expired 5 minutes ago by the local clock: `exp` is 2025-10-09T08:48:20Z, \
             now is 2025-10-09T08:53:20Z, and the leeway of 1 minute has passed, too.",
        ),
        times(
            "1760007200",
            "1760009000",
            "NotYetValid",
            "The token was issued 2 hours from now by the local clock: `iat` is 2025-10-09T10:53:20Z, \
             now is 2025-10-09T08:53:20Z, and the leeway is 1 minute.",
        ),
        times(
            "1759999990000",
            "1760001790000",
            "NotYetValid",
            "The token was issued 55753 years 154 days from now by the local clock: `iat` is the second 1759999990000, \
             now is 2025-10-09T08:53:20Z, and the leeway is 1 minute. In milliseconds it would be 2025-10-09T08:53:10Z.",
        ),
        times(
            "1759999990",
            r#""1760001790""#,
            "InvalidClaim exp",
            r#"The claim `exp` is a string, `"1760001790"`; expected a number of seconds since 1970."#,
        ),
        times(
            "1759999990",
            "null",
            "MissingClaim exp",
            "The claim `exp` is null, but every PropelAuth access token has it.",
        ),
        issuer(
            r#""https://auth.acme-example.com/""#,
            "The token was issued by `https://auth.acme-example.com/`; the verifier expects \
             `https://auth.acme-example.com`. It differs from `https://auth.acme-example.com` only in a slash at the end.",
        ),
        issuer(
            r#""https://auth.other-example.com""#,
            "The token was issued by `https://auth.other-example.com`; the verifier expects `https://auth.acme-example.com`.",
        ),
        claims(
            r#""sub":"u","nonce":"n""#,
            "MissingClaim user_id",
            "The claim `user_id` is missing, but every PropelAuth access token has it. \
             It has `nonce`, like an OpenID Connect ID token.",
        ),
        claims(r#""user_id":"""#, "InvalidClaim user_id", "The claim `user_id` is empty."),
        claims(
            r#""user_id":"u","email":17"#,
            "InvalidClaim email",
            "The claim `email` is a number, `17`; expected a string.",
        ),
        claims(
            r#""user_id":"u","org_id_to_org_member_info":{"o":{"user_role":"Admin","org_id":"o","org_name":5}}"#,
            "InvalidClaim org_id_to_org_member_info",
            "The org `o` in the claim `org_id_to_org_member_info`: its `org_name` is a number, `5`; expected a string.",
        ),
        claims(
            r#""user_id":"u","org_member_info":{"org_id":"o","org_name":"O","url_safe_org_name":"o","org_metadata":{},
                "user_role":"Admin","inherited_user_roles_plus_current_role":["Admin"],"user_permissions":["a",1]}"#,
            "InvalidClaim org_member_info",
            "The org in the claim `org_member_info`: its `user_permissions` is an array with other values than strings; \
             expected an array of strings.",
        ),
        claims(
            r#""user_id":"u","org_id_to_org_member_info":{"o":{"user_role":null},"o":{"user_role":null}}"#,
            "InvalidClaim org_id_to_org_member_info",
            "The org `o` occurs twice in the claim `org_id_to_org_member_info`.",
        ),
        claims(
            r#""user_id":"u","login_method":{"login_method":"social_sso"}"#,
            "InvalidClaim login_method",
            "The claim `login_method`: its `provider` is missing; expected a string, as for every single sign-on.",
        ),
        under(
            r#"{"alg":"HS256"}"#,
            "UnsupportedAlgorithm",
            "The token's algorithm is `HS256`, which uses a shared secret; PropelAuth signs with an RSA key. \
             The unverified token says that it was issued by `x`.",
        ),
        under(
            r#"{"typ":"JWT"}"#,
            "UnsupportedAlgorithm",
            "The header has no algorithm (`alg`). The unverified token says that it was issued by `x`.",
        ),
        under(
            r#"{"alg":"RS256","crit":["exp"]}"#,
            "UnsupportedCritical",
            r#"The header requires extensions (`crit`): `["exp"]`."#,
        ),
    ]);
    // From another environment: another key and another issuer.
    let token = Mint::new("rsa3072").token(br#"{"iss":"https://auth.other-example.com"}"#);
    let report = ask_of_mint(token.as_str());
    assert_eq!(report.signature, Signature::Bad);
    assert_eq!(
        report.refusal.unwrap().explanation,
        "The signature has 384 bytes, but this key's have 256: another key signed it, or text follows the \
         token. The unverified token says that `https://auth.other-example.com` issued it, not `https://auth.acme-example.com`: \
         it seems to come from another environment."
    );
}

#[test]
fn without_a_key_or_an_issuer() {
    let token = token_with(r#""user_id":"u""#);
    let inspect = |verifier_key, issuer| {
        let configuration = Configuration { verifier_key, issuer, ..Configuration::default() };
        let report = inspect_token(token.as_str(), &configuration, mint::NOW);
        assert!(report.user.is_none() && report.claims.is_some() && report.header.is_some());
        (report.refusal.unwrap().code, report.signature)
    };
    let key = Some(MINT_KEY.as_str());
    assert_eq!(inspect(None, Some(mint::ISSUER)), ("KeyMissing", Signature::NotChecked));
    assert_eq!(inspect(None, None), ("KeyMissing", Signature::NotChecked));
    assert_eq!(inspect(Some("no key"), Some(mint::ISSUER)), ("NotAPublicKeyPem", Signature::NotChecked));
    // The key can be asked without an issuer.
    assert_eq!(inspect(key, None), ("IssuerMissing", Signature::Good));
    let other = corpus::own_key_pem("rsa2048_b");
    assert_eq!(inspect(Some(&other), None), ("IssuerMissing", Signature::Bad));
}

/// Text with some of its characters replaced, removed or doubled.
fn damaged(text: &'static str) -> impl Strategy<Value = String> {
    let edit = (any::<prop::sample::Index>(), 0..3, any::<char>());
    prop::collection::vec(edit, 0..4).prop_map(move |edits| {
        let mut characters: Vec<char> = text.chars().collect();
        for (index, what, character) in edits {
            let at = index.index(characters.len());
            match what {
                0 => characters[at] = character,
                1 => characters.truncate(at.max(1)),
                _ => characters.insert(at, character),
            }
        }
        characters.into_iter().collect()
    })
}

/// Any text, and near misses of tokens, headers and keys.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\"'`{]{0,40}-----BEGIN (PUBLIC|RSA PUBLIC|PRIVATE) KEY-----[\\\\n \nA-Za-z0-9+/=-]{0,80}",
        "(Bearer |Authorization: )?[A-Za-z0-9_. -]{0,40}",
        damaged(TOKEN),
        damaged(KEY),
    ]
}

proptest! {
    /// Each refusal has a reason and a valid position, and the verdict is the verifier's.
    #[test]
    fn whatever_is_pasted(text in any_text(), other in any_text()) {
        let key_report = inspect_key(&text);
        let verifier = Verifier::new(TokenVerificationMetadata { verifier_key: &text, issuer: ISSUER });
        prop_assert_eq!(key_report.refusal.is_none(), verifier.is_ok());
        prop_assert_eq!(shown_piece(TOKEN.trim(), &format!("{key_report:?}")), None);
        for report in [ask(&text, NOW), ask(&other, NOW)] {
            prop_assert_eq!(report.refusal.is_none(), report.user.is_some());
            prop_assert_eq!(shown_piece(TOKEN.trim(), &format!("{report:?}")), None);
        }
        for (refusal, text) in [(key_report.refusal, &text), (ask(&other, NOW).refusal, &other)] {
            let Some(refusal) = refusal else { continue };
            prop_assert!(!refusal.explanation.is_empty() && !refusal.remedy.is_empty());
            if let Some(position) = refusal.position {
                prop_assert!(position.offset <= text.chars().count(), "{:?} in {:?}", position, text);
            }
        }
    }
}
