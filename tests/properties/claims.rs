//! Users of random claims, compared with a model in `serde_json::Value`.

use propelauth_edge::{Claim, Unauthorized};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::check;
use crate::json::{claims_with, validate};
use crate::writer::{self, Writer};
use common::model::{self, OPTIONAL_TEXTS};
use common::{accessors, values};

type Members = Vec<(String, Value)>;

/// Whether a claim may have this value.
type IsGood = fn(&Value) -> bool;

/// Few names, so that questions often hit an existing one.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(vec!["Owner", "Admin", "Member", "Owner ", "owner", "", "a\"b\\c", "Zoë\u{1f600}\n"]).prop_map(str::to_owned),
        1 => writer::text(),
    ]
}

fn names() -> impl Strategy<Value = Value> {
    vec(name(), 0..5).prop_map(Value::from)
}

fn text() -> impl Strategy<Value = Value> {
    writer::text().prop_map(Value::String)
}

/// A member that may be missing or null.
fn optional(name: &'static str, value: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Members> {
    let value = prop_oneof![4 => value, 1 => Just(Value::Null)];
    option::weighted(0.8, value)
        .prop_map(|value| value.map(|value| (name.to_owned(), value)).into_iter().collect())
        .boxed()
}

fn required(name: &'static str, value: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Members> {
    value.prop_map(|value| vec![(name.to_owned(), value)]).boxed()
}

/// A member that no claim has.
fn unknown() -> BoxedStrategy<Members> {
    option::of((writer::text(), writer::value()))
        .prop_map(|member| member.map(|(name, value)| (format!("x{name}"), value)).into_iter().collect())
        .boxed()
}

/// The members in any order.
fn shuffled(parts: Vec<BoxedStrategy<Members>>) -> impl Strategy<Value = Map<String, Value>> {
    parts.prop_map(|parts| parts.concat()).prop_shuffle().prop_map(|members| members.into_iter().collect())
}

fn org() -> impl Strategy<Value = Value> {
    let structure = prop_oneof![select(vec!["single_role_in_hierarchy", "multi_role"]).prop_map(Value::from), text()];
    let structure = option::of(structure)
        .prop_map(|value| value.map(|value| ("org_role_structure".to_owned(), value)).into_iter().collect());
    let metadata = prop_oneof![4 => writer::object().prop_map(Value::Object), 1 => Just(Value::Null)];
    let role = prop_oneof![6 => name().prop_map(Value::String), 1 => Just(Value::Null)];
    shuffled(vec![
        required("org_id", text()),
        required("org_name", name().prop_map(Value::String)),
        required("url_safe_org_name", text()),
        required("org_metadata", metadata),
        required("user_role", role),
        required("inherited_user_roles_plus_current_role", names()),
        required("user_permissions", names()),
        optional("additional_roles", names()),
        optional("legacy_org_id", text()),
        structure.boxed(),
        unknown(),
    ])
    .prop_map(Value::Object)
}

fn login_method() -> impl Strategy<Value = Value> {
    let simple = select(vec!["password", "magic_link", "email_confirmation_link", "impersonation", "unknown"]);
    let other = vec![
        required("login_method", prop_oneof![simple.prop_map(Value::from), text()]),
        optional("provider", text()),
        optional("org_id", text()),
        unknown(),
    ];
    let social = vec![required("login_method", Just(json!("social_sso"))), required("provider", text()), unknown()];
    let saml = vec![
        required("login_method", Just(json!("saml_sso"))),
        required("provider", text()),
        required("org_id", prop_oneof![text(), Just(Value::Null)]),
    ];
    prop_oneof![shuffled(other), shuffled(social), shuffled(saml), Just(Map::new())].prop_map(Value::Object)
}

/// Valid claims.
fn claims() -> impl Strategy<Value = Map<String, Value>> {
    let orgs = vec((writer::text(), org()), 0..8).prop_map(|orgs| Value::Object(orgs.into_iter().collect()));
    let no_member = select(vec![json!({"user_role": null}), json!({"user_role": null, "org_id": null})]);
    let active = prop_oneof![2 => org(), 8 => Just(json!({})), 1 => no_member];
    let mut parts = vec![
        Just(claims_with([]).into_iter().collect::<Members>()).boxed(),
        required("user_id", writer::text().prop_map(|text| Value::from(format!("{text}u")))),
        optional("properties", writer::object().prop_map(Value::Object)),
        optional("org_id_to_org_member_info", orgs),
        optional("org_member_info", active),
        option::of(login_method())
            .prop_map(|value| value.map(|value| ("login_method".to_owned(), value)).into_iter().collect())
            .boxed(),
        unknown(),
    ];
    parts.extend(OPTIONAL_TEXTS.map(|name| optional(name, text())));
    shuffled(parts)
}

#[test]
fn users_are_as_the_model_says() {
    let questions = (name(), name());
    check(
        "users against a model",
        500,
        (claims(), writer::choices(), questions),
        |(claims, choices, (role, permission))| {
            let expected = model::user(&claims);
            let text = Writer::new(choices).write(&Value::Object(claims));
            let result = validate(text.as_bytes(), |user| {
                prop_assert!(values::same(&values::user(user), &expected), "{:?} of {}", user, text);
                let serialized = serde_json::to_value(user).unwrap();
                prop_assert!(values::same(&serialized, &expected), "{} of {}", serialized, text);
                accessors::check_orgs(user, &expected, &role, &permission);
                #[cfg(feature = "alloc")]
                {
                    let token = crate::MINT.token(text.as_bytes());
                    let owned = crate::MINT.verifier.validate_access_token_owned(&token, common::mint::NOW);
                    common::owned::check(&owned.unwrap(), user);
                }
                Ok(())
            });
            result.map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?
        },
    );
}

/// Claims of the user, and their valid types.
const TYPES: [(Claim, IsGood); 10] = [
    (Claim::UserId, |value| value.as_str().is_some_and(|id| !id.is_empty()) || value.is_null()),
    (Claim::Email, |value| value.is_string() || value.is_null()),
    (Claim::FirstName, |value| value.is_string() || value.is_null()),
    (Claim::LastName, |value| value.is_string() || value.is_null()),
    (Claim::Username, |value| value.is_string() || value.is_null()),
    (Claim::LegacyUserId, |value| value.is_string() || value.is_null()),
    (Claim::ImpersonatorUserId, |value| value.is_string() || value.is_null()),
    (Claim::Properties, |value| value.is_object() || value.is_null()),
    (Claim::Sub, Value::is_string),
    (Claim::Jti, Value::is_string),
];

#[test]
fn a_claim_of_another_type_is_named() {
    let strategy = (select(TYPES.to_vec()), writer::value(), writer::choices());
    check("claims of other types", 300, strategy, |((claim, is_good), value, choices)| {
        prop_assume!(!is_good(&value));
        let claims = Value::Object(claims_with([(claim.name().to_owned(), value)]));
        let text = Writer::new(choices).write(&claims);
        prop_assert_eq!(validate(text.as_bytes(), |_| ()), Err(Unauthorized::InvalidClaim(claim)), "{}", text);
        Ok(())
    });
}

#[test]
fn an_org_with_a_field_missing_or_of_another_type_is_refused() {
    const REQUIRED: [(&str, IsGood); 7] = [
        ("org_id", Value::is_string),
        ("org_name", Value::is_string),
        ("url_safe_org_name", Value::is_string),
        ("org_metadata", |value| value.is_object() || value.is_null()),
        ("user_role", |value| value.is_string() || value.is_null()),
        ("inherited_user_roles_plus_current_role", is_names),
        ("user_permissions", is_names),
    ];
    fn is_names(value: &Value) -> bool {
        value.as_array().is_some_and(|names| names.iter().all(Value::is_string))
    }
    let strategy = (org(), select(REQUIRED.to_vec()), option::of(writer::value()), any::<bool>(), writer::choices());
    check("invalid orgs", 300, strategy, |(mut org, (field, is_good), value, is_active, choices)| {
        prop_assume!(!org["user_role"].is_null() && !value.as_ref().is_some_and(is_good));
        match value {
            Some(value) => org[field] = value,
            None => drop(org.as_object_mut().unwrap().shift_remove(field)),
        }
        let (claim, value) = match is_active {
            true => (Claim::OrgMemberInfo, org),
            false => (Claim::OrgIdToOrgMemberInfo, json!({ "an id": org })),
        };
        let text = Writer::new(choices).write(&Value::Object(claims_with([(claim.name().to_owned(), value)])));
        prop_assert_eq!(validate(text.as_bytes(), |_| ()), Err(Unauthorized::InvalidClaim(claim)), "{}", text);
        Ok(())
    });
}
