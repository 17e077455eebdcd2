//! Compares an owned user with the view of its token.

use std::fmt::Debug;

use propelauth_edge::{UserView, VerifiedUser};

/// Checks every method and every printed form.
pub fn check(owned: &VerifiedUser, view: &UserView<'_>) {
    let same = |owned: &dyn Debug, view: &dyn Debug| assert_eq!(format!("{owned:?}"), format!("{view:?}"));
    same(&owned.view(), view);
    same(&owned.clone().view(), view);
    assert_eq!(format!("{owned:?}"), format!("VerifiedUser({view:?})"));
    assert_eq!(serde_json::to_string(owned).ok(), serde_json::to_string(view).ok());

    assert_eq!(owned.user_id(), view.user_id);
    assert_eq!(owned.email(), view.email);
    assert_eq!(owned.first_name(), view.first_name);
    assert_eq!(owned.last_name(), view.last_name);
    assert_eq!(owned.username(), view.username);
    assert_eq!(owned.legacy_user_id(), view.legacy_user_id);
    assert_eq!(owned.impersonator_user_id(), view.impersonator_user_id);
    same(&owned.properties(), &view.properties);
    assert_eq!(owned.active_org_id(), view.active_org_id);
    assert_eq!(owned.login_method(), view.login_method);
    same(&owned.org_id_to_org_member_info(), &view.org_id_to_org_member_info);
    assert_eq!(owned.issuer(), view.issuer());
    assert_eq!((owned.issued_at(), owned.expires_at()), (view.issued_at(), view.expires_at()));

    assert_eq!(owned.is_impersonated(), view.is_impersonated());
    assert_eq!(owned.get_active_org_id(), view.get_active_org_id());
    same(&owned.get_active_org(), &view.get_active_org());
    assert!(owned.get_orgs().map(|org| org.org_id).eq(view.get_orgs().map(|org| org.org_id)));
    for (id, org) in view.org_id_to_org_member_info.into_iter().flat_map(|orgs| orgs.iter()) {
        same(&owned.get_org(id), &Some(org));
        same(&owned.get_org_by_name(org.org_name), &view.get_org_by_name(org.org_name));
    }
    for (name, _) in view.properties.into_iter().flat_map(|properties| properties.iter()) {
        let name = name.to_string();
        same(&owned.get_user_property(&name), &view.get_user_property(&name));
    }
    same(&owned.to_user(), &view.to_owned());
}
