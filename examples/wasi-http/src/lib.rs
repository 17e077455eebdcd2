//! A wasi:http component: who is calling, and what may they do in an org? The README explains how to build and serve
//! it.

use propelauth_edge::http::{refusal, user};
use propelauth_edge::{AuthError, OrgRequirement, RequiredOrg, SettingsError, UnixTime, VerifiedUser, Verifier};
use wstd::http::{Body, Error, Request, Response};

#[wstd::http_server]
async fn main(request: Request<Body>) -> Result<Response<Body>, Error> {
    let verifier = match verifier() {
        Ok(verifier) => verifier,
        Err(reason) => {
            eprintln!("{reason}");
            return Ok(Response::builder().status(500).body("Internal error".into())?);
        }
    };
    Ok(route(&request, verifier).unwrap_or_else(|error| {
        eprintln!("refused a request: {}: {error}", error.code());
        refusal(error)
    }))
}

fn route(request: &Request<Body>, verifier: &Verifier) -> Result<Response<Body>, AuthError> {
    let user = user(request.headers(), verifier, UnixTime::now())?;
    match request.uri().path().split('/').skip(1).collect::<Vec<_>>()[..] {
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
    let body = Body::from_json(value).expect("a user has a JSON form");
    let response = Response::builder().status(status).header("content-type", "application/json");
    response.body(body).expect("valid status and header")
}

/// Prepared at compile time: every request starts a new instance, which then has no key to read or prepare.
#[cfg(not(feature = "key-from-environment"))]
fn verifier() -> Result<&'static Verifier, &'static SettingsError> {
    static AUTH: Verifier = propelauth_edge::verifier_from_env!();
    Ok(&AUTH)
}

/// Creates the verifier from the environment variables, once in each instance.
#[cfg(feature = "key-from-environment")]
fn verifier() -> Result<&'static Verifier, &'static SettingsError> {
    static AUTH: std::sync::LazyLock<Result<Verifier, SettingsError>> = std::sync::LazyLock::new(Verifier::from_env);
    AUTH.as_ref()
}
