use crate::error::Unauthorized;
use crate::token::bearer;

/// The place of the access token in a request.
///
/// See the guide [Tokens from elsewhere](crate::guide::token_sources) for when to use which, and for the risks.
///
/// ```
/// use propelauth_edge::TokenSource;
///
/// let browser = TokenSource::Cookie("__Host-access_token");
/// let web_socket = TokenSource::WebSocketProtocol("access_token");
/// assert_ne!(browser, web_socket);
/// assert_eq!(TokenSource::default(), TokenSource::AuthorizationHeader);
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenSource {
    /// `Authorization: Bearer …`
    #[default]
    AuthorizationHeader,
    /// The cookie with this case-sensitive name.
    ///
    /// A browser also sends cookies with requests made by other sites: see the guide.
    Cookie(&'static str),
    /// The entry of `Sec-WebSocket-Protocol` after the one with this name: `new WebSocket(url, [name, token])` in a
    /// browser. The response has to select the protocol `name`.
    WebSocketProtocol(&'static str),
    /// The query parameter with this name. Servers and proxies log URLs, and browsers keep them.
    QueryParameter(&'static str),
}

#[allow(dead_code)] // used by other features
impl TokenSource {
    /// Returns the name of the header that holds the token.
    pub(super) fn header(self) -> Option<&'static str> {
        match self {
            Self::AuthorizationHeader => Some("authorization"),
            Self::Cookie(_) => Some("cookie"),
            Self::WebSocketProtocol(_) => Some("sec-websocket-protocol"),
            Self::QueryParameter(_) => None,
        }
    }

    /// Returns the token from the values of that header, or from the query.
    pub(super) fn token<'r>(
        self,
        values: impl Iterator<Item = &'r [u8]>,
        query: Option<&'r str>,
    ) -> Result<&'r str, Unauthorized> {
        match self {
            Self::AuthorizationHeader => bearer::parse(authorization(values)?),
            Self::Cookie(name) => cookie(values, name),
            Self::WebSocketProtocol(name) => web_socket_protocol(values, name),
            Self::QueryParameter(name) => query_parameter(query, name),
        }
    }
}

/// Returns the `Authorization` header. Duplicates are rejected: an intermediary may have acted on either one.
pub(super) fn authorization<'r>(mut values: impl Iterator<Item = &'r [u8]>) -> Result<Option<&'r str>, Unauthorized> {
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => str::from_utf8(value).map(Some).map_err(|_| Unauthorized::MalformedHeader),
        (Some(_), Some(_)) => Err(Unauthorized::MalformedHeader),
    }
}

/// Returns the value of the cookie with this name (RFC 6265 section 4.2.1). Other cookies may hold any bytes.
fn cookie<'r>(values: impl Iterator<Item = &'r [u8]>, name: &str) -> Result<&'r str, Unauthorized> {
    let pairs = values.flat_map(|value| value.split(|&byte| byte == b';')).map(<[u8]>::trim_ascii);
    one(pairs.filter_map(|pair| value_of(pair, name)))
}

/// Returns the entry that follows the one with this name.
fn web_socket_protocol<'r>(values: impl Iterator<Item = &'r [u8]>, name: &str) -> Result<&'r str, Unauthorized> {
    let mut is_next = false;
    let entries = values.flat_map(|value| value.split(|&byte| byte == b',')).map(<[u8]>::trim_ascii);
    one(entries.filter(|&entry| {
        let is_token = is_next;
        is_next = !is_token && entry == name.as_bytes();
        is_token
    }))
}

/// Returns the value of the query parameter with this name. Tokens need no escapes in a query.
fn query_parameter<'r>(query: Option<&'r str>, name: &str) -> Result<&'r str, Unauthorized> {
    one(query.unwrap_or_default().split('&').filter_map(|pair| value_of(pair.as_bytes(), name)))
}

/// Returns the value in `name=value`.
fn value_of<'r>(pair: &'r [u8], name: &str) -> Option<&'r [u8]> {
    pair.strip_prefix(name.as_bytes())?.strip_prefix(b"=")
}

/// Returns the only token. Several are rejected: the application may have set only one of them.
fn one<'r>(mut tokens: impl Iterator<Item = &'r [u8]>) -> Result<&'r str, Unauthorized> {
    let token = tokens.next().unwrap_or_default();
    if tokens.next().is_some() {
        return Err(Unauthorized::RepeatedToken);
    }
    if token.is_empty() {
        return Err(Unauthorized::MissingToken);
    }
    str::from_utf8(token).map_err(|_| Unauthorized::MalformedToken)
}

#[cfg(test)]
mod tests {
    use std::prelude::v1::*;

    use super::*;
    use Unauthorized::{MalformedHeader, MalformedToken, MissingHeader, MissingToken, RepeatedToken};

    /// Each character is one byte.
    fn find(source: TokenSource, headers: &[&str], query: Option<&str>) -> Result<String, Unauthorized> {
        let headers = Vec::from_iter(headers.iter().map(|value| Vec::from_iter(value.chars().map(|c| c as u8))));
        source.token(headers.iter().map(Vec::as_slice), query).map(String::from)
    }

    #[test]
    fn one_authorization_header() {
        for (headers, expected) in [
            (&["Bearer a.b.c"][..], Ok("a.b.c")),
            (&[], Err(MissingHeader)),
            (&[""], Err(MissingHeader)),
            (&["Bearer \u{e9}"], Err(MalformedHeader)), // not text
            (&["Bearer a", "Bearer a"], Err(MalformedHeader)),
            (&["Bearer a", "\u{e9}"], Err(MalformedHeader)),
            (&["a.b.c"], Err(MalformedHeader)),
        ] {
            assert_eq!(
                find(TokenSource::AuthorizationHeader, headers, Some("t=a")),
                expected.map(String::from),
                "{headers:?}"
            );
        }
    }

    #[test]
    fn one_cookie() {
        for (headers, expected) in [
            (&["t=a.b.c"][..], Ok("a.b.c")),
            (&["x=1; t=a.b.c; y=2"], Ok("a.b.c")),
            (&["x=1;t=a.b.c"], Ok("a.b.c")),
            (&["x=1", "t=a"], Ok("a")), // HTTP/2 splits the header
            (&["t=a=b"], Ok("a=b")),
            (&["t=\"a\""], Ok("\"a\"")), // not a token
            (&[], Err(MissingToken)),
            (&[""], Err(MissingToken)),
            (&["t="], Err(MissingToken)),
            (&["t"], Err(MissingToken)),
            (&["T=a"], Err(MissingToken)),
            (&["xt=a; x=t=a; tt=a"], Err(MissingToken)),
            (&["t=a; t=a"], Err(RepeatedToken)),
            (&["t=; t=a"], Err(RepeatedToken)),
            (&["t=a", "t=b"], Err(RepeatedToken)),
            (&["name=Jos\u{c3}\u{a9}; t=a"], Ok("a")),
            (&["name=Jos\u{e9}; t=a", "\u{e9}"], Ok("a")), // what is not text belongs to others
            (&["t=\u{e9}"], Err(MalformedToken)),
        ] {
            assert_eq!(find(TokenSource::Cookie("t"), headers, None), expected.map(String::from), "{headers:?}");
        }
    }

    #[test]
    fn one_web_socket_protocol() {
        for (headers, expected) in [
            (&["t, a.b.c"][..], Ok("a.b.c")),
            (&["t,a.b.c,chat"], Ok("a.b.c")),
            (&["chat", "t", "a.b.c"], Ok("a.b.c")),
            (&["t, t"], Ok("t")), // not a token
            (&[], Err(MissingToken)),
            (&["chat, a.b.c"], Err(MissingToken)),
            (&["a.b.c, t"], Err(MissingToken)),
            (&["t, "], Err(MissingToken)),
            (&["t, a, t, b"], Err(RepeatedToken)),
            (&["t, a", "\u{e9}"], Ok("a")),
            (&["t, \u{e9}"], Err(MalformedToken)),
        ] {
            assert_eq!(
                find(TokenSource::WebSocketProtocol("t"), headers, None),
                expected.map(String::from),
                "{headers:?}"
            );
        }
    }

    #[test]
    fn one_query_parameter() {
        assert_eq!(find(TokenSource::QueryParameter("t"), &[], None), Err(MissingToken));
        for (query, expected) in [
            ("t=a.b.c", Ok("a.b.c")),
            ("x=1&t=a.b.c&y", Ok("a.b.c")),
            ("t=%61", Ok("%61")), // not a token
            ("", Err(MissingToken)),
            ("t", Err(MissingToken)),
            ("t=", Err(MissingToken)),
            ("xt=a", Err(MissingToken)),
            ("t=a&t=a", Err(RepeatedToken)),
        ] {
            assert_eq!(
                find(TokenSource::QueryParameter("t"), &["t=a"], Some(query)),
                expected.map(String::from),
                "{query:?}"
            );
        }
    }
}
