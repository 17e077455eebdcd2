//! Calls everything in the core that handles input, so that the linker finds any path to a panic. Linked but never run.
//!
//! Leaves out `as_f64`, `deserialize`, serialization and printing: the code of the standard library and of serde has
//! checks that the optimizer cannot remove.

use core::hint::black_box;

use propelauth_edge::{
    AuthError, JsonValue, OrgMemberInfoView, OrgRequirement, Orgs, RequiredOrg, TokenCache, TokenVerificationMetadata,
    UnixTime, UserView, Verifier, VerifyingKey,
};

/// Takes anything as `text` and `bytes`.
pub fn call(text: &str, bytes: &[u8], now: u64, buffer: &mut [u8], cache: &mut TokenCache<4, 1024>) {
    let now = UnixTime::from_secs(now);
    if let Ok(verifier) = verifier(text) {
        black_box((verifier.issuer(), verifier.additional_issuer(), Verifier::buffer_len(text)));
        let org = RequiredOrg::Id(text);
        let orgs = [
            verifier
                .validate_access_token_and_get_user_with_org(text, org, OrgRequirement::Member, now, buffer)
                .map(use_org),
            verifier
                .validate_access_token_and_get_user_with_org(
                    text,
                    RequiredOrg::Name(text),
                    OrgRequirement::Role(text),
                    now,
                    buffer,
                )
                .map(use_org),
        ];
        for error in orgs.into_iter().filter_map(Result::err) {
            black_box((error.status(), error.public_message(), error.www_authenticate()));
        }
        let users = [
            verifier.validate_access_token(text, now, buffer).map(|user| use_user(&user, text)),
            verifier.validate_access_token_and_get_user(text, now, buffer).map(|user| use_user(&user, text)),
            verifier.validate_access_token_cached(text, now, buffer, cache).map(|user| use_user(&user, text)),
            verifier
                .validate_access_token_and_get_user_cached(text, now, buffer, cache)
                .map(|user| use_user(&user, text)),
        ];
        for error in users.into_iter().filter_map(Result::err).map(AuthError::from) {
            black_box((error.public_message(), error.code()));
        }
    }
    let keys = [
        VerifyingKey::from_public_key_pem(text),
        VerifyingKey::from_public_key_der(bytes),
        VerifyingKey::from_components(bytes, bytes),
    ];
    for key in keys.into_iter().filter_map(Result::ok) {
        black_box((key.modulus_bits(), key.public_exponent(), key.verify(bytes, bytes).is_ok()));
    }
}

fn verifier(text: &str) -> Result<Verifier, &'static str> {
    Verifier::new(TokenVerificationMetadata { verifier_key: text, issuer: text })
        .and_then(|verifier| verifier.with_additional_key(text))
        .and_then(|verifier| verifier.with_additional_issuer(text))
        .and_then(|verifier| verifier.with_audience(text))
        .map(|verifier| verifier.with_leeway(60).with_max_token_len(text.len()))
        .map_err(|error| error.message())
}

fn use_org((user, org): (UserView<'_>, OrgMemberInfoView<'_>)) {
    black_box(user.user_id);
    black_box((
        org.user_is_role(user.user_id),
        org.user_is_at_least_role(user.user_id),
        org.user_has_permission(user.user_id),
        org.user_has_all_permissions(&[user.user_id]),
    ));
    for list in [org.user_permissions, org.user_inherited_roles_plus_current_role] {
        black_box((list.len(), list.is_empty(), list.contains(user.user_id), list.iter().last()));
    }
    black_box(org.org_role_structure.name());
    if let Some((name, value)) = org.org_metadata.iter().last() {
        black_box(name.plain());
        use_json(value);
    }
}

fn use_user(user: &UserView<'_>, text: &str) {
    let orgs = user.org_id_to_org_member_info;
    black_box((orgs.map(Orgs::len), orgs.map(Orgs::is_empty), user.get_orgs().count()));
    let found =
        [orgs.and_then(|orgs| orgs.get(text)), user.get_org(text), user.get_org_by_name(text), user.get_active_org()];
    for org in found.into_iter().flatten() {
        use_org((*user, org));
    }
    black_box((user.get_active_org_id(), user.is_impersonated()));
    black_box((
        user.is_role_in_org(text, text),
        user.is_at_least_role_in_org(text, text),
        user.has_permission_in_org(text, text),
        user.has_all_permissions_in_org(text, &[text, text]),
    ));
    for requirement in [
        OrgRequirement::AtLeastRole(text),
        OrgRequirement::Permission(text),
        OrgRequirement::AllPermissions(&[text, text]),
    ] {
        if let Err(error) = user.require_org(RequiredOrg::Name(text), requirement) {
            black_box((error.status(), error.public_message(), error.www_authenticate()));
        }
    }
    if let Some(value) = user.get_user_property(text) {
        use_json(value);
    }
    if let Some(value) = user.properties.and_then(|properties| properties.get(text)) {
        use_json(value);
    }
}

fn use_json(value: JsonValue<'_>) {
    black_box((value.is_null(), value.as_bool(), value.as_u64(), value.as_i64(), value.raw()));
    if let Some(string) = value.as_str() {
        black_box((string.plain(), string == *"text", string.chars().count(), string.unescape::<16>().is_ok()));
    }
    black_box(value.as_array().and_then(|array| array.iter().last()).map(JsonValue::raw));
    black_box(value.as_object().and_then(|object| object.get("name")).map(JsonValue::raw));
}
