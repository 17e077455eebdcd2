//! A Lambda authorizer of API Gateway, for both kinds of APIs and all of their formats: `TOKEN` and `REQUEST` of REST
//! APIs, payload formats 1.0 and 2.0 of HTTP APIs, the latter with simple responses.
//! `cargo lambda build --release --bin authorizer`
//!
//! With the environment variable `REQUIRED_ORG` it lets only the members of one org through, by its id.
//!
//! API Gateway keeps an answer for as long as the authorizer's TTL says, and a policy allows the one method that was
//! asked for: set the TTL to 0, or have the path among the identity sources. For simple responses, the authorizer of the
//! HTTP API needs `EnableSimpleResponses`.

use std::env;

use aws_lambda_events::apigw::{
    ApiGatewayCustomAuthorizerRequest, ApiGatewayCustomAuthorizerRequestTypeRequest,
    ApiGatewayV2CustomAuthorizerV1Request, ApiGatewayV2CustomAuthorizerV2Request,
};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use propelauth_edge::lambda::{AuthorizerRequest, authenticate, policy, simple_response};
use propelauth_edge::{Forbidden, OrgMemberInfo, OrgRequirement, RequiredOrg, UnixTime, User, Verifier};
use serde_json::Value;

struct Authorizer {
    verifier: Verifier,
    required_org: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let authorizer =
        &Authorizer { verifier: propelauth_edge_lambda::verifier()?, required_org: env::var("REQUIRED_ORG").ok() };
    run(service_fn(async |event: LambdaEvent<Value>| authorizer.answer(event.payload))).await
}

impl Authorizer {
    /// Yours will have one format, and take its type from the event instead.
    fn answer(&self, event: Value) -> Result<Value, Error> {
        let text = |name| event.get(name).and_then(Value::as_str);
        match (text("version"), text("type")) {
            (Some("2.0"), _) => {
                let request: ApiGatewayV2CustomAuthorizerV2Request = serde_json::from_value(event)?;
                let user = self.user(&request)?;
                Ok(serde_json::to_value(simple_response(&user, self.decide(&user)))?)
            }
            (Some(_), _) => self.by_policy::<ApiGatewayV2CustomAuthorizerV1Request>(event),
            (None, Some("TOKEN")) => self.by_policy::<ApiGatewayCustomAuthorizerRequest>(event),
            (None, _) => self.by_policy::<ApiGatewayCustomAuthorizerRequestTypeRequest>(event),
        }
    }

    fn by_policy<R: AuthorizerRequest + serde::de::DeserializeOwned>(&self, event: Value) -> Result<Value, Error> {
        let request: R = serde_json::from_value(event)?;
        let user = self.user(&request)?;
        Ok(serde_json::to_value(policy(&request, &user, self.decide(&user)))?)
    }

    fn user(&self, request: &impl AuthorizerRequest) -> Result<User, Error> {
        let user = authenticate(request, &self.verifier, UnixTime::now());
        Ok(user.inspect_err(|refused| eprintln!("refused: {}", refused.0))?)
    }

    fn decide<'u>(&self, user: &'u User) -> Result<Option<&'u OrgMemberInfo>, Forbidden> {
        let Some(org_id) = &self.required_org else { return Ok(None) };
        user.require_org(RequiredOrg::Id(org_id), OrgRequirement::Member).map(Some)
    }
}
