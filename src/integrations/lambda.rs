//! AWS Lambda: Lambda authorizers for API Gateway. For functions that handle requests of the crate `http`, such as
//! those of `lambda_http`, see [`http`](crate::http); [`user`], [`user_from`] and [`refusal`] in this module do the same
//! and write to the log.
//!
//! An authorizer answers in one of three ways, whatever the format: with the error `Unauthorized`, which API Gateway
//! turns into 401; with a denial, which becomes 403; or with permission and a [`Context`] for the function it protects.
//!
//! ```
//! use aws_lambda_events::apigw::ApiGatewayCustomAuthorizerRequest as Request;
//! use aws_lambda_events::apigw::ApiGatewayCustomAuthorizerResponse as Response;
//! use propelauth_edge::lambda::{self, Context, NotAuthenticated};
//! use propelauth_edge::{OrgRequirement, RequiredOrg, UnixTime, Verifier};
//!
//! fn authorize(request: &Request, verifier: &Verifier) -> Result<Response<Context>, NotAuthenticated> {
//!     let user = lambda::authenticate(request, verifier, UnixTime::now())?;
//!     let admin = user.require_org(RequiredOrg::Id("…"), OrgRequirement::AtLeastRole("Admin"));
//!     Ok(lambda::policy(request, &user, admin.map(Some)))
//! }
//! ```
//!
//! # The log
//!
//! Every refusal is written as a line of JSON to standard error, and so to the function's log: a refused token by
//! [`user`], [`user_from`] and [`authenticate`], a missing one and a 403 by [`refusal`]. It has the failed check, the
//! error's code and the expected issuer, but no part of the token. With feature `tracing` and a subscriber, refusals are
//! logged as events instead.
//!
//! # Set the authorizer's TTL to 0
//!
//! With any other TTL, API Gateway caches a response and uses it for later requests. The default is five minutes for
//! REST APIs and for authorizers created in the console. Requests share a response if they agree on the authorizer's
//! identity sources. If you need the cache, [`policy`] and [`simple_response`] list the required identity sources. A
//! cached response outlives the token by at most the TTL.

mod function;

use alloc::string::String;
use alloc::vec;
use core::fmt;

use aws_lambda_events::apigw::{
    ApiGatewayCustomAuthorizerRequest, ApiGatewayCustomAuthorizerRequestTypeRequest,
    ApiGatewayCustomAuthorizerResponse, ApiGatewayV2CustomAuthorizerSimpleResponse,
    ApiGatewayV2CustomAuthorizerV1Request, ApiGatewayV2CustomAuthorizerV2Request,
};
use aws_lambda_events::iam::{IamPolicyEffect, IamPolicyStatement};
use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde::de::{Deserialize, Deserializer, Error as _};

pub use self::function::{refusal, user, user_from};
use super::{line, token_source, user_of_token};
use crate::error::{Forbidden, Unauthorized};
use crate::event::Refusal;
use crate::time::UnixTime;
use crate::token::bearer;
use crate::user::{OrgMemberInfoView, VerifiedUser};
use crate::verifier::Verifier;

/// Version of the IAM policy language.
const POLICY_VERSION: &str = "2012-10-17";

/// The action that invokes a method of an API.
const INVOKE: &str = "execute-api:Invoke";

/// The public message for a path that a policy cannot name.
const INVALID_PATH: &str = "Invalid path";

/// Logs a refusal of an authorizer.
fn log(refusal: Refusal<'_>) {
    refusal.log();
    line::print(refusal);
}

/// A request that API Gateway sends to an authorizer.
///
/// ```
/// use aws_lambda_events::apigw::ApiGatewayV2CustomAuthorizerV2Request;
/// use propelauth_edge::lambda::AuthorizerRequest;
///
/// /// For the log: the requested resource, and whether there was a token.
/// fn describe(request: &impl AuthorizerRequest) -> String {
///     let has_token = request.authorization().is_ok_and(|header| header.is_some());
///     format!("{}, token: {has_token}", request.resource().unwrap_or("no method"))
/// }
///
/// let mut request = ApiGatewayV2CustomAuthorizerV2Request::default();
/// request.route_arn = Some("arn:aws:execute-api:us-east-1:123456789012:abcdef123/test/GET/bill".into());
/// assert_eq!(describe(&request), "arn:aws:execute-api:us-east-1:123456789012:abcdef123/test/GET/bill, token: false");
/// ```
pub trait AuthorizerRequest {
    /// Returns the value of the `Authorization` header.
    ///
    /// # Errors
    ///
    /// Returns [`Unauthorized::MalformedHeader`] if there are several, or one that is not text.
    fn authorization(&self) -> Result<Option<&str>, Unauthorized>;

    /// Returns the requested method as an ARN.
    fn resource(&self) -> Option<&str>;
}

fn authorization(headers: &HeaderMap) -> Result<Option<&str>, Unauthorized> {
    token_source::authorization(headers.get_all(AUTHORIZATION).iter().map(HeaderValue::as_bytes))
}

/// `TOKEN` authorizers of REST APIs. Their token source must be the `Authorization` header.
impl AuthorizerRequest for ApiGatewayCustomAuthorizerRequest {
    fn authorization(&self) -> Result<Option<&str>, Unauthorized> {
        Ok(self.authorization_token.as_deref())
    }

    fn resource(&self) -> Option<&str> {
        self.method_arn.as_deref()
    }
}

/// `REQUEST` authorizers of REST APIs.
impl AuthorizerRequest for ApiGatewayCustomAuthorizerRequestTypeRequest {
    fn authorization(&self) -> Result<Option<&str>, Unauthorized> {
        // If a header is repeated, `headers` has only the last value.
        let headers = if self.multi_value_headers.is_empty() { &self.headers } else { &self.multi_value_headers };
        authorization(headers)
    }

    fn resource(&self) -> Option<&str> {
        self.method_arn.as_deref()
    }
}

/// Payload format 1.0 of HTTP APIs.
impl AuthorizerRequest for ApiGatewayV2CustomAuthorizerV1Request {
    fn authorization(&self) -> Result<Option<&str>, Unauthorized> {
        authorization(&self.headers)
    }

    fn resource(&self) -> Option<&str> {
        self.method_arn.as_deref()
    }
}

/// Payload format 2.0 of HTTP APIs.
impl AuthorizerRequest for ApiGatewayV2CustomAuthorizerV2Request {
    fn authorization(&self) -> Result<Option<&str>, Unauthorized> {
        authorization(&self.headers)
    }

    fn resource(&self) -> Option<&str> {
        self.route_arn.as_deref()
    }
}

/// Verifies the token of an authorizer's request and returns its user.
///
/// # Errors
///
/// Returns the error that the authorizer must return for API Gateway to respond with 401.
///
/// # Examples
///
/// ```
/// use aws_lambda_events::apigw::ApiGatewayCustomAuthorizerRequest;
/// use propelauth_edge::{Unauthorized, UnixTime, lambda};
/// # let verifier = demo::lenient_verifier();
/// # let header = demo::HEADER;
///
/// let mut request = ApiGatewayCustomAuthorizerRequest::default();
/// let error = lambda::authenticate(&request, &verifier, UnixTime::now()).unwrap_err();
/// assert_eq!((error.0, error.to_string().as_str()), (Unauthorized::MissingHeader, "Unauthorized"));
///
/// request.authorization_token = Some(header.into());
/// let user = lambda::authenticate(&request, &verifier, UnixTime::now())?;
/// assert_eq!(user.first_name(), Some("Ada"));
/// # Ok::<(), lambda::NotAuthenticated>(())
/// ```
pub fn authenticate(
    request: &impl AuthorizerRequest,
    verifier: &Verifier,
    now: UnixTime,
) -> Result<VerifiedUser, NotAuthenticated> {
    user_of_token(request.authorization().and_then(bearer::parse), verifier, now).map_err(|error| {
        line::print(Refusal::new(error.into()).expecting(verifier.expected()));
        NotAuthenticated(error)
    })
}

/// Returns a policy document, for every format.
///
/// Pass `Ok(None)` if authentication is enough; otherwise the result of [`VerifiedUser::require_org`], mapped by
/// `.map(Some)`.
///
/// # Cached responses
///
/// Set the authorizer's TTL to 0. If you need the cache, configure these identity sources:
///
/// | API | identity sources |
/// |---|---|
/// | HTTP | `$request.header.Authorization`, `$context.path`, `$context.httpMethod` |
/// | REST, `REQUEST` | `method.request.header.Authorization`, `context.path`, `context.httpMethod` |
/// | REST, `TOKEN` | cannot name any: set the TTL to 0 |
///
/// Also name everything else that the decision depends on: a query parameter, another header, a stage variable. Do not
/// use `$context.routeKey` or `context.resourcePath` instead: they are the route's template, such as `GET
/// /org/{org_id}`, which is equal for every org.
///
/// A policy allows only the method and path of its request. If path and method are not among the identity sources, API
/// Gateway applies it to other requests, too, and denies them all, even those that the user may make.
///
/// A policy never allows a path with `*`, `?` or `$`: these are special characters in policies and can occur unescaped
/// in paths. Its effect is then `Deny`, whatever the decision. Routes of WebSocket APIs, such as `$connect`, are not
/// affected.
///
/// # Examples
///
/// ```
/// use aws_lambda_events::iam::IamPolicyEffect;
/// use propelauth_edge::{OrgRequirement, RequiredOrg, lambda};
/// # use aws_lambda_events::apigw::ApiGatewayCustomAuthorizerRequest;
/// # use propelauth_edge::UnixTime;
/// # let verifier = demo::lenient_verifier();
/// # let mut request = ApiGatewayCustomAuthorizerRequest::default();
/// # let header = demo::HEADER;
/// # request.authorization_token = Some(header.into());
/// # let user = lambda::authenticate(&request, &verifier, UnixTime::now())?;
/// # request.method_arn = Some("arn:aws:execute-api:us-east-1:123456789012:abcdef123/test/GET/bill".into());
///
/// let admin = user.require_org(RequiredOrg::Name("Acme"), OrgRequirement::AtLeastRole("Admin"));
/// let response = lambda::policy(&request, &user, admin.map(Some));
/// assert_eq!(response.policy_document.statement[0].effect, IamPolicyEffect::Allow);
/// assert_eq!(response.context.user_assigned_role.as_deref(), Some("Admin"));
/// # Ok::<(), lambda::NotAuthenticated>(())
/// ```
#[must_use]
pub fn policy(
    request: &impl AuthorizerRequest,
    user: &VerifiedUser,
    decision: Result<Option<OrgMemberInfoView<'_>>, Forbidden>,
) -> ApiGatewayCustomAuthorizerResponse<Context> {
    let resource = request.resource().unwrap_or_default();
    let is_literal = is_literal(resource);
    let mut statement = IamPolicyStatement::default();
    statement.effect = if decision.is_ok() && is_literal { IamPolicyEffect::Allow } else { IamPolicyEffect::Deny };
    statement.action = vec![INVOKE.into()];
    statement.resource = vec![resource.into()];

    let mut response = ApiGatewayCustomAuthorizerResponse::default();
    response.principal_id = Some(user.user_id().into());
    response.policy_document.version = Some(POLICY_VERSION.into());
    response.policy_document.statement = vec![statement];
    response.context = Context::new(user, decision);
    if decision.is_ok() && !is_literal {
        log(Refusal::other(403, "InvalidPath", "path with a character that has a meaning in policies"));
        response.context.message = Some(INVALID_PATH.into());
    }
    response
}

/// Returns `true` if a policy for this ARN matches nothing else. IAM has no escape for `*`, `?` and the `$` of
/// variables.
fn is_literal(arn: &str) -> bool {
    let is_plain = |text: &str| !text.contains(['*', '?', '$']);
    let mut parts = arn.splitn(3, '/');
    match (parts.next(), parts.next(), parts.next()) {
        // The route is a method, a slash and the path, or the name of a WebSocket route.
        (Some(api), Some(stage), Some(route)) => {
            is_plain(api)
                && (is_plain(stage) || stage == "$default")
                && (is_plain(route) || matches!(route, "$connect" | "$disconnect" | "$default"))
        }
        _ => false,
    }
}

/// Returns a simple response, for payload format 2.0. `decision` is as in [`policy`].
///
/// # Cached responses
///
/// Set the authorizer's TTL to 0. A simple response is not tied to a request: if API Gateway caches a yes, it lets
/// through every request with equal identity sources, on every route that uses the authorizer.
///
/// If you need the cache, use `$request.header.Authorization`, `$context.path`, `$context.httpMethod` and everything
/// else that the decision depends on as identity sources. Do not use `$context.routeKey`: it is the route's template,
/// such as `GET /org/{org_id}`, so allowing one org would allow all.
///
/// `depends_on` states what the decision depends on. If that includes the path or the method, it checks that both are
/// identity sources. [`policy`] does not need this: it also works in payload format 2.0 (without
/// `EnableSimpleResponses`) and always covers one path and method only.
///
/// # Examples
///
/// ```
/// use aws_lambda_events::apigw::ApiGatewayV2CustomAuthorizerV2Request as Request;
/// use aws_lambda_events::apigw::ApiGatewayV2CustomAuthorizerSimpleResponse as Response;
/// use propelauth_edge::lambda::{self, Context, DependsOn};
/// use propelauth_edge::{OrgRequirement, RequiredOrg, UnixTime, Verifier};
///
/// type Error = Box<dyn std::error::Error + Send + Sync>;
///
/// fn staff_only(request: &Request, verifier: &Verifier) -> Result<Response<Context>, Error> {
///     let user = lambda::authenticate(request, verifier, UnixTime::now())?;
///     let staff = user.require_org(RequiredOrg::Name("Acme"), OrgRequirement::Member);
///     Ok(lambda::simple_response(&user, staff.map(Some), DependsOn::token_only()))
/// }
///
/// fn org_of_path(request: &Request, verifier: &Verifier) -> Result<Response<Context>, Error> {
///     let user = lambda::authenticate(request, verifier, UnixTime::now())?;
///     let org_id = request.path_parameters.get("org_id").map_or("", String::as_str);
///     let member = user.require_org(RequiredOrg::Id(org_id), OrgRequirement::Member);
///     Ok(lambda::simple_response(&user, member.map(Some), DependsOn::path_and_method(request)?))
/// }
/// # let verifier = demo::lenient_verifier();
/// # let header = demo::HEADER;
/// # let mut request = Request::default();
/// # request.headers.insert("authorization", http::HeaderValue::from_static(header));
/// # assert!(staff_only(&request, &verifier)?.is_authorized);
/// # assert!(org_of_path(&request, &verifier).unwrap_err().is::<lambda::MissingIdentitySource>());
/// # Ok::<(), Error>(())
/// ```
#[must_use]
pub fn simple_response(
    user: &VerifiedUser,
    decision: Result<Option<OrgMemberInfoView<'_>>, Forbidden>,
    depends_on: DependsOn,
) -> ApiGatewayV2CustomAuthorizerSimpleResponse<Context> {
    let DependsOn(()) = depends_on;
    let mut response = ApiGatewayV2CustomAuthorizerSimpleResponse::default();
    response.is_authorized = decision.is_ok();
    response.context = Context::new(user, decision);
    response
}

/// What the decision of a [`simple_response`] depends on.
///
/// ```
/// use aws_lambda_events::apigw::ApiGatewayV2CustomAuthorizerV2Request;
/// use propelauth_edge::lambda::{DependsOn, MissingIdentitySource};
///
/// let mut request = ApiGatewayV2CustomAuthorizerV2Request::default();
/// request.request_context.http.path = Some("/org/acme".into());
/// request.route_key = Some("GET /org/{org_id}".into());
///
/// // $request.header.Authorization and $context.routeKey: not sufficient.
/// request.identity_source = Some(vec!["Bearer …".into(), "GET /org/{org_id}".into()]);
/// assert!(DependsOn::path_and_method(&request).is_err());
///
/// // $request.header.Authorization, $context.path and $context.httpMethod
/// request.identity_source = Some(vec!["Bearer …".into(), "/org/acme".into(), "GET".into()]);
/// assert!(DependsOn::path_and_method(&request).is_ok());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DependsOn(());

impl DependsOn {
    /// Declares that the decision depends only on the token and the authorizer's own configuration.
    #[must_use]
    pub const fn token_only() -> Self {
        Self(())
    }

    /// Declares that the decision depends on the request's path, a parameter in it, or the method.
    ///
    /// Identity sources whose values the client chooses (a header, a query parameter) can imitate the path and the
    /// method, so also name `$context.path` and `$context.httpMethod` (REST: `context.path`, `context.httpMethod`).
    ///
    /// # Errors
    ///
    /// Returns [`MissingIdentitySource`] if the request's identity sources do not include its path and its method. The
    /// TTL does not matter, as it is not part of the request: a wrong setting shows at the first request.
    pub fn path_and_method(request: &ApiGatewayV2CustomAuthorizerV2Request) -> Result<Self, MissingIdentitySource> {
        let sources = request.identity_source.as_deref().unwrap_or_default();
        let http = &request.request_context.http;
        let is_source = |value: &str| sources.iter().any(|source| source == value);
        if http.path.as_deref().is_some_and(is_source) && is_source(http.method.as_str()) {
            Ok(Self(()))
        } else {
            Err(MissingIdentitySource)
        }
    }
}

/// The authorizer's identity sources do not include both `$context.path` and `$context.httpMethod`. This is a
/// configuration error: return it from the function, so that the response is 500 and the reason is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingIdentitySource;

impl fmt::Display for MissingIdentitySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("identity sources of the authorizer must include $context.path and $context.httpMethod")
    }
}

impl core::error::Error for MissingIdentitySource {}

/// The context for the protected function: `$context.authorizer.user_id` and so on. API Gateway accepts only flat
/// values.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Context {
    /// The user's id.
    pub user_id: String,
    /// The user's email address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The id of the impersonator, if someone acts as this user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impersonator_user_id: Option<String>,
    /// When the token was issued, in seconds since 1970.
    #[serde(deserialize_with = "seconds")]
    pub issued_at: u64,
    /// When the token expires, in seconds since 1970.
    #[serde(deserialize_with = "seconds")]
    pub expires_at: u64,
    /// The id of the checked org.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org_id: Option<String>,
    /// The user's role in that org.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_assigned_role: Option<String>,
    /// The public message of a refusal, for a *gateway response*.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl Context {
    fn new(user: &VerifiedUser, decision: Result<Option<OrgMemberInfoView<'_>>, Forbidden>) -> Self {
        if let Err(error) = decision {
            log(Refusal { issuer: Some(user.issuer()), ..Refusal::new(error.into()) });
        }
        let org = decision.ok().flatten();
        Self {
            user_id: user.user_id().into(),
            email: user.email().map(Into::into),
            impersonator_user_id: user.impersonator_user_id().map(Into::into),
            issued_at: user.issued_at().as_secs(),
            expires_at: user.expires_at().as_secs(),
            org_id: org.map(|org| org.org_id.into()),
            user_assigned_role: org.map(|org| org.user_assigned_role.into()),
            message: decision.err().map(|forbidden| forbidden.public_message().into()),
        }
    }
}

/// Deserializes a number, or a number in a string, as REST APIs pass numbers on.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Seconds {
        Number(u64),
        Text(String),
    }
    match Seconds::deserialize(deserializer)? {
        Seconds::Number(number) => Ok(number),
        Seconds::Text(text) => text.parse().map_err(D::Error::custom),
    }
}

/// The error of an authorizer without a user. Displays as `Unauthorized`, the only text that API Gateway turns into
/// 401; the reason is only logged. A server-side error displays as `Internal error`, which becomes 500.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAuthenticated(pub Unauthorized);

impl fmt::Display for NotAuthenticated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.status() == 401 { "Unauthorized" } else { self.0.public_message() })
    }
}

impl core::error::Error for NotAuthenticated {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&self.0)
    }
}
