//! A Worker that gets its settings and its clock from the test, with every request.

use propelauth_edge::worker::{Failure, new_verifier, refusal, user, user_from};
use propelauth_edge::{AuthError, TokenSource, Unauthorized, UnixTime, VerifiedUser, Verifier};
use worker::js_sys::{Array, Object, Reflect};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::{Context, Env, Request, Response, WebSocketPair, console_log, event};

#[derive(serde::Deserialize)]
struct Case {
    /// Secrets and variables; one that is a list is not text.
    settings: Vec<(String, Setting)>,
    now: u64,
    /// An `Authorization` header that HTTP does not allow.
    header: Option<String>,
    /// The place of the token: `cookie`, `protocol` or `query`, with the name `t`.
    source: Option<String>,
    /// Whether the buffer is too small.
    #[serde(default)]
    small: bool,
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Setting {
    Text(String),
    List(Vec<String>),
}

#[event(fetch)]
async fn fetch(request: Request, _: Env, _: Context) -> worker::Result<Response> {
    let answer = serve(request).await.inspect_err(|failure| console_log!("Display: {failure}"));
    answer.or_else(Failure::into_response)
}

async fn serve(mut request: Request) -> Result<Response, Failure> {
    let case: Case = match request.headers().get("x-case")? {
        Some(case) => serde_json::from_str(&case).map_err(worker::Error::from)?,
        None => request.json().await?,
    };
    let settings = Object::new();
    for (name, value) in &case.settings {
        let value = match value {
            Setting::Text(text) => text.into(),
            Setting::List(list) => list.iter().map(JsValue::from).collect::<Array>().into(),
        };
        Reflect::set(&settings, &name.into(), &value).map_err(worker::Error::from)?;
    }
    let verifier = new_verifier(settings.unchecked_ref::<Env>());
    let verifier = verifier.inspect_err(|error| console_log!("Debug: {error:?}"))?;
    let now = UnixTime::from_secs(case.now);
    if case.small {
        return Err(Unauthorized::BufferTooSmall { needed: 1 }.into());
    }
    if let Some(source) = case.source {
        let source = match &*source {
            "cookie" => TokenSource::Cookie("t"),
            "protocol" => TokenSource::WebSocketProtocol("t"),
            _ => TokenSource::QueryParameter("t"),
        };
        let user = user_from(source, &request, &verifier, now)?;
        return answer(source, &user);
    }
    let Some(header) = case.header else {
        return Ok(Response::from_json(&user(&request, &verifier, now)?)?);
    };
    let mut buffer = vec![0; Verifier::buffer_len(&header)];
    match verifier.validate_access_token_and_get_user(header.as_str(), now, &mut buffer) {
        Ok(user) => Ok(Response::from_json(&user)?),
        Err(error) => Ok(refusal(AuthError::from(error))?),
    }
}

/// Greets the user, over a WebSocket if the request opened one.
fn answer(source: TokenSource, user: &VerifiedUser) -> Result<Response, Failure> {
    let TokenSource::WebSocketProtocol(name) = source else {
        return Ok(Response::ok(user.user_id())?);
    };
    let WebSocketPair { client, server } = WebSocketPair::new()?;
    server.accept()?;
    server.send_with_str(user.user_id())?;
    let response = Response::from_websocket(client)?;
    response.headers().set("sec-websocket-protocol", name)?;
    Ok(response)
}
