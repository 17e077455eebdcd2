//! Middleware that rejects requests before they reach a service.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;
use core::future::{Future, Ready, ready};
use core::pin::Pin;
use core::task::{Context, Poll};

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::web::Path;
use actix_web::{FromRequest, HttpMessage, HttpResponse};
use serde::Deserialize;

use super::{fault, response, token};
use crate::error::AuthError;
use crate::integrations::http::{refusal, refuse};
use crate::integrations::token_source::TokenSource;
use crate::integrations::user_of_token;
use crate::time::UnixTime;
use crate::user::VerifiedUser;
use crate::user::access::{OrgRequirement, RequiredOrg};
use crate::verifier::Verifier;

type Refuse<B> = fn(AuthError) -> http::Response<B>;

/// Middleware that lets only requests with a valid token through and adds their [`VerifiedUser`] to the request's
/// extensions. In handlers, extract the user with `ReqData<VerifiedUser>`.
///
/// ```
/// use std::sync::Arc;
///
/// use actix_web::{App, test, web};
/// use propelauth_edge::actix::{RequireUser, VerifiedUser};
///
/// # #[actix_web::main]
/// # async fn main() {
/// # let verifier = demo::lenient_verifier();
/// # let header = demo::HEADER;
/// async fn whoami(user: web::ReqData<VerifiedUser>) -> String {
///     user.user_id().into()
/// }
///
/// let api = web::scope("/api").wrap(RequireUser::new(Arc::new(verifier))).route("/whoami", web::get().to(whoami));
/// let app = test::init_service(App::new().service(api)).await;
///
/// let request = test::TestRequest::get().uri("/api/whoami");
/// assert_eq!(test::call_service(&app, request.to_request()).await.status(), 401);
/// let request = test::TestRequest::get().uri("/api/whoami").insert_header(("authorization", header));
/// let body = test::call_and_read_body(&app, request.to_request()).await;
/// assert_eq!(body, "9b2e8f64-3c1d-4f7a-8e5b-6a7c8d9e0f1a");
/// # }
/// ```
///
/// # Order
///
/// Wrap it first, before the middleware for logs, CORS and compression, which is then outside of it. These then see
/// refusals, too, and CORS preflights, which carry no token, are answered before they reach this middleware.
#[derive(Clone)]
pub struct RequireUser<F = Refuse<&'static str>> {
    verifier: Arc<Verifier>,
    source: TokenSource,
    refusal: F,
}

impl RequireUser {
    /// Creates middleware that rejects requests with [`refusal`].
    #[must_use]
    pub fn new(verifier: Arc<Verifier>) -> Self {
        Self::with_refusal(verifier, refusal)
    }
}

impl<F> RequireUser<F> {
    /// Creates middleware that rejects requests with your own function, or with
    /// [`json_refusal`](crate::http::json_refusal) or [`problem_refusal`](crate::http::problem_refusal). The middleware
    /// adds the [`AuthError`] to the response's extensions.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use actix_web::web;
    /// use propelauth_edge::{Verifier, actix::RequireUser, http::problem_refusal};
    ///
    /// fn api(config: &mut web::ServiceConfig, verifier: Arc<Verifier>) {
    ///     let users = RequireUser::with_refusal(verifier, problem_refusal::<String>);
    ///     config.service(web::scope("/api").wrap(users).route("/", web::get().to(async || "hello")));
    /// }
    /// ```
    #[must_use]
    pub fn with_refusal<B>(verifier: Arc<Verifier>, refusal: F) -> Self
    where
        F: Fn(AuthError) -> http::Response<B>,
    {
        Self { verifier, source: TokenSource::default(), refusal }
    }

    /// Reads the token from another place than the `Authorization` header.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use actix_web::web;
    /// use propelauth_edge::{TokenSource, Verifier, actix::RequireUser};
    ///
    /// fn site(config: &mut web::ServiceConfig, verifier: Arc<Verifier>) {
    ///     let users = RequireUser::new(verifier).token_from(TokenSource::Cookie("__Host-access_token"));
    ///     config.service(web::scope("").wrap(users).route("/", web::get().to(async || "hello")));
    /// }
    /// ```
    #[must_use]
    pub fn token_from(self, source: TokenSource) -> Self {
        Self { source, ..self }
    }
}

/// Middleware for paths with an org id. It lets only members of the org through who meet a requirement, and adds the
/// [`OrgMemberInfo`](crate::OrgMemberInfo) to the request's extensions. In handlers, extract it with
/// `ReqData<OrgMemberInfo>`.
///
/// The user comes from a [`RequireUser`], which must be outside of this middleware, that is, wrapped later or around an
/// outer scope. The path parameter must belong to the wrapped scope or resource, or to one around it.
///
/// ```
/// use std::sync::Arc;
///
/// use actix_web::{App, test, web};
/// use propelauth_edge::actix::{RequireOrg, RequireUser};
/// use propelauth_edge::{OrgMemberInfo, OrgRequirement};
///
/// # #[actix_web::main]
/// # async fn main() {
/// # let verifier = demo::lenient_verifier();
/// # let header = demo::HEADER;
/// async fn bill(org: web::ReqData<OrgMemberInfo>) -> String {
///     format!("The bill of {}", org.org_name)
/// }
///
/// let org = web::scope("/org/{org_id}")
///     .wrap(RequireOrg::new("org_id", OrgRequirement::Permission("billing::view")))
///     .wrap(RequireUser::new(Arc::new(verifier)))
///     .route("/bill", web::get().to(bill));
/// let app = test::init_service(App::new().service(org)).await;
///
/// let request = test::TestRequest::get().uri("/org/someone-elses/bill").insert_header(("authorization", header));
/// assert_eq!(test::call_service(&app, request.to_request()).await.status(), 403);
/// # }
/// ```
///
/// # Errors
///
/// Without an outer `RequireUser`, or if the path does not have the parameter, the response is 500 and the reason is
/// logged with `tracing`.
#[derive(Clone)]
pub struct RequireOrg<F = Refuse<&'static str>> {
    parameter: &'static str,
    requirement: OrgRequirement<'static>,
    refusal: F,
}

impl RequireOrg {
    /// Creates middleware that checks this requirement in the org whose id is the path parameter.
    #[must_use]
    pub fn new(parameter: &'static str, requirement: OrgRequirement<'static>) -> Self {
        Self::with_refusal(parameter, requirement, refusal)
    }
}

impl<F> RequireOrg<F> {
    /// Creates middleware that rejects requests with a function, such as
    /// [`http::problem_refusal`](crate::http::problem_refusal). The middleware logs the refusal and adds the
    /// [`AuthError`] to the response's extensions. The function is not called for server-side errors, such as a route
    /// without the path parameter.
    #[must_use]
    pub fn with_refusal<B>(parameter: &'static str, requirement: OrgRequirement<'static>, refusal: F) -> Self
    where
        F: Fn(AuthError) -> http::Response<B>,
    {
        Self { parameter, requirement, refusal }
    }
}

/// The name of a path parameter. actix-web deserializes names only as identifiers, not as a `String`.
#[derive(Eq, Ord, PartialEq, PartialOrd, Deserialize)]
#[serde(field_identifier)]
enum Parameter {
    Name(String),
}

/// A check of a request, which returns the response to a rejected one.
trait Requirement {
    fn check(&self, request: &ServiceRequest) -> Result<(), Box<HttpResponse>>;
}

impl<F, B> Requirement for RequireUser<F>
where
    F: Fn(AuthError) -> http::Response<B>,
    B: MessageBody + 'static,
{
    fn check(&self, request: &ServiceRequest) -> Result<(), Box<HttpResponse>> {
        let token = token(self.source, request.request());
        let user = user_of_token(token, &self.verifier, UnixTime::now());
        let user = user.map_err(|error| response(refuse(error, &self.refusal)))?;
        request.extensions_mut().insert(user);
        Ok(())
    }
}

impl<F, B> Requirement for RequireOrg<F>
where
    F: Fn(AuthError) -> http::Response<B>,
    B: MessageBody + 'static,
{
    fn check(&self, request: &ServiceRequest) -> Result<(), Box<HttpResponse>> {
        // Decodes percent-encoding like the handler's extractor.
        let path =
            Path::<BTreeMap<Parameter, String>>::from_request(request.request(), &mut Payload::None).into_inner();
        let path = path.map_err(HttpResponse::from_error)?;
        let fault = |code, reason| HttpResponse::from_error(fault(code, reason));
        let org_id = path
            .get(&Parameter::Name(self.parameter.into()))
            .ok_or_else(|| fault("MissingPathParameter", "the path of a RequireOrg lacks its path parameter"))?;
        let org = {
            let extensions = request.extensions();
            let user: &VerifiedUser =
                extensions.get().ok_or_else(|| fault("MissingUser", "a RequireOrg without a RequireUser around it"))?;
            let org = user.require_org(RequiredOrg::Id(org_id), self.requirement);
            org.map_err(|error| response(refuse(error, &self.refusal)))?.to_owned()
        };
        request.extensions_mut().insert(org);
        Ok(())
    }
}

impl<F> fmt::Debug for RequireUser<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { verifier, source, refusal: _ } = self;
        f.debug_struct("RequireUser").field("verifier", verifier).field("source", source).finish_non_exhaustive()
    }
}

impl<F> fmt::Debug for RequireOrg<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { parameter, requirement, refusal: _ } = self;
        let mut debug = f.debug_struct("RequireOrg");
        debug.field("parameter", parameter).field("requirement", requirement).finish_non_exhaustive()
    }
}

/// The service of a [`RequireUser`] or a [`RequireOrg`].
#[derive(Clone, Debug)]
pub struct Guarded<S, R> {
    inner: S,
    requirement: R,
}

/// The future of a [`Guarded`]: the response of its service, or a refusal.
type Answer<B> = Pin<Box<dyn Future<Output = Result<ServiceResponse<EitherBody<B>>, actix_web::Error>>>>;

impl<S, B, R> Service<ServiceRequest> for Guarded<S, R>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error, Future: 'static>,
    B: 'static,
    R: Requirement,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = actix_web::Error;
    type Future = Answer<B>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), actix_web::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Answer<B> {
        match self.requirement.check(&request) {
            Ok(()) => {
                let answer = self.inner.call(request);
                Box::pin(async { Ok(answer.await?.map_into_left_body()) })
            }
            Err(refusal) => Box::pin(ready(Ok(request.into_response(*refusal).map_into_right_body()))),
        }
    }
}

macro_rules! middleware {
    ($name:ident) => {
        impl<S, B, F> Transform<S, ServiceRequest> for $name<F>
        where
            Guarded<S, Self>:
                Service<ServiceRequest, Response = ServiceResponse<EitherBody<B>>, Error = actix_web::Error>,
            S: Service<ServiceRequest, Response = ServiceResponse<B>>,
            F: Clone,
        {
            type Response = ServiceResponse<EitherBody<B>>;
            type Error = actix_web::Error;
            type Transform = Guarded<S, Self>;
            type InitError = ();
            type Future = Ready<Result<Guarded<S, Self>, ()>>;

            fn new_transform(&self, inner: S) -> Self::Future {
                ready(Ok(Guarded { inner, requirement: self.clone() }))
            }
        }
    };
}

middleware!(RequireUser);
middleware!(RequireOrg);
