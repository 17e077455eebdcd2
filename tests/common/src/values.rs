//! Converts results of the crate into [`serde_json::Value`], through their accessors.

use propelauth_edge::{JsonObject, JsonValue, LoginMethod, OrgMemberInfoView, OrgRoleStructure, StrList, UserView};
use serde_json::{Map, Value, json};

/// Reads the user field by field, into the format of the corpus.
pub fn user(user: &UserView<'_>) -> Value {
    json!({
        "user_id": user.user_id,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "username": user.username,
        "legacy_user_id": user.legacy_user_id,
        "impersonator_user_id": user.impersonator_user_id,
        "properties": user.properties.map(object),
        "active_org_id": user.active_org_id,
        "login_method": login_method(user.login_method),
        "org_id_to_org_member_info": user.org_id_to_org_member_info.map(|orgs| {
            orgs.iter().map(|(key, info)| (key.to_owned(), org(&info))).collect::<Map<_, _>>()
        }),
    })
}

pub fn org(org: &OrgMemberInfoView<'_>) -> Value {
    json!({
        "org_id": org.org_id,
        "org_name": org.org_name,
        "org_metadata": object(org.org_metadata),
        "user_assigned_role": org.user_assigned_role,
        "user_inherited_roles_plus_current_role": strings(org.user_inherited_roles_plus_current_role),
        "user_permissions": strings(org.user_permissions),
        "org_role_structure": match org.org_role_structure {
            OrgRoleStructure::SingleRoleInHierarchy => "single_role_in_hierarchy",
            OrgRoleStructure::MultiRole => "multi_role",
            OrgRoleStructure::Other(name) => name,
        },
        "assigned_additional_roles": strings(org.assigned_additional_roles),
        "url_safe_org_name": org.url_safe_org_name,
        "legacy_org_id": org.legacy_org_id,
    })
}

fn strings(list: StrList<'_>) -> Vec<&str> {
    let strings: Vec<_> = list.iter().collect();
    assert_eq!(strings.len(), list.len());
    assert_eq!(strings.is_empty(), list.is_empty());
    assert!(strings.iter().all(|string| list.contains(string)));
    strings
}

fn login_method(method: LoginMethod<&str>) -> Value {
    let (method, provider, org_id) = match method {
        LoginMethod::Password => ("password", None, None),
        LoginMethod::MagicLink => ("magic_link", None, None),
        LoginMethod::SocialSso { provider } => ("social_sso", Some(provider), None),
        LoginMethod::EmailConfirmationLink => ("email_confirmation_link", None, None),
        LoginMethod::SamlSso { provider, org_id } => ("saml_sso", Some(provider), org_id),
        LoginMethod::Impersonation => ("impersonation", None, None),
        LoginMethod::GeneratedFromBackendApi => ("generated_from_backend_api", None, None),
        LoginMethod::Unknown | LoginMethod::Other(_) => ("unknown", None, None),
        other => panic!("a login method that the tests do not know: {other:?}"),
    };
    json!({ "login_method": method, "provider": provider, "org_id": org_id })
}

pub fn object(object: JsonObject<'_>) -> Value {
    Value::Object(object.iter().map(|(name, member)| (name.to_string(), value(member))).collect())
}

/// Exactly one accessor must return the value.
pub fn value(value: JsonValue<'_>) -> Value {
    let string = value.as_str().map(|string| {
        let characters: String = string.chars().collect();
        assert!(string == characters.as_str(), "{string:?} differs from its characters");
        assert_eq!(string.to_string(), characters);
        Value::String(characters)
    });
    let number = value.as_f64().map(|float| {
        let whole = value.as_u64().map(Value::from).or_else(|| value.as_i64().map(Value::from));
        whole.unwrap_or_else(|| Value::from(float))
    });
    let null = value.is_null().then_some(Value::Null);
    let array = value.as_array().map(|array| array.iter().map(self::value).collect());
    let readings = [string, number, null, array, value.as_bool().map(Value::Bool), value.as_object().map(object)];
    let mut readings = readings.into_iter().flatten();
    let reading = readings.next().unwrap_or_else(|| panic!("{} is no value", value.raw()));
    assert_eq!(readings.next(), None, "{} is several values", value.raw());
    reading
}

/// Compares values, and numbers by value: 1.0 is 1.
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) if a.is_f64() || b.is_f64() => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}
