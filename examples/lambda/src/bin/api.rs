//! A function behind API Gateway or a function URL that verifies its tokens. `cargo lambda build --release --bin api`

use lambda_http::{Body, Error, Request, RequestExt, Response, run, service_fn};
use propelauth_edge::lambda::{refusal, user};
use propelauth_edge::{AuthError, OrgRequirement, RequiredOrg, UnixTime, VerifiedUser, Verifier};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let verifier = &Verifier::from_env()?;
    run(service_fn(async |request: Request| Ok::<_, Error>(route(&request, verifier).unwrap_or_else(refusal)))).await
}

fn route(request: &Request, verifier: &Verifier) -> Result<Response<Body>, AuthError> {
    let user = user(request.headers(), verifier, UnixTime::now())?;
    // API Gateway may prepend a stage to the path; this is the path without it.
    match request.raw_http_path().split('/').skip(1).collect::<Vec<_>>()[..] {
        ["whoami"] => Ok(json(200, &user)),
        ["org", org_id] => org(&user, org_id, OrgRequirement::Member),
        ["org", org_id, "billing"] => org(&user, org_id, OrgRequirement::Permission("billing::view")),
        ["org", org_id, "admin"] => org(&user, org_id, OrgRequirement::AtLeastRole("Admin")),
        _ => Ok(json(404, &"Not found")),
    }
}

fn org(user: &VerifiedUser, org_id: &str, requirement: OrgRequirement<'_>) -> Result<Response<Body>, AuthError> {
    Ok(json(200, &user.require_org(RequiredOrg::Id(org_id), requirement)?))
}

fn json(status: u16, value: &impl serde::Serialize) -> Response<Body> {
    let body = serde_json::to_string(value).expect("a user has a JSON form");
    let response = Response::builder().status(status).header("content-type", "application/json");
    response.body(body.into()).expect("valid status and header")
}
