//! Fixtures for the documentation's examples, used in hidden lines: `# let user = demo::ada();`.

use propelauth_edge::{TokenVerificationMetadata, UnixTime, UserView, Verifier};

pub const VERIFIER_KEY: &str = include_str!("verifier_key.pem");
pub const ISSUER: &str = "https://auth.example.com";

/// Ada's token under that key, with all her orgs.
pub const TOKEN: &str = include_str!("access_token.jwt");
pub const HEADER: &str = concat!("Bearer ", include_str!("access_token.jwt"));

/// The key after a rotation, and Grace's token under it. It has one org, and someone acts as her.
pub const NEXT_KEY: &str = include_str!("next_key.pem");
pub const NEXT_TOKEN: &str = include_str!("active_org_token.jwt");

/// A time at which both tokens are valid.
pub const NOW: UnixTime = UnixTime::from_secs(1_767_225_660);

pub fn verifier() -> Verifier {
    Verifier::new(TokenVerificationMetadata { verifier_key: VERIFIER_KEY, issuer: ISSUER }).unwrap()
}

/// Returns a verifier with enough leeway to accept Ada's token today.
pub fn lenient_verifier() -> Verifier {
    verifier().with_leeway(u32::MAX)
}

/// Returns the arguments of a verification: a verifier, a token, the time, a buffer.
pub fn given() -> (Verifier, &'static str, UnixTime, [u8; 4096]) {
    (verifier(), TOKEN, NOW, [0; 4096])
}

pub fn ada() -> UserView<'static> {
    verifier().validate_access_token(TOKEN, NOW, Vec::leak(vec![0; 4096])).unwrap()
}

pub fn grace() -> UserView<'static> {
    let verifier = verifier().with_additional_key(NEXT_KEY).unwrap();
    verifier.validate_access_token(NEXT_TOKEN, NOW, Vec::leak(vec![0; 4096])).unwrap()
}

#[cfg(feature = "client")]
pub use client::{api, auth, blocking_auth, transport};

#[cfg(feature = "client")]
mod client {
    use http::{Request, Response};
    use propelauth_edge::client::{Auth, Config, Transport, TransportError, blocking};
    use serde_json::json;

    /// The backend API as far as the examples use it: a blocking transport.
    pub fn api(request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
        let body = match path.trim_start_matches("/api/backend/v1").trim_start_matches("/api/v1") {
            "/token_verification_metadata" => json!({ "verifier_key_pem": super::VERIFIER_KEY }),
            "/org/query" => {
                let is_first = query.contains("page_number=0");
                let (org_id, name) = if is_first { ("1", "Acme") } else { ("2", "Globex") };
                json!({
                    "orgs": [{ "org_id": org_id, "name": name, "is_saml_configured": false }],
                    "total_orgs": 2,
                    "current_page": !is_first as u32,
                    "page_size": 1,
                    "has_more_results": is_first,
                })
            }
            disable if disable.ends_with("/disable") => json!({}),
            _ => return Ok(Response::builder().status(404).body(Vec::new()).unwrap()),
        };
        Ok(Response::new(body.to_string().into_bytes()))
    }

    /// Returns that API as an async transport.
    pub fn transport() -> impl Transport {
        |request| std::future::ready(api(request))
    }

    fn config() -> Config {
        Config::new(super::ISSUER, "the integration API key").unwrap()
    }

    pub fn auth() -> Auth<impl Transport> {
        Auth::new(config(), super::lenient_verifier(), transport())
    }

    pub fn blocking_auth() -> blocking::Auth<impl blocking::Transport> {
        blocking::Auth::new(config(), super::lenient_verifier(), api)
    }
}
