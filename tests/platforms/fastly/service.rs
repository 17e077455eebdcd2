//! A Compute service that gets its settings and its clock from the test, with every request.

use fastly::{Body, Error, Request, Response};

#[path = "../door.rs"]
mod door;

#[fastly::main]
fn main(mut request: Request) -> Result<Response, Error> {
    let case = request.take_body_bytes();
    let headers = request.get_headers().map(|(name, value)| (name.clone(), value.clone())).collect();
    Ok(door::answer(&headers, &case).map(Body::from).into())
}
