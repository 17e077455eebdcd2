//! Finds the invalid org and its invalid field, and the invalid member of the login method.

use std::collections::HashSet;
use std::format;
use std::string::{String, ToString};

use super::explanation::wrong_kind;
use super::words::quoted;
use crate::claims::OrgField;
use crate::json::{Kind, Value};
use crate::names::Claim;

/// Returns the expected type of an org's field.
const fn wanted(field: OrgField) -> &'static str {
    match field {
        OrgField::OrgMetadata => "an object",
        OrgField::InheritedRoles | OrgField::UserPermissions | OrgField::AdditionalRoles => "an array of strings",
        _ => "a string",
    }
}

/// Explains an invalid claim about one org or all orgs. The claim is an object.
pub(super) fn fault(claim: Claim, value: Value<'_>) -> String {
    let place = format!("the claim `{}`", claim.name());
    if claim == Claim::OrgMemberInfo {
        return org_fault("The org", &place, value).unwrap_or_else(|| format!("The org in {place} cannot be parsed."));
    }
    let mut ids = HashSet::new();
    for (id, org) in value.members() {
        let id = id.to_string();
        let subject = format!("The org {}", quoted(&id));
        if let Some(fault) = org_fault(&subject, &place, org) {
            return fault;
        }
        if !ids.insert(id) {
            return format!("{subject} occurs twice in {place}.");
        }
    }
    format!("The orgs in {place} cannot be parsed.")
}

fn org_fault(subject: &str, place: &str, org: Value<'_>) -> Option<String> {
    if org.kind() != Kind::Object {
        return Some(wrong_kind(&format!("{subject} in {place}"), Some(org), "an object"));
    }
    let mut fields = [None; OrgField::COUNT];
    for (name, value) in org.members() {
        let name = name.to_string();
        let Some(field) = OrgField::from_name(name.as_bytes()) else { continue };
        if fields.get_mut(field as usize).is_some_and(|place| place.replace(value).is_some()) {
            return Some(format!("{subject} in {place} has the field {} twice.", quoted(&name)));
        }
    }
    let get = |field: OrgField| fields.get(field as usize).copied().flatten();
    if get(OrgField::UserRole).is_some_and(|role| role.kind() == Kind::Null) {
        return None; // no membership, so that the rest does not matter
    }
    OrgField::NAMES.iter().find_map(|name| {
        let field = OrgField::from_name(name.as_bytes())?;
        let found = get(field);
        let subject = format!("{subject} in {place}: its `{name}`");
        if field.allows(found.map(|found| found.kind())) {
            None
        } else {
            Some(wrong_kind(&subject, found, wanted(field)))
        }
    })
}

/// Explains an invalid claim `login_method`. The claim is an object.
pub(super) fn login_method_fault(value: Value<'_>) -> String {
    let subject = |name: &str| format!("The claim `login_method`: its `{name}`");
    let (mut method, mut provider, mut org_id) = (None, None, None);
    for (name, value) in value.members() {
        let name = name.to_string();
        let place = match name.as_str() {
            "login_method" => &mut method,
            "provider" => &mut provider,
            "org_id" => &mut org_id,
            _ => continue,
        };
        if place.replace(value).is_some() {
            return format!("The claim `login_method` has the member {} twice.", quoted(&name));
        }
    }
    let is_text = |value: &Option<Value<'_>>| value.is_some_and(|value| value.kind() == Kind::String);
    if !is_text(&method) {
        return wrong_kind(&subject("login_method"), method, "a string");
    }
    if !is_text(&provider) {
        return wrong_kind(&subject("provider"), provider, "a string, as for every single sign-on");
    }
    wrong_kind(&subject("org_id"), org_id, "a string or null, as for SAML")
}
