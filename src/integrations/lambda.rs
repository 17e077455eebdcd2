//! AWS Lambda: Lambda authorizers of API Gateway, and functions that take requests of the crate `http`, as those of
//! `lambda_http` do.
//!
//! An authorizer answers in one of three ways, whatever the format: with the error `Unauthorized`, of which API Gateway
//! makes 401; with a refusal, 403; or with leave, and a [`Context`] for the function behind it.
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
//! API Gateway keeps the answer for a token for as long as the authorizer's TTL says, five minutes unless told
//! otherwise, and a policy of [`policy`] allows the one method that was asked for: set the TTL to 0, or have the path
//! among the identity sources.

use alloc::string::String;
use alloc::vec;
use core::fmt;

use aws_lambda_events::apigw::{
    ApiGatewayCustomAuthorizerRequest, ApiGatewayCustomAuthorizerRequestTypeRequest,
    ApiGatewayCustomAuthorizerResponse, ApiGatewayV2CustomAuthorizerSimpleResponse,
    ApiGatewayV2CustomAuthorizerV1Request, ApiGatewayV2CustomAuthorizerV2Request,
};
use aws_lambda_events::iam::{IamPolicyEffect, IamPolicyStatement};
use http::{HeaderMap, Response};

use super::http as glue;
use crate::error::{AuthError, Forbidden, Unauthorized};
use crate::owned;
use crate::time::UnixTime;
use crate::user::{OrgMemberInfo, User};
use crate::verifier::Verifier;

/// Version of the language of IAM policies.
const POLICY_VERSION: &str = "2012-10-17";

/// The action that calls a method of an API.
const INVOKE: &str = "execute-api:Invoke";

/// The user whom the token in a request's `Authorization` header names.
///
/// # Errors
///
/// The first check that the header or the token fails.
///
/// # Examples
///
/// ```
/// use http::{HeaderMap, HeaderValue};
/// use propelauth_edge::{Unauthorized, UnixTime, lambda};
/// # let verifier = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/lenient_verifier.rs"));
/// # let header = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/header.rs"));
///
/// let mut headers = HeaderMap::new(); // in a function, `request.headers()`
/// assert_eq!(lambda::user(&headers, &verifier, UnixTime::now()), Err(Unauthorized::MissingHeader));
/// headers.insert("authorization", HeaderValue::from_static(header));
/// let user = lambda::user(&headers, &verifier, UnixTime::now())?;
/// assert_eq!(user.email.as_deref(), Some("ada@example.com"));
/// # Ok::<(), Unauthorized>(())
/// ```
pub fn user(headers: &HeaderMap, verifier: &Verifier, now: UnixTime) -> Result<User, Unauthorized> {
    owned::user(verifier, glue::authorization(headers)?, now)
}

/// The answer to a request that is refused: 401 or 403, `WWW-Authenticate`, and the public message as the body.
///
/// ```
/// use propelauth_edge::{Forbidden, Unauthorized, lambda};
///
/// let response: http::Response<String> = lambda::refusal(Unauthorized::Expired);
/// assert_eq!((response.status().as_u16(), response.body().as_str()), (401, "Invalid access token"));
/// assert_eq!(response.headers()["www-authenticate"], "Bearer error=\"invalid_token\"");
/// assert_eq!(lambda::refusal::<String>(Forbidden::MissingRole).status(), 403);
/// ```
pub fn refusal<B: From<&'static str>>(error: impl Into<AuthError>) -> Response<B> {
    glue::refusal(error.into())
}

/// A request that API Gateway sends to an authorizer.
///
/// ```
/// use aws_lambda_events::apigw::ApiGatewayV2CustomAuthorizerV2Request;
/// use propelauth_edge::lambda::AuthorizerRequest;
///
/// /// For the log: what was asked for, and whether there was something to authenticate by.
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
    /// The value of the `Authorization` header.
    ///
    /// # Errors
    ///
    /// [`Unauthorized::MalformedHeader`] if there are several, or one that is not text.
    fn authorization(&self) -> Result<Option<&str>, Unauthorized>;

    /// The method that was asked for, as an ARN.
    fn resource(&self) -> Option<&str>;
}

/// `TOKEN` of REST APIs. The source of the token must be the `Authorization` header.
impl AuthorizerRequest for ApiGatewayCustomAuthorizerRequest {
    fn authorization(&self) -> Result<Option<&str>, Unauthorized> {
        Ok(self.authorization_token.as_deref())
    }

    fn resource(&self) -> Option<&str> {
        self.method_arn.as_deref()
    }
}

/// `REQUEST` of REST APIs.
impl AuthorizerRequest for ApiGatewayCustomAuthorizerRequestTypeRequest {
    fn authorization(&self) -> Result<Option<&str>, Unauthorized> {
        // Of a header that comes twice, `headers` has the last alone.
        let headers = if self.multi_value_headers.is_empty() { &self.headers } else { &self.multi_value_headers };
        glue::authorization(headers)
    }

    fn resource(&self) -> Option<&str> {
        self.method_arn.as_deref()
    }
}

/// Payload format 1.0 of HTTP APIs.
impl AuthorizerRequest for ApiGatewayV2CustomAuthorizerV1Request {
    fn authorization(&self) -> Result<Option<&str>, Unauthorized> {
        glue::authorization(&self.headers)
    }

    fn resource(&self) -> Option<&str> {
        self.method_arn.as_deref()
    }
}

/// Payload format 2.0 of HTTP APIs.
impl AuthorizerRequest for ApiGatewayV2CustomAuthorizerV2Request {
    fn authorization(&self) -> Result<Option<&str>, Unauthorized> {
        glue::authorization(&self.headers)
    }

    fn resource(&self) -> Option<&str> {
        self.route_arn.as_deref()
    }
}

/// The user whom the token of an authorizer's request names.
///
/// # Errors
///
/// What the authorizer has to return as its error, so that the answer is 401.
///
/// # Examples
///
/// ```
/// use aws_lambda_events::apigw::ApiGatewayCustomAuthorizerRequest;
/// use propelauth_edge::{Unauthorized, UnixTime, lambda};
/// # let verifier = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/lenient_verifier.rs"));
/// # let header = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/header.rs"));
///
/// let mut request = ApiGatewayCustomAuthorizerRequest::default();
/// let error = lambda::authenticate(&request, &verifier, UnixTime::now()).unwrap_err();
/// assert_eq!((error.0, error.to_string().as_str()), (Unauthorized::MissingHeader, "Unauthorized"));
///
/// request.authorization_token = Some(header.into());
/// let user = lambda::authenticate(&request, &verifier, UnixTime::now())?;
/// assert_eq!(user.first_name.as_deref(), Some("Ada"));
/// # Ok::<(), lambda::NotAuthenticated>(())
/// ```
pub fn authenticate(
    request: &impl AuthorizerRequest,
    verifier: &Verifier,
    now: UnixTime,
) -> Result<User, NotAuthenticated> {
    let user = request.authorization().and_then(|header| owned::user(verifier, header, now));
    user.map_err(NotAuthenticated)
}

/// The answer as a policy document, of REST APIs and of payload format 1.0.
///
/// `decision` is `Ok(None)` if to be a user is enough, and else that of [`User::require_org`], with `.map(Some)`.
///
/// ```
/// use aws_lambda_events::iam::IamPolicyEffect;
/// use propelauth_edge::{OrgRequirement, RequiredOrg, lambda};
/// # use aws_lambda_events::apigw::ApiGatewayCustomAuthorizerRequest;
/// # use propelauth_edge::UnixTime;
/// # let verifier = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/lenient_verifier.rs"));
/// # let mut request = ApiGatewayCustomAuthorizerRequest::default();
/// # let header = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/header.rs"));
/// # request.authorization_token = Some(header.into());
/// # let user = lambda::authenticate(&request, &verifier, UnixTime::now())?;
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
    user: &User,
    decision: Result<Option<&OrgMemberInfo>, Forbidden>,
) -> ApiGatewayCustomAuthorizerResponse<Context> {
    let mut statement = IamPolicyStatement::default();
    statement.effect = if decision.is_ok() { IamPolicyEffect::Allow } else { IamPolicyEffect::Deny };
    statement.action = vec![INVOKE.into()];
    statement.resource = vec![request.resource().unwrap_or_default().into()];

    let mut response = ApiGatewayCustomAuthorizerResponse::default();
    response.principal_id = Some(user.user_id.clone());
    response.policy_document.version = Some(POLICY_VERSION.into());
    response.policy_document.statement = vec![statement];
    response.context = Context::new(user, decision);
    response
}

/// The answer in the simple format, of payload format 2.0. `decision` as in [`policy`].
///
/// ```
/// use propelauth_edge::{OrgRequirement, RequiredOrg, lambda};
/// # let verifier = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/lenient_verifier.rs"));
/// # let mut request = aws_lambda_events::apigw::ApiGatewayCustomAuthorizerRequest::default();
/// # let header = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/header.rs"));
/// # request.authorization_token = Some(header.into());
/// # let user = lambda::authenticate(&request, &verifier, propelauth_edge::UnixTime::now())?;
///
/// assert!(lambda::simple_response(&user, Ok(None)).is_authorized); // to be a user is enough
///
/// let owner = user.require_org(RequiredOrg::Name("Acme"), OrgRequirement::Role("Owner"));
/// let response = lambda::simple_response(&user, owner.map(Some));
/// assert!(!response.is_authorized && response.context.message.is_some());
/// # Ok::<(), lambda::NotAuthenticated>(())
/// ```
#[must_use]
pub fn simple_response(
    user: &User,
    decision: Result<Option<&OrgMemberInfo>, Forbidden>,
) -> ApiGatewayV2CustomAuthorizerSimpleResponse<Context> {
    let mut response = ApiGatewayV2CustomAuthorizerSimpleResponse::default();
    response.is_authorized = decision.is_ok();
    response.context = Context::new(user, decision);
    response
}

/// What the function behind the authorizer is told: `$context.authorizer.user_id` and so on. API Gateway takes nothing
/// but flat values.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Context {
    /// The user's id.
    pub user_id: String,
    /// The user's email address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Who acts as this user, if somebody does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impersonator_user_id: Option<String>,
    /// The id of the org that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org_id: Option<String>,
    /// The user's role in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_assigned_role: Option<String>,
    /// The public message of a refusal, for a *gateway response*.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl Context {
    fn new(user: &User, decision: Result<Option<&OrgMemberInfo>, Forbidden>) -> Self {
        let org = decision.ok().flatten();
        Self {
            user_id: user.user_id.clone(),
            email: user.email.clone(),
            impersonator_user_id: user.impersonator_user_id.clone(),
            org_id: org.map(|org| org.org_id.clone()),
            user_assigned_role: org.map(|org| org.user_assigned_role.clone()),
            message: decision.err().map(|forbidden| forbidden.public_message().into()),
        }
    }
}

/// There is no user. It prints as `Unauthorized`, the one error of which API Gateway makes 401; why is for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAuthenticated(pub Unauthorized);

impl fmt::Display for NotAuthenticated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unauthorized")
    }
}

impl core::error::Error for NotAuthenticated {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&self.0)
    }
}
