//! Requests with tokens in the header and elsewhere, for every integration that takes a [`TokenSource`].

use propelauth_edge::http::TokenSource;
use propelauth_edge::testkit::Fault;

use super::good;

/// A request for `/`, where the token is expected, and the status of the response.
pub(crate) struct Case {
    pub(crate) source: TokenSource,
    pub(crate) path: String,
    pub(crate) header: (&'static str, String),
    pub(crate) status: u16,
}

pub(crate) fn cases() -> Vec<Case> {
    let token = good().access_token();
    let forged = good().fault(Fault::Tampered).access_token();
    let cookie = |value: &str| ("cookie", format!("theme=dark; __Host-t={value}; x=y"));
    let protocol = |value: &str| ("sec-websocket-protocol", format!("chat, t, {value}"));
    let none = ("x-none", String::new());
    let bearer = ("authorization", good().authorization_header());
    let in_cookie = TokenSource::Cookie("__Host-t");
    let in_protocol = TokenSource::WebSocketProtocol("t");
    let in_query = TokenSource::QueryParameter("t");
    let in_header = TokenSource::AuthorizationHeader;
    let rows = [
        (in_cookie, "/", cookie(&token), 200),
        (in_cookie, "/", ("cookie", format!("name=José; __Host-t={token}")), 200),
        (in_cookie, "/", cookie(&forged), 401),
        (in_cookie, "/", ("cookie", format!("__Host-t={token}; __Host-t={token}")), 401),
        (in_cookie, "/", cookie(&format!("Bearer {token}")), 401),
        (in_cookie, "/", bearer.clone(), 401),
        (in_cookie, "/", none.clone(), 401),
        (in_protocol, "/", protocol(&token), 200),
        (in_protocol, "/", protocol(&forged), 401),
        (in_protocol, "/", bearer.clone(), 401),
        (in_query, &format!("/?a=b&t={token}"), none.clone(), 200),
        (in_query, &format!("/?t={forged}"), none.clone(), 401),
        (in_query, &format!("/?t={token}&t={token}"), none.clone(), 401),
        (in_query, "/", none, 401),
        (in_query, "/", bearer.clone(), 401),
        (in_header, "/", bearer, 200),
        (in_header, &format!("/?t={token}"), cookie(&token), 401),
    ];
    let case = |(source, path, header, status): (_, &str, _, _)| Case { source, path: path.to_owned(), header, status };
    rows.into_iter().map(case).collect()
}
