//! The extractor and the layer of axum through `oneshot`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)]

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Extension, Router};
use propelauth_edge::axum::{RequireOrgLayer, RequireUserLayer};
use propelauth_edge::http::{TokenSource, grpc_refusal, json_refusal, problem_refusal, refusal, refusal_with};
use propelauth_edge::testkit::{Fault, TestToken};
use propelauth_edge::{AuthError, Forbidden, OrgMemberInfo, OrgRequirement, RequiredOrg, Unauthorized, VerifiedUser};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tower::ServiceExt;

use super::log::Log;
use super::token_sources::{self, Case};
use super::{ISSUER, ORG, OTHER_ORG, good};

fn router() -> Router {
    async fn billing(user: VerifiedUser, Path(org_id): Path<String>) -> Result<String, AuthError> {
        let org = user.require_org(RequiredOrg::Id(&org_id), OrgRequirement::Permission("billing::view"))?;
        Ok(org.org_name.to_owned())
    }
    async fn admin(user: VerifiedUser, Path(org_id): Path<String>) -> Result<String, AuthError> {
        let org = user.require_org(RequiredOrg::Id(&org_id), OrgRequirement::AtLeastRole("Admin"))?;
        Ok(org.org_name.to_owned())
    }
    async fn greeting(user: Option<VerifiedUser>) -> String {
        user.as_ref().map_or("stranger", VerifiedUser::user_id).to_owned()
    }
    async fn layered(Extension(user): Extension<VerifiedUser>) -> String {
        assert_eq!(user.issuer(), ISSUER.metadata().issuer);
        user.user_id().to_owned()
    }
    let extracted = Router::new()
        .route("/whoami", get(|user: VerifiedUser| async move { user.user_id().to_owned() }))
        .route("/greeting", get(greeting))
        .route("/org/{org_id}/billing", get(billing))
        .route("/org/{org_id}/admin", get(admin))
        .route("/small", get(|| async { Err::<(), _>(Unauthorized::BufferTooSmall { needed: 1 }) }))
        .with_state(Arc::new(ISSUER.verifier()));
    let layered =
        Router::new().route("/layered", get(layered)).layer(RequireUserLayer::new(Arc::new(ISSUER.verifier())));
    extracted.merge(layered)
}

async fn ask(path: &str, authorization: &[HeaderValue]) -> Response<Body> {
    let mut request = Request::get(path).body(Body::empty()).unwrap();
    for value in authorization {
        request.headers_mut().append(header::AUTHORIZATION, value.clone());
    }
    router().oneshot(request).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
}

fn challenge(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::WWW_AUTHENTICATE).map(|value| value.to_str().unwrap())
}

const INVALID_TOKEN: Option<&str> = Some(r#"Bearer error="invalid_token""#);
const INSUFFICIENT_SCOPE: Option<&str> = Some(r#"Bearer error="insufficient_scope""#);
const EXPECTED_BEARER: &str = "Invalid authorization header. Expected: Bearer {accessToken}";

#[tokio::test]
async fn status_challenge_and_body() {
    let value = |text: &str| HeaderValue::from_str(text).unwrap();
    let good = value(&good().authorization_header());
    let faulty = |fault| value(&self::good().fault(fault).authorization_header());
    let (billing, admin) = (format!("/org/{ORG}/billing"), format!("/org/{ORG}/admin"));
    let elsewhere = format!("/org/{OTHER_ORG}/billing");
    for path in ["/whoami", "/layered", "/greeting"] {
        let missing = match path {
            "/greeting" => (200, None, "stranger"),
            _ => (401, Some("Bearer"), "No authorization header found"),
        };
        let cases = [
            (vec![good.clone()], (200, None, "u1")),
            (vec![], missing),
            (vec![value("")], missing),
            (vec![value("Basic dTpw")], (401, Some("Bearer"), EXPECTED_BEARER)),
            (vec![HeaderValue::from_bytes(b"Bearer \xe9").unwrap()], (401, Some("Bearer"), EXPECTED_BEARER)),
            (vec![good.clone(), good.clone()], (401, Some("Bearer"), EXPECTED_BEARER)),
            (vec![faulty(Fault::Tampered)], (401, INVALID_TOKEN, "Invalid access token")),
            (vec![faulty(Fault::Expired)], (401, INVALID_TOKEN, "Invalid access token")),
        ];
        for (i, (authorization, expected)) in cases.into_iter().enumerate() {
            let response = ask(path, &authorization).await;
            let got = (response.status().as_u16(), challenge(response.headers()).map(str::to_owned));
            let body = text(response).await;
            assert_eq!((got.0, got.1.as_deref(), body.as_str()), expected, "{path}, case {i}");
        }
    }
    for (path, status, challenge_of, body) in [
        (&billing, StatusCode::OK, None, "Acme"),
        (&admin, StatusCode::FORBIDDEN, INSUFFICIENT_SCOPE, "User doesn't have required role"),
        (&elsewhere, StatusCode::FORBIDDEN, INSUFFICIENT_SCOPE, "User is not a member of org"),
    ] {
        let response = ask(path, std::slice::from_ref(&good)).await;
        assert_eq!((response.status(), challenge(response.headers())), (status, challenge_of), "{path}");
        assert_eq!(text(response).await, body, "{path}");
    }
}

/// The extractor and the layer pass the reason on to outer layers.
#[tokio::test]
async fn refusals_carry_their_reason() {
    let header = |token: TestToken<'_>| HeaderValue::from_str(&token.authorization_header()).unwrap();
    let admin = format!("/org/{ORG}/admin");
    for (path, authorization, expected) in [
        ("/whoami", None, Some(AuthError::Unauthorized(Unauthorized::MissingHeader))),
        ("/layered", None, Some(AuthError::Unauthorized(Unauthorized::MissingHeader))),
        ("/whoami", Some(header(good().fault(Fault::Expired))), Some(AuthError::Unauthorized(Unauthorized::Expired))),
        ("/layered", Some(header(good().fault(Fault::Expired))), Some(AuthError::Unauthorized(Unauthorized::Expired))),
        (&admin, Some(header(good())), Some(AuthError::Forbidden(Forbidden::MissingRole))),
        ("/layered", Some(header(good())), None),
    ] {
        let response = ask(path, authorization.as_slice()).await;
        assert_eq!(response.extensions().get().copied(), expected, "{path}");
    }
}

/// A buffer that is too small is not the client's error.
#[tokio::test]
async fn faults_of_this_side() {
    let response = ask("/small", &[]).await;
    assert_eq!((response.status().as_u16(), challenge(response.headers())), (500, None));
    assert_eq!(text(response).await, "Internal error");

    let error = Unauthorized::BufferTooSmall { needed: 1 };
    for response in [refusal::<String>(error), json_refusal(error), problem_refusal(error)] {
        assert_eq!((response.status().as_u16(), challenge(response.headers())), (500, None));
        assert!(response.body().contains("Internal"), "{response:?}");
    }
    let response = grpc_refusal::<String>(error);
    assert_eq!(response.headers()["grpc-status"], "13");
    assert_eq!(challenge(response.headers()), None);
}

#[tokio::test]
async fn refusals_in_every_format() {
    fn page(error: AuthError) -> Response<Body> {
        refusal_with(error, HeaderValue::from_static("text/html"), format!("<p>{}</p>", error.public_message()).into())
    }
    async fn refused(
        layer: RequireUserLayer<impl Fn(AuthError) -> Response<Body> + Clone + Send + Sync + 'static>,
    ) -> [String; 4] {
        let router = Router::new().route("/", get(|| async { "never" })).layer(layer);
        let response = router.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
        let reason = response.extensions().get::<AuthError>().unwrap().to_string();
        let content_type = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
        [response.status().to_string(), content_type, reason, text(response).await]
    }
    let verifier = || Arc::new(ISSUER.verifier());
    let reason = "no Authorization header";
    let unauthorized = "401 Unauthorized";
    assert_eq!(
        refused(RequireUserLayer::new(verifier())).await,
        [unauthorized, "text/plain; charset=utf-8", reason, "No authorization header found"]
    );
    assert_eq!(
        refused(RequireUserLayer::with_refusal(verifier(), json_refusal)).await,
        [unauthorized, "application/json", reason, r#"{"message":"No authorization header found"}"#]
    );
    let problem =
        r#"{"type":"about:blank","title":"Unauthorized","status":401,"detail":"No authorization header found"}"#;
    assert_eq!(
        refused(RequireUserLayer::with_refusal(verifier(), problem_refusal)).await,
        [unauthorized, "application/problem+json", reason, problem]
    );
    assert_eq!(
        refused(RequireUserLayer::with_refusal(verifier(), grpc_refusal)).await,
        ["200 OK", "application/grpc", reason, ""]
    );
    assert_eq!(
        refused(RequireUserLayer::with_refusal(verifier(), page)).await,
        [unauthorized, "text/html", reason, "<p>No authorization header found</p>"]
    );
}

/// Public messages need no escapes in JSON strings and headers.
#[test]
fn public_messages_need_no_escape() {
    let all = [
        AuthError::Unauthorized(Unauthorized::MissingHeader),
        AuthError::Unauthorized(Unauthorized::MalformedHeader),
        AuthError::Unauthorized(Unauthorized::MissingClaim(propelauth_edge::Claim::UserId)),
        AuthError::Unauthorized(Unauthorized::Expired),
        AuthError::Unauthorized(Unauthorized::BufferTooSmall { needed: 1 }),
        AuthError::Forbidden(Forbidden::NotMemberOfOrg),
        AuthError::Forbidden(Forbidden::MissingRole),
        AuthError::Forbidden(Forbidden::MissingPermission),
    ];
    for error in all {
        for response in [json_refusal::<String>(error), problem_refusal(error)] {
            let body: Value = serde_json::from_str(response.body()).unwrap();
            let message = body.get("message").or(body.get("detail")).unwrap();
            assert_eq!(message, error.public_message());
        }
        let response = grpc_refusal::<String>(error);
        assert_eq!(response.headers()["grpc-message"], error.public_message());
        assert!(error.public_message().bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'%'));
    }
}

#[tokio::test]
async fn tokens_from_elsewhere() {
    for Case { source, path, header, status } in token_sources::cases() {
        let layer = RequireUserLayer::new(Arc::new(ISSUER.verifier())).token_from(source);
        let handler = get(|Extension(user): Extension<VerifiedUser>| async move { user.user_id().to_owned() });
        let request = Request::get(path).header(header.0, header.1).body(Body::empty()).unwrap();
        let response = Router::new().route("/", handler).layer(layer).oneshot(request).await.unwrap();
        assert_eq!(response.status(), status, "{source:?}");
    }
}

/// A handshake as sent by a browser for `new WebSocket(url, ["access_token", token])`.
#[tokio::test]
async fn web_socket_over_a_socket() {
    use axum::extract::ws::WebSocketUpgrade;

    let chat = |Extension(user): Extension<VerifiedUser>, upgrade: WebSocketUpgrade| async move {
        upgrade.protocols(["access_token"]).on_upgrade(async move |mut socket| {
            let _ = socket.send(user.user_id().into()).await;
        })
    };
    let source = TokenSource::WebSocketProtocol("access_token");
    let layer = RequireUserLayer::new(Arc::new(ISSUER.verifier())).token_from(source);
    let router = Router::new().route("/chat", get(chat)).layer(layer);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, router).await.unwrap() });

    let handshake = async |token: &str| {
        let mut socket = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET /chat HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             sec-websocket-protocol: access_token, {token}\r\n\r\n"
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut socket = BufReader::new(socket);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(socket.read_line(&mut head).await.unwrap() > 0, "{head}");
        }
        (head, socket)
    };
    let (head, mut socket) = handshake(&good().access_token()).await;
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    assert!(head.contains("sec-websocket-protocol: access_token\r\n"), "{head}");
    let mut frame = [0; 4];
    socket.read_exact(&mut frame).await.unwrap();
    assert_eq!(&frame, b"\x81\x02u1");

    let (head, _) = handshake(&good().fault(Fault::Tampered).access_token()).await;
    assert!(head.starts_with("HTTP/1.1 401 "), "{head}");
}

/// As documented at [`RequireUserLayer`].
#[tokio::test]
async fn layers_in_one_service_builder() {
    use tower_http::compression::CompressionLayer;
    use tower_http::cors::{Any, CorsLayer};
    use tower_http::map_response_body::MapResponseBodyLayer;
    use tower_http::timeout::TimeoutLayer;
    use tower_http::trace::TraceLayer;

    let cors = CorsLayer::new().allow_origin(Any).allow_headers([header::AUTHORIZATION]);
    let timeout = || TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, std::time::Duration::from_secs(10));
    let require_user = || RequireUserLayer::new(Arc::new(ISSUER.verifier()));
    let router = || {
        Router::new()
            .route("/", get(|Extension(user): Extension<VerifiedUser>| async move { user.user_id().repeat(100) }))
    };
    let map_body = || MapResponseBodyLayer::new(Body::new);
    let documented = router().layer(
        tower::ServiceBuilder::new()
            .layer(TraceLayer::new_for_http())
            .layer(cors.clone())
            .layer(CompressionLayer::new())
            .layer(timeout())
            .layer(require_user()),
    );
    let cors_outermost = router().layer(
        tower::ServiceBuilder::new()
            .layer(cors.clone())
            .layer(map_body())
            .layer(TraceLayer::new_for_http())
            .layer(CompressionLayer::new())
            .layer(timeout())
            .layer(require_user()),
    );
    let further_out = router().layer(
        tower::ServiceBuilder::new()
            .layer(cors)
            .layer(require_user())
            .layer(map_body())
            .layer(TraceLayer::new_for_http())
            .layer(CompressionLayer::new())
            .layer(timeout()),
    );
    for router in [documented, cors_outermost, further_out] {
        let ask = |method: &str, headers: &[(&str, &str)]| {
            let mut request = Request::builder().method(method).uri("/").header("origin", "https://example.com");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            router.clone().oneshot(request.body(Body::empty()).unwrap())
        };
        let any_origin = Some(HeaderValue::from_static("*"));
        let preflight = [("access-control-request-method", "GET"), ("access-control-request-headers", "authorization")];
        let response = ask("OPTIONS", &preflight).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers().get("access-control-allow-headers").unwrap(), "authorization");

        let refused = ask("GET", &[]).await.unwrap();
        assert_eq!(refused.status(), 401);
        assert_eq!(refused.headers().get("access-control-allow-origin"), any_origin.as_ref());
        assert!(refused.extensions().get::<AuthError>().is_some());
        assert_eq!(text(refused).await, "No authorization header found");

        let header = good().authorization_header();
        let response = ask("GET", &[("authorization", &header), ("accept-encoding", "gzip")]).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers().get("content-encoding").unwrap(), "gzip");
        assert_eq!(response.headers().get("access-control-allow-origin"), any_origin.as_ref());
    }
}

#[tokio::test]
async fn orgs_by_path_parameter() {
    let handler = || get(|Extension(org): Extension<OrgMemberInfo>| async { org.org_name });
    let viewers = RequireOrgLayer::new("org_id", OrgRequirement::Permission("billing::view"));
    let admins = RequireOrgLayer::with_refusal("org_id", OrgRequirement::AtLeastRole("Admin"), problem_refusal);
    let typo = RequireOrgLayer::new("id", OrgRequirement::Member);
    let orgs = Router::new()
        .merge(Router::new().route("/bill", handler()).layer(viewers.clone()))
        .merge(Router::new().route("/admin", handler()).layer(admins));
    let router = Router::new()
        .nest("/org/{org_id}", orgs)
        .route("/typo/{org_id}", handler().layer(typo.clone()))
        .route("/none", handler().layer(typo))
        .layer(RequireUserLayer::new(Arc::new(ISSUER.verifier())))
        .route("/without-user/{org_id}", handler().layer(viewers));
    let ask = async |path: &str, authorization: &str| {
        let request = Request::get(path).header("authorization", authorization).body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        let content_type = response.headers().get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap().to_owned());
        (response.status().as_u16(), content_type.unwrap_or_default(), text(response).await)
    };
    let good = good().authorization_header();
    let plain = || "text/plain; charset=utf-8".to_owned();
    assert_eq!(ask(&format!("/org/{ORG}/bill"), &good).await, (200, plain(), "Acme".into()));
    assert_eq!(ask(&format!("/org/%31{}/bill", &ORG[1..]), &good).await, (200, plain(), "Acme".into()));
    let refused = (403, plain(), "User is not a member of org".into());
    assert_eq!(ask(&format!("/org/{OTHER_ORG}/bill"), &good).await, refused);
    assert_eq!(ask("/org/%20/bill", &good).await, refused);
    assert_eq!(ask(&format!("/org/{ORG}/bill"), "").await.0, 401);
    let (status, content_type, body) = ask(&format!("/org/{ORG}/admin"), &good).await;
    assert_eq!((status, content_type.as_str()), (403, "application/problem+json"));
    assert!(body.contains("User doesn't have required role"), "{body}");
    // Errors of the application are not the user's.
    for path in [format!("/typo/{ORG}"), "/none".into(), format!("/without-user/{ORG}")] {
        assert_eq!(ask(&path, &good).await, (500, plain(), "Internal error".into()), "{path}");
    }
    assert_eq!(ask("/org/%ff/bill", &good).await.0, 400);
}

/// Whatever a function for refusals does, the layer logs the refusal once and adds its reason to the response.
#[tokio::test]
async fn refusals_of_own_making() {
    fn own(_: AuthError) -> Response<Body> {
        StatusCode::NOT_FOUND.into_response()
    }
    fn takes_the_status(error: AuthError) -> Response<Body> {
        problem_refusal::<String>(error).status().into_response()
    }
    fn hides_the_reason(_: AuthError) -> Response<Body> {
        refusal(Forbidden::NotMemberOfOrg)
    }
    let log = Log::start();
    let functions: [fn(AuthError) -> Response<Body>; 4] = [own, takes_the_status, hides_the_reason, refusal];
    for function in functions {
        let admins = RequireOrgLayer::with_refusal("org_id", OrgRequirement::AtLeastRole("Admin"), function);
        let router = Router::new()
            .route("/org/{org_id}", get(|| async {}).layer(admins))
            .layer(RequireUserLayer::with_refusal(Arc::new(ISSUER.verifier()), function));
        let good = good().authorization_header();
        for (authorization, reason) in [
            (good.as_str(), AuthError::Forbidden(Forbidden::MissingRole)),
            ("", AuthError::Unauthorized(Unauthorized::MissingHeader)),
        ] {
            let request = Request::get(format!("/org/{ORG}")).header("authorization", authorization);
            let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(response.extensions().get(), Some(&reason));
            assert_eq!(log.take(), [format!("INFO {}", reason.code())]);
        }
    }

    // After a panic, others are logged.
    let panics = |_| -> Response<Body> { panic!("in a function for refusals") };
    let admins = RequireOrgLayer::with_refusal("org_id", OrgRequirement::AtLeastRole("Admin"), panics);
    let router = Router::new()
        .route("/org/{org_id}", get(|| async {}).layer(admins))
        .layer(RequireUserLayer::new(Arc::new(ISSUER.verifier())));
    let request = Request::get(format!("/org/{ORG}")).header("authorization", good().authorization_header());
    assert!(tokio::spawn(router.oneshot(request.body(Body::empty()).unwrap())).await.is_err());
    assert_eq!(log.take(), ["INFO MissingRole"]);
    drop(refusal::<Body>(Forbidden::MissingRole));
    assert_eq!(log.take(), ["INFO MissingRole"]);
}

/// `Router::layer` also wraps the fallback, which has no org, so nobody may pass.
#[tokio::test]
async fn paths_without_a_route() {
    let viewers = || RequireOrgLayer::new("org_id", OrgRequirement::Permission("billing::view"));
    let handler = || get(|Extension(org): Extension<OrgMemberInfo>| async { org.org_name });
    let orgs = || Router::new().route("/org/{org_id}", handler());
    let users = || Router::new().route("/whoami", get(|| async { "a user" }));
    let fallback = || get(|| async { "a fallback" });
    let log = Log::start();
    for (name, router, unknown) in [
        ("orgs first", orgs().layer(viewers()).merge(users()), 404),
        ("users first", users().merge(orgs().layer(viewers())), 404),
        (
            "nested",
            Router::new().nest("/v1", orgs().layer(viewers())).merge(orgs().layer(viewers())).merge(users()),
            404,
        ),
        // Perhaps the fallback should be reached only with an org.
        ("fallback inside", users().merge(orgs().fallback_service(fallback()).layer(viewers())), 404),
        ("fallback outside", users().merge(orgs().layer(viewers()).fallback_service(fallback())), 200),
        ("routes", users().merge(orgs().fallback_service(fallback()).route_layer(viewers())), 200),
    ] {
        let router = router.layer(RequireUserLayer::new(Arc::new(ISSUER.verifier())));
        for (method, path, status) in [
            ("GET", format!("/org/{ORG}").as_str(), 200),
            ("GET", &format!("/org/{OTHER_ORG}"), 403),
            ("GET", "/whoami", 200),
            ("GET", "/", unknown),
            ("GET", "/org", unknown),
            ("GET", "/v1", unknown),
            ("GET", &format!("/org/{ORG}/x"), unknown),
            ("GET", &format!("/org/%ff/{ORG}"), unknown),
            ("CONNECT", "example.com:443", unknown),
        ] {
            let request = Request::builder().method(method).uri(path);
            let request = request.header("authorization", good().authorization_header()).body(Body::empty()).unwrap();
            let status = if (method, status) == ("CONNECT", 200) { 405 } else { status };
            assert_eq!(router.clone().oneshot(request).await.unwrap().status(), status, "{name} {path}");
            assert_eq!(log.take().len(), usize::from(status == 403), "{name} {path}");
        }
    }
}

/// Without path parameters, no org can be checked.
#[tokio::test]
async fn org_outside_of_a_router() {
    let log = Log::start();
    let service =
        tower::service_fn(|_: Request<Body>| async { Ok::<_, std::convert::Infallible>("never".into_response()) });
    let service = tower::Layer::layer(&RequireOrgLayer::new("org_id", OrgRequirement::Member), service);
    let response = service.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!((response.status(), text(response).await), (StatusCode::INTERNAL_SERVER_ERROR, "Internal error".into()));
    assert_eq!(log.take(), ["ERROR MissingPathParameter"]);
}

#[test]
fn futures_can_be_sent() {
    fn send<T: Send>(_: &T) {}
    send(&router().oneshot(Request::get("/layered").body(Body::empty()).unwrap()));
}
