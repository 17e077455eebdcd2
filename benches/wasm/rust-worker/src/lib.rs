//! The Workers of `workers.mjs` that use the crate `worker`.

use worker::{Context, Env, Request, Response, event};

#[cfg(not(feature = "verify"))]
#[event(fetch)]
async fn fetch(_: Request, _: Env, _: Context) -> worker::Result<Response> {
    Response::ok("{}")
}

#[cfg(feature = "verify")]
#[event(fetch)]
async fn fetch(request: Request, env: Env, _: Context) -> worker::Result<Response> {
    verified::answer(&request, &env).or_else(propelauth_edge::worker::Failure::into_response)
}

#[cfg(feature = "verify")]
mod verified {
    use propelauth_edge::UnixTime;
    #[cfg(feature = "embedded-key")]
    use propelauth_edge::Verifier;
    #[cfg(not(feature = "embedded-key"))]
    use propelauth_edge::worker::verifier;
    use propelauth_edge::worker::{Failure, user};
    use worker::{Env, Request, Response};

    pub(crate) fn answer(request: &Request, env: &Env) -> Result<Response, Failure> {
        let user = user(request, verifier(env)?, UnixTime::now())?;
        Ok(Response::from_json(&user)?)
    }

    #[cfg(feature = "embedded-key")]
    fn verifier(_: &Env) -> Result<&'static Verifier, Failure> {
        static AUTH: Verifier = propelauth_edge::verifier_from_env!();
        Ok(&AUTH)
    }
}
