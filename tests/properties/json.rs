//! Claims are accepted as JSON exactly when `serde_json` accepts them, with equal values.

use propelauth_edge::limits::MAX_JSON_DEPTH;
use propelauth_edge::{Unauthorized, UserView, Verifier};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::writer::{self, Writer};
use crate::{MINT, check};
use common::mint::{ISSUER, NOW};
use common::model::{is_payload, parse_json};
use common::{accessors, values};

/// Verifies a token with these claims and passes the user to `read`.
pub fn validate<T>(payload: &[u8], read: impl FnOnce(&UserView<'_>) -> T) -> Result<T, Unauthorized> {
    let token = MINT.token(payload);
    let mut buffer = vec![0xa5; Verifier::buffer_len(&token)];
    MINT.verifier.validate_access_token(&token, NOW, &mut buffer).map(|user| read(&user))
}

/// Returns valid claims with the given members.
pub fn claims_with(members: impl IntoIterator<Item = (String, Value)>) -> Map<String, Value> {
    let claims = json!({ "user_id": "u", "iss": ISSUER, "iat": NOW.as_secs(), "exp": NOW.as_secs() + 60 });
    let Value::Object(mut claims) = claims else { unreachable!() };
    claims.extend(members);
    claims
}

#[test]
fn values_are_read_as_by_serde_json() {
    let strategy = (writer::object(), writer::object(), writer::choices());
    check("values against serde_json", 400, strategy, |(properties, unknown, choices)| {
        let claims = Value::Object(claims_with([
            ("unknown".to_owned(), Value::Object(unknown)),
            ("properties".to_owned(), Value::Object(properties.clone())),
        ]));
        let text = Writer::new(choices).write(&claims);
        let by_serde_json: Value = serde_json::from_str(&text).unwrap();
        prop_assert!(values::same(&by_serde_json, &claims), "the writer: {}", text);

        let expected = Value::Object(properties.clone());
        let got = validate(text.as_bytes(), |user| {
            let properties = user.properties.unwrap();
            accessors::check_object(properties, expected.as_object().unwrap());
            let by_name = |name: &String| (name.clone(), user.get_user_property(name).map(values::value));
            let by_name: Vec<_> = expected.as_object().unwrap().keys().map(by_name).collect();
            let raw: Value = serde_json::from_str(properties.raw()).unwrap();
            (values::object(properties), serde_json::to_value(properties).unwrap(), raw, by_name)
        });
        let (accessors, serialized, raw, by_name) =
            got.map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?;
        prop_assert!(values::same(&accessors, &expected), "accessors: {} of {}", accessors, text);
        prop_assert!(values::same(&serialized, &expected), "serialized: {} of {}", serialized, text);
        prop_assert!(values::same(&raw, &expected), "raw: {} of {}", raw, text);
        for (name, value) in by_name {
            prop_assert!(value.is_some_and(|value| values::same(&value, &properties[&name])), "{:?} of {}", name, text);
        }
        Ok(())
    });
}

#[test]
fn the_last_of_equal_names_counts() {
    let strategy = (writer::object(), writer::choices());
    check("equal names in properties", 200, strategy, |(properties, choices)| {
        let mut writer = Writer::new(choices);
        writer.repeats_names = true;
        let expected = Value::Object(properties);
        let text = writer.write(&expected);
        let payload = format!(
            r#"{{"user_id":"u","iss":"{ISSUER}","iat":{now},"exp":{now},"properties":{text}}}"#,
            now = NOW.as_secs()
        );
        let got = validate(payload.as_bytes(), |user| {
            let properties = user.properties.unwrap();
            let last = |name: &String| properties.get(name).map(values::value);
            let names = expected.as_object().unwrap();
            (values::object(properties), names.keys().map(last).collect::<Option<Vec<_>>>())
        });
        let (all, by_name) = got.map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?;
        prop_assert!(values::same(&all, &expected), "{} of {}", all, text);
        let values: Vec<_> = expected.as_object().unwrap().values().cloned().collect();
        let by_name = by_name.map(Value::Array);
        prop_assert!(by_name.is_some_and(|got| values::same(&got, &Value::Array(values))), "by name of {}", text);
        Ok(())
    });
}

/// Replaces bytes with others.
#[derive(Clone, Debug)]
struct Edit {
    at: prop::sample::Index,
    removed: usize,
    inserted: Vec<u8>,
}

fn edit() -> impl Strategy<Value = Edit> {
    const FRAGMENTS: &[&[u8]] = &[
        b"",
        b"\"",
        b"\\",
        b"\\u",
        b"\\u00e",
        b"\\ud800",
        b"\\udc00",
        b"\\uD83D\\uDE00",
        b"\\x",
        b"\\/",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"-",
        b"+",
        b".",
        b"0",
        b"00",
        b"1",
        b"e",
        b"E+",
        b".5",
        b"1.",
        b"-0",
        b"1e5",
        b"tru",
        b"true",
        b"nul",
        b"null",
        b"NaN",
        b"Infinity",
        b"\0",
        b"\x01",
        b"\x1f",
        b"\x7f",
        b"\x80",
        b"\xbf",
        b"\xc0\xaf",
        b"\xc3",
        b"\xe2\x80",
        b"\xed\xa0\x80",
        b"\xf0\x9f\x98",
        b"\xf4\x90\x80\x80",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\x0b",
        b"\x0c",
        b"\xc2\xa0",
        b"/**/",
        b"//",
        b"'",
        b"a",
        b"{}",
        b"[]",
        b",\"a\":1",
        b"\"\":",
        b" ",
        b"\n",
    ];
    let fragment = prop::sample::select(FRAGMENTS).prop_map(<[u8]>::to_vec);
    let inserted = prop_oneof![6 => fragment, 1 => vec(any::<u8>(), 1..4)];
    (any::<prop::sample::Index>(), 0usize..4, inserted).prop_map(|(at, removed, inserted)| Edit {
        at,
        removed,
        inserted,
    })
}

fn apply(edits: &[Edit], text: &mut Vec<u8>) {
    for edit in edits {
        let at = edit.at.index(text.len() + 1);
        let end = text.len().min(at + edit.removed);
        text.splice(at..end, edit.inserted.iter().copied());
    }
}

#[test]
fn damaged_text_is_refused_as_by_serde_json() {
    let strategy = (writer::object(), writer::object(), writer::choices(), vec(edit(), 1..4));
    check("damaged text against serde_json", 1500, strategy, |(properties, unknown, choices, edits)| {
        let claims = Value::Object(claims_with([
            ("unknown".to_owned(), Value::Object(unknown)),
            ("properties".to_owned(), Value::Object(properties)),
        ]));
        let mut payload = Writer::new(choices).write(&claims).into_bytes();
        apply(&edits, &mut payload);
        let result = validate(&payload, |user| user.properties.map(values::object));
        let shown = String::from_utf8_lossy(&payload);
        match is_payload(&payload) {
            Some(true) => {
                prop_assert_ne!(&result, &Err(Unauthorized::InvalidPayload), "refused: {}", shown);
                let claims: Value = parse_json(&payload).unwrap();
                if let Ok(properties) = result {
                    let properties = properties.unwrap_or(Value::Null);
                    prop_assert!(values::same(&properties, &claims["properties"]), "{} of {}", properties, shown);
                }
            }
            Some(false) if payload.is_empty() => prop_assert_eq!(result, Err(Unauthorized::MalformedToken)),
            Some(false) => prop_assert_eq!(result, Err(Unauthorized::InvalidPayload), "{}", shown),
            None => {}
        }
        Ok(())
    });
}

#[test]
fn any_bytes_are_refused_as_by_serde_json() {
    let strategy = vec(prop_oneof![any::<u8>(), prop::sample::select(b"{}[]\",:\\ 01e-.tfn".to_vec())], 1..12);
    check("any bytes against serde_json", 300, strategy, |bytes| {
        let mut payload = br#"{"":"#.to_vec();
        payload.extend(bytes);
        payload.push(b'}');
        let result = validate(&payload, |_| ());
        match is_payload(&payload) {
            Some(true) => prop_assert!(matches!(result, Err(Unauthorized::MissingClaim(_))), "{:?}", result),
            Some(false) => prop_assert_eq!(result, Err(Unauthorized::InvalidPayload)),
            None => {}
        }
        Ok(())
    });
}

#[test]
fn depth_is_bounded() {
    let mut run = 0;
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}"), (r#"[{"":["#, "]}]")] {
        let per_round = open.matches(['[', '{']).count();
        for depth in (MAX_JSON_DEPTH - 9)..(MAX_JSON_DEPTH + 9) {
            if (depth - 1) % per_round != 0 {
                continue;
            }
            let rounds = (depth - 1) / per_round;
            let inner = if open.ends_with(':') { "1" } else { "" };
            let value = format!("{}{inner}{}", open.repeat(rounds), close.repeat(rounds));
            for name in ["unknown", "properties", "org_member_info"] {
                run += 1;
                let result = validate(format!(r#"{{"{name}":{value}}}"#).as_bytes(), |_| ());
                let too_deep = result == Err(Unauthorized::InvalidPayload);
                assert_eq!(too_deep, depth > MAX_JSON_DEPTH, "{name}, {depth} levels of {open}: {result:?}");
            }
        }
    }
    println!("depth: {run} cases run");
    assert!(run > 100);
}
