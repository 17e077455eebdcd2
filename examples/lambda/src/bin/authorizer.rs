//! A Lambda authorizer for API Gateway, for all API types and formats: `TOKEN` and `REQUEST` of REST APIs, payload
//! formats 1.0 and 2.0 of HTTP APIs, the latter with simple responses. `cargo lambda build --release --bin authorizer`
//!
//! With the environment variable `REQUIRED_ORG`, an org's id, only members of that org are allowed.
//!
//! Set the authorizer's TTL to 0: see the README. For simple responses, the authorizer of the HTTP API needs
//! `EnableSimpleResponses`.

use std::env::{self, VarError};

use aws_lambda_events::apigw::{
    ApiGatewayCustomAuthorizerRequest, ApiGatewayCustomAuthorizerRequestTypeRequest,
    ApiGatewayV2CustomAuthorizerV1Request, ApiGatewayV2CustomAuthorizerV2Request,
};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use propelauth_edge::lambda::{AuthorizerRequest, DependsOn, authenticate, policy, simple_response};
use propelauth_edge::{Forbidden, OrgMemberInfoView, OrgRequirement, RequiredOrg, UnixTime, VerifiedUser, Verifier};
use serde_json::Value;

struct Authorizer {
    verifier: Verifier,
    required_org: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let authorizer = &Authorizer { verifier: Verifier::from_env()?, required_org: required_org()? };
    run(service_fn(async |event: LambdaEvent<Value>| authorizer.answer(event.payload))).await
}

/// Reads the required org. An unusable value must not let everybody in.
fn required_org() -> Result<Option<String>, Error> {
    match env::var("REQUIRED_ORG") {
        Ok(org_id) if org_id.trim().is_empty() => Err("REQUIRED_ORG: the org's id is empty".into()),
        Ok(org_id) => Ok(Some(org_id)),
        Err(VarError::NotPresent) => Ok(None),
        Err(error) => Err(format!("REQUIRED_ORG: {error}").into()),
    }
}

impl Authorizer {
    /// Your authorizer will have one format: take its type directly from the event instead.
    fn answer(&self, event: Value) -> Result<Value, Error> {
        let text = |name| event.get(name).and_then(Value::as_str);
        match (text("version"), text("type")) {
            (Some("2.0"), _) => {
                let request: ApiGatewayV2CustomAuthorizerV2Request = serde_json::from_value(event)?;
                let user = authenticate(&request, &self.verifier, UnixTime::now())?;
                let response = simple_response(&user, self.decide(&user), DependsOn::token_only());
                Ok(serde_json::to_value(response)?)
            }
            (Some(_), _) => self.by_policy::<ApiGatewayV2CustomAuthorizerV1Request>(event),
            (None, Some("TOKEN")) => self.by_policy::<ApiGatewayCustomAuthorizerRequest>(event),
            (None, _) => self.by_policy::<ApiGatewayCustomAuthorizerRequestTypeRequest>(event),
        }
    }

    fn by_policy<R: AuthorizerRequest + serde::de::DeserializeOwned>(&self, event: Value) -> Result<Value, Error> {
        let request: R = serde_json::from_value(event)?;
        let user = authenticate(&request, &self.verifier, UnixTime::now())?;
        Ok(serde_json::to_value(policy(&request, &user, self.decide(&user)))?)
    }

    fn decide<'u>(&self, user: &'u VerifiedUser) -> Result<Option<OrgMemberInfoView<'u>>, Forbidden> {
        let Some(org_id) = &self.required_org else { return Ok(None) };
        user.require_org(RequiredOrg::Id(org_id), OrgRequirement::Member).map(Some)
    }
}
