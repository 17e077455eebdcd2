//! Printed with `Debug` or `Display`, no public type shows a token, a signature or an API key.
//!
//! `tests/client/contract` checks the calls of `client` and their results, with the secrets of the recorded calls. The types
//! that exist only for Workers, such as the error `Failure`, cannot be built here: they contain errors that are checked
//! here, and those of the crate `worker`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)]

#[cfg(feature = "client")]
mod clients;
#[cfg(feature = "tracing")]
mod events;
#[cfg(feature = "inspect")]
mod inspector;
#[cfg(any(feature = "actix", feature = "axum", feature = "lambda"))]
mod integrations;
mod printed;
#[cfg(feature = "testkit")]
mod testkit;

use common::corpus::own_key_pem;
use common::mint::{HEADER, ISSUER, Mint, NOW, base64url};
use common::secrets::shows_nothing_of;
use printed::printed;
use propelauth_edge::limits::MAX_TOKEN_LEN;
use propelauth_edge::{
    AuthError, Forbidden, OrgRequirement, RequiredOrg, TokenCache, TokenVerificationMetadata, UnixTime, Verifier,
    VerifyingKey,
};

/// A valid token of a user with two orgs.
fn token(mint: &Mint) -> String {
    let org = |id| {
        format!(
            r#""{id}":{{"org_id":"{id}","org_name":"Acme","url_safe_org_name":"acme","org_metadata":{{"plan":"gold"}},"user_role":"Admin","inherited_user_roles_plus_current_role":["Admin"],"user_permissions":["view"]}}"#
        )
    };
    let now = NOW.as_secs();
    let claims = format!(
        r#"{{"user_id":"ada","iss":"{ISSUER}","iat":{now},"exp":{},"login_method":{{"login_method":"password"}},"properties":{{"seats":[1,"two",null]}},"org_id_to_org_member_info":{{{},{}}}}}"#,
        now + 60,
        org("a"),
        org("b")
    );
    mint.token(claims.as_bytes())
}

#[test]
fn verifiers_and_caches() {
    let mint = Mint::new("rsa2048");
    let token = token(&mint);
    let mut buffer = vec![0; Verifier::buffer_len(&token)];
    let (mut whole, mut digest) = (TokenCache::<1>::new(), TokenCache::<1, 64>::new());
    assert_eq!(format!("{whole:?}"), "TokenCache { capacity: 1, tokens: 0, .. }");
    mint.verifier.validate_access_token_cached(&token, NOW, &mut buffer, &mut whole).unwrap();
    mint.verifier.validate_access_token_cached(&token, NOW, &mut buffer, &mut digest).unwrap();
    assert_eq!(format!("{whole:?}"), "TokenCache { capacity: 1, tokens: 1, .. }");
    assert_eq!(format!("{digest:?}"), format!("{whole:?}"));

    let verifier_key = &own_key_pem("rsa2048");
    let metadata = TokenVerificationMetadata { verifier_key, issuer: ISSUER };
    let key = VerifyingKey::from_public_key_pem(verifier_key).unwrap();
    assert_eq!(format!("{key:?}"), "VerifyingKey { modulus_bits: 2048, public_exponent: 65537, .. }");
    assert_eq!(
        format!("{:?}", mint.verifier),
        format!(
            r#"Verifier {{ issuer: "{ISSUER}", additional_issuer: None, key: {key:?}, additional_key: None, audience: None, leeway: 60, max_token_len: 262144 }}"#
        )
    );
    let both = mint.verifier.clone().with_additional_key(&own_key_pem("rsa2048_b")).unwrap();
    assert!(format!("{both:?}").contains(&format!("additional_key: Some({key:?})")), "{both:?}");
    let two = mint.verifier.clone().with_additional_issuer("https://auth.example.org").unwrap();
    assert!(format!("{two:?}").contains(r#"additional_issuer: Some("https://auth.example.org")"#), "{two:?}");
    let parts = [printed(&metadata), printed(&whole), printed(&digest), printed(&key), printed(&both)];
    shows_nothing_of(&token, &parts.concat());
}

#[test]
fn users_and_what_they_are_made_of() {
    let mint = Mint::new("rsa2048");
    let token = token(&mint);
    let mut buffer = vec![0; Verifier::buffer_len(&token)];
    let user = mint.verifier.validate_access_token(&token, NOW, &mut buffer).unwrap();
    let org = user.get_org("a").unwrap();
    let seats = user.get_user_property("seats").unwrap();
    let name = user.properties.unwrap().iter().next().unwrap().0;
    let parts = [
        printed(&user),
        printed(&user.org_id_to_org_member_info.unwrap()),
        printed(&user.login_method),
        printed(&org),
        printed(&org.user_permissions),
        printed(&org.org_role_structure),
        printed(&org.org_metadata),
        printed(&seats),
        printed(&seats.as_array().unwrap()),
        printed(&seats.deserialize::<u32>().unwrap_err()),
        printed(&name),
        printed(&NOW),
        printed(&RequiredOrg::Id("a")),
        printed(&OrgRequirement::AllPermissions(&["view"])),
    ];
    shows_nothing_of(&token, &parts.concat());
    assert_eq!(format!("{:?} {seats:?} {name:?}", org.user_permissions), r#"["view"] [1,"two",null] "seats""#);
    assert_eq!(format!("{:?}", seats.as_array().unwrap()), seats.raw());
    #[cfg(feature = "alloc")]
    {
        let owned: propelauth_edge::User = user.to_owned();
        let org = owned.get_org("a").unwrap();
        let verified = mint.verifier.validate_access_token_owned(&token, NOW).unwrap();
        let parts = [
            printed(&owned),
            printed(&verified),
            printed(&propelauth_edge::StoredUser::from(owned.clone())),
            printed(owned.org_id_to_org_member_info.as_ref().unwrap()),
            printed(org),
            printed(&propelauth_edge::OwnedJsonValue::from(seats)),
        ];
        shows_nothing_of(&token, &parts.concat());
    }
}

#[test]
fn errors() {
    let mint = Mint::new("rsa2048");
    let good = token(&mint);
    let mut shown = String::new();
    let mut print = |token: &str, now| {
        let mut buffer = vec![0; Verifier::buffer_len(token)];
        let error = mint.verifier.validate_access_token(token, now, &mut buffer).unwrap_err();
        let either = AuthError::from(error);
        shown += &format!("{error} {} {} {either} {}", printed(&error), error.public_message(), printed(&either));
    };
    for at in (0..good.len()).step_by(20) {
        let mut changed = good.clone().into_bytes();
        changed[at] = b'!';
        print(str::from_utf8(&changed).unwrap(), NOW);
        print(&good[..at], NOW);
    }
    print(&good, UnixTime::from_secs(0));
    print(&good, UnixTime::from_secs(u64::MAX));
    print(&good.repeat(MAX_TOKEN_LEN / good.len() + 1), NOW);
    print(&mint.token(br#"{"user_id":1}"#), NOW);
    print(&format!("{}.{good}", base64url(HEADER.as_bytes())), NOW);
    let (error, forbidden) = (
        mint.verifier.validate_access_token_and_get_user(&*format!("{good} {good}"), NOW, &mut []).unwrap_err(),
        AuthError::from(Forbidden::MissingRole),
    );
    shown += &format!("{error} {error:?} {forbidden} {forbidden:?} {}", printed(&Forbidden::MissingRole));
    shows_nothing_of(&good, &shown);
    let key = VerifyingKey::from_public_key_pem(&own_key_pem("rsa2048")).unwrap();
    let error = key.verify(b"message", &[1; 256]).unwrap_err();
    assert!(!format!("{error} {}", printed(&error)).contains("1, 1"));

    // A private key that was passed as the verifier key.
    let private = own_key_pem("private/rsa2048");
    let error = VerifyingKey::from_public_key_pem(&private).unwrap_err();
    let setting = Verifier::from_settings(|_| Some(private.as_str())).unwrap_err();
    let shown = format!("{error} {} {setting} {}", printed(&error), printed(&setting));
    assert!(private.lines().all(|line| !shown.contains(line)), "{shown}");
}

#[cfg(feature = "alloc")]
#[test]
fn every_public_type_is_printed() {
    verifiers_and_caches();
    users_and_what_they_are_made_of();
    errors();
    #[cfg(feature = "http")]
    printed(&propelauth_edge::TokenSource::Cookie("access_token"));
    #[cfg(feature = "actix")]
    integrations::actix_and_its_answers();
    #[cfg(feature = "axum")]
    integrations::axum_and_its_answers();
    #[cfg(feature = "client")]
    clients::all();
    #[cfg(feature = "inspect")]
    inspector::all();
    #[cfg(feature = "lambda")]
    integrations::lambda();
    #[cfg(feature = "testkit")]
    testkit::the_test_kit();
    let not_printed = printed::not_printed();
    assert!(not_printed.is_empty(), "not printed: {not_printed:?}");
}
