//! A Worker that a test tells its settings and its clock, with every request.

use propelauth_edge::worker::{Failure, refusal, user, verifier};
use propelauth_edge::{AuthError, UnixTime, Verifier};
use worker::js_sys::{Object, Reflect};
use worker::wasm_bindgen::JsCast;
use worker::{Context, Env, Request, Response, event};

#[derive(serde::Deserialize)]
struct Case {
    /// Secrets and variables.
    settings: Vec<(String, String)>,
    now: u64,
    /// An `Authorization` header that HTTP does not let through as it is.
    header: Option<String>,
}

#[event(fetch)]
async fn fetch(request: Request, _: Env, _: Context) -> worker::Result<Response> {
    serve(request).await.or_else(Failure::into_response)
}

async fn serve(mut request: Request) -> Result<Response, Failure> {
    let case: Case = request.json().await?;
    let settings = Object::new();
    for (name, value) in &case.settings {
        Reflect::set(&settings, &name.into(), &value.into()).map_err(worker::Error::from)?;
    }
    let verifier = verifier(settings.unchecked_ref::<Env>())?;
    let now = UnixTime::from_secs(case.now);
    let Some(header) = case.header else {
        return Ok(Response::from_json(&user(&request, &verifier, now)?)?);
    };
    let mut buffer = vec![0; Verifier::buffer_len(&header)];
    match verifier.validate_access_token_and_get_user(header.as_str(), now, &mut buffer) {
        Ok(user) => Ok(Response::from_json(&user)?),
        Err(error) => Ok(refusal(AuthError::from(error))?),
    }
}
