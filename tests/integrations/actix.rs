//! The extractors and the middleware of actix-web.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)]

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::test::{TestRequest, init_service, read_body};
use actix_web::web::{self, Data, ReqData};
use actix_web::{App, Error, HttpResponse, ResponseError};
use common::corpus::{self, TokenRow, Verifiers};
use propelauth_edge::actix::{OptionalUser, RequireOrg, RequireUser};
use propelauth_edge::http::{grpc_refusal, json_refusal, problem_refusal, refusal_with};
use propelauth_edge::testkit::{Fault, TestToken};
use propelauth_edge::{
    AuthError, Forbidden, OrgMemberInfo, OrgRequirement, RequiredOrg, Unauthorized, UnixTime, VerifiedUser,
};

use super::log::Log;
use super::token_sources::{self, Case};
use super::{ISSUER, ORG, OTHER_ORG, good};

async fn whoami(user: VerifiedUser) -> String {
    user.user_id().to_owned()
}

async fn layered(user: ReqData<VerifiedUser>) -> String {
    assert_eq!(user.issuer(), ISSUER.metadata().issuer);
    user.user_id().to_owned()
}

async fn org_name(org: ReqData<OrgMemberInfo>) -> String {
    org.into_inner().org_name
}

/// The parts of a response that a client sees, and the reason in its extensions.
#[derive(Debug, PartialEq)]
struct Seen {
    status: u16,
    challenge: Option<String>,
    body: String,
    reason: Option<AuthError>,
}

fn text(value: Option<&HeaderValue>) -> Option<String> {
    value.map(|value| value.to_str().unwrap().to_owned())
}

async fn seen<B: MessageBody<Error: std::fmt::Debug>>(response: ServiceResponse<B>) -> Seen {
    let status = response.status().as_u16();
    let challenge = text(response.headers().get(header::WWW_AUTHENTICATE));
    let reason = response.response().extensions().get().copied();
    let body = String::from_utf8(read_body(response).await.to_vec()).unwrap();
    Seen { status, challenge, body, reason }
}

/// Calls a service that never fails: a refusal is also a response.
macro_rules! ask {
    ($app:expr, $request:expr) => {
        seen($app.call($request.to_request()).await.unwrap()).await
    };
}

fn get(path: &str, authorization: &[HeaderValue]) -> TestRequest {
    let value =
        |request: TestRequest, value: &HeaderValue| request.append_header((header::AUTHORIZATION, value.clone()));
    authorization.iter().fold(TestRequest::get().uri(path), value)
}

fn header_of(token: &TestToken<'_>) -> HeaderValue {
    token.authorization_header().parse().unwrap()
}

const BEARER: Option<&str> = Some("Bearer");
const INVALID_TOKEN: Option<&str> = Some(r#"Bearer error="invalid_token""#);
const INSUFFICIENT_SCOPE: Option<&str> = Some(r#"Bearer error="insufficient_scope""#);
const EXPECTED_BEARER: &str = "Invalid authorization header. Expected: Bearer {accessToken}";

#[actix_web::test]
async fn status_challenge_body_and_reason() {
    async fn greeting(user: OptionalUser) -> String {
        user.as_ref().map_or("stranger", VerifiedUser::user_id).to_owned()
    }
    async fn billing(user: VerifiedUser, org_id: web::Path<String>) -> Result<String, AuthError> {
        let org = user.require_org(RequiredOrg::Id(&org_id), OrgRequirement::Permission("billing::view"))?;
        Ok(org.org_name.to_owned())
    }
    async fn admin(user: VerifiedUser, org_id: web::Path<String>) -> Result<String, Forbidden> {
        let org = user.require_org(RequiredOrg::Id(&org_id), OrgRequirement::AtLeastRole("Admin"))?;
        Ok(org.org_name.to_owned())
    }
    let users = RequireUser::new(Arc::new(ISSUER.verifier()));
    let app = App::new()
        .app_data(Data::new(ISSUER.verifier()))
        .route("/whoami", web::get().to(whoami))
        .route("/greeting", web::get().to(greeting))
        .route("/org/{org_id}/billing", web::get().to(billing))
        .route("/org/{org_id}/admin", web::get().to(admin))
        .service(web::scope("/layered").wrap(users).route("", web::get().to(layered)));
    let app = init_service(app).await;

    let value = |text: &str| HeaderValue::from_str(text).unwrap();
    let good = header_of(&good());
    let faulty = |fault| header_of(&self::good().fault(fault));
    let not_text = HeaderValue::from_bytes(b"Bearer \xe9").unwrap();
    for path in ["/whoami", "/layered", "/greeting"] {
        let missing = match path {
            "/greeting" => (200, None, "stranger", None),
            _ => (401, BEARER, "No authorization header found", Some(Unauthorized::MissingHeader)),
        };
        let malformed = (401, BEARER, EXPECTED_BEARER, Some(Unauthorized::MalformedHeader));
        let invalid = |error| (401, INVALID_TOKEN, "Invalid access token", Some(error));
        for (i, (authorization, (status, challenge, body, reason))) in [
            (vec![good.clone()], (200, None, "u1", None)),
            (vec![], missing),
            (vec![value("")], missing),
            (vec![value("Basic dTpw")], malformed),
            (vec![not_text.clone()], malformed),
            (vec![good.clone(), good.clone()], malformed),
            (vec![faulty(Fault::Tampered)], invalid(Unauthorized::InvalidSignature)),
            (vec![faulty(Fault::Expired)], invalid(Unauthorized::Expired)),
        ]
        .into_iter()
        .enumerate()
        {
            let (challenge, body) = (challenge.map(str::to_owned), body.to_owned());
            let expected = Seen { status, challenge, body, reason: reason.map(AuthError::Unauthorized) };
            assert_eq!(ask!(app, get(path, &authorization)), expected, "{path}, case {i}");
        }
    }
    for (path, status, challenge, body, reason) in [
        (format!("/org/{ORG}/billing"), 200, None, "Acme", None),
        (
            format!("/org/{ORG}/admin"),
            403,
            INSUFFICIENT_SCOPE,
            "User doesn't have required role",
            Some(Forbidden::MissingRole),
        ),
        (
            format!("/org/{OTHER_ORG}/billing"),
            403,
            INSUFFICIENT_SCOPE,
            "User is not a member of org",
            Some(Forbidden::NotMemberOfOrg),
        ),
    ] {
        let (challenge, body) = (challenge.map(str::to_owned), body.to_owned());
        let expected = Seen { status, challenge, body, reason: reason.map(AuthError::Forbidden) };
        assert_eq!(ask!(app, get(&path, std::slice::from_ref(&good))), expected, "{path}");
    }
}

/// For every header of the corpus, the result is the verifier's at the present time.
#[actix_web::test]
async fn corpus_through_the_extractor() {
    let mut verifiers = Verifiers::load();
    let mut refused = 0;
    for row in ["tokens", "json_testsuite"].into_iter().flat_map(corpus::rows::<TokenRow>) {
        let Ok(verifier) = verifiers.get(&row.key, &row.issuer) else { continue };
        let header = match (&row.token, &row.authorization_header) {
            (Some(token), _) => Some(format!("Bearer {token}")),
            (None, header) => header.clone().flatten(),
        };
        let values: Vec<HeaderValue> = match header.as_deref().map(HeaderValue::from_str) {
            Some(Ok(value)) if value.to_str().is_ok() => vec![value],
            None => vec![],
            Some(_) => continue, // It cannot be sent.
        };
        let expected = verifier.validate_access_token_and_get_owned_user(header.as_deref(), UnixTime::now());
        let app = App::new().app_data(Data::new(verifier.clone())).route("/", web::get().to(whoami));
        let response = init_service(app).await.call(get("/", &values).to_request()).await.unwrap();
        let reason = response.response().extensions().get::<AuthError>().copied();
        assert_eq!(reason, expected.as_ref().err().map(|error| AuthError::Unauthorized(*error)), "{}", row.id);
        match expected {
            Ok(user) => assert_eq!(read_body(response).await, user.user_id(), "{}", row.id),
            Err(error) => {
                assert_eq!(response.status().as_u16(), error.status(), "{}", row.id);
                refused += 1;
            }
        }
    }
    assert!(refused > 1000 || !corpus::is_own(), "{refused}");
}

/// A server-side error is not blamed on the client, and reveals nothing.
#[actix_web::test]
async fn faults_of_this_side() {
    let internal = || Seen { status: 500, challenge: None, body: "Internal error".into(), reason: None };
    let handler = || web::get().to(org_name);
    let member = || RequireOrg::new("org_id", OrgRequirement::Member);
    let users = || RequireUser::new(Arc::new(ISSUER.verifier()));
    let app = App::new()
        .route("/no-verifier", web::get().to(whoami))
        .route("/optional", web::get().to(async |user: OptionalUser| user.0.map(|_| "user").unwrap_or_default()))
        .service(web::resource("/no-user/{org_id}").wrap(member()).route(handler()))
        .service(web::resource("/no-parameter/{id}").wrap(member()).wrap(users()).route(handler()));
    let app = init_service(app).await;
    for path in ["/no-verifier", "/optional", &format!("/no-user/{ORG}"), &format!("/no-parameter/{ORG}")] {
        assert_eq!(ask!(app, get(path, &[header_of(&good())])), internal(), "{path}");
    }
    // A missing verifier is also an error without a token.
    assert_eq!(ask!(app, get("/optional", &[])), internal());

    let error = Unauthorized::BufferTooSmall { needed: 1 };
    let response = error.error_response();
    assert_eq!((response.status().as_u16(), error.status_code().as_u16()), (500, 500));
    assert_eq!(text(response.headers().get(header::WWW_AUTHENTICATE)), None);
    assert_eq!(Forbidden::MissingRole.status_code(), 403);
    assert_eq!(AuthError::Unauthorized(Unauthorized::Expired).status_code(), 401);
}

/// actix-web turns every error into `None`.
#[actix_web::test]
async fn option_of_a_user_is_a_stranger_on_errors() {
    async fn greeting(user: Option<VerifiedUser>) -> String {
        user.as_ref().map_or("stranger", VerifiedUser::user_id).to_owned()
    }
    let app = App::new().app_data(Data::new(ISSUER.verifier())).route("/", web::get().to(greeting));
    let app = init_service(app).await;
    assert_eq!(ask!(app, get("/", &[header_of(&good())])).body, "u1");
    assert_eq!(ask!(app, get("/", &[header_of(&good().fault(Fault::Expired))])).body, "stranger");
}

#[actix_web::test]
async fn refusals_in_every_format() {
    fn page(error: AuthError) -> http::Response<String> {
        let body = format!("<p>{}</p>", error.public_message());
        refusal_with(error, http::HeaderValue::from_static("text/html"), body)
    }
    async fn refused<F, B>(users: RequireUser<F>) -> [String; 4]
    where
        F: Fn(AuthError) -> http::Response<B> + Clone + 'static,
        B: MessageBody + 'static,
    {
        let scope = web::scope("").wrap(users).route("/", web::get().to(HttpResponse::Ok));
        let response = init_service(App::new().service(scope)).await.call(get("/", &[]).to_request()).await.unwrap();
        let content_type = text(response.headers().get(header::CONTENT_TYPE)).unwrap();
        let grpc_status = text(response.headers().get("grpc-status")).unwrap_or_default();
        let seen = seen(response).await;
        assert_eq!(seen.reason, Some(AuthError::Unauthorized(Unauthorized::MissingHeader)));
        [seen.status.to_string(), content_type, grpc_status, seen.body]
    }
    let verifier = || Arc::new(ISSUER.verifier());
    let message = "No authorization header found";
    assert_eq!(refused(RequireUser::new(verifier())).await, ["401", "text/plain; charset=utf-8", "", message]);
    let json = refused(RequireUser::with_refusal(verifier(), json_refusal::<String>)).await;
    assert_eq!(json, ["401", "application/json", "", r#"{"message":"No authorization header found"}"#]);
    let problem = refused(RequireUser::with_refusal(verifier(), problem_refusal::<String>)).await;
    assert_eq!(problem[..2], ["401", "application/problem+json"]);
    assert!(problem[3].contains(r#""detail":"No authorization header found""#), "{problem:?}");
    let grpc = refused(RequireUser::with_refusal(verifier(), grpc_refusal::<String>)).await;
    assert_eq!(grpc, ["200", "application/grpc", "16", ""]);
    let page = refused(RequireUser::with_refusal(verifier(), page)).await;
    assert_eq!(page, ["401", "text/html", "", "<p>No authorization header found</p>"]);
}

#[actix_web::test]
async fn tokens_from_elsewhere() {
    for Case { source, path, header, status } in token_sources::cases() {
        let users = RequireUser::new(Arc::new(ISSUER.verifier())).token_from(source);
        let scope = web::scope("").wrap(users).route("/", web::get().to(layered));
        let app = init_service(App::new().service(scope)).await;
        let request = TestRequest::get().uri(&path).insert_header(header);
        assert_eq!(ask!(app, request).status, status, "{source:?}");
    }
}

#[actix_web::test]
async fn orgs_by_path_parameter() {
    let users = || RequireUser::new(Arc::new(ISSUER.verifier()));
    let viewers = RequireOrg::new("org_id", OrgRequirement::Permission("billing::view"));
    let admins = RequireOrg::with_refusal("org_id", OrgRequirement::AtLeastRole("Admin"), problem_refusal::<String>);
    // One middleware around a scope, one around a resource in it, and both around one scope.
    let org = web::scope("/org/{org_id}")
        .wrap(users())
        .service(web::resource("/bill").wrap(viewers.clone()).route(web::get().to(org_name)))
        .service(web::resource("/admin").wrap(admins).route(web::get().to(org_name)));
    let both = web::scope("/both/{org_id}").wrap(viewers).wrap(users()).route("/bill", web::get().to(org_name));
    let app = init_service(App::new().service(org).service(both)).await;

    let good = [header_of(&good())];
    let escaped = format!("%31{}", &ORG[1..]);
    for scope in ["org", "both"] {
        for org in [ORG, &escaped] {
            let seen = ask!(app, get(&format!("/{scope}/{org}/bill"), &good));
            assert_eq!((seen.status, seen.body.as_str()), (200, "Acme"), "{scope} {org}");
        }
        for org in [OTHER_ORG, "%20", "%2e%2e", "a%2fb"] {
            let seen = ask!(app, get(&format!("/{scope}/{org}/bill"), &good));
            let reason = Some(AuthError::Forbidden(Forbidden::NotMemberOfOrg));
            assert_eq!((seen.status, seen.reason), (403, reason), "{scope} {org}");
        }
        assert_eq!(ask!(app, get(&format!("/{scope}/{ORG}/bill"), &[])).status, 401);
    }
    let seen = ask!(app, get(&format!("/org/{ORG}/admin"), &good));
    assert_eq!((seen.status, seen.reason), (403, Some(AuthError::Forbidden(Forbidden::MissingRole))));
    assert!(seen.body.contains(r#""detail":"User doesn't have required role""#), "{}", seen.body);
}

/// Whatever a function for refusals does, the middleware logs the refusal once and adds its reason to the response.
#[actix_web::test]
async fn refusals_of_own_making() {
    fn own(_: AuthError) -> http::Response<String> {
        http::Response::new("own".into())
    }
    fn takes_the_body(error: AuthError) -> http::Response<String> {
        http::Response::new(problem_refusal(error).into_body())
    }
    let log = Log::start();
    let functions: [fn(AuthError) -> http::Response<String>; 3] = [own, takes_the_body, problem_refusal];
    for function in functions {
        let admins = RequireOrg::with_refusal("org_id", OrgRequirement::AtLeastRole("Admin"), function);
        let users = RequireUser::with_refusal(Arc::new(ISSUER.verifier()), function);
        let org = web::scope("/org/{org_id}").wrap(admins).wrap(users).route("", web::get().to(org_name));
        let app = init_service(App::new().service(org)).await;
        for (authorization, reason) in [
            (vec![header_of(&good())], AuthError::Forbidden(Forbidden::MissingRole)),
            (vec![], AuthError::Unauthorized(Unauthorized::MissingHeader)),
        ] {
            assert_eq!(ask!(app, get(&format!("/org/{ORG}"), &authorization)).reason, Some(reason));
            assert_eq!(log.take(), [format!("INFO {}", reason.code())]);
        }
    }
}

/// Outer middleware sees a refusal as a response, and can add to it.
#[actix_web::test]
async fn middleware_further_out_sees_refusals() {
    async fn counted(
        request: ServiceRequest,
        next: actix_web::middleware::Next<impl MessageBody>,
    ) -> Result<ServiceResponse<impl MessageBody>, Error> {
        let mut response = next.call(request).await?;
        let code = response.response().extensions().get().map_or("none", |error: &AuthError| error.code());
        response.headers_mut().insert(header::HeaderName::from_static("x-code"), HeaderValue::from_static(code));
        Ok(response)
    }
    let users = RequireUser::new(Arc::new(ISSUER.verifier()));
    let scope = web::scope("/layered").wrap(users).route("", web::get().to(layered));
    let app = App::new()
        .app_data(Data::new(ISSUER.verifier()))
        .wrap(actix_web::middleware::from_fn(counted))
        .route("/whoami", web::get().to(whoami))
        .service(scope);
    let app = init_service(app).await;
    for path in ["/whoami", "/layered"] {
        for (authorization, expected) in [
            (vec![], "MissingHeader"),
            (vec![header_of(&good().fault(Fault::Expired))], "Expired"),
            (vec![header_of(&good())], "none"),
        ] {
            let response = app.call(get(path, &authorization).to_request()).await.unwrap();
            assert_eq!(response.headers().get("x-code").unwrap(), expected, "{path}");
        }
    }
}
