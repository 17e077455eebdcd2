//! What is handed out of the free-form members of a token, and in which types.
#![allow(clippy::unwrap_used)]

mod common;

use common::mint::{ISSUER, Mint, NOW};
use propelauth_edge::{JsonObject, UserView, Verifier};
use serde::Deserialize;

const PROPERTIES: &str = r#"{
    "plain": "plain text", "escaped": "Zo\u00eb \"\ud83d\ude00\"\n", "\u006eame": "by an escaped name",
    "account": {"plan": "gold", "seats": 25, "share": 0.5, "tags": ["a", "b"], "owner": null, "note": "two\nlines"},
    "list": [1, "two", null, [true], {"three": 3}]
}"#;

fn with_properties<T>(read: impl FnOnce(&UserView<'_>, JsonObject<'_>) -> T) -> T {
    let now = NOW.as_secs();
    let claims =
        format!(r#"{{"user_id":"u","iss":"{ISSUER}","iat":{now},"exp":{},"properties":{PROPERTIES}}}"#, now + 60);
    let mint = Mint::new("rsa2048");
    let token = mint.token(claims.as_bytes());
    let mut buffer = vec![0; Verifier::buffer_len(&token)];
    let user = mint.verifier.validate_access_token(&token, NOW, &mut buffer).unwrap();
    read(&user, user.properties.unwrap())
}

#[derive(Deserialize, Debug, PartialEq)]
struct Account<'a> {
    plan: &'a str,
    seats: u16,
    share: f64,
    tags: heapless::Vec<&'a str, 4>,
    owner: Option<&'a str>,
    note: heapless::String<16>,
}

#[test]
fn a_value_becomes_a_type_of_the_users() {
    with_properties(|user, properties| {
        let expected = Account {
            plan: "gold",
            seats: 25,
            share: 0.5,
            tags: heapless::Vec::from_slice(&["a", "b"]).unwrap(),
            owner: None,
            note: "two\nlines".try_into().unwrap(),
        };
        let account = user.get_user_property("account").unwrap();
        assert_eq!(account.deserialize::<Account<'_>>().unwrap(), expected);
        assert_eq!(account.as_object().unwrap().deserialize::<Account<'_>>().unwrap(), expected);
        let tags = account.as_object().unwrap().get("tags").unwrap();
        assert_eq!(tags.as_array().unwrap().deserialize::<[&str; 2]>().unwrap(), ["a", "b"]);

        assert!(properties.get("plain").unwrap().deserialize::<u32>().is_err());
        assert!(account.deserialize::<(&str, u16)>().is_err());
        assert!(!account.deserialize::<u32>().unwrap_err().to_string().is_empty());
    });
}

#[test]
fn strings_are_read_without_their_escapes() {
    with_properties(|_, properties| {
        let string = |name| properties.get(name).unwrap().as_str().unwrap();
        let (plain, escaped) = (string("plain"), string("escaped"));
        let unescaped = "Zoë \"😀\"\n";
        assert_eq!(plain.plain(), Some("plain text"));
        assert_eq!(escaped.plain(), None);
        assert!(escaped == *unescaped && escaped != "Zoë" && plain != escaped);
        assert_eq!(escaped.chars().collect::<String>(), unescaped);
        assert_eq!(escaped.to_string(), unescaped);
        assert_eq!(format!("{escaped:?}"), r#""Zoë \"😀\"\n""#);

        assert_eq!(plain.unescape::<10>().unwrap(), "plain text");
        assert!(plain.unescape::<9>().is_err());
        assert_eq!(escaped.unescape::<12>().unwrap(), unescaped);
        assert!(escaped.unescape::<11>().is_err());

        #[cfg(feature = "alloc")]
        {
            use std::borrow::Cow;
            assert!(matches!(plain.to_cow(), Cow::Borrowed("plain text")));
            assert!(matches!(escaped.to_cow(), Cow::Owned(copy) if copy == unescaped));
        }
    });
}

#[test]
fn names_are_compared_without_their_escapes() {
    with_properties(|user, _| {
        assert!(user.get_user_property("name").unwrap().as_str().unwrap() == "by an escaped name");
        assert!(user.get_user_property(r"\u006eame").is_none());
    });
}

#[test]
fn a_value_is_of_one_kind() {
    with_properties(|_, properties| {
        let list = properties.get("list").unwrap().as_array().unwrap();
        assert_eq!(list.raw(), r#"[1, "two", null, [true], {"three": 3}]"#);
        let kinds = list.iter().map(|value| {
            [
                value.as_u64().is_some(),
                value.as_str().is_some(),
                value.is_null(),
                value.as_array().is_some(),
                value.as_object().is_some(),
            ]
        });
        for (i, kinds) in kinds.enumerate() {
            assert!((0..5).all(|kind| kinds[kind] == (kind == i)), "{i}: {kinds:?}");
        }
    });
}
