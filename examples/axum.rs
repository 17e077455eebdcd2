//! An [axum](https://docs.rs/axum) server.
//!
//! ```text
//! export PROPELAUTH_ISSUER=https://auth.example.com
//! export PROPELAUTH_VERIFIER_KEY="$(cat verifier_key.pem)"
//! cargo run --example axum --features axum
//! ```
//!
//! Both values are in PropelAuth's dashboard under "Backend Integration". During a key rotation, set
//! `PROPELAUTH_ADDITIONAL_VERIFIER_KEY` to the second key; during a move to another domain, set
//! `PROPELAUTH_ADDITIONAL_ISSUER` to the second issuer. The server listens on 127.0.0.1:3000, or on the address in
//! `LISTEN`. It logs refusals to standard error.

use std::env;
use std::error::Error;
use std::sync::Arc;

use axum::extract::Path;
use axum::routing::get;
use axum::{Json, Router};
use propelauth_edge::{Forbidden, OrgMemberInfo, OrgRequirement, RequiredOrg, VerifiedUser, Verifier};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let router = Router::new()
        .route("/whoami", get(whoami))
        .route("/org/{org_id}", get(org))
        .route("/org/{org_id}/billing", get(billing))
        .route("/org/{org_id}/admin", get(admin))
        .with_state(Arc::new(Verifier::from_env()?));

    let address = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:3000".into());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on {}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

async fn whoami(user: VerifiedUser) -> Json<VerifiedUser> {
    Json(user)
}

async fn org(user: VerifiedUser, Path(org_id): Path<String>) -> Result<Json<OrgMemberInfo>, Forbidden> {
    member(&user, &org_id, OrgRequirement::Member)
}

async fn billing(user: VerifiedUser, Path(org_id): Path<String>) -> Result<Json<OrgMemberInfo>, Forbidden> {
    member(&user, &org_id, OrgRequirement::Permission("billing::view"))
}

async fn admin(user: VerifiedUser, Path(org_id): Path<String>) -> Result<Json<OrgMemberInfo>, Forbidden> {
    member(&user, &org_id, OrgRequirement::AtLeastRole("Admin"))
}

fn member(
    user: &VerifiedUser,
    org_id: &str,
    requirement: OrgRequirement<'_>,
) -> Result<Json<OrgMemberInfo>, Forbidden> {
    Ok(Json(user.require_org(RequiredOrg::Id(org_id), requirement)?.to_owned()))
}
