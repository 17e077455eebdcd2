//! Values in tokens and their types, especially free-form members.
#![allow(clippy::unwrap_used)]

use common::mint::{ISSUER, Mint, NOW};
use propelauth_edge::{Claim, JsonObject, LoginMethod, OrgRoleStructure, Unauthorized, UserView, Verifier};
use serde::Deserialize;

const PROPERTIES: &str = r#"{
    "plain": "plain text", "escaped": "Zo\u00eb \"\ud83d\ude00\"\n", "\u006eame": "by an escaped name",
    "account": {"plan": "gold", "seats": 25, "share": 0.5, "tags": ["a", "b"], "owner": null, "note": "two\nlines"},
    "list": [1, "two", null, [true], {"three": 3}]
}"#;

/// Verifies a token with these members added to the required ones.
fn with_claims<T>(more: &str, read: impl FnOnce(Result<UserView<'_>, Unauthorized>) -> T) -> T {
    let now = NOW.as_secs();
    with_payload(&format!(r#"{{"user_id":"u","iss":"{ISSUER}","iat":{now},"exp":{},{more}}}"#, now + 60), read)
}

fn with_payload<T>(claims: &str, read: impl FnOnce(Result<UserView<'_>, Unauthorized>) -> T) -> T {
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

/// A verified user never fails to serialize.
#[test]
fn numbers_beyond_f64_serialize_as_null() {
    with_claims(r#""properties":{"large":1e400,"list":[-1e400,1.5]}"#, |user| {
        let user = user.unwrap();
        let expected = serde_json::json!({"large": null, "list": [null, 1.5]});
        assert_eq!(serde_json::to_value(user).unwrap()["properties"], expected);
        assert_eq!(user.get_user_property("large").unwrap().raw(), "1e400");
        #[cfg(feature = "alloc")]
        assert_eq!(serde_json::to_value(user.to_owned()).unwrap()["properties"], expected);
    });
}

/// An active org without a role is not a membership, and needs no id; but an id that is present must be valid.
#[test]
fn an_active_org_without_a_role() {
    for (org, id) in [
        (r#"{"user_role":null}"#, Some(None)),
        (r#"{"user_role":null,"org_id":null}"#, Some(None)),
        (r#"{"user_role":null,"org_id":"o"}"#, Some(Some("o"))),
        (r#"{"user_role":null,"org_id":5}"#, None),
        (r#"{"org_id":"o"}"#, None),
    ] {
        with_claims(&format!(r#""org_member_info":{org}"#), |user| match id {
            Some(id) => {
                let user = user.unwrap();
                assert_eq!((user.get_active_org_id(), user.get_active_org().is_none()), (id, true), "{org}");
                assert_eq!(user.get_orgs().count(), 0, "{org}");
            }
            None => assert_eq!(user.unwrap_err(), Unauthorized::InvalidClaim(Claim::OrgMemberInfo), "{org}"),
        });
    }
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

#[test]
fn times_and_issuer_of_the_token() {
    for (iat, exp, issued_at, expires_at) in [
        ("1759999000", "1760003600", 1_759_999_000, 1_760_003_600),
        ("1759999000.9", "1.7600036009e9", 1_759_999_000, 1_760_003_600), // cut off, as the checks do
        ("0", "9223372036854775807", 0, 9_223_372_036_854_775_807),
        ("-1", "1760000000", 0, 1_760_000_000), // before 1970
    ] {
        with_payload(&format!(r#"{{"user_id":"u","iss":"{ISSUER}","iat":{iat},"exp":{exp}}}"#), |user| {
            let user = user.unwrap();
            assert_eq!(user.issuer(), ISSUER);
            assert_eq!((user.issued_at().as_secs(), user.expires_at().as_secs()), (issued_at, expires_at));
            // These are not part of the Python library's user.
            let serialized = serde_json::to_value(user).unwrap();
            assert_eq!(serialized.as_object().unwrap().len(), 11);
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

    let bytes = BytesDeserializer::<Error>::new(b"octets");
    let error = serde::Deserialize::deserialize(bytes).map(|_: OwnedJsonValue| ()).unwrap_err();
    assert_eq!(error, Error::custom("invalid type: byte array, expected a JSON value"));
}

#[cfg(feature = "alloc")]
#[test]
fn stored_users() {
    use propelauth_edge::{StoredUser, User};

    let org = r#"{"org_id":"o","org_name":"O","url_safe_org_name":"o","org_metadata":{"a":1},"user_role":"A",
        "inherited_user_roles_plus_current_role":["A"],"user_permissions":["p"]}"#;
    let claims = format!(r#""properties":{PROPERTIES},"org_id_to_org_member_info":{{"o":{org},"p":{org}}}"#);
    with_claims(&claims, |user| {
        let user: User = user.unwrap().to_owned();
        let text = serde_json::to_string(&user).unwrap();
        let stored: StoredUser = serde_json::from_str(&text).unwrap();
        assert_eq!(stored, StoredUser::from(user.clone()));
        assert_eq!(serde_json::to_string(&stored).unwrap(), text);
        assert_eq!(stored.trust(), user);

        // Tokens may not repeat an org id either.
        let twice = text.replacen(r#""p":{"#, r#""o":{"#, 1);
        let error = serde_json::from_str::<StoredUser>(&twice).unwrap_err();
        assert!(error.to_string().starts_with("an org id occurs twice"), "{error}");

        let without_user_id = text.replacen(r#""user_id":"u","#, "", 1);
        assert!(serde_json::from_str::<StoredUser>(&without_user_id).is_err());
    });
}

#[cfg(feature = "alloc")]
#[test]
fn verified_users_can_be_sent_shared_and_cloned() {
    fn check<T: Send + Sync + Clone + 'static>() {}
    check::<propelauth_edge::VerifiedUser>();
}

/// The header is decoded into the buffer before the payload, and may end in the middle of a character of the remainder.
#[cfg(feature = "alloc")]
#[test]
fn verified_users_keep_nothing_of_the_header() {
    let (now, mint) = (NOW.as_secs(), Mint::new("rsa2048"));
    let claims = format!(r#"{{"user_id":"u","iss":"{ISSUER}","iat":{now},"exp":{now}}}"#);
    for len in 0..8 {
        let header = format!(r#"{{"alg":"RS256","kid":"{}{}"}}"#, "k".repeat(len), "é".repeat(400));
        let token = mint.token_with_header(header.as_bytes(), claims.as_bytes());
        assert_eq!(mint.verifier.validate_access_token_owned(&token, NOW).unwrap().user_id(), "u", "{len}");
    }
}
