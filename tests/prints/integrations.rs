//! actix-web, axum and AWS Lambda.

use super::printed::printed;
use super::token;
use common::mint::Mint;
use common::secrets::shows_nothing_of;

#[cfg(feature = "actix")]
#[test]
pub(crate) fn actix_and_its_answers() {
    use std::future::{Ready, ready};
    use std::sync::Arc;

    use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
    use actix_web::test::TestRequest;
    use actix_web::{FromRequest, HttpResponse, rt, web::Data};
    use propelauth_edge::OrgRequirement;
    use propelauth_edge::actix::{OptionalUser, RequireOrg, RequireUser};

    /// A service that prints.
    #[derive(Debug)]
    struct Welcome;

    impl Service<ServiceRequest> for Welcome {
        type Response = ServiceResponse;
        type Error = actix_web::Error;
        type Future = Ready<Result<ServiceResponse, actix_web::Error>>;

        actix_web::dev::always_ready!();

        fn call(&self, request: ServiceRequest) -> Self::Future {
            ready(Ok(request.into_response(HttpResponse::Ok().finish())))
        }
    }

    let mint = Mint::new("rsa2048");
    let token = token(&mint);
    let users = RequireUser::new(Arc::new(mint.verifier.clone()));
    printed(&RequireOrg::new("id", OrgRequirement::Permission("billing::view")));
    let request = || TestRequest::get().insert_header(("authorization", format!("Bearer {token}!")));
    rt::System::new().block_on(async {
        let guarded = users.new_transform(Welcome).await.unwrap();
        let answer = guarded.call(request().to_srv_request()).await.unwrap();
        assert_eq!(answer.status(), 401);
        let refused = OptionalUser::extract(&request().app_data(Data::new(mint.verifier)).to_http_request()).await;
        let error = refused.unwrap_err();
        let shown = [printed(&users), printed(&guarded), printed(&OptionalUser(None))].concat();
        shows_nothing_of(&token, &format!("{shown} {:?} {error} {error:?}", answer.response()));
        let body = actix_web::body::to_bytes(answer.into_body()).await.unwrap_or_else(|_| panic!("no body"));
        shows_nothing_of(&token, str::from_utf8(&body).unwrap());
    });
}

#[cfg(feature = "axum")]
#[test]
pub(crate) fn axum_and_its_answers() {
    use std::convert::Infallible;
    use std::future::ready;
    use std::sync::Arc;

    use axum::{body::Body, response::Response};
    use propelauth_edge::axum::{RequireOrgLayer, RequireUserLayer};
    use propelauth_edge::{OrgRequirement, TokenSource};
    use tower::{Layer, Service, ServiceExt, service_fn};

    let mint = Mint::new("rsa2048");
    let token = token(&mint);
    let layer = RequireUserLayer::new(Arc::new(mint.verifier)).token_from(TokenSource::default());
    let orgs = RequireOrgLayer::new("id", OrgRequirement::Permission("billing::view"));
    printed(&TokenSource::Cookie("access_token"));
    printed(&orgs);
    printed(&orgs.layer(0));
    let mut service = layer.layer(service_fn(|_| ready(Ok::<_, Infallible>(Response::new(Body::empty())))));
    let request = http::Request::builder().header("authorization", format!("Bearer {token}!")).body(Body::empty());
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        let future = service.ready().await.unwrap().call(request.unwrap());
        let shown = [printed(&layer), printed(&service), printed(&future)].concat();
        let answer = future.await.unwrap();
        assert_eq!(answer.status(), 401);
        shows_nothing_of(&token, &format!("{shown} {answer:?}"));
        let body = axum::body::to_bytes(answer.into_body(), 1000).await.unwrap();
        shows_nothing_of(&token, str::from_utf8(&body).unwrap());
    });
}

#[cfg(feature = "lambda")]
#[test]
pub(crate) fn lambda() {
    use aws_lambda_events::apigw::{ApiGatewayCustomAuthorizerRequest, ApiGatewayV2CustomAuthorizerV2Request};
    use common::mint::NOW;
    use propelauth_edge::lambda::{DependsOn, authenticate, simple_response};

    let mint = Mint::new("rsa2048");
    let token = token(&mint);
    let mut request = ApiGatewayCustomAuthorizerRequest::default();
    request.authorization_token = Some(format!("Bearer {token}!"));
    let error = authenticate(&request, &mint.verifier, NOW).unwrap_err();
    shows_nothing_of(&token, &format!("{error} {} {:?}", printed(&error), error.0));

    request.authorization_token = Some(format!("Bearer {token}"));
    let user = authenticate(&request, &mint.verifier, NOW).unwrap();
    let depends_on = DependsOn::token_only();
    let response = simple_response(&user, Ok(user.get_org("a")), depends_on);
    assert!(response.is_authorized);
    shows_nothing_of(&token, &printed(&response.context));

    let mut request = ApiGatewayV2CustomAuthorizerV2Request::default();
    request.identity_source = Some(vec![format!("Bearer {token}")]);
    let error = DependsOn::path_and_method(&request).unwrap_err();
    shows_nothing_of(&token, &format!("{error} {} {}", printed(&error), printed(&depends_on)));
}

/// One event for each refusal, wherever it comes from, without any part of the token.
#[cfg(all(feature = "axum", feature = "testkit"))]
#[test]
pub(crate) fn events_of_axum() {
    use std::sync::Arc;

    use axum::body::Body;
    use axum::extract::Path;
    use axum::http::{Request, StatusCode};
    use axum::{Router, routing::get};
    use propelauth_edge::axum::{RequireOrgLayer, RequireUserLayer, VerifiedUser};
    use propelauth_edge::testkit::{TestIssuer, TestOrg};
    use propelauth_edge::{Forbidden, OrgRequirement, RequiredOrg, TokenSource};
    use tower::ServiceExt;

    use super::events::Log;

    async fn member(user: VerifiedUser, Path(id): Path<String>) -> Result<(), Forbidden> {
        user.require_org(RequiredOrg::Id(&id), OrgRequirement::Member).map(|_| ())
    }

    let issuer = TestIssuer::generate();
    let verifier = Arc::new(issuer.verifier());
    let token = issuer.token("u1").org(TestOrg::new("a", "Acme")).access_token();
    let header = format!("Bearer {token}");
    let layered = Router::new()
        .route("/layered", get(|| async {}))
        .route("/no-parameter", get(|| async {}).layer(RequireOrgLayer::new("id", OrgRequirement::Member)))
        .layer(RequireUserLayer::new(Arc::clone(&verifier)));
    let cookie = RequireUserLayer::new(Arc::clone(&verifier)).token_from(TokenSource::Cookie("t"));
    let router = Router::new()
        .route("/whoami", get(|_: VerifiedUser| async {}))
        .route("/stranger", get(|_: Option<VerifiedUser>| async {}))
        .route("/org/{id}", get(member))
        .with_state(verifier)
        .merge(Router::new().route("/cookie", get(|| async {})).layer(cookie))
        .merge(layered);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let ask = |path: &str, headers: &[(&str, &str)]| {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let (response, log) = Log::of(|| runtime.block_on(router.clone().oneshot(request)).unwrap());
        shows_nothing_of(&token, &log);
        for personal in ["u1", "Acme"] {
            assert!(!log.contains(personal), "{log}");
        }
        (response.status(), log)
    };
    let good = [("authorization", &*header)];
    let cookies = &*format!("t={token}; t={token}");
    let ok = "accepted an access token";
    for (path, headers, status, expected) in [
        ("/whoami", &good[..], 200, &[ok][..]),
        ("/whoami", &[], 401, &["MissingHeader"]),
        ("/whoami", &[good[0], good[0]], 401, &["MalformedHeader"]),
        ("/whoami", &[("authorization", &header[..header.len() - 1])], 401, &["MalformedToken"]),
        ("/layered", &good, 200, &[ok]),
        ("/layered", &[good[0], good[0]], 401, &["MalformedHeader"]),
        ("/stranger", &good, 200, &[ok]),
        ("/stranger", &[], 200, &[]),
        ("/stranger", &[("authorization", "Basic dTpw")], 401, &["MalformedHeader"]),
        ("/cookie", &[], 401, &["MissingToken"]),
        ("/cookie", &[("cookie", cookies)], 401, &["RepeatedToken"]),
        ("/org/a", &good, 200, &[ok]),
        ("/org/b", &good, 403, &[ok, "NotMemberOfOrg"]),
        ("/no-parameter", &good, 500, &[ok, "MissingPathParameter"]),
    ] {
        let (got, log) = ask(path, headers);
        assert_eq!(got, StatusCode::from_u16(status).unwrap(), "{path}");
        assert_eq!(log.lines().count(), expected.len(), "{path} {log}");
        for (line, expected) in log.lines().zip(expected) {
            assert!(line.contains(expected), "{path} {line}");
            let level = if *expected == ok {
                "DEBUG"
            } else if status == 500 {
                "ERROR"
            } else {
                "INFO"
            };
            assert!(line.starts_with(level), "{path} {line}");
        }
    }
}

/// One event for each refusal, as of axum.
#[cfg(all(feature = "actix", feature = "testkit"))]
#[test]
pub(crate) fn events_of_actix() {
    use std::sync::Arc;

    use actix_web::dev::Service;
    use actix_web::test::{TestRequest, init_service};
    use actix_web::web::{self, Data};
    use actix_web::{App, HttpResponse, rt};
    use propelauth_edge::actix::{OptionalUser, RequireOrg, RequireUser, VerifiedUser};
    use propelauth_edge::testkit::{TestIssuer, TestOrg};
    use propelauth_edge::{Forbidden, OrgRequirement, RequiredOrg, TokenSource};

    use super::events::Log;

    async fn member(user: VerifiedUser, id: web::Path<String>) -> Result<HttpResponse, Forbidden> {
        user.require_org(RequiredOrg::Id(&id), OrgRequirement::Member).map(|_| HttpResponse::Ok().finish())
    }

    let issuer = TestIssuer::generate();
    let verifier = Arc::new(issuer.verifier());
    let token = issuer.token("u1").org(TestOrg::new("a", "Acme")).access_token();
    let header = format!("Bearer {token}");
    let users = || RequireUser::new(Arc::clone(&verifier));
    let org = || RequireOrg::new("id", OrgRequirement::Member);
    let ok = || web::get().to(HttpResponse::Ok);
    let app = App::new()
        .service(web::resource("/no-verifier").to(async |_: VerifiedUser| HttpResponse::Ok()))
        .service(
            web::scope("/verified")
                .app_data(Data::from(Arc::clone(&verifier)))
                .route("/whoami", web::get().to(async |_: VerifiedUser| HttpResponse::Ok()))
                .route("/stranger", web::get().to(async |_: OptionalUser| HttpResponse::Ok()))
                .route("/org/{id}", web::get().to(member)),
        )
        .service(web::resource("/layered").wrap(users()).route(ok()))
        .service(web::resource("/cookie").wrap(users().token_from(TokenSource::Cookie("t"))).route(ok()))
        .service(web::resource("/orgs/{id}").wrap(org()).wrap(users()).route(ok()))
        .service(web::resource("/no-parameter").wrap(org()).wrap(users()).route(ok()))
        .service(web::resource("/no-user/{id}").wrap(org()).route(ok()));
    let system = rt::System::new();
    let app = system.block_on(init_service(app));
    let good = [("authorization", &*header)];
    let cookies = &*format!("t={token}; t={token}");
    let accepted = "accepted an access token";
    for (path, headers, status, expected) in [
        ("/verified/whoami", &good[..], 200, &[accepted][..]),
        ("/verified/whoami", &[], 401, &["MissingHeader"]),
        ("/verified/whoami", &[good[0], good[0]], 401, &["MalformedHeader"]),
        ("/verified/whoami", &[("authorization", &header[..header.len() - 1])], 401, &["MalformedToken"]),
        ("/verified/stranger", &good, 200, &[accepted]),
        ("/verified/stranger", &[], 200, &[]),
        ("/verified/stranger", &[("authorization", "Basic dTpw")], 401, &["MalformedHeader"]),
        ("/verified/org/a", &good, 200, &[accepted]),
        ("/verified/org/b", &good, 403, &[accepted, "NotMemberOfOrg"]),
        ("/layered", &good, 200, &[accepted]),
        ("/layered", &[good[0], good[0]], 401, &["MalformedHeader"]),
        ("/cookie", &[], 401, &["MissingToken"]),
        ("/cookie", &[("cookie", cookies)], 401, &["RepeatedToken"]),
        ("/orgs/a", &good, 200, &[accepted]),
        ("/orgs/b", &good, 403, &[accepted, "NotMemberOfOrg"]),
        ("/no-parameter", &good, 500, &[accepted, "MissingPathParameter"]),
        ("/no-user/a", &good, 500, &["MissingUser"]),
        ("/no-verifier", &good, 500, &["MissingVerifier"]),
    ] {
        let request =
            headers.iter().fold(TestRequest::get().uri(path), |request, header| request.append_header(*header));
        let (response, log) = Log::of(|| system.block_on(app.call(request.to_request())).unwrap());
        assert_eq!(response.status().as_u16(), status, "{path}");
        shows_nothing_of(&token, &log);
        assert!(!log.contains("u1") && !log.contains("Acme"), "{log}");
        assert_eq!(log.lines().count(), expected.len(), "{path} {log}");
        for (line, expected) in log.lines().zip(expected) {
            let level = match status {
                _ if *expected == accepted => "DEBUG",
                500 => "ERROR",
                _ => "INFO",
            };
            assert!(line.contains(expected) && line.starts_with(level), "{path} {line}");
        }
    }
}
