//! axum and AWS Lambda.

use super::common::mint::Mint;
use super::common::secrets::shows_nothing_of;
use super::printed::printed;
use super::token;

#[cfg(feature = "axum")]
#[test]
pub(crate) fn axum_and_its_answers() {
    use std::convert::Infallible;
    use std::future::ready;
    use std::sync::Arc;

    use axum::{body::Body, response::Response};
    use propelauth_edge::axum::RequireUserLayer;
    use tower::{Layer, Service, ServiceExt, service_fn};

    let mint = Mint::new("rsa2048");
    let token = token(&mint);
    let layer = RequireUserLayer::new(Arc::new(mint.verifier));
    let mut service = layer.layer(service_fn(|_| ready(Ok::<_, Infallible>(Response::new(Body::empty())))));
    let request = http::Request::builder().header("authorization", format!("Bearer {token}!")).body(Body::empty());
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        let future = service.ready().await.unwrap().call(request.unwrap());
        let shown = [printed(&layer), printed(&service), printed(&future)].concat();
        let answer = future.await.unwrap();
        assert_eq!(answer.status(), 401);
        shows_nothing_of(&token, &format!("{shown} {answer:?}"));
        let body = axum::body::to_bytes(answer.into_body(), 1000).await.unwrap();
        shows_nothing_of(&token, str::from_utf8(&body).unwrap());
    });
}

#[cfg(feature = "lambda")]
#[test]
pub(crate) fn lambda() {
    use super::common::mint::NOW;
    use aws_lambda_events::apigw::ApiGatewayCustomAuthorizerRequest;
    use propelauth_edge::lambda::{authenticate, simple_response};

    let mint = Mint::new("rsa2048");
    let token = token(&mint);
    let mut request = ApiGatewayCustomAuthorizerRequest::default();
    request.authorization_token = Some(format!("Bearer {token}!"));
    let error = authenticate(&request, &mint.verifier, NOW).unwrap_err();
    shows_nothing_of(&token, &format!("{error} {} {:?}", printed(&error), error.0));

    request.authorization_token = Some(format!("Bearer {token}"));
    let user = authenticate(&request, &mint.verifier, NOW).unwrap();
    let response = simple_response(&user, Ok(user.get_org("a")));
    assert!(response.is_authorized);
    shows_nothing_of(&token, &printed(&response.context));
}
