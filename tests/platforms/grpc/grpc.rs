//! The layer in front of a tonic server, called by a tonic client.
#![cfg(test)]
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use propelauth_edge::http::{RequireUserLayer, grpc_refusal};
use propelauth_edge::testkit::{Fault, TestIssuer};
use propelauth_edge::{AuthError, Forbidden};
use tonic::body::Body;
use tonic::codegen::http::Response;
use tonic::metadata::MetadataValue;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Server};
use tonic::{Code, Request, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

/// Starts a server behind the layer and connects to it.
async fn serve(layer: RequireUserLayer<fn(AuthError) -> Response<Body>>) -> Channel {
    let (_, service) = tonic_health::server::health_reporter();
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = incoming.local_addr().unwrap();
    tokio::spawn(Server::builder().layer(layer).add_service(service).serve_with_incoming(incoming));
    Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap()
}

async fn call(channel: &Channel, authorization: Option<&str>) -> Result<(), Status> {
    let mut request = Request::new(HealthCheckRequest::default());
    if let Some(value) = authorization {
        request.metadata_mut().insert("authorization", MetadataValue::try_from(value).unwrap());
    }
    HealthClient::new(channel.clone()).check(request).await.map(|_| ())
}

#[tokio::test]
async fn refusals_are_of_grpc() {
    let issuer = TestIssuer::generate();
    let verifier = Arc::new(issuer.verifier());
    let layer = RequireUserLayer::with_refusal(Arc::clone(&verifier), grpc_refusal as fn(AuthError) -> Response<Body>);
    let channel = serve(layer).await;
    let good = issuer.token("u1").authorization_header();
    let expired = issuer.token("u1").fault(Fault::Expired).authorization_header();
    for _ in 0..2 {
        assert!(call(&channel, Some(&good)).await.is_ok());
        for (authorization, message) in [
            (None, "No authorization header found"),
            (Some("Basic dTpw"), "Invalid authorization header. Expected: Bearer {accessToken}"),
            (Some(&*expired), "Invalid access token"),
        ] {
            let status = call(&channel, authorization).await.unwrap_err();
            assert_eq!((status.code(), status.message()), (Code::Unauthenticated, message));
        }
    }

    let forbid: fn(AuthError) -> Response<Body> = |_| grpc_refusal(Forbidden::MissingRole);
    let status = call(&serve(RequireUserLayer::with_refusal(verifier, forbid)).await, None).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::PermissionDenied, "User doesn't have required role"));
}
