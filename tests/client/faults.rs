//! Responses can be anything. Each fault has its own error, in time, and no error shows the API key.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use common::loopback::{Received, Server, respond};
use propelauth_edge::client::*;
use propelauth_edge::{TokenVerificationMetadata, Verifier};

const KEY: &str = "the-integration-api-key";
const USER_ID: &str = "31c41c16-c281-44ae-9602-8a047e3bf33d";

/// The time limit for a whole response in these tests, and the time that they may take themselves.
const TIMEOUT: Duration = Duration::from_millis(500);
const IN_TIME: Duration = Duration::from_secs(5);

fn verifier() -> Verifier {
    let verifier_key = include_str!("../../examples/demo/verifier_key.pem");
    Verifier::new(TokenVerificationMetadata { verifier_key, issuer: "https://auth.example.com" }).unwrap()
}

fn config(base_url: &str, retry: RetryPolicy) -> Config {
    Config::new("https://auth.example.com", KEY).unwrap().with_base_url(base_url).unwrap().with_retry(retry)
}

/// Makes a call through each transport, with one server each.
fn through_each<E: Endpoint>(base_urls: [&str; 2], retry: RetryPolicy, call: &E) -> [Result<E::Output, ApiError>; 2] {
    let [for_reqwest, for_ureq] = base_urls.map(|base_url| config(base_url, retry));
    let blocking = blocking::Auth::new(for_ureq, verifier(), UreqTransport::with_timeout(TIMEOUT));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let of_reqwest = runtime.block_on(async {
        let transport = WithSleep(ReqwestTransport::with_timeout(TIMEOUT).unwrap(), tokio::time::sleep);
        Auth::new(for_reqwest, verifier(), transport).call(call).await
    });
    [of_reqwest, blocking.call(call)]
}

/// Returns the error of fetching a user through each transport, checked for the key and the time.
fn errors(base_url: &str) -> [ApiError; 2] {
    let call = FetchUserMetadataByUserId { user_id: USER_ID.into(), options: FetchUserOptions::default() };
    let start = Instant::now();
    let errors = through_each([base_url; 2], RetryPolicy::OFF, &call).map(Result::unwrap_err);
    assert!(start.elapsed() < IN_TIME);
    for error in &errors {
        let mut shown = format!("{error} {error:?}");
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            shown += &format!(" {cause} {cause:?}");
            source = cause.source();
        }
        assert!(!shown.contains(KEY), "{shown}");
    }
    errors
}

fn errors_of(answer: impl Fn(&Received, TcpStream) + Send + Sync + 'static) -> [ApiError; 2] {
    errors(&Server::start(answer).base_url())
}

/// Writes raw bytes.
fn raw(bytes: &'static [u8]) -> impl Fn(&Received, TcpStream) + Send + Sync {
    move |_, mut stream| drop(stream.write_all(bytes))
}

#[track_caller]
fn assert_transport(errors: [ApiError; 2], kind: TransportErrorKind) {
    for error in errors {
        assert!(matches!(&error, ApiError::Transport(error) if error.kind() == kind), "{error:?}");
    }
}

#[track_caller]
fn assert_undecodable(errors: [ApiError; 2]) {
    for error in errors {
        assert!(matches!(&error, ApiError::UndecodableBody { status: 200, text: None, .. }), "{error:?}");
    }
}

#[test]
fn nobody_listens() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_transport(errors(&format!("http://{address}")), TransportErrorKind::Connect);
}

#[test]
fn the_server_closes_before_an_answer() {
    assert_transport(errors_of(raw(b"")), TransportErrorKind::Broken);
}

/// Keeps connections until another request arrives on them, and then closes them without a response, as a server does
/// whose idle timeout ends at that moment. `len` is how much of the request is read. Returns the outcome of a call
/// after one that filled the pool, and the number of requests.
fn through_a_connection_that_closes<E: Endpoint>(call: &E, len: usize) -> (Result<E::Output, ApiError>, usize) {
    let server = Server::start(move |_, mut stream| {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        let _ = stream.write_all(answer);
        let _ = stream.read(&mut vec![0; len]);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let auth = runtime.block_on(async {
        let transport = ReqwestTransport::with_timeout(TIMEOUT).unwrap();
        Auth::new(config(&server.base_url(), RetryPolicy::OFF), verifier(), transport)
    });
    runtime.block_on(auth.call(&clear_user_password())).unwrap();
    let result = runtime.block_on(auth.call(call));
    (result, server.take_received().len())
}

#[test]
fn an_idempotent_call_is_sent_again_if_a_kept_connection_closes() {
    // If part of the request is read, the connection is reset.
    for len in [4096, 1] {
        let (result, received) = through_a_connection_that_closes(&clear_user_password(), len);
        assert!(result.unwrap());
        assert_eq!(received, 2); // what came on the connection that closed does not count
        let (result, received) = through_a_connection_that_closes(&DisableUser { user_id: USER_ID.into() }, len);
        assert!(matches!(result, Err(ApiError::Transport(error)) if error.kind() == TransportErrorKind::Broken));
        assert_eq!(received, 1);
    }
}

#[test]
fn the_server_closes_in_the_middle_of_the_body() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"user_id\":";
    assert_transport(errors_of(raw(half)), TransportErrorKind::Broken);
    let half_a_chunk = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{\"user";
    assert_transport(errors_of(raw(half_a_chunk)), TransportErrorKind::Broken);
}

#[test]
fn the_answer_is_not_http() {
    assert_transport(errors_of(raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n\x00\xff")), TransportErrorKind::Broken);
}

#[test]
fn the_body_is_too_large() {
    let large = |_: &Received, stream| respond(stream, 200, &[], &vec![b' '; 10 << 20]);
    assert_transport(errors_of(large), TransportErrorKind::BodyTooLarge);
    // Nor with an error status.
    let large_error = |_: &Received, stream| respond(stream, 500, &[], &vec![b'x'; MAX_RESPONSE_LEN + 1]);
    assert_transport(errors_of(large_error), TransportErrorKind::BodyTooLarge);
}

#[test]
fn a_body_as_large_as_the_limit_is_read() {
    for error in errors_of(|_, stream| respond(stream, 500, &[], &vec![b'x'; MAX_RESPONSE_LEN])) {
        assert!(matches!(&error, ApiError::UnexpectedStatus { text, .. } if text.len() == MAX_RESPONSE_LEN));
        assert!(error.to_string().len() < 300);
    }
}

#[test]
fn there_is_no_answer() {
    assert_transport(errors_of(|_, stream| hold(stream)), TransportErrorKind::Timeout);
}

#[test]
fn the_body_is_slow() {
    let drip = |_: &Received, mut stream: TcpStream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n");
        // Each piece arrives within every limit, but the whole takes longer.
        while stream.write_all(b" ").is_ok() {
            thread::sleep(TIMEOUT / 10);
        }
    };
    assert_transport(errors_of(drip), TransportErrorKind::Timeout);
}

/// Sends nothing, for longer than any timeout.
fn hold(stream: TcpStream) {
    thread::sleep(IN_TIME);
    drop(stream);
}

#[test]
fn the_body_is_not_utf_8() {
    let broken = b"{\"user_id\":\"\xff\xfe\",\"email\":\"\xc3\x28\"}";
    assert_undecodable(errors_of(|_, stream| respond(stream, 200, &[("content-type", "application/json")], broken)));
    for error in errors_of(|_, stream| respond(stream, 500, &[], b"\xff!")) {
        assert!(matches!(&error, ApiError::UnexpectedStatus { status: 500, text } if text == "\u{fffd}!"));
    }
}

#[test]
fn the_body_is_of_another_type() {
    let html = b"<!doctype html><title>Sign in to the proxy</title>";
    assert_undecodable(errors_of(|_, stream| respond(stream, 200, &[("content-type", "text/html")], html)));
    assert_undecodable(errors_of(|_, stream| respond(stream, 200, &[], b"")));
    assert_undecodable(errors_of(|_, stream| respond(stream, 200, &[], b"[]")));
    assert_undecodable(errors_of(|_, stream| respond(stream, 200, &[], b"{\"user_id\":5}")));
    assert_undecodable(errors_of(|_, stream| respond(stream, 200, &[], "[".repeat(100_000).as_bytes())));
}

#[test]
fn redirects_are_not_followed() {
    let elsewhere = Server::start(|_, stream| respond(stream, 200, &[], b"{}"));
    for status in [301, 302, 303, 307, 308] {
        let location = format!("{}/collect", elsewhere.base_url());
        for error in errors_of(move |_, stream| respond(stream, status, &[("location", &location)], b"")) {
            assert!(matches!(error, ApiError::UnexpectedStatus { status: got, .. } if got == status), "{error:?}");
        }
    }
    assert_eq!(elsewhere.take_received().len(), 0);
}

#[test]
fn a_server_that_shows_what_it_was_sent_does_not_give_the_key_away() {
    for status in [400, 403, 404, 429, 500] {
        // `errors` searches for the key.
        errors_of(move |request, stream| {
            let status = if status == 404 { 405 } else { status };
            respond(stream, status, &[], format!("{request:?}").as_bytes());
        });
    }
}

/// Returns the outcome through each transport of a call that is refused `refusals` times before it succeeds, and the
/// number of requests.
fn refused<E: Endpoint>(
    status: u16,
    headers: &'static [(&str, &str)],
    refusals: usize,
    call: &E,
) -> ([Result<E::Output, ApiError>; 2], [usize; 2]) {
    let servers = [(); 2].map(|()| {
        let count = AtomicUsize::new(0);
        Server::start(move |_, stream| {
            if count.fetch_add(1, Ordering::SeqCst) < refusals {
                respond(stream, status, headers, b"slow down");
            } else {
                respond(stream, 200, &[], b"");
            }
        })
    });
    let urls = servers.each_ref().map(Server::base_url);
    let retry = RetryPolicy { base_delay: Duration::from_millis(1), ..RetryPolicy::times(2) };
    let results = through_each(urls.each_ref().map(String::as_str), retry, call);
    (results, servers.map(|server| server.take_received().len()))
}

fn clear_user_password() -> ClearUserPassword {
    ClearUserPassword { user_id: USER_ID.into() }
}

#[test]
fn rate_limits_tell_the_wait_and_are_waited_for() {
    for error in errors_of(|_, stream| respond(stream, 429, &[("retry-after", "7")], b"slow down")) {
        let ApiError::RateLimited(limit) = error else { panic!("{error:?}") };
        assert_eq!((limit.retry_after, &*limit.text), (Some(Duration::from_secs(7)), "slow down"));
    }
    for error in errors_of(|_, stream| respond(stream, 429, &[], b"slow down")) {
        assert!(matches!(error, ApiError::RateLimited(limit) if limit.retry_after.is_none()));
    }

    let start = Instant::now();
    let (results, requests) = refused(429, &[("retry-after", "1")], 1, &clear_user_password());
    assert!(results.into_iter().all(|result| result.unwrap()));
    assert_eq!(requests, [2; 2]);
    assert!(start.elapsed() >= Duration::from_secs(2));

    // Longer than the policy's maximum.
    let (results, requests) = refused(429, &[("retry-after", "11")], 1, &clear_user_password());
    assert!(results.into_iter().all(|result| matches!(result, Err(ApiError::RateLimited(_)))));
    assert_eq!(requests, [1; 2]);
}

#[test]
fn calls_are_repeated_so_often_and_only_if_they_may_be() {
    let (results, requests) = refused(503, &[], 2, &clear_user_password());
    assert!(results.into_iter().all(|result| result.unwrap()));
    assert_eq!(requests, [3; 2]);

    let (results, requests) = refused(503, &[], 3, &clear_user_password());
    assert!(results.iter().all(|result| matches!(result, Err(ApiError::UnexpectedStatus { status: 503, .. }))));
    assert_eq!(requests, [3; 2]);

    for status in [500, 400, 404] {
        assert_eq!(refused(status, &[], 1, &clear_user_password()).1, [1; 2], "{status}");
    }
    assert_eq!(refused(503, &[], 1, &DisableUser { user_id: USER_ID.into() }).1, [1; 2]);
}

#[test]
fn pages_end_with_the_last() {
    let server = Server::start(|request, stream| {
        let is_last = request.target.contains("page_number=2");
        let body = format!(
            r#"{{"orgs":[{{"org_id":"o","name":"n","is_saml_configured":false}}],"total_orgs":3,"current_page":0,
                "page_size":1,"has_more_results":{}}}"#,
            !is_last
        );
        respond(stream, 200, &[], body.as_bytes());
    });
    let config = config(&server.base_url(), RetryPolicy::OFF);
    let query = FetchOrgByQuery { options: FetchOrgByQueryOptions { page_size: 1, ..Default::default() } };

    let blocking = blocking::Auth::new(config.clone(), verifier(), UreqTransport::new());
    let pages: Result<Vec<OrgsPage>, ApiError> = blocking.pages(query.clone()).collect();
    assert_eq!(pages.unwrap().len(), 3);

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let auth = Auth::new(config, verifier(), ReqwestTransport::new().unwrap());
        let mut pages = auth.pages(query);
        for _ in 0..3 {
            assert_eq!(pages.next().await.unwrap().unwrap().orgs.len(), 1);
        }
        assert!(pages.next().await.is_none());
    });
}

/// Futures of calls can be spawned, and `Auth` shared.
#[test]
fn futures_are_send() {
    fn assert_send<T: Send>(value: T) -> T {
        value
    }
    let auth = Auth::new(config("http://localhost", RetryPolicy::OFF), verifier(), ReqwestTransport::new().unwrap());
    drop(assert_send(auth.create_user("a@example.com", CreateUserOptions::default())));
    drop(assert_send(auth.validate_api_key("token")));
    fn assert_shared<T: Send + Sync + 'static>(_: &T) {}
    assert_shared(&auth);
}
