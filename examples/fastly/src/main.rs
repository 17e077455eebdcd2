//! A Compute service in front of a backend: it forwards the requests of verified users, and tells the backend who they
//! are. The README explains how to build and deploy it.

use fastly::http::header::{AUTHORIZATION, CONNECTION};
use fastly::http::{HeaderValue, StatusCode};
use fastly::{Body, Error, Request, Response};
use propelauth_edge::http::{refusal, user};
use propelauth_edge::{Unauthorized, UnixTime, VerifiedUser, Verifier};

/// The backend's name in `fastly.toml`.
const BACKEND: &str = "origin";

/// The header by which the backend knows the user. What a client sends under this name is removed.
const USER_ID: &str = "x-user-id";

// Fastly would show a returned error to the client, so none is returned.
#[fastly::main]
fn main(request: Request) -> Result<Response, Error> {
    let verifier = match verifier() {
        Ok(verifier) => verifier,
        Err(reason) => return Ok(failure(StatusCode::INTERNAL_SERVER_ERROR, reason)),
    };
    Ok(match authenticate(&request, verifier) {
        Ok(user) => forward(request, &user),
        Err(error) => {
            eprintln!("refused a request: {error}");
            refusal::<Body>(error).into()
        }
    })
}

/// Converts the one header that matters: for a very long URL, the conversion of a whole request panics.
fn authenticate(request: &Request, verifier: &Verifier) -> Result<VerifiedUser, Unauthorized> {
    let authorization = request.get_header_all(AUTHORIZATION).map(|value| (AUTHORIZATION, value.clone()));
    user(&authorization.collect(), verifier, UnixTime::now())
}

/// Sends the request to the backend with the user's id.
fn forward(mut request: Request, user: &VerifiedUser) -> Response {
    let user_id = match HeaderValue::from_str(user.user_id()) {
        Ok(user_id) => user_id,
        Err(error) => return failure(StatusCode::INTERNAL_SERVER_ERROR, error),
    };
    // Many servers treat `_` as `-`, so a client could send the header under another spelling.
    let is_forged = |name: &str| name.replace('_', "-").eq_ignore_ascii_case(USER_ID);
    let forged: Vec<_> = request.get_header_names().filter(|name| is_forged(name.as_str())).cloned().collect();
    for name in forged {
        request.remove_header(name);
    }
    // It could tell a proxy on the way to the backend to remove the header.
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
