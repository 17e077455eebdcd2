//! A wasi:http component that gets its settings and its clock from the test, with every request.

use wstd::http::{Body, Error, Request, Response};

#[path = "../door.rs"]
mod door;

#[wstd::http_server]
async fn main(request: Request<Body>) -> Result<Response<Body>, Error> {
    let (request, mut body) = request.into_parts();
    Ok(door::answer(&request.headers, body.contents().await?).map(Body::from))
}
