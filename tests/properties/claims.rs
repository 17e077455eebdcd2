//! Users of random claims against a model of them in `serde_json::Value`.

use propelauth_edge::{Claim, OrgMemberInfoView, OrgRequirement, RequiredOrg, Unauthorized, UserView};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::check;
use crate::common::model::{self, OPTIONAL_TEXTS};
use crate::common::values;
use crate::json::{claims_with, validate};
use crate::writer::{self, Writer};

type Members = Vec<(String, Value)>;

/// Whether a claim may have this value.
type IsGood = fn(&Value) -> bool;

/// Few enough that a question often meets one that is there.
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

/// A member that nobody asked for, of a name that no claim has.
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

/// Claims that pass.
fn claims() -> impl Strategy<Value = Map<String, Value>> {
    let orgs = vec((writer::text(), org()), 0..8).prop_map(|orgs| Value::Object(orgs.into_iter().collect()));
    let active = prop_oneof![1 => org(), 4 => Just(json!({}))];
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

/// What is asked about a role and a permission in an org.
#[derive(Debug, PartialEq)]
struct Answers {
    is_role: bool,
    is_at_least_role: bool,
    has_permission: bool,
    has_both_permissions: bool,
}

impl Answers {
    fn of(org: &OrgMemberInfoView<'_>, role: &str, permission: &str) -> Self {
        Self {
            is_role: org.user_is_role(role),
            is_at_least_role: org.user_is_at_least_role(role),
            has_permission: org.user_has_permission(permission),
            has_both_permissions: org.user_has_all_permissions(&[permission, role]),
        }
    }

    fn by_requirements(user: &UserView<'_>, org: RequiredOrg<'_>, role: &str, permission: &str) -> Self {
        let both = [permission, role];
        let is_met = |requirement| user.require_org(org, requirement).is_ok();
        Self {
            is_role: is_met(OrgRequirement::Role(role)),
            is_at_least_role: is_met(OrgRequirement::AtLeastRole(role)),
            has_permission: is_met(OrgRequirement::Permission(permission)),
            has_both_permissions: is_met(OrgRequirement::AllPermissions(&both)),
        }
    }

    fn of_model(org: &Value, role: &str, permission: &str) -> Self {
        let lists = |list: &str, name: &str| org[list].as_array().unwrap().iter().any(|entry| entry == name);
        let multiple = org["org_role_structure"] == "multi_role";
        let is_role = org["user_assigned_role"] == role || multiple && lists("assigned_additional_roles", role);
        let has_permission = lists("user_permissions", permission);
        Self {
            is_role,
            is_at_least_role: if multiple { is_role } else { lists("user_inherited_roles_plus_current_role", role) },
            has_permission,
            has_both_permissions: has_permission && lists("user_permissions", role),
        }
    }
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
                compare_orgs(user, &expected, &role, &permission)
            });
            result.map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?
        },
    );
}

fn compare_orgs(user: &UserView<'_>, expected: &Value, role: &str, permission: &str) -> Result<(), TestCaseError> {
    let none = Map::new();
    let orgs = expected["org_id_to_org_member_info"].as_object().unwrap_or(&none);
    let ids: Vec<_> = user.get_orgs().map(|org| org.org_id).collect();
    prop_assert_eq!(ids, orgs.values().map(|org| org["org_id"].as_str().unwrap()).collect::<Vec<_>>());
    prop_assert_eq!(user.is_impersonated(), !expected["impersonator_user_id"].is_null());
    for (id, org) in orgs {
        let got = user.get_org(id).ok_or_else(|| TestCaseError::fail(format!("no org {id:?}")))?;
        prop_assert!(values::same(&values::org(&got), org), "{:?}", got);
        let answers = Answers::of_model(org, role, permission);
        prop_assert_eq!(&Answers::of(&got, role, permission), &answers);
        prop_assert_eq!(&Answers::by_requirements(user, RequiredOrg::Id(id), role, permission), &answers);
        prop_assert!(user.require_org(RequiredOrg::Id(id), OrgRequirement::Member).is_ok());

        let name = org["org_name"].as_str().unwrap();
        let first = orgs.values().find(|org| org["org_name"] == name).unwrap();
        let got = user.get_org_by_name(name).ok_or_else(|| TestCaseError::fail(format!("no org named {name:?}")))?;
        prop_assert!(values::same(&values::org(&got), first), "{:?}", got);
        let by_name = Answers::by_requirements(user, RequiredOrg::Name(name), role, permission);
        prop_assert_eq!(by_name, Answers::of_model(first, role, permission));
    }
    for absent in [format!("{role}?"), role.to_owned()] {
        prop_assert_eq!(user.get_org(&absent).is_some(), orgs.contains_key(&absent));
        prop_assert_eq!(user.get_org_by_name(&absent).is_some(), orgs.values().any(|org| org["org_name"] == absent));
    }
    let active = expected["active_org_id"].as_str();
    prop_assert_eq!(user.get_active_org_id(), active);
    prop_assert_eq!(user.get_active_org().is_some(), active.is_some_and(|id| orgs.contains_key(id)));
    Ok(())
}

/// Claims of the user, and the types that they may have.
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
    check("orgs that are no good", 300, strategy, |(mut org, (field, is_good), value, is_active, choices)| {
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
