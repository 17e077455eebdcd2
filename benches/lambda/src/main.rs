//! The function of `examples/lambda/src/bin/api.rs` on the propelauth crate.

use std::env;

use lambda_http::{Body, Error, Request, RequestExt, Response, run, service_fn};
use propelauth::models::AuthTokenVerificationMetadata;
use propelauth::propelauth::auth::PropelAuth;
use propelauth::propelauth::errors::UnauthorizedOrForbiddenError;
use propelauth::propelauth::options::{AuthOptionsWithTokenVerification, RequiredOrg, UserRequirementsInOrg};
use propelauth::propelauth::token_models::User;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let verifier_key = env::var("PROPELAUTH_VERIFIER_KEY")?;
    let auth = &PropelAuth::init(AuthOptionsWithTokenVerification {
        auth_url: env::var("PROPELAUTH_ISSUER")?,
        api_key: "unused".into(),
        manual_token_verification_metadata: AuthTokenVerificationMetadata::new(verifier_key),
    })?;
    run(service_fn(async |request: Request| Ok::<_, Error>(route(&request, auth).unwrap_or_else(refusal)))).await
}

fn route(request: &Request, auth: &PropelAuth) -> Result<Response<Body>, UnauthorizedOrForbiddenError> {
    let header = request.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let user = auth.verify().validate_authorization_header(header)?;
    match request.raw_http_path().split('/').skip(1).collect::<Vec<_>>()[..] {
        ["whoami"] => Ok(json(200, &user)),
        ["org", org_id] => org(&user, org_id, UserRequirementsInOrg::None),
        ["org", org_id, "billing"] => org(&user, org_id, UserRequirementsInOrg::HasPermission("billing::view")),
        ["org", org_id, "admin"] => org(&user, org_id, UserRequirementsInOrg::IsAtLeastRole("Admin")),
        _ => Ok(json(404, &"Not found")),
    }
}

fn org(
    user: &User,
    org_id: &str,
    requirement: UserRequirementsInOrg,
) -> Result<Response<Body>, UnauthorizedOrForbiddenError> {
    Ok(json(200, &user.validate_org_membership(RequiredOrg::OrgId(org_id), requirement)?))
}

fn refusal(error: UnauthorizedOrForbiddenError) -> Response<Body> {
    match error {
        UnauthorizedOrForbiddenError::Unauthorized(_) => json(401, &"Unauthorized"),
        UnauthorizedOrForbiddenError::Forbidden(_) => json(403, &"Forbidden"),
    }
}

fn json(status: u16, value: &impl serde::Serialize) -> Response<Body> {
    let body = serde_json::to_string(value).expect("a user has a JSON form");
    let response = Response::builder().status(status).header("content-type", "application/json");
    response.body(body.into()).expect("valid status and header")
}
