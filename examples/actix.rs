//! An [actix-web](https://docs.rs/actix-web) server.
//!
//! ```text
//! export PROPELAUTH_ISSUER=https://auth.example.com
//! export PROPELAUTH_VERIFIER_KEY="$(cat verifier_key.pem)"
//! cargo run --example actix --features actix
//! ```
//!
//! Both values are in PropelAuth's dashboard under "Backend Integration". During a key rotation, set
//! `PROPELAUTH_ADDITIONAL_VERIFIER_KEY` to the second key; during a move to another domain, set
//! `PROPELAUTH_ADDITIONAL_ISSUER` to the second issuer. The server listens on 127.0.0.1:3000, or on the address in
//! `LISTEN`. It logs refusals to standard error.

use std::env;
use std::error::Error;
use std::sync::Arc;

use actix_web::{App, HttpServer, get, web};
use propelauth_edge::actix::{RequireOrg, RequireUser};
use propelauth_edge::{Forbidden, OrgMemberInfo, OrgRequirement, RequiredOrg, VerifiedUser, Verifier};

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let verifier = Arc::new(Verifier::from_env()?);
    let app = move || {
        let admins = web::scope("/org/{org_id}/admin")
            .wrap(RequireOrg::new("org_id", OrgRequirement::AtLeastRole("Admin")))
            .wrap(RequireUser::new(Arc::clone(&verifier)))
            .route("", web::get().to(admin));
        App::new()
            .app_data(web::Data::from(Arc::clone(&verifier)))
            .service(whoami)
            .service(org)
            .service(billing)
            .service(admins)
    };

    let address = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:3000".into());
    let server = HttpServer::new(app).bind(address)?;
    for address in server.addrs() {
        println!("listening on {address}");
    }
    server.run().await?;
    Ok(())
}

#[get("/whoami")]
async fn whoami(user: VerifiedUser) -> web::Json<VerifiedUser> {
    web::Json(user)
}

#[get("/org/{org_id}")]
async fn org(user: VerifiedUser, org_id: web::Path<String>) -> Result<web::Json<OrgMemberInfo>, Forbidden> {
    member(&user, &org_id, OrgRequirement::Member)
}

#[get("/org/{org_id}/billing")]
async fn billing(user: VerifiedUser, org_id: web::Path<String>) -> Result<web::Json<OrgMemberInfo>, Forbidden> {
    member(&user, &org_id, OrgRequirement::Permission("billing::view"))
}

/// Called only for admins: the middleware has checked the user and the org.
async fn admin(member: web::ReqData<OrgMemberInfo>) -> web::Json<OrgMemberInfo> {
    web::Json(member.into_inner())
}

fn member(
    user: &VerifiedUser,
    org_id: &str,
    requirement: OrgRequirement<'_>,
) -> Result<web::Json<OrgMemberInfo>, Forbidden> {
    Ok(web::Json(user.require_org(RequiredOrg::Id(org_id), requirement)?.to_owned()))
}
