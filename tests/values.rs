//! What is handed out of a token, and in which types: its free-form members first of all.
#![allow(clippy::unwrap_used)]

mod common;

use common::mint::{ISSUER, Mint, NOW};
use propelauth_edge::{JsonObject, LoginMethod, OrgRoleStructure, Unauthorized, UserView, Verifier};
use serde::Deserialize;

const PROPERTIES: &str = r#"{
    "plain": "plain text", "escaped": "Zo\u00eb \"\ud83d\ude00\"\n", "\u006eame": "by an escaped name",
    "account": {"plan": "gold", "seats": 25, "share": 0.5, "tags": ["a", "b"], "owner": null, "note": "two\nlines"},
    "list": [1, "two", null, [true], {"three": 3}]
}"#;

/// Verifies a token with these members besides those that it needs.
fn with_claims<T>(more: &str, read: impl FnOnce(Result<UserView<'_>, Unauthorized>) -> T) -> T {
    let now = NOW.as_secs();
    let claims = format!(r#"{{"user_id":"u","iss":"{ISSUER}","iat":{now},"exp":{},{more}}}"#, now + 60);
    let mint = Mint::new("rsa2048");
    let token = mint.token(claims.as_bytes());
    let mut buffer = vec![0; Verifier::buffer_len(&token)];
    read(mint.verifier.validate_access_token(&token, NOW, &mut buffer))
}

fn with_properties<T>(read: impl FnOnce(&UserView<'_>, JsonObject<'_>) -> T) -> T {
    with_claims(&format!(r#""properties":{PROPERTIES}"#), |user| {
        let user = user.unwrap();
        read(&user, user.properties.unwrap())
    })
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
fn strings_with_an_escape_are_whole_at_every_length() {
    for len in [1, 2, 3, 127, 128, 129, 16_383, 16_384, 16_385, 40_000] {
        let rest = "n".repeat(len - 1);
        with_claims(&format!(r#""first_name":"\u0041{rest}","last_name":"{rest}\u0041""#), |user| {
            let user = user.unwrap();
            assert!(user.first_name == Some(&format!("A{rest}")), "{len}");
            assert!(user.last_name == Some(&format!("{rest}A")), "{len}");
        });
    }
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

#[test]
fn brackets_in_strings_end_nothing() {
    let properties = r#""properties":{"deep":{"]":["}]",{"\u007d\"":"\"}]"}],"}":1},"behind":2}"#;
    with_claims(properties, |user| {
        let properties = user.unwrap().properties.unwrap();
        assert_eq!(properties.iter().count(), 2);
        assert_eq!(properties.get("behind").unwrap().as_u64(), Some(2));
        assert_eq!(properties.get("deep").unwrap().as_object().unwrap().get("}").unwrap().as_u64(), Some(1));
    });
}

#[test]
fn numbers_and_literals() {
    let properties =
        r#""properties":{"t":true,"f":false,"n":null,"i":-5,"u":18446744073709551615,"x":2.5e1,"s":"true"}"#;
    with_claims(properties, |user| {
        let properties = user.unwrap().properties.unwrap();
        let value = |name| properties.get(name).unwrap();
        let bools = ["t", "f", "n", "i", "s"].map(|name| value(name).as_bool());
        assert_eq!(bools, [Some(true), Some(false), None, None, None]);
        let (signed, unsigned) =
            (["i", "u", "x", "t"].map(|n| value(n).as_i64()), ["i", "u", "x"].map(|n| value(n).as_u64()));
        assert_eq!(signed, [Some(-5), None, None, None]);
        assert_eq!(unsigned, [None, Some(u64::MAX), None]);
        assert_eq!(["i", "x", "s"].map(|name| value(name).as_f64()), [Some(-5.0), Some(25.0), None]);
        assert_eq!(value("x").raw(), "2.5e1");
        assert_eq!(format!("{:?} {:?}", value("s"), properties), format!("\"true\" {}", properties.raw()));
        assert!(value("s").as_str().unwrap() == value("s").as_str().unwrap());
        assert!(value("s").as_str().unwrap() != properties.iter().next().unwrap().0);
    });
}

#[test]
fn login_methods() {
    let sso = |org_id| LoginMethod::SamlSso { provider: "Okta", org_id };
    for (claim, expected) in [
        (r#"{"login_method":"password"}"#, Some(LoginMethod::Password)),
        (r#"{"login_method":"magic_link"}"#, Some(LoginMethod::MagicLink)),
        (r#"{"login_method":"social_sso","provider":"Google"}"#, Some(LoginMethod::SocialSso { provider: "Google" })),
        (r#"{"login_method":"social_sso","provider":null}"#, None),
        (r#"{"login_method":"email_confirmation_link"}"#, Some(LoginMethod::EmailConfirmationLink)),
        (r#"{"provider":"Okta","org_id":"o","login_method":"saml_sso"}"#, Some(sso(Some("o")))),
        (r#"{"login_method":"saml_sso","provider":"Okta","org_id":null}"#, Some(sso(None))),
        (r#"{"login_method":"saml_sso","provider":"Okta"}"#, None),
        (r#"{"login_method":"impersonation","other":{"provider":1}}"#, Some(LoginMethod::Impersonation)),
        (r#"{"login_method":"generated_from_backend_api"}"#, Some(LoginMethod::GeneratedFromBackendApi)),
        (r#"{"login_method":"unknown"}"#, Some(LoginMethod::Unknown)),
        (r#"{"login_method":null}"#, Some(LoginMethod::Unknown)),
        (r#"{"login_m\u0065thod":"p\u0061ssword"}"#, Some(LoginMethod::Password)),
        ("{}", Some(LoginMethod::Unknown)),
        (r#"{"login_method":"carrier_pigeon"}"#, Some(LoginMethod::Other("carrier_pigeon"))),
        (r#"{"login_method":1}"#, None),
        (r#"{"login_method":"password","login_method":"password"}"#, None),
        ("null", None),
        ("[]", None),
    ] {
        with_claims(&format!(r#""login_method":{claim}"#), |user| {
            assert_eq!(user.ok().map(|user| user.login_method), expected, "{claim}");
        });
    }
}

#[test]
fn structures_of_roles_and_lists() {
    for (structure, expected) in [
        (r#","org_role_structure":"single_role_in_hierarchy""#, OrgRoleStructure::SingleRoleInHierarchy),
        (r#","org_role_structure":"multi_role""#, OrgRoleStructure::MultiRole),
        (r#","org_role_structure":"matrix""#, OrgRoleStructure::Other("matrix")),
        ("", OrgRoleStructure::SingleRoleInHierarchy),
    ] {
        let org = format!(
            r#""org_member_info":{{"org_id":"o","org_name":"","url_safe_org_name":"","org_metadata":null,"user_role":"A","inherited_user_roles_plus_current_role":["A","B"],"user_permissions":["A","B"],"additional_roles":["B"]{structure}}}"#
        );
        with_claims(&org, |user| {
            let org = user.unwrap().get_active_org().unwrap();
            assert_eq!(org.org_role_structure, expected);
            assert_eq!(org.user_permissions, org.user_inherited_roles_plus_current_role);
            assert_ne!(org.user_permissions, org.assigned_additional_roles);
            assert_eq!(format!("{:?}", org.user_permissions), r#"["A", "B"]"#);
        });
    }
}

#[cfg(feature = "alloc")]
#[test]
fn owned_values() {
    use propelauth_edge::OwnedJsonValue;
    use serde::de::Error as _;
    use serde::de::value::{BytesDeserializer, Error};

    let json = r#"{"a":[null,true,-0,-1,1,2.5,"\n"]}"#;
    with_claims(&format!(r#""properties":{{"value":{json}}}"#), |user| {
        let owned = OwnedJsonValue::from(user.unwrap().get_user_property("value").unwrap());
        let OwnedJsonValue::Object(members) = &owned else { panic!("{owned:?}") };
        let expected = [
            OwnedJsonValue::Null,
            OwnedJsonValue::Bool(true),
            OwnedJsonValue::U64(0), // -0 is the whole number 0, as in Python
            OwnedJsonValue::I64(-1),
            OwnedJsonValue::U64(1),
            OwnedJsonValue::F64(2.5),
            OwnedJsonValue::String("\n".into()),
        ];
        assert_eq!(members["a"], OwnedJsonValue::Array(expected.into()));
        let text = serde_json::to_string(&owned).unwrap();
        assert_eq!(text, json.replace("-0", "0"));
        assert_eq!(serde_json::from_str::<OwnedJsonValue>(&text).unwrap(), owned);
    });

    let octets = BytesDeserializer::<Error>::new(b"octets");
    let error = serde::Deserialize::deserialize(octets).map(|_: OwnedJsonValue| ()).unwrap_err();
    assert_eq!(error, Error::custom("invalid type: byte array, expected a JSON value"));
}
