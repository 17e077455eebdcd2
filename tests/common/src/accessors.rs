//! Compares the accessors that search or convert with a model of the user or value.

use propelauth_edge::{JsonObject, JsonStr, JsonValue, OrgMemberInfoView, OrgRequirement, RequiredOrg, UserView};
use serde_json::{Map, Value};

use super::values;

/// Answers about a role and a permission in an org.
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

/// Returns the orgs of the model's user.
pub fn orgs_of(expected: &Value) -> impl Iterator<Item = (&String, &Value)> + Clone {
    expected["org_id_to_org_member_info"].as_object().into_iter().flatten()
}

/// Checks orgs by id and by name, and this role and permission in each.
pub fn check_orgs(user: &UserView<'_>, expected: &Value, role: &str, permission: &str) {
    let orgs = orgs_of(expected);
    let ids: Vec<_> = user.get_orgs().map(|org| org.org_id).collect();
    assert_eq!(ids, orgs.clone().map(|(_, org)| org["org_id"].as_str().unwrap()).collect::<Vec<_>>());
    assert_eq!(user.is_impersonated(), !expected["impersonator_user_id"].is_null());
    for (id, org) in orgs.clone() {
        let got = user.get_org(id).unwrap_or_else(|| panic!("no org {id:?}"));
        assert!(values::same(&values::org(&got), org), "{got:?}");
        let answers = Answers::of_model(org, role, permission);
        assert_eq!(Answers::of(&got, role, permission), answers);
        assert_eq!(Answers::by_requirements(user, RequiredOrg::Id(id), role, permission), answers);
        assert!(user.require_org(RequiredOrg::Id(id), OrgRequirement::Member).is_ok());

        let name = org["org_name"].as_str().unwrap();
        let first = orgs.clone().map(|(_, org)| org).find(|org| org["org_name"] == name).unwrap();
        let got = user.get_org_by_name(name).unwrap_or_else(|| panic!("no org named {name:?}"));
        assert!(values::same(&values::org(&got), first), "{got:?}");
        let by_name = Answers::by_requirements(user, RequiredOrg::Name(name), role, permission);
        assert_eq!(by_name, Answers::of_model(first, role, permission));
    }
    for absent in [format!("{role}?"), role.to_owned()] {
        assert_eq!(user.get_org(&absent).is_some(), orgs.clone().any(|(id, _)| *id == absent));
        assert_eq!(user.get_org_by_name(&absent).is_some(), orgs.clone().any(|(_, org)| org["org_name"] == absent));
    }
    let active = expected["active_org_id"].as_str();
    assert_eq!(user.get_active_org_id(), active);
    assert_eq!(user.get_active_org().is_some(), active.is_some_and(|active| orgs.clone().any(|(id, _)| id == active)));
}

/// Checks members by name, and each value.
pub fn check_object(object: JsonObject<'_>, expected: &Map<String, Value>) {
    for (name, member) in expected {
        let got = object.get(name).unwrap_or_else(|| panic!("no member {name:?}"));
        check_value(got, member);
        let absent = format!("{name}?");
        assert_eq!(object.get(&absent).is_some(), expected.contains_key(&absent));
    }
}

/// Checks conversions of a value: by `serde_json` from its text, by `serde-json-core`, and of strings.
pub fn check_value(value: JsonValue<'_>, expected: &Value) {
    assert_eq!(value.deserialize().ok(), value.as_bool(), "{value:?}");
    assert_eq!(value.deserialize().ok(), value.as_u64(), "{value:?}");
    assert_eq!(value.deserialize().ok(), value.as_i64(), "{value:?}");
    // `serde-json-core` turns null into NaN.
    let float = value.deserialize::<f64>().ok().filter(|float| !float.is_nan());
    assert_eq!(float, value.as_f64(), "{value:?}");
    assert_eq!(value.deserialize().ok(), value.as_str().and_then(JsonStr::plain), "{value:?}");
    match expected {
        Value::Object(members) => check_object(value.as_object().unwrap(), members),
        Value::Array(elements) => {
            let array = value.as_array().unwrap();
            assert_eq!(array.iter().count(), elements.len(), "{value:?}");
            array.iter().zip(elements).for_each(|(value, expected)| check_value(value, expected));
        }
        Value::String(expected) => check_string(value, expected),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            assert!(values::same(&values::value(value), expected), "{value:?}");
        }
    }
}

fn check_string(value: JsonValue<'_>, expected: &str) {
    /// The maximum number of bytes that `JsonValue::deserialize` unescapes.
    const UNESCAPED_LEN: usize = 1024;
    let string = value.as_str().unwrap();
    assert!(string == expected, "{string:?}");
    assert!(string != format!("{expected}?").as_str(), "{string:?}");
    assert_eq!(string.to_string(), expected);
    assert!(string.plain().is_none_or(|plain| plain == expected), "{string:?}");
    match string.unescape::<16>() {
        Ok(copy) => assert_eq!(copy, expected),
        Err(_) => assert!(expected.len() > 16, "{string:?}"),
    }
    match value.deserialize::<String>() {
        Ok(copy) => assert_eq!(copy, expected),
        Err(error) => {
            // `serde-json-core` does not support surrogate pairs.
            let has_pair = expected.chars().any(|character| character > '\u{ffff}');
            assert!(string.plain().is_none() && (has_pair || expected.len() > UNESCAPED_LEN), "{error}: {string:?}");
        }
    }
}
