//! A Compute service in front of a backend: it forwards the requests of verified users, and tells the backend who they
//! are. The README explains how to build and deploy it.

use fastly::http::header::{AUTHORIZATION, CONNECTION};
use fastly::http::{HeaderValue, StatusCode};
use fastly::{Body, Error, Request, Response};
use propelauth_edge::http::{refusal, user};
use propelauth_edge::{Unauthorized, UnixTime, VerifiedUser, Verifier};

/// The backend's name in `fastly.toml`.
const BACKEND: &str = "origin";

/// Carries the user's id to the backend. A client's own value is removed.
const USER_ID: &str = "x-user-id";

// Fastly would show a returned error to the client, so none is returned.
#[fastly::main]
fn main(request: Request) -> Result<Response, Error> {
    let verifier = match verifier() {
        Ok(verifier) => verifier,
        Err(reason) => return Ok(failure(StatusCode::INTERNAL_SERVER_ERROR, reason)),
    };
    Ok(match authenticate(request.get_header_all(AUTHORIZATION), verifier) {
        Ok(user) => forward(request, &user),
        Err(error) => {
            eprintln!("refused a request: {}: {error}", error.code());
            refusal::<Body>(error).into()
        }
    })
}

/// Verifies the token in the header. A whole request is not converted: with a very long URL, that panics.
fn authenticate<'a>(
    authorization: impl Iterator<Item = &'a HeaderValue>,
    verifier: &Verifier,
) -> Result<VerifiedUser, Unauthorized> {
    let headers = authorization.map(|value| (AUTHORIZATION, value.clone())).collect();
    user(&headers, verifier, UnixTime::now())
}

/// Returns `true` for the header's name in any spelling: many servers treat `_` as `-`.
fn is_user_id(name: &str) -> bool {
    name.replace('_', "-").eq_ignore_ascii_case(USER_ID)
}

/// Sends the request to the backend with the user's id.
fn forward(mut request: Request, user: &VerifiedUser) -> Response {
    let user_id = match HeaderValue::from_str(user.user_id()) {
        Ok(user_id) => user_id,
        Err(error) => return failure(StatusCode::INTERNAL_SERVER_ERROR, error),
    };
    let forged: Vec<_> = request.get_header_names().filter(|name| is_user_id(name.as_str())).cloned().collect();
    for name in forged {
        request.remove_header(name);
    }
    // A client's `Connection` header could make a proxy drop `x-user-id`.
    request.remove_header(CONNECTION);
    request.set_header(USER_ID, user_id);
    // Fastly's cache would give this user's response to the next one.
    request.set_pass(true);
    request.send(BACKEND).unwrap_or_else(|error| failure(StatusCode::BAD_GATEWAY, error))
}

/// Tells the client that something failed, and the log why.
fn failure(status: StatusCode, reason: impl std::fmt::Display) -> Response {
    eprintln!("{reason}");
    Response::from_status(status).with_body_text_plain("Internal error")
}

/// Prepared at compile time: every request starts a new instance, which then has no key to read or prepare.
#[cfg(feature = "embedded-key")]
fn verifier() -> Result<&'static Verifier, &'static str> {
    static AUTH: Verifier = propelauth_edge::verifier_from_env!();
    Ok(&AUTH)
}

/// Creates the verifier from the config store, once in each instance.
#[cfg(not(feature = "embedded-key"))]
fn verifier() -> Result<&'static Verifier, &'static str> {
    const STORE: &str = "propelauth";

    fn prepare() -> Result<Verifier, String> {
        let store = fastly::ConfigStore::try_open(STORE).map_err(|error| format!("config store {STORE}: {error}"))?;
        let setting = |name| store.try_get(name).inspect_err(|error| eprintln!("{name}: {error}")).ok().flatten();
        let verifier = Verifier::from_settings(setting);
        verifier.map_err(|error| format!("config store {STORE}: {error}"))
    }

    static AUTH: std::sync::LazyLock<Result<Verifier, String>> = std::sync::LazyLock::new(prepare);
    AUTH.as_ref().map_err(String::as_str)
}
