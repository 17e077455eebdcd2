//! A server of [axum](https://docs.rs/axum).
//!
//! ```text
//! export PROPELAUTH_ISSUER=https://auth.example.com
//! export PROPELAUTH_VERIFIER_KEY="$(cat verifier_key.pem)"
//! cargo run --example axum --features axum
//! ```
//!
//! Both values stand in PropelAuth's dashboard under "Backend Integration". The server listens on 127.0.0.1:3000, or
//! where `LISTEN` says.

use std::env;
use std::error::Error;
use std::sync::Arc;

use axum::extract::Path;
use axum::routing::get;
use axum::{Json, Router};
use propelauth_edge::{Forbidden, OrgMemberInfo, OrgRequirement, RequiredOrg};
use propelauth_edge::{TokenVerificationMetadata, User, Verifier};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let verifier = Verifier::new(TokenVerificationMetadata {
        verifier_key: &variable("PROPELAUTH_VERIFIER_KEY")?,
        issuer: &variable("PROPELAUTH_ISSUER")?,
    })?;
    let router = Router::new()
        .route("/whoami", get(whoami))
        .route("/org/{org_id}", get(org))
        .route("/org/{org_id}/billing", get(billing))
        .route("/org/{org_id}/admin", get(admin))
        .with_state(Arc::new(verifier));

    let address = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:3000".into());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on {}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|error| format!("{name}: {error}"))
}

async fn whoami(user: User) -> Json<User> {
    Json(user)
}

async fn org(user: User, Path(org_id): Path<String>) -> Result<Json<OrgMemberInfo>, Forbidden> {
    member(&user, &org_id, OrgRequirement::Member)
}

async fn billing(user: User, Path(org_id): Path<String>) -> Result<Json<OrgMemberInfo>, Forbidden> {
    member(&user, &org_id, OrgRequirement::Permission("billing::view"))
}

async fn admin(user: User, Path(org_id): Path<String>) -> Result<Json<OrgMemberInfo>, Forbidden> {
    member(&user, &org_id, OrgRequirement::AtLeastRole("Admin"))
}

fn member(user: &User, org_id: &str, requirement: OrgRequirement<'_>) -> Result<Json<OrgMemberInfo>, Forbidden> {
    Ok(Json(user.require_org(RequiredOrg::Id(org_id), requirement)?.clone()))
}
