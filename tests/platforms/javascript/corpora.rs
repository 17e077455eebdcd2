//! Runs the corpora through the npm package and compares its answers about keys, tokens and orgs with the library's.
//!
//! Not part of `cargo test`: `tests/run javascript` builds the package and sets `JAVASCRIPT` to a command that reads
//! questions and writes answers, one per line; see `npm/test/answers.mjs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::thread;

use common::corpus::{self, KeyRow, TokenRow, Verdict, Verifiers};
use common::mint::{self, Mint};
use common::model;
use common::tally::Tally;
use common::values;
use propelauth_edge::{
    AuthError, Claim, Forbidden, TokenVerificationMetadata, Unauthorized, UnixTime, UserView, Verifier, limits,
};
use serde_json::{Map, Value, json};

/// Rows in this repository's data, plus four questions.
const QUESTIONS: usize = 107 + 1557 + 254 + 510 + 4;

/// The number of calls that exhaust JavaScript's stack.
const OVERFLOWS: usize = 400;

type Check = Box<dyn FnOnce(&Value, &mut Tally)>;

/// Questions with checks of their answers.
#[derive(Default)]
struct Exam(Vec<(Value, Check)>);

impl Exam {
    fn ask(&mut self, question: Value, check: impl FnOnce(&Value, &mut Tally) + 'static) {
        self.0.push((question, Box::new(check)));
    }

    fn expect(&mut self, id: &str, question: Value, expected: Value) {
        let id = id.to_owned();
        self.ask(question, move |answer, tally| same(&id, "answer", answer, &expected, tally));
    }

    /// Sends all questions to the command and checks its answers.
    fn sit(self, command: &str) {
        let mut words = command.split_whitespace();
        let mut program = Command::new(words.next().unwrap());
        let mut program = program.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut input = program.stdin.take().unwrap();
        let questions: String = self.0.iter().map(|(question, _)| format!("{question}\n")).collect();
        let writer = thread::spawn(move || input.write_all(questions.as_bytes()).unwrap());
        let mut answers = BufReader::new(program.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut tally = Tally::new("answers of the package");
        for (_, check) in self.0 {
            tally.run();
            let answer = answers.next().expect("an answer to every question");
            check(&model::parse_json(answer.as_bytes()).unwrap(), &mut tally);
        }
        assert_eq!(answers.next(), None);
        tally.finish(QUESTIONS);
        writer.join().unwrap();
        assert!(program.wait().unwrap().success());
    }
}

#[test]
fn corpora() {
    let command = env::var("JAVASCRIPT").expect("JAVASCRIPT, set by `tests/run javascript`");
    let mut exam = Exam::default();
    keys(&mut exam);
    tokens(&mut exam);
    authorization(&mut exam);
    longest_user(&mut exam);
    twins(&mut exam);
    overflows(&mut exam);
    exam.sit(&command);
}

fn same(id: &str, what: &str, got: &Value, expected: &Value, tally: &mut Tally) {
    if !values::same(got, expected) {
        tally.fail(id, format!("{what}: got {got}, expected {expected}"));
    }
}

fn keys(exam: &mut Exam) {
    for row in corpus::keys() {
        let verifier_key = text(&row);
        let metadata = TokenVerificationMetadata { verifier_key: &verifier_key, issuer: mint::ISSUER };
        let expected = Verifier::new(metadata).err().map(|error| error.message());
        exam.expect(
            &row.name,
            json!({ "verifierKey": verifier_key, "issuer": mint::ISSUER }),
            json!({ "verifier": expected }),
        );
    }
}

/// A key that is not UTF-8 is not a string in JavaScript either.
fn text(row: &KeyRow) -> String {
    String::from_utf8_lossy(&row.bytes()).into_owned()
}

fn key_text(name: &str) -> String {
    text(corpus::keys().iter().find(|row| row.name == name).unwrap())
}

fn tokens(exam: &mut Exam) {
    let mut verifiers = Verifiers::load();
    for row in ["tokens", "json_testsuite"].into_iter().flat_map(corpus::rows::<TokenRow>) {
        let mut question = json!({ "verifierKey": key_text(&row.key), "issuer": row.issuer, "now": row.now });
        match (&row.token, &row.authorization_header) {
            (Some(token), _) => question["token"] = json!(token),
            (_, header) => question["header"] = json!(header),
        }
        let expected = match verifiers.get(&row.key, &row.issuer) {
            Err(refused) => json!({ "verifier": refused.error.message() }),
            Ok(verifier) => match row.validate(verifier, &mut row.buffer()) {
                // The package takes what may be missing.
                Err(_) if row.token.as_deref() == Some("") => refused(Unauthorized::MissingToken),
                Err(error) => refused(error),
                Ok(user) => accepted(&user),
            },
        };
        exam.ask(question, move |answer, tally| {
            if !row.either {
                let verdict = if answer["user"].is_object() { Verdict::Accept } else { Verdict::Unauthorized };
                tally.same(&row.id, "verdict", verdict, row.expect);
            }
            same(&row.id, "answer", answer, &expected, tally);
        });
    }
}

fn accepted(user: &UserView<'_>) -> Value {
    // The limit of a `Date`.
    let seconds = |time: UnixTime| (time.as_secs() as f64).min(8.64e12);
    json!({
        "user": in_javascript(&values::user(user)),
        "times": [seconds(user.issued_at()), seconds(user.expires_at())],
    })
}

fn refused(error: Unauthorized) -> Value {
    refusal("UnauthorizedError", error.into(), error.claim())
}

fn forbidden(error: Forbidden) -> Value {
    refusal("ForbiddenError", error.into(), None)
}

/// Returns the expected exception. Its types name the code.
fn refusal(name: &str, error: AuthError, claim: Option<Claim>) -> Value {
    let code = error.code();
    assert!(include_str!("../../../npm/src/errors.ts").contains(&format!("\"{code}\"")), "{code}");
    let mut refused = json!({
        "name": name,
        "status": error.status(),
        "code": code,
        "message": error.public_message(),
        "reason": error.to_string(),
        "wwwAuthenticate": error.www_authenticate(),
    });
    if let Some(claim) = claim {
        refused["claim"] = json!(claim.name());
    }
    json!({ "refused": refused })
}

/// Returns a user with the names of `@propelauth/node`, without nulls.
fn in_javascript(user: &Value) -> Value {
    let mut user = renamed(user);
    user["loginMethod"] = renamed(&user["loginMethod"]);
    if let Some(orgs) = user.get_mut("orgIdToOrgMemberInfo").and_then(Value::as_object_mut) {
        orgs.values_mut().for_each(|org| *org = renamed(org));
    }
    with_floats(user)
}

fn renamed(object: &Value) -> Value {
    let fields = object.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    Value::Object(fields.map(|(name, value)| (in_camel_case(name), value.clone())).collect())
}

fn in_camel_case(name: &str) -> String {
    if name == "assigned_additional_roles" {
        return "userAssignedAdditionalRoles".to_owned();
    }
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |camel, word| camel + &word[..1].to_uppercase() + &word[1..])
}

/// Converts all numbers to those of JavaScript.
fn with_floats(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(array) => array.into_iter().map(with_floats).collect(),
        Value::Object(object) => object.into_iter().map(|(name, value)| (name, with_floats(value))).collect(),
        other => other,
    }
}

fn authorization(exam: &mut Exam) {
    for row in corpus::rows::<corpus::AuthorizationRow>("authz") {
        let mut question =
            json!({ "verifierKey": key_text(&row.key), "issuer": row.issuer, "now": row.now, "token": row.token });
        let mut expected: Map<_, _> =
            row.results.iter().map(|(name, result)| (name.clone(), in_words(name, result))).collect();
        if row.kind == corpus::Checks::OfOrg {
            for (name, asked) in
                [("org", &row.org_id), ("name", &row.org_name), ("role", &row.role), ("permission", &row.permission)]
            {
                question[name] = json!(asked);
            }
            question["permissions"] = json!(row.permissions);
            let not_a_member = forbidden(Forbidden::NotMemberOfOrg);
            expected.insert("other_name".to_owned(), not_a_member.clone());
            expected.insert("no_org".to_owned(), not_a_member);
        } else {
            let properties = row.results["get_user_property"].as_object().unwrap();
            question["properties"] = properties.keys().cloned().collect();
            expected.insert("prototypes".to_owned(), json!(0));
        }
        exam.ask(question, move |answer, tally| {
            for (name, expected) in &expected {
                same(&row.id, name, &answer["answers"][name], expected, tally);
            }
        });
    }
}

/// Returns an answer of the Python library as the package gives it.
fn in_words(name: &str, result: &Value) -> Value {
    match name {
        "get_org" | "get_org_by_name" | "get_active_org" if result.is_object() => with_floats(renamed(result)),
        "get_user_property" => {
            let properties = result.as_object().into_iter().flatten();
            properties.map(|(name, value)| json!([name, with_floats(value.clone())])).collect()
        }
        _ if name.starts_with("validate_") && result["ok"] == true => json!({ "orgId": result["org_id"] }),
        _ if name.starts_with("validate_") => forbidden(match result["forbidden"].as_str() {
            Some("User doesn't have required role") => Forbidden::MissingRole,
            Some("User doesn't have required permission") => Forbidden::MissingPermission,
            _ => Forbidden::NotMemberOfOrg,
        }),
        _ => result.clone(),
    }
}

/// A token of maximum length, with orgs that grow most when converted to JavaScript.
fn longest_user(exam: &mut Exam) {
    let mint = Mint::new("rsa2048");
    let token = |orgs: usize| {
        let org = |i| {
            let org = json!({
                "org_id": "", "org_name": "", "url_safe_org_name": "", "user_role": "", "org_metadata": null,
                "inherited_user_roles_plus_current_role": [], "user_permissions": [],
            });
            (format!("{i}o"), org)
        };
        let orgs: Map<_, _> = (0..orgs).map(org).collect();
        let now = mint::NOW.as_secs();
        let claims = json!({
            "iss": mint::ISSUER, "iat": now, "exp": now + 60, "user_id": "u", "org_id_to_org_member_info": orgs,
        });
        mint.token(claims.to_string().as_bytes())
    };
    let one_org = token(2).len() - token(1).len();
    let longest = token(limits::MAX_TOKEN_LEN / (one_org + 8));
    assert!(
        longest.len() > limits::MAX_TOKEN_LEN * 9 / 10 && longest.len() <= limits::MAX_TOKEN_LEN,
        "{}",
        longest.len()
    );
    let mut buffer = vec![0; Verifier::buffer_len(&longest)];
    let user = mint.verifier.validate_access_token(&longest, mint::NOW, &mut buffer).unwrap();
    let expected = accepted(&user);
    let question = json!({
        "verifierKey": key_text("rsa2048"), "issuer": mint::ISSUER, "now": mint::NOW.as_secs(), "token": longest,
    });
    exam.expect("longest user", question, expected);
}

/// Ids that look like array indexes keep the token's order, and no object of the token has a prototype.
fn twins(exam: &mut Exam) {
    let mint = Mint::new("rsa2048");
    let org = |id: &str| {
        format!(
            r#""{id}":{{"org_id":"{id}","org_name":"Twin","url_safe_org_name":"twin","user_role":"Member",
            "inherited_user_roles_plus_current_role":["Member"],"user_permissions":[],
            "org_metadata":{{"a":[{{"b":{{}}}}]}}}}"#
        )
    };
    let now = mint::NOW.as_secs();
    let payload = format!(
        r#"{{"iss":"{}","iat":{now},"exp":{},"user_id":"u","properties":{{"a":[{{"b":{{}}}}]}},
        "org_id_to_org_member_info":{{{},{},{}}}}}"#,
        mint::ISSUER,
        now + 60,
        org("b"),
        org("7"),
        org("constructor"),
    );
    let token = mint.token(payload.as_bytes());
    let question = |asked: Value| {
        let mut question = asked;
        question["verifierKey"] = json!(key_text("rsa2048"));
        question["issuer"] = json!(mint::ISSUER);
        question["now"] = json!(now);
        question["token"] = json!(token);
        question
    };
    exam.ask(question(json!({ "properties": [] })), |answer, tally| {
        same("twins", "get_orgs", &answer["answers"]["get_orgs"], &json!(["b", "7", "constructor"]), tally);
        same("twins", "prototypes", &answer["answers"]["prototypes"], &json!(0), tally);
    });
    let asked = json!({ "org": "7", "name": "Twin", "role": null, "permission": null, "permissions": null });
    exam.ask(question(asked), |answer, tally| {
        same("twins", "get_org", &answer["answers"]["get_org"]["orgId"], &json!("7"), tally);
        same("twins", "get_org_by_name", &answer["answers"]["get_org_by_name"]["orgId"], &json!("b"), tally);
    });
}

/// A call that exhausts the stack fails alone: the next one verifies.
fn overflows(exam: &mut Exam) {
    let mint = Mint::new("rsa2048");
    let now = mint::NOW.as_secs();
    let claims = json!({ "iss": mint::ISSUER, "iat": now, "exp": now + 60, "user_id": "u" });
    let question = json!({
        "verifierKey": key_text("rsa2048"), "issuer": mint::ISSUER, "now": now,
        "token": mint.token(claims.to_string().as_bytes()), "overflows": OVERFLOWS,
    });
    exam.ask(question, |answer, tally| {
        same("overflows", "overflowed", &answer["overflowed"], &json!(true), tally);
        same("overflows", "returned", &answer["returned"], &json!(OVERFLOWS), tally);
        same("overflows", "user", &answer["user"]["userId"], &json!("u"), tally);
    });
}
