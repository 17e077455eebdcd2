//! The test kit; and its built-in key is useless without it.
#![allow(clippy::unwrap_used)]

use propelauth_edge::{MetadataError, TokenVerificationMetadata, Verifier, VerifyingKey};

const TEST_KEY: &str = include_str!("../../src/testkit/verifier_key.pem");
const ANOTHER_KEY: &str = include_str!("../../examples/demo/verifier_key.pem");

const fn verifier(verifier_key: &str) -> Result<Verifier, MetadataError> {
    Verifier::new(TokenVerificationMetadata { verifier_key, issuer: "https://auth.example.com" })
}

#[test]
fn the_built_in_key_is_trusted_only_in_debug_builds_with_the_feature() {
    const AT_COMPILE_TIME: Result<Verifier, MetadataError> = verifier(TEST_KEY);
    let expected = if cfg!(all(feature = "testkit", debug_assertions)) { None } else { Some(MetadataError::TestKey) };
    let escaped = TEST_KEY.replace('\n', "\\n");
    for refused in [
        AT_COMPILE_TIME.err(),
        verifier(TEST_KEY).err(),
        verifier(&escaped).err(),
        verifier(ANOTHER_KEY).unwrap().with_additional_key(TEST_KEY).err(),
    ] {
        assert_eq!(refused, expected);
    }
    // The arithmetic has no notion of trust.
    assert!(VerifyingKey::from_public_key_pem(TEST_KEY).is_ok());
}

#[cfg(feature = "testkit")]
mod with_the_feature {
    use std::collections::HashSet;

    use hmac::{Hmac, KeyInit, Mac};
    use propelauth_edge::testkit::{Fault, TestIssuer, TestOrg, TestToken};
    use propelauth_edge::{LoginMethod, OrgMemberInfoView, Unauthorized, UnixTime, UserView, Verifier, VerifyingKey};
    use rsa::pkcs8::{DecodePrivateKey, EncodePublicKey};
    use rsa::sha2::Sha256;
    use serde_json::{Value, json};

    use common::values;

    static FIXED: Verifier = TestIssuer::fixed_verifier();

    /// Checks that the user of this token, now and in 2001, is as `expected`, borrowed and owned.
    #[track_caller]
    fn assert_user(verifier: &Verifier, token: &TestToken<'_>, expected: &Value) {
        for now in [UnixTime::now(), UnixTime::from_secs(1_000_000_000)] {
            check(verifier, token, now, |user| {
                assert_eq!(&values::user(user), expected);
                assert_eq!(&json!(user.to_owned()), expected);
            });
        }
    }

    #[track_caller]
    fn check(verifier: &Verifier, token: &TestToken<'_>, now: UnixTime, check: impl FnOnce(&UserView<'_>)) {
        let header = token.authorization_header();
        let mut buffer = vec![0; Verifier::buffer_len(&header)];
        check(&verifier.validate_access_token_and_get_user(header.as_str(), now, &mut buffer).unwrap());
    }

    fn refusal(verifier: &Verifier, token: &TestToken<'_>, now: UnixTime) -> Option<Unauthorized> {
        let token = token.access_token();
        verifier.validate_access_token(&token, now, &mut vec![0; Verifier::buffer_len(&token)]).err()
    }

    #[test]
    fn every_field() {
        let issuer = TestIssuer::fixed();
        let acme = TestOrg::new("acme-id", "Acme & Söhne, Inc.")
            .single_role_in_hierarchy("Owner", &["Admin", "Member"])
            .user_permissions(&["billing::view", "billing::\"edit\""])
            .legacy_org_id("17")
            .org_metadata("plan", "pro")
            .org_metadata("seats", 5);
        let globex = TestOrg::new("a-globex-id", "Globex").url_safe_org_name("g").multi_role("Billing", &["Support"]);
        let token = issuer
            .token("ada-id")
            .email("ada@example.com")
            .first_name("Ada \"the first\"")
            .last_name("Lovelace")
            .username("ada")
            .legacy_user_id("1815")
            .impersonator_user_id("eve-id")
            .property("favorite_color", "teal")
            .property("nested", json!({ "list": [1, -2, 2.5, null, true] }))
            .login_method(LoginMethod::SamlSso { provider: "Okta", org_id: Some("acme-id") })
            .org(TestOrg::new("acme-id", "Replaced by the next one"))
            .org(acme)
            .org(globex);
        let orgs = json!({
            "acme-id": {
                "org_id": "acme-id", "org_name": "Acme & Söhne, Inc.", "url_safe_org_name": "acme-söhne-inc",
                "org_metadata": { "plan": "pro", "seats": 5 }, "legacy_org_id": "17", "user_assigned_role": "Owner",
                "user_inherited_roles_plus_current_role": ["Owner", "Admin", "Member"],
                "user_permissions": ["billing::view", "billing::\"edit\""],
                "org_role_structure": "single_role_in_hierarchy", "assigned_additional_roles": [],
            },
            "a-globex-id": {
                "org_id": "a-globex-id", "org_name": "Globex", "url_safe_org_name": "g",
                "org_metadata": {}, "legacy_org_id": null, "user_assigned_role": "Billing",
                "user_inherited_roles_plus_current_role": ["Billing"], "user_permissions": [],
                "org_role_structure": "multi_role", "assigned_additional_roles": ["Support"],
            },
        });
        let mut expected = json!({
            "user_id": "ada-id", "email": "ada@example.com", "first_name": "Ada \"the first\"", "last_name": "Lovelace",
            "username": "ada", "legacy_user_id": "1815", "impersonator_user_id": "eve-id", "active_org_id": null,
            "properties": { "favorite_color": "teal", "nested": { "list": [1, -2, 2.5, null, true] } },
            "login_method": { "login_method": "saml_sso", "provider": "Okta", "org_id": "acme-id" },
            "org_id_to_org_member_info": orgs,
        });
        assert_user(&FIXED, &token, &expected);
        // In the order of the test, not of their ids.
        check(&FIXED, &token, UnixTime::now(), |user| {
            assert_eq!(user.get_orgs().map(|org| org.org_id).collect::<Vec<_>>(), ["acme-id", "a-globex-id"]);
        });

        // An active org hides the others.
        let token = token.active_org(TestOrg::new("initech-id", "Initech"));
        expected["active_org_id"] = json!("initech-id");
        expected["org_id_to_org_member_info"] = json!({ "initech-id": {
            "org_id": "initech-id", "org_name": "Initech", "url_safe_org_name": "initech", "org_metadata": {},
            "legacy_org_id": null, "user_assigned_role": "Member",
            "user_inherited_roles_plus_current_role": ["Member"], "user_permissions": [],
            "org_role_structure": "single_role_in_hierarchy", "assigned_additional_roles": [],
        }});
        assert_user(&FIXED, &token, &expected);
    }

    #[test]
    fn nothing_but_an_id() {
        let expected = json!({
            "user_id": "ada", "email": null, "first_name": null, "last_name": null, "username": null,
            "legacy_user_id": null, "impersonator_user_id": null, "active_org_id": null, "properties": null,
            "login_method": { "login_method": "unknown", "provider": null, "org_id": null },
            "org_id_to_org_member_info": null,
        });
        assert_user(&FIXED, &TestIssuer::fixed().token("ada"), &expected);
    }

    #[test]
    fn login_methods() {
        let issuer = TestIssuer::fixed();
        for method in [
            LoginMethod::Password,
            LoginMethod::MagicLink,
            LoginMethod::SocialSso { provider: "QuickBooks Online" },
            LoginMethod::EmailConfirmationLink,
            LoginMethod::SamlSso { provider: "Okta", org_id: Some("acme-id") },
            LoginMethod::SamlSso { provider: "Okta", org_id: None },
            LoginMethod::Impersonation,
            LoginMethod::GeneratedFromBackendApi,
            LoginMethod::Unknown,
            LoginMethod::Other("telepathy"),
        ] {
            check(&FIXED, &issuer.token("ada").login_method(method), UnixTime::now(), |user| {
                assert_eq!(user.login_method, method);
            });
        }
    }

    #[test]
    fn role_structures() {
        let issuer = TestIssuer::fixed();
        let hierarchy = TestOrg::new("1", "One").single_role_in_hierarchy("Admin", &["Member"]);
        let roles = TestOrg::new("2", "Two").multi_role("Admin", &["Member"]);
        let token = issuer.token("ada").org(hierarchy.user_permissions(&["edit", "view"])).org(roles);
        check(&FIXED, &token, UnixTime::now(), |user| {
            let answers = |org: OrgMemberInfoView<'_>| {
                ["Owner", "Admin", "Member"].map(|role| (org.user_is_role(role), org.user_is_at_least_role(role)))
            };
            let [one, two] = ["1", "2"].map(|id| user.get_org(id).unwrap());
            assert_eq!(answers(one), [(false, false), (true, true), (false, true)]);
            assert_eq!(answers(two), [(false, false), (true, true), (true, true)]);
            assert!(one.user_has_all_permissions(&["view", "edit"]) && !one.user_has_permission("delete"));
            assert!(!two.user_has_permission("view"));
        });
    }

    #[test]
    fn times_and_claims() {
        let issuer = TestIssuer::fixed();
        let verifier = FIXED.clone().with_leeway(0);
        let [early, issued, before, now, expiry] = [999, 1000, 1999, 2000, 3000].map(UnixTime::from_secs);
        let token = issuer.token("ada").issued_at(issued).expires_at(expiry);
        assert_eq!(refusal(&verifier, &token, early), Some(Unauthorized::NotYetValid));
        assert_eq!(refusal(&verifier, &token, issued), None);
        assert_eq!(refusal(&verifier, &token, expiry), Some(Unauthorized::Expired));
        let token = token.not_before(now);
        assert_eq!(refusal(&verifier, &token, before), Some(Unauthorized::NotYetValid));
        assert_eq!(refusal(&verifier, &token, now), None);

        let (sub, jti) = (propelauth_edge::Claim::Sub, propelauth_edge::Claim::Jti);
        assert_eq!(refusal(&verifier, &token.clone().claim("sub", 1), now), Some(Unauthorized::InvalidClaim(sub)));
        assert_eq!(refusal(&verifier, &token.clone().claim("jti", 1), now), Some(Unauthorized::InvalidClaim(jti)));
        assert_eq!(refusal(&verifier, &token.clone().without_claim("sub").claim("jti", "1"), now), None);
        // A claim with the orgs' name replaces the orgs.
        let token = token.org(TestOrg::new("acme-id", "Acme")).claim("org_id_to_org_member_info", json!({}));
        check(&verifier, &token, now, |user| assert_eq!(user.get_orgs().count(), 0));
    }

    #[test]
    fn faults() {
        assert_eq!(Fault::ALL.iter().collect::<HashSet<_>>().len(), Fault::ALL.len());
        let now = UnixTime::now();
        for issuer in [TestIssuer::fixed(), TestIssuer::generate().with_issuer("https://auth.acme-example.com")] {
            let verifier = issuer.verifier();
            let good = issuer.token("ada").org(TestOrg::new("acme-id", "Acme"));
            assert_eq!(refusal(&verifier, &good, now), None);
            for fault in Fault::ALL {
                assert_eq!(
                    refusal(&verifier, &good.clone().fault(fault), now),
                    Some(fault.unauthorized()),
                    "{fault:?}"
                );
            }

            // Each fault is what it says, and nothing else.
            let [header, payload, signature] = segments(&good.access_token());
            let with = |fault| segments(&good.clone().fault(fault).access_token());
            let [tampered_header, tampered_payload, tampered_signature] = with(Fault::Tampered);
            assert_eq!((&tampered_header, &tampered_signature), (&header, &signature));
            assert_ne!(tampered_payload, payload);

            let [other_header, other_payload, other_signature] = with(Fault::WrongKey);
            assert_eq!((&other_header, &other_payload), (&header, &payload));
            let private =
                rsa::PrivateKey::from_pkcs8_pem(include_str!("../../src/testkit/other_private_key.pem")).unwrap();
            let public = private.to_public_key().to_public_key_der().unwrap();
            let other_key = VerifyingKey::from_public_key_der(public.as_bytes()).unwrap();
            assert_eq!(other_key.verify(format!("{header}.{payload}").as_bytes(), &decode(&other_signature)), Ok(()));

            let [none_header, none_payload, none_signature] = with(Fault::AlgorithmNone);
            assert_eq!(decode(&none_header), br#"{"alg":"none","typ":"JWT"}"#);
            assert_eq!((none_payload, none_signature.as_str()), (payload.clone(), ""));

            let [hs256_header, hs256_payload, hs256_signature] = with(Fault::AlgorithmHs256);
            assert_eq!(decode(&hs256_header), br#"{"alg":"HS256","typ":"JWT"}"#);
            Hmac::<Sha256>::new_from_slice(issuer.metadata().verifier_key.as_bytes())
                .unwrap()
                .chain_update(format!("{hs256_header}.{hs256_payload}"))
                .verify_slice(&decode(&hs256_signature))
                .unwrap();
        }
    }

    fn segments(token: &str) -> [String; 3] {
        token.split('.').map(str::to_owned).collect::<Vec<_>>().try_into().unwrap()
    }

    fn decode(segment: &str) -> Vec<u8> {
        <base64ct::Base64UrlUnpadded as base64ct::Encoding>::decode_vec(segment).unwrap()
    }

    #[test]
    fn issuers_do_not_take_each_others_tokens() {
        let [one, other] = [TestIssuer::generate(), TestIssuer::generate()];
        let now = UnixTime::now();
        for (issuer, stranger) in [(&one, &other), (&other, &one)] {
            let verifier = issuer.verifier();
            assert_eq!(refusal(&verifier, &issuer.token("ada"), now), None);
            assert_eq!(refusal(&verifier, &stranger.token("ada"), now), Some(Unauthorized::InvalidSignature));
            let rotating = verifier.with_additional_key(stranger.metadata().verifier_key).unwrap();
            assert_eq!(refusal(&rotating, &stranger.token("ada"), now), None);
            // Tokens of another issuer under the same key, as during a move to another domain.
            let moved = issuer.clone().with_issuer("https://auth.example.org");
            assert_eq!(refusal(&issuer.verifier(), &moved.token("ada"), now), Some(Unauthorized::WrongIssuer));
            let moving = issuer.verifier().with_additional_issuer(moved.metadata().issuer).unwrap();
            assert_eq!(refusal(&moving, &moved.token("ada"), now), None);
            assert_eq!(refusal(&moving, &issuer.token("ada"), now), None);
        }
    }

    #[test]
    fn fixed_tokens_are_the_same_on_every_run() {
        let [one, other] = [TestIssuer::fixed(), TestIssuer::fixed()];
        assert_eq!(one.token("ada").access_token(), other.token("ada").access_token());
        assert_eq!(one.metadata(), TestIssuer::FIXED);
    }
}
