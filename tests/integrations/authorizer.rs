//! Lambda authorizers behind a model of API Gateway's cache.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::HashMap;
use std::sync::LazyLock;

use aws_lambda_events::apigw::{
    ApiGatewayCustomAuthorizerRequest, ApiGatewayCustomAuthorizerRequestTypeRequest,
    ApiGatewayV2CustomAuthorizerV1Request, ApiGatewayV2CustomAuthorizerV2Request,
};
use aws_lambda_events::iam::IamPolicyEffect;
use propelauth_edge::lambda::{
    AuthorizerRequest, Context, DependsOn, NotAuthenticated, authenticate, policy, simple_response,
};
use propelauth_edge::testkit::{TestIssuer, TestOrg};
use propelauth_edge::{OrgMemberInfoView, OrgRequirement, RequiredOrg, Unauthorized, UnixTime, VerifiedUser, Verifier};
use proptest::prelude::*;

static ISSUER: LazyLock<TestIssuer> = LazyLock::new(|| {
    // Silences thousands of refusals.
    let _ = tracing_subscriber::fmt().with_writer(std::io::sink).try_init();
    TestIssuer::generate()
});
static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| ISSUER.verifier());

/// A member of the org `acme` who may read but not delete.
static TOKEN: LazyLock<String> = LazyLock::new(|| {
    let acme = TestOrg::new("acme", "Acme").user_permissions(&["GET"]);
    ISSUER.token("u1").org(acme).authorization_header()
});

/// A request by `TOKEN`'s user.
#[derive(Clone, Copy)]
struct Asked {
    method: &'static str,
    path: &'static str,
    /// A query parameter.
    org: &'static str,
}

const fn asked(method: &'static str, path: &'static str) -> Asked {
    Asked { method, path, org: "" }
}

impl Asked {
    fn arn(self) -> String {
        format!("arn:aws:execute-api:us-east-1:123456789012:abcdef123/prod/{}{}", self.method, self.path)
    }

    /// The value of an identity source.
    fn source(self, name: &str) -> String {
        match name {
            "Authorization" => TOKEN.clone(),
            "path" => self.path.into(),
            "httpMethod" => self.method.into(),
            "routeKey" => format!("{} /org/{{org_id}}", self.method),
            "querystring.org" => self.org.into(),
            _ => unreachable!(),
        }
    }
}

/// A model of API Gateway: it caches an authorizer's response under the values of the identity sources.
struct Gateway<A> {
    sources: &'static [&'static str],
    ttl: bool,
    kept: HashMap<Vec<String>, A>,
}

impl<A: Clone> Gateway<A> {
    fn new(sources: &'static [&'static str], ttl: bool) -> Self {
        Self { sources, ttl, kept: HashMap::new() }
    }

    /// Returns the authorizer's response or the cached one. Errors are not cached.
    fn answer<E>(&mut self, asked: Asked, authorizer: impl FnOnce(&[String]) -> Result<A, E>) -> Result<A, E> {
        let key: Vec<_> = self.sources.iter().map(|name| asked.source(name)).collect();
        if let Some(kept) = self.kept.get(&key).filter(|_| self.ttl) {
            return Ok(kept.clone());
        }
        let answer = authorizer(&key)?;
        self.kept.insert(key, answer.clone());
        Ok(answer)
    }
}

/// Decides by the user's permissions in the org of the path. This decision depends on the request.
fn decide(user: &VerifiedUser, asked: Asked) -> Result<Option<OrgMemberInfoView<'_>>, propelauth_edge::Forbidden> {
    let org = asked.path.trim_start_matches("/org/");
    user.require_org(RequiredOrg::Id(org), OrgRequirement::Permission(asked.method)).map(Some)
}

fn v2(asked: Asked, sources: &[String]) -> ApiGatewayV2CustomAuthorizerV2Request {
    let mut request = ApiGatewayV2CustomAuthorizerV2Request::default();
    request.route_arn = Some(asked.arn());
    request.identity_source = Some(sources.to_vec());
    request.headers.insert("authorization", TOKEN.parse().unwrap());
    request.request_context.http.method = asked.method.parse().unwrap();
    request.request_context.http.path = Some(asked.path.into());
    request
}

const GET_ACME: Asked = asked("GET", "/org/acme");
const DELETE_ACME: Asked = asked("DELETE", "/org/acme");
const GET_GLOBEX: Asked = asked("GET", "/org/globex");

const ROUTE: &[&str] = &["Authorization", "routeKey"];
const PATH: &[&str] = &["Authorization", "path"];
const METHOD: &[&str] = &["Authorization", "httpMethod"];
const TOKEN_ALONE: &[&str] = &["Authorization"];
const PATH_AND_METHOD: &[&str] = &["Authorization", "path", "httpMethod"];

/// Returns whether the gateway allows each request, one after the other.
fn simple(sources: &'static [&'static str], ttl: bool, told: bool) -> [Result<bool, &'static str>; 3] {
    let mut gateway = Gateway::new(sources, ttl);
    [GET_ACME, DELETE_ACME, GET_GLOBEX].map(|asked| {
        gateway.answer(asked, |sources| {
            let request = v2(asked, sources);
            let user = authenticate(&request, &VERIFIER, UnixTime::now()).unwrap();
            let depends_on = match told {
                true => DependsOn::path_and_method(&request).map_err(|_| "500")?,
                false => DependsOn::token_only(),
            };
            Ok(simple_response(&user, decide(&user, asked), depends_on).is_authorized)
        })
    })
}

#[test]
fn simple_responses_that_are_kept() {
    let right = [Ok(true), Ok(false), Ok(false)];
    // As documented: TTL 0, or path and method among the identity sources.
    for sources in [TOKEN_ALONE, ROUTE, PATH, METHOD, PATH_AND_METHOD] {
        assert_eq!(simple(sources, false, false), right, "TTL 0, {sources:?}");
    }
    assert_eq!(simple(PATH_AND_METHOD, true, false), right);
    // Otherwise, a response leaks to another method or another org.
    assert_eq!(simple(PATH, true, false), [Ok(true), Ok(true), Ok(false)]);
    assert_eq!(simple(METHOD, true, false), [Ok(true), Ok(false), Ok(true)]);
    assert_eq!(simple(ROUTE, true, false), [Ok(true), Ok(false), Ok(true)]);
    assert_eq!(simple(TOKEN_ALONE, true, false), [Ok(true), Ok(true), Ok(true)]);
    // It does not leak if the response declares what it depends on.
    for ttl in [false, true] {
        assert_eq!(simple(PATH_AND_METHOD, ttl, true), right);
        for sources in [&[], TOKEN_ALONE, ROUTE, PATH, METHOD] {
            assert_eq!(simple(sources, ttl, true), [Err("500"); 3], "{sources:?}");
        }
    }
}

/// A statement of a policy. Its resource matches as in IAM.
#[derive(Clone)]
struct Statement {
    allow: bool,
    resource: String,
}

impl Statement {
    fn of(request: &impl AuthorizerRequest, user: &VerifiedUser, decision: bool) -> Self {
        let decision = if decision { Ok(None) } else { Err(propelauth_edge::Forbidden::MissingRole) };
        let policy = policy(request, user, decision).policy_document;
        let [statement] = &policy.statement[..] else { unreachable!() };
        let [resource] = &statement.resource[..] else { unreachable!() };
        Self { allow: statement.effect == IamPolicyEffect::Allow, resource: resource.clone() }
    }

    fn lets_through(&self, arn: &str) -> bool {
        fn matches(pattern: &[u8], text: &[u8]) -> bool {
            match (pattern, text) {
                ([], []) => true,
                ([b'*', rest @ ..], _) => (0..=text.len()).any(|skipped| matches(rest, &text[skipped..])),
                ([b'?', pattern @ ..], [_, text @ ..]) => matches(pattern, text),
                ([a, pattern @ ..], [b, text @ ..]) => a == b && matches(pattern, text),
                _ => false,
            }
        }
        self.allow && matches(self.resource.as_bytes(), arn.as_bytes())
    }
}

#[test]
fn policies_that_are_kept() {
    let v2_policy = |asked, sources: &[String]| {
        let request = v2(asked, sources);
        let user = authenticate(&request, &VERIFIER, UnixTime::now()).unwrap();
        Statement::of(&request, &user, decide(&user, asked).is_ok())
    };
    let token_policy = |asked: Asked, _: &[String]| {
        let mut request = ApiGatewayCustomAuthorizerRequest::default();
        request.authorization_token = Some(TOKEN.clone());
        request.method_arn = Some(asked.arn());
        let user = authenticate(&request, &VERIFIER, UnixTime::now()).unwrap();
        Statement::of(&request, &user, decide(&user, asked).is_ok())
    };
    let rest_policy = |asked: Asked, _: &[String]| {
        let mut request = ApiGatewayCustomAuthorizerRequestTypeRequest::default();
        request.headers.insert("authorization", TOKEN.parse().unwrap());
        request.method_arn = Some(asked.arn());
        let user = authenticate(&request, &VERIFIER, UnixTime::now()).unwrap();
        Statement::of(&request, &user, decide(&user, asked).is_ok())
    };
    let v1_policy = |asked: Asked, _: &[String]| {
        let mut request = ApiGatewayV2CustomAuthorizerV1Request::default();
        request.headers.insert("authorization", TOKEN.parse().unwrap());
        request.method_arn = Some(asked.arn());
        let user = authenticate(&request, &VERIFIER, UnixTime::now()).unwrap();
        Statement::of(&request, &user, decide(&user, asked).is_ok())
    };
    type Authorizer<'a> = &'a dyn Fn(Asked, &[String]) -> Statement;
    let authorizers: [Authorizer<'_>; 4] = [&v2_policy, &token_policy, &rest_policy, &v1_policy];
    for authorizer in authorizers {
        for sources in [TOKEN_ALONE, ROUTE, PATH, METHOD, PATH_AND_METHOD] {
            for ttl in [false, true] {
                // Whatever the settings, no request is allowed that should not be.
                for order in [[GET_ACME, DELETE_ACME, GET_GLOBEX], [GET_GLOBEX, DELETE_ACME, GET_ACME]] {
                    let mut gateway = Gateway::new(sources, ttl);
                    for asked in order {
                        let answer = gateway.answer(asked, |sources| Ok::<_, ()>(authorizer(asked, sources))).unwrap();
                        let allowed = answer.lets_through(&asked.arn());
                        let right = asked.arn() == GET_ACME.arn();
                        // With the documented settings, every request is allowed that should be.
                        let documented = !ttl || sources == PATH_AND_METHOD;
                        assert!(allowed == right || !allowed && !documented, "{sources:?} {} {ttl}", asked.arn());
                    }
                }
            }
        }
    }
}

/// A decision that depends on a query parameter needs it among the identity sources, with a policy as well.
#[test]
fn policies_that_depend_on_more_than_the_path() {
    let through = |sources, ttl| {
        let mut gateway = Gateway::new(sources, ttl);
        ["acme", "globex"].map(|org| {
            let asked = Asked { org, ..asked("GET", "/bill") };
            let answer = gateway.answer(asked, |sources| {
                let request = v2(asked, sources);
                let user = authenticate(&request, &VERIFIER, UnixTime::now()).unwrap();
                Ok::<_, ()>(Statement::of(&request, &user, user.get_org(org).is_some()))
            });
            let answer = answer.unwrap();
            answer.lets_through(&asked.arn())
        })
    };
    assert_eq!(through(PATH_AND_METHOD, false), [true, false]);
    assert_eq!(through(&["Authorization", "path", "httpMethod", "querystring.org"], true), [true, false]);
    assert_eq!(through(PATH_AND_METHOD, true), [true, true]);
}

fn user() -> VerifiedUser {
    let mut request = ApiGatewayCustomAuthorizerRequest::default();
    request.authorization_token = Some(TOKEN.clone());
    authenticate(&request, &VERIFIER, UnixTime::now()).unwrap()
}

fn statement(arn: &str) -> Statement {
    static USER: LazyLock<VerifiedUser> = LazyLock::new(user);
    let mut request = ApiGatewayCustomAuthorizerRequest::default();
    request.method_arn = Some(arn.into());
    Statement::of(&request, &USER, true)
}

#[test]
fn the_context_has_the_times_of_the_token() {
    let user = user();
    let context = simple_response(&user, Ok(None), DependsOn::token_only()).context;
    assert_eq!((context.issued_at, context.expires_at), (user.issued_at().as_secs(), user.expires_at().as_secs()));
    assert!(context.issued_at < context.expires_at);

    // REST APIs pass numbers on as text, HTTP APIs as numbers.
    for told in
        [r#"{"user_id":"u1","issued_at":"1","expires_at":"2"}"#, r#"{"user_id":"u1","issued_at":1,"expires_at":2}"#]
    {
        let read: Context = serde_json::from_str(told).unwrap();
        assert_eq!((read.user_id.as_str(), read.issued_at, read.expires_at), ("u1", 1, 2));
    }
    assert!(serde_json::from_str::<Context>(r#"{"user_id":"u1","issued_at":1,"expires_at":"soon"}"#).is_err());
}

/// ARNs as API Gateway builds them, with what clients can send, and some in no known format.
fn arn() -> impl Strategy<Value = String> {
    let stage = prop_oneof![Just("prod"), Just("$default"), Just("*")];
    let method = prop_oneof![3 => Just("GET"), 1 => Just("DELETE"), 1 => Just("*"), 1 => Just("$default")];
    let path = prop_oneof![
        3 => "(/[a-z]{0,3}){1,3}",
        3 => r"/[a-b*?$/{}.%:]{0,6}",
        1 => Just("/${aws:username}".to_owned()),
        1 => "/\\PC{0,6}",
    ];
    let api = Just("arn:aws:execute-api:us-east-1:123456789012:abcdef123");
    prop_oneof![
        8 => (api, stage.clone(), method, path).prop_map(|(api, stage, method, path)| format!("{api}/{stage}/{method}{path}")),
        1 => (api, stage, "\\$?(connect|disconnect|default|send)/?").prop_map(|(api, stage, route)| format!("{api}/{stage}/{route}")),
        1 => "[a*?$/:]{0,8}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn no_policy_allows_more_than_its_own_method_and_path(asked in arn(), later in arn()) {
        let statement = statement(&asked);
        prop_assert_eq!(&statement.resource, &asked);
        prop_assert_eq!(statement.lets_through(&later), statement.allow && asked == later);
        if statement.allow {
            let route = asked.splitn(3, '/').nth(2).unwrap();
            prop_assert!(
                !route.contains(['*', '?', '$']) || ["$connect", "$disconnect", "$default"].contains(&route),
                "{}", asked
            );
        }
    }
}

#[test]
fn policies_allow_what_is_plain() {
    let api = "arn:aws:execute-api:us-east-1:123456789012:abcdef123";
    for (route, allow) in [
        ("prod/GET/", true),
        ("prod/GET/admin/users", true),
        ("$default/GET/org/acme", true),
        ("prod/$connect", true),
        ("prod/$disconnect", true),
        ("prod/$default", true),
        ("prod/GET/*", false),
        ("prod/GET/adm*", false),
        ("prod/GET/user?", false),
        ("prod/GET/${aws:username}", false),
        ("prod/GET/$connect", false),
        ("prod/$connect/x", false),
        ("prod/*/x", false),
        ("*/GET/x", false),
        ("$other/GET/x", false),
        ("prod", false),
        ("", false),
    ] {
        assert_eq!(statement(&format!("{api}/{route}")).allow, allow, "{route}");
    }
    assert!(!statement("").allow);
    assert!(!statement(&format!("{api}*/prod/GET/x")).allow);
}

/// The texts that API Gateway turns into 401 and 500.
#[test]
fn errors_of_authorizers() {
    assert_eq!(NotAuthenticated(Unauthorized::Expired).to_string(), "Unauthorized");
    assert_eq!(NotAuthenticated(Unauthorized::BufferTooSmall { needed: 1 }).to_string(), "Internal error");
}
