//! A model of the crate's treatment of claims, in `serde_json`: which text is a valid payload, and its user.

use std::collections::HashSet;

use propelauth_edge::limits::MAX_JSON_DEPTH;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value, json};

pub const OPTIONAL_TEXTS: [&str; 6] =
    ["email", "first_name", "last_name", "username", "legacy_user_id", "impersonator_user_id"];

/// Parses JSON of any depth. By default, `serde_json` stops below 128 levels.
pub fn parse_json<T: DeserializeOwned>(text: &[u8]) -> serde_json::Result<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    deserializer.disable_recursion_limit();
    let value = T::deserialize(&mut deserializer)?;
    deserializer.end().map(|()| value)
}

/// The members of an object, in order, including duplicates.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(elements) => 1 + elements.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Returns whether the payload is valid: JSON to `serde_json`, unique names, not too deep. Returns `None` if it cannot
/// tell, because of numbers outside the range of `f64`.
pub fn is_payload(payload: &[u8]) -> Option<bool> {
    match parse_json::<Members>(payload) {
        Ok(Members(members)) => {
            let names: HashSet<_> = members.iter().map(|(name, _)| name).collect();
            let deepest = members.iter().map(|(_, value)| 1 + depth(value)).max().unwrap_or(1);
            Some(names.len() == members.len() && deepest <= MAX_JSON_DEPTH)
        }
        Err(error) if error.to_string().starts_with("number out of range") => None,
        Err(_) => Some(false),
    }
}

/// Returns the Python library's user for these claims.
pub fn user(claims: &Map<String, Value>) -> Value {
    let claim = |name: &str| claims.get(name).cloned().unwrap_or(Value::Null);
    let active = claims.get("org_member_info").filter(|org| org.as_object().is_some_and(|org| !org.is_empty()));
    let orgs: Value = match (active, claims.get("org_id_to_org_member_info")) {
        (Some(org), _) => model_orgs([(org["org_id"].as_str().unwrap_or_default(), org)]),
        (None, Some(Value::Object(orgs))) => model_orgs(orgs.iter().map(|(id, org)| (id.as_str(), org))),
        (None, _) => Value::Null,
    };
    let mut user = json!({
        "user_id": claims["user_id"],
        "properties": claim("properties"),
        "active_org_id": active.map(|org| &org["org_id"]),
        "login_method": model_login_method(&claim("login_method")),
        "org_id_to_org_member_info": orgs,
    });
    for name in OPTIONAL_TEXTS {
        user[name] = claim(name);
    }
    user
}

fn model_orgs<'a>(orgs: impl IntoIterator<Item = (&'a str, &'a Value)>) -> Value {
    let members = orgs.into_iter().filter(|(_, org)| !org["user_role"].is_null());
    Value::Object(members.map(|(id, org)| (id.to_owned(), model_org(org))).collect())
}

fn model_org(org: &Value) -> Value {
    let or = |value: &Value, default: Value| if value.is_null() { default } else { value.clone() };
    json!({
        "org_id": org["org_id"],
        "org_name": org["org_name"],
        "org_metadata": or(&org["org_metadata"], json!({})),
        "user_assigned_role": org["user_role"],
        "user_inherited_roles_plus_current_role": org["inherited_user_roles_plus_current_role"],
        "user_permissions": org["user_permissions"],
        "org_role_structure": or(&org["org_role_structure"], json!("single_role_in_hierarchy")),
        "assigned_additional_roles": or(&org["additional_roles"], json!([])),
        "url_safe_org_name": org["url_safe_org_name"],
        "legacy_org_id": org["legacy_org_id"],
    })
}

fn model_login_method(claim: &Value) -> Value {
    let known =
        ["password", "magic_link", "email_confirmation_link", "impersonation", "generated_from_backend_api", "unknown"];
    match claim["login_method"].as_str() {
        Some("social_sso") => json!({ "login_method": "social_sso", "provider": claim["provider"], "org_id": null }),
        Some("saml_sso") => {
            json!({ "login_method": "saml_sso", "provider": claim["provider"], "org_id": claim["org_id"] })
        }
        Some(method) if known.contains(&method) => json!({ "login_method": method, "provider": null, "org_id": null }),
        _ => json!({ "login_method": "unknown", "provider": null, "org_id": null }),
    }
}
