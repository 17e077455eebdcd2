//! Any bytes as a correctly signed payload: accepted as JSON exactly when `serde_json` accepts them, and every accessor
//! of the user, and everything derived from it, agrees with `serde_json`.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use propelauth_edge::{JsonObject, JsonValue, Orgs, OwnedJsonValue, StoredUser, Unauthorized, User, UserView};
use propelauth_edge_fuzz::model::{self, parse_json};
use propelauth_edge_fuzz::{HEADER, accessors, base64url, has_too_many, token, validate_and, values};
use serde_json::{Map, Value};

fuzz_target!(|payload: &[u8]| {
    let token = token(&format!("{}.{}", base64url(HEADER.as_bytes()), base64url(payload)));
    let expected = match model::is_payload(payload) {
        _ if payload.is_empty() => Some(Unauthorized::MalformedToken),
        Some(true) => {
            let claims: Map<String, Value> = parse_json(payload).expect("it was parsed before");
            let result = validate_and(&token, |user| check(user, &model::user(&claims)));
            assert_eq!(result == Err(Unauthorized::InvalidPayload), has_too_many(&claims), "{result:?}");
            return;
        }
        Some(false) => Some(Unauthorized::InvalidPayload),
        // `serde_json` cannot tell; the accessors must still work.
        None => None,
    };
    let result = validate_and(&token, values::user);
    assert!(expected.is_none_or(|expected| result == Err(expected)), "{result:?}");
});

/// Compares the user with the model's user in every way.
fn check(user: &UserView<'_>, expected: &Value) {
    let same = |got: &Value| assert!(values::same(got, expected), "{got}");
    same(&values::user(user));
    same(&serde_json::to_value(user).expect("numbers within the range of f64"));

    // Every role and permission in each org, and one that does not exist.
    let mut names: Vec<&str> = vec!["Member"];
    for (_, org) in accessors::orgs_of(expected) {
        names.extend(org["user_assigned_role"].as_str());
        for list in ["user_inherited_roles_plus_current_role", "user_permissions", "assigned_additional_roles"] {
            names.extend(org[list].as_array().into_iter().flatten().filter_map(Value::as_str));
        }
    }
    names.sort_unstable();
    names.dedup();
    for (role, permission) in names.iter().zip(names.iter().cycle().skip(1)) {
        accessors::check_orgs(user, expected, role, permission);
    }
    for (id, org) in user.org_id_to_org_member_info.into_iter().flat_map(Orgs::iter) {
        check_object(org.org_metadata, &expected["org_id_to_org_member_info"][id]["org_metadata"]);
    }
    if let Some(properties) = user.properties {
        check_object(properties, &expected["properties"]);
        for (name, _) in properties.iter() {
            let name = name.to_cow();
            let raw = |value: Option<JsonValue<'_>>| value.map(|value| value.raw().to_owned());
            assert_eq!(raw(user.get_user_property(&name)), raw(properties.get(&name)));
        }
    }

    let owned = user.to_owned();
    let text = serde_json::to_string(&owned).expect("numbers within the range of f64");
    same(&parse_json(text.as_bytes()).expect("JSON"));
    let ids = |user: &User| user.get_orgs().map(|org| org.org_id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&owned), user.get_orgs().map(|org| org.org_id).collect::<Vec<_>>());
    let again = parse_json::<StoredUser>(text.as_bytes()).expect("the same form").trust();
    assert_eq!(serde_json::to_string(&again).expect("as before"), text);
}

fn check_object(object: JsonObject<'_>, expected: &Value) {
    let same = |got: &Value| assert!(values::same(got, expected), "{got}");
    accessors::check_object(object, expected.as_object().expect("an object"));
    same(&parse_json(object.raw().as_bytes()).expect("JSON"));
    let owned: BTreeMap<String, OwnedJsonValue> = object.into();
    same(&serde_json::to_value(owned).expect("numbers within the range of f64"));
}
