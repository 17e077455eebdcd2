//! `/whoami` of `examples/axum.rs`, with the propelauth crate.

use std::env;
use std::error::Error;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::get;
use axum::{Json, Router};
use propelauth::models::AuthTokenVerificationMetadata;
use propelauth::propelauth::auth::PropelAuth;
use propelauth::propelauth::options::AuthOptionsWithTokenVerification;
use propelauth::propelauth::token_models::User;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let auth = PropelAuth::init(AuthOptionsWithTokenVerification {
        auth_url: env::var("PROPELAUTH_ISSUER")?,
        api_key: "unused".into(),
        manual_token_verification_metadata: AuthTokenVerificationMetadata::new(env::var("PROPELAUTH_VERIFIER_KEY")?),
    })?;
    let router = Router::new().route("/whoami", get(whoami)).with_state(Arc::new(auth));
    let listener = tokio::net::TcpListener::bind(env::var("LISTEN")?).await?;
    axum::serve(listener, router).await?;
    Ok(())
}

async fn whoami(State(auth): State<Arc<PropelAuth>>, headers: HeaderMap) -> Result<Json<User>, StatusCode> {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    auth.verify().validate_authorization_header(header).map(Json).map_err(|_| StatusCode::UNAUTHORIZED)
}
