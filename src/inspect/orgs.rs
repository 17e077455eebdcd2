//! Which org, and which field of it, is no good; and which part of the login method.

use std::collections::HashSet;
use std::format;
use std::string::{String, ToString};

use super::claims::wrong_kind;
use super::words::quoted;
use crate::claims::OrgField;
use crate::error::Claim;
use crate::json::{JsonObject, JsonValue, Kind, Typed};

/// What a field of an org must be, and whether it may be missing.
const fn rule(field: OrgField) -> (&'static str, &'static [Kind], bool) {
    use Kind::{ArrayOfStrings, Null, Object, String};
    match field {
        OrgField::OrgId | OrgField::OrgName | OrgField::UrlSafeOrgName => ("a string", &[String], false),
        OrgField::OrgMetadata => ("an object", &[Object, Null], false),
        OrgField::LegacyOrgId => ("a string", &[String, Null], true),
        OrgField::UserRole => ("a string", &[String, Null], false),
        OrgField::InheritedRoles | OrgField::UserPermissions => ("an array of strings", &[ArrayOfStrings], false),
        OrgField::OrgRoleStructure => ("a string", &[String], true),
        OrgField::AdditionalRoles => ("an array of strings", &[ArrayOfStrings, Null], true),
    }
}

/// What is wrong in the claim, an object, of one org or of all.
pub(super) fn fault(claim: Claim, value: JsonValue<'_>) -> String {
    let place = format!("the claim `{}`", claim.name());
    if claim == Claim::OrgMemberInfo {
        return org_fault("The org", &place, value).unwrap_or_else(|| format!("The org in {place} cannot be read."));
    }
    let mut ids = HashSet::new();
    for (id, org) in value.as_object().into_iter().flat_map(JsonObject::iter) {
        let id = id.to_string();
        let subject = format!("The org {}", quoted(&id));
        if let Some(fault) = org_fault(&subject, &place, org) {
            return fault;
        }
        if !ids.insert(id) {
            return format!("{subject} occurs twice in {place}.");
        }
    }
    format!("The orgs in {place} cannot be read.")
}

fn typed(value: JsonValue<'_>) -> Typed<JsonValue<'_>> {
    Typed { kind: value.kind(), value }
}

fn org_fault(subject: &str, place: &str, org: JsonValue<'_>) -> Option<String> {
    let Some(object) = org.as_object() else {
        return Some(wrong_kind(&format!("{subject} in {place}"), Some(typed(org)), "an object"));
    };
    let mut fields = [None; OrgField::COUNT];
    for (name, value) in object.iter() {
        let name = name.to_string();
        let Some(field) = OrgField::from_name(name.as_bytes()) else { continue };
        if fields.get_mut(field as usize).is_some_and(|place| place.replace(typed(value)).is_some()) {
            return Some(format!("{subject} in {place} has the field {} twice.", quoted(&name)));
        }
    }
    let get = |field: OrgField| fields.get(field as usize).copied().flatten();
    if get(OrgField::UserRole).is_some_and(|role| role.kind == Kind::Null) {
        return None; // no membership, so that the rest does not matter
    }
    OrgField::NAMES.iter().find_map(|name| {
        let field = OrgField::from_name(name.as_bytes())?;
        let (wanted, kinds, may_be_missing) = rule(field);
        let found = get(field);
        let is_good = found.map_or(may_be_missing, |found| kinds.contains(&found.kind));
        if is_good { None } else { Some(wrong_kind(&format!("{subject} in {place}: its `{name}`"), found, wanted)) }
    })
}

/// What is wrong in the claim `login_method`, an object.
pub(super) fn login_method_fault(value: JsonValue<'_>) -> String {
    let subject = |name: &str| format!("The claim `login_method`: its `{name}`");
    let (mut method, mut provider, mut org_id) = (None, None, None);
    for (name, value) in value.as_object().into_iter().flat_map(JsonObject::iter) {
        let name = name.to_string();
        let place = match name.as_str() {
            "login_method" => &mut method,
            "provider" => &mut provider,
            "org_id" => &mut org_id,
            _ => continue,
        };
        if place.replace(typed(value)).is_some() {
            return format!("The claim `login_method` has the member {} twice.", quoted(&name));
        }
    }
    let is_text = |value: &Option<Typed<JsonValue<'_>>>| value.is_some_and(|value| value.kind == Kind::String);
    if !is_text(&method) {
        return wrong_kind(&subject("login_method"), method, "a string");
    }
    if !is_text(&provider) {
        return wrong_kind(&subject("provider"), provider, "a string, as for every single sign-on,");
    }
    wrong_kind(&subject("org_id"), org_id, "a string or null, as for SAML,")
}
