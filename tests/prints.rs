//! What is printed of a public type, by `Debug` or `Display`, shows no token, no signature and no API key.
//!
//! The calls of `client`, their options and their results are looked at in `client_contract`, each with the secrets of
//! the recorded calls in it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod common;

use std::fmt::Debug;

use common::corpus::own_key_pem;
use common::mint::{HEADER, ISSUER, Mint, NOW, base64url};
use propelauth_edge::limits::MAX_TOKEN_LEN;
use propelauth_edge::{
    AuthError, Forbidden, OrgRequirement, RequiredOrg, TokenCache, TokenVerificationMetadata, UnixTime, Verifier,
    VerifyingKey,
};

/// A good token of a user of two orgs.
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

/// Fails if a part of the token's text, or of its signature in numbers, is in what is printed.
fn shows_nothing_of(token: &str, printed: &str) {
    for segment in token.split('.') {
        for part in segment.as_bytes().windows(12) {
            let part = str::from_utf8(part).unwrap();
            assert!(!printed.contains(part), "{part} is shown in {printed}");
        }
    }
    let signature = <base64ct::Base64UrlUnpadded as base64ct::Encoding>::decode_vec(token.rsplit('.').next().unwrap());
    for part in signature.unwrap_or_default().windows(4) {
        let numbers = format!("{part:?}");
        assert!(!printed.contains(numbers.trim_matches(['[', ']'])), "{numbers} is shown in {printed}");
    }
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
        format!(r#"Verifier {{ issuer: "{ISSUER}", key: {key:?}, additional_key: None, leeway: 60 }}"#)
    );
    shows_nothing_of(&token, &format!("{metadata:?} {whole:?} {digest:?} {:?}", mint.verifier));
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
    let parts: &[&dyn Debug] = &[
        &user,
        &user.org_id_to_org_member_info,
        &user.login_method,
        &org,
        &org.user_permissions,
        &org.org_role_structure,
        &org.org_metadata,
        &seats,
        &seats.as_array(),
        &name,
        &NOW,
        &RequiredOrg::Id("a"),
        &OrgRequirement::AllPermissions(&["view"]),
    ];
    for part in parts {
        shows_nothing_of(&token, &format!("{part:?} {part:#?}"));
    }
    assert_eq!(format!("{:?} {seats:?} {name:?}", org.user_permissions), r#"["view"] [1,"two",null] "seats""#);
    assert_eq!(format!("{:?}", seats.as_array().unwrap()), seats.raw());
    #[cfg(feature = "alloc")]
    {
        let owned: propelauth_edge::User = user.to_owned();
        shows_nothing_of(&token, &format!("{owned:?}"));
    }
}

#[test]
fn errors() {
    let mint = Mint::new("rsa2048");
    let good = token(&mint);
    let mut printed = String::new();
    let mut print = |token: &str, now| {
        let mut buffer = vec![0; Verifier::buffer_len(token)];
        let error = mint.verifier.validate_access_token(token, now, &mut buffer).unwrap_err();
        let either = AuthError::from(error);
        printed += &format!("{error} {error:?} {} {either} {either:?}\n", error.public_message());
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
    printed += &format!("{error} {error:?} {forbidden} {forbidden:?}");
    shows_nothing_of(&good, &printed);
    let key = VerifyingKey::from_public_key_pem(&own_key_pem("rsa2048")).unwrap();
    let error = key.verify(b"message", &[1; 256]).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("1, 1"));

    // A private key that was taken for the verifier key.
    let private = own_key_pem("private/rsa2048");
    let error = VerifyingKey::from_public_key_pem(&private).unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(private.lines().all(|line| !shown.contains(line)), "{shown}");
}

#[cfg(feature = "client")]
#[test]
fn clients() {
    use propelauth_edge::client::*;

    const KEY: &str = "an-integration-api-key";
    let is_hidden = |printed: String| assert!(!printed.contains(KEY), "{printed}");
    let transport = |request: http::Request<Vec<u8>>| {
        assert!(!format!("{request:?}").contains(KEY), "{request:?}");
        // An answer that repeats what it was asked.
        let authorization = request.headers()["authorization"].as_bytes().to_vec();
        let status = if request.uri().path().contains("metadata") { 500 } else { 400 };
        Ok::<_, TransportError>(http::Response::builder().status(status).body(authorization).unwrap())
    };
    let config = Config::new(ISSUER, KEY).unwrap();
    let auth = blocking::Auth::new(config.clone(), Mint::new("rsa2048").verifier, transport);
    is_hidden(format!("{config:?} {:?} {:?}", auth.config(), auth.verifier()));
    let request = http::Request::builder().header("authorization", KEY).body(()).unwrap();
    assert!(format!("{request:?}").contains(KEY), "a header shows unless it is marked");
    let init = blocking::init_base_auth(ISSUER, KEY, transport, InitOptions::default()).map(drop).unwrap_err();
    is_hidden(format!("{init} {init:?}"));
    let key_of_two_lines = Config::new(ISSUER, &format!("{KEY}\n{KEY}")).unwrap_err();
    is_hidden(format!("{key_of_two_lines} {key_of_two_lines:?}"));
    let error = auth.validate_api_key(KEY).unwrap_err();
    is_hidden(format!("{error} {error:?}"));
    let error = auth.create_magic_link("ada@example.com", CreateMagicLinkOptions::default()).unwrap_err();
    is_hidden(format!("{error} {error:?}"));
    is_hidden(format!("{:?}", ValidateApiKey { api_key_token: KEY.to_owned() }));
    let secret = Secret::from(KEY.to_owned());
    is_hidden(format!("{secret:?} {secret:#?}"));
    is_hidden(format!("{:?}", InitOptions::default()));
}

#[cfg(feature = "axum")]
#[tokio::test]
async fn axum_and_its_answers() {
    use std::convert::Infallible;
    use std::future::ready;
    use std::sync::Arc;

    use axum::{body::Body, response::Response};
    use propelauth_edge::axum::RequireUserLayer;
    use tower::{Layer, Service, ServiceExt, service_fn};

    let mint = Mint::new("rsa2048");
    let token = token(&mint);
    let layer = RequireUserLayer::new(Arc::new(mint.verifier));
    let mut service = layer.layer(service_fn(|_| ready(Ok::<_, Infallible>(Response::new(Body::empty())))));
    let request = http::Request::builder().header("authorization", format!("Bearer {token}!")).body(Body::empty());
    let future = service.ready().await.unwrap().call(request.unwrap());
    let printed = format!("{layer:?} {service:?} {future:?}");
    let answer = future.await.unwrap();
    assert_eq!(answer.status(), 401);
    shows_nothing_of(&token, &format!("{printed} {answer:?}"));
    let body = axum::body::to_bytes(answer.into_body(), 1000).await.unwrap();
    shows_nothing_of(&token, str::from_utf8(&body).unwrap());
}

#[cfg(feature = "lambda")]
#[test]
fn lambda_errors() {
    use aws_lambda_events::apigw::ApiGatewayCustomAuthorizerRequest;
    use propelauth_edge::lambda::authenticate;

    let mint = Mint::new("rsa2048");
    let token = token(&mint);
    let mut request = ApiGatewayCustomAuthorizerRequest::default();
    request.authorization_token = Some(format!("Bearer {token}!"));
    let error = authenticate(&request, &mint.verifier, NOW).unwrap_err();
    shows_nothing_of(&token, &format!("{error} {error:?} {:?}", error.0));
}
