// The backend API, as far as the documentation's examples ask it. It is a blocking transport.
{
    use http::{Request, Response};
    use propelauth_edge::client::TransportError;
    use serde_json::json;

    fn api(request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
        let body = match path.trim_start_matches("/api/backend/v1").trim_start_matches("/api/v1") {
            "/token_verification_metadata" => json!({ "verifier_key_pem": include_str!("verifier_key.pem") }),
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

    api
}
