//! The answers of this crate, in the format of `driver.py`.

use propelauth_edge::{
    AuthError, Forbidden, OrgMemberInfoView, OrgRequirement, RequiredOrg, TokenVerificationMetadata, Unauthorized,
    UnixTime, UserView, Verifier,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::signer::{ISSUER, Key, NOW};
use super::tokens::{Ask, Case};

pub const TIME: UnixTime = UnixTime::from_secs(NOW.unsigned_abs());

/// Returns the answers of a verifier with this key.
pub fn about_token(verifier: &Verifier, case: &Case) -> Result<Value, Unauthorized> {
    let header = case.authorization_header();
    let mut buffer = vec![0; header.as_deref().map_or(0, Verifier::buffer_len)];
    let (_, requirement) = requirements(&case.ask).into_iter().find(|(name, _)| *name == case.ask.by_header).unwrap();
    let org = RequiredOrg::Id(case.ask.org_id);
    let asked =
        verifier.validate_access_token_and_get_user_with_org(header.as_deref(), org, requirement, TIME, &mut buffer);
    let by_header = match asked {
        Ok((_, org)) => shown(org),
        Err(AuthError::Forbidden(error)) => forbidden(error),
        Err(AuthError::Unauthorized(error)) => return Err(error),
    };
    let user = verifier.validate_access_token_and_get_user(header.as_deref(), TIME, &mut buffer)?;
    Ok(json!({
        "user": shown(user),
        "is_impersonated": user.is_impersonated(),
        "get_active_org_id": user.get_active_org_id(),
        "get_active_org": shown(user.get_active_org()),
        "get_orgs": user.get_orgs().map(shown).collect::<Vec<_>>(),
        "get_user_property": shown(user.get_user_property(case.ask.property)),
        "of_org": of_org(&user, &case.ask),
        "by_header": by_header,
    }))
}

pub fn verifier() -> Verifier {
    Verifier::new(TokenVerificationMetadata { verifier_key: Key::Own.pem(), issuer: ISSUER }).unwrap()
}

fn requirements(ask: &Ask) -> [(&'static str, OrgRequirement<'_>); 5] {
    [
        ("member", OrgRequirement::Member),
        ("at_least_role", OrgRequirement::AtLeastRole(ask.role)),
        ("role", OrgRequirement::Role(ask.role)),
        ("permission", OrgRequirement::Permission(ask.permission)),
        ("all_permissions", OrgRequirement::AllPermissions(&ask.permissions)),
    ]
}

fn of_org(user: &UserView<'_>, ask: &Ask) -> Value {
    let org = user.get_org(ask.org_id);
    let in_org = |answer: &dyn Fn(&OrgMemberInfoView<'_>) -> bool| org.as_ref().map(answer);
    let by_requirement = |(name, requirement): (&str, OrgRequirement<'_>)| {
        let org = user.require_org(RequiredOrg::Id(ask.org_id), requirement);
        (name.to_owned(), org.map_or_else(forbidden, shown))
    };
    json!({
        "get_org": shown(org),
        "get_org_by_name": shown(user.get_org_by_name(ask.org_name)),
        "is_role_in_org": user.is_role_in_org(ask.org_id, ask.role),
        "is_at_least_role_in_org": user.is_at_least_role_in_org(ask.org_id, ask.role),
        "has_permission_in_org": user.has_permission_in_org(ask.org_id, ask.permission),
        "has_all_permissions_in_org": user.has_all_permissions_in_org(ask.org_id, &ask.permissions),
        "user_is_role": in_org(&|org| org.user_is_role(ask.role)),
        "user_is_at_least_role": in_org(&|org| org.user_is_at_least_role(ask.role)),
        "user_has_permission": in_org(&|org| org.user_has_permission(ask.permission)),
        "user_has_all_permissions": in_org(&|org| org.user_has_all_permissions(&ask.permissions)),
        "require_org": requirements(ask).into_iter().map(by_requirement).collect::<serde_json::Map<_, _>>(),
    })
}

/// Returns null for a value with a number that JSON cannot have.
fn shown(value: impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn forbidden(error: Forbidden) -> Value {
    json!({ "forbidden": error.public_message().trim_end_matches(" org") })
}
