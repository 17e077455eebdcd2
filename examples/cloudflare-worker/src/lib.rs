//! A Cloudflare Worker: who is calling, and what may they do in an org? See `wrangler.toml` for how to build and deploy
//! it.

use propelauth_edge::client::{Auth, Config, WorkerTransport};
#[cfg(not(feature = "embedded-key"))]
use propelauth_edge::worker::verifier;
use propelauth_edge::worker::{Failure, user};
use propelauth_edge::{OrgRequirement, RequiredOrg, UnixTime, VerifiedUser, Verifier};
use worker::{Context, Env, Error, Request, Response, event};

#[event(fetch)]
async fn fetch(request: Request, env: Env, _: Context) -> worker::Result<Response> {
    route(&request, &env).await.or_else(Failure::into_response)
}

async fn route(request: &Request, env: &Env) -> Result<Response, Failure> {
    let verifier = verifier(env)?;
    let user = user(request, verifier, UnixTime::now())?;
    let path = request.path();
    match path.split('/').skip(1).collect::<Vec<_>>()[..] {
        ["whoami"] => Ok(Response::from_json(&user)?),
        ["profile"] => profile(&user, verifier, env).await,
        ["org", org_id] => org(&user, org_id, OrgRequirement::Member),
        ["org", org_id, "billing"] => org(&user, org_id, OrgRequirement::Permission("billing::view")),
        ["org", org_id, "admin"] => org(&user, org_id, OrgRequirement::AtLeastRole("Admin")),
        _ => Ok(Response::error("Not found", 404)?),
    }
}

fn org(user: &VerifiedUser, org_id: &str, requirement: OrgRequirement<'_>) -> Result<Response, Failure> {
    let org = user.require_org(RequiredOrg::Id(org_id), requirement)?;
    Ok(Response::from_json(&org)?)
}

/// Returns PropelAuth's current data on the user. The token has the data of the time when it was issued.
async fn profile(user: &VerifiedUser, verifier: &Verifier, env: &Env) -> Result<Response, Failure> {
    let api_key = env.secret("PROPELAUTH_API_KEY")?.to_string();
    let config = Config::new(verifier.issuer(), &api_key).map_err(|error| Error::from(error.to_string()))?;
    let auth = Auth::new(config, verifier.clone(), WorkerTransport::new());
    let profile = auth.fetch_user_metadata_by_user_id(user.user_id(), Default::default()).await;
    Ok(Response::from_json(&profile.map_err(|error| Error::from(error.to_string()))?)?)
}

/// Created by the compiler.
#[cfg(feature = "embedded-key")]
fn verifier(_: &Env) -> Result<&'static Verifier, Failure> {
    static AUTH: Verifier = propelauth_edge::verifier_from_env!();
    Ok(&AUTH)
}
