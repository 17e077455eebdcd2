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

    /// Returns the token from the values of that header (`None` if not text), or from the query.
    pub(super) fn token<'r>(
        self,
        values: impl Iterator<Item = Option<&'r str>>,
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
pub(super) fn authorization<'r>(
    mut values: impl Iterator<Item = Option<&'r str>>,
) -> Result<Option<&'r str>, Unauthorized> {
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(Some(value)), None) => Ok(Some(value)),
        (Some(_), _) => Err(Unauthorized::MalformedHeader),
    }
}

/// Returns the value of the cookie with this name (RFC 6265 section 4.2.1). Duplicates are rejected: the application
/// may have set only one of them.
fn cookie<'r>(values: impl Iterator<Item = Option<&'r str>>, name: &str) -> Result<&'r str, Unauthorized> {
    let mut found = One::default();
    for value in values {
        for pair in value.ok_or(Unauthorized::MalformedToken)?.split(';') {
            if let Some((key, value)) = pair.trim_matches([' ', '\t']).split_once('=')
                && key == name
            {
                found.add(value)?;
            }
        }
    }
    found.get()
}

/// Returns the entry that follows the one with this name.
fn web_socket_protocol<'r>(values: impl Iterator<Item = Option<&'r str>>, name: &str) -> Result<&'r str, Unauthorized> {
    let (mut found, mut is_next) = (One::default(), false);
    for value in values {
        for entry in value.ok_or(Unauthorized::MalformedToken)?.split(',') {
            let entry = entry.trim_matches([' ', '\t']);
            if is_next {
                found.add(entry)?;
                is_next = false;
            } else {
                is_next = entry == name;
            }
        }
    }
    found.get()
}

/// Returns the value of the query parameter with this name. Tokens need no escapes in a query.
fn query_parameter<'r>(query: Option<&'r str>, name: &str) -> Result<&'r str, Unauthorized> {
    let mut found = One::default();
    for pair in query.unwrap_or_default().split('&') {
        if let Some((key, value)) = pair.split_once('=')
            && key == name
        {
            found.add(value)?;
        }
    }
    found.get()
}

/// A value that may occur once.
#[derive(Default)]
struct One<'a>(Option<&'a str>);

impl<'a> One<'a> {
    fn add(&mut self, value: &'a str) -> Result<(), Unauthorized> {
        match self.0.replace(value) {
            None => Ok(()),
            Some(_) => Err(Unauthorized::MalformedToken),
        }
    }

    fn get(self) -> Result<&'a str, Unauthorized> {
        self.0.filter(|value| !value.is_empty()).ok_or(Unauthorized::MissingToken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Unauthorized::{MalformedHeader, MalformedToken, MissingHeader, MissingToken};

    #[test]
    fn one_authorization_header() {
        let find = |headers: &[Option<&'static str>]| {
            TokenSource::AuthorizationHeader.token(headers.iter().copied(), Some("t=a"))
        };
        for (headers, expected) in [
            (&[Some("Bearer a.b.c")][..], Ok("a.b.c")),
            (&[], Err(MissingHeader)),
            (&[Some("")], Err(MissingHeader)),
            (&[None], Err(MalformedHeader)), // not text
            (&[Some("Bearer a"), Some("Bearer a")], Err(MalformedHeader)),
            (&[Some("Bearer a"), None], Err(MalformedHeader)),
            (&[Some("a.b.c")], Err(MalformedHeader)),
        ] {
            assert_eq!(find(headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn one_cookie() {
        let find = |headers: &[Option<&'static str>]| TokenSource::Cookie("t").token(headers.iter().copied(), None);
        for (headers, expected) in [
            (&[Some("t=a.b.c")][..], Ok("a.b.c")),
            (&[Some("x=1; t=a.b.c; y=2")], Ok("a.b.c")),
            (&[Some("x=1;t=a.b.c")], Ok("a.b.c")),
            (&[Some("x=1"), Some("t=a")], Ok("a")), // HTTP/2 splits the header
            (&[Some("t=a=b")], Ok("a=b")),
            (&[Some("t=\"a\"")], Ok("\"a\"")), // not a token
            (&[], Err(MissingToken)),
            (&[Some("")], Err(MissingToken)),
            (&[Some("t=")], Err(MissingToken)),
            (&[Some("t")], Err(MissingToken)),
            (&[Some("T=a")], Err(MissingToken)),
            (&[Some("xt=a; x=t=a; tt=a")], Err(MissingToken)),
            (&[Some("t=a; t=a")], Err(MalformedToken)),
            (&[Some("t=; t=a")], Err(MalformedToken)),
            (&[Some("t=a"), Some("t=b")], Err(MalformedToken)),
            (&[Some("t=a"), None], Err(MalformedToken)), // not text
        ] {
            assert_eq!(find(headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn one_web_socket_protocol() {
        let find =
            |headers: &[Option<&'static str>]| TokenSource::WebSocketProtocol("t").token(headers.iter().copied(), None);
        for (headers, expected) in [
            (&[Some("t, a.b.c")][..], Ok("a.b.c")),
            (&[Some("t,a.b.c,chat")], Ok("a.b.c")),
            (&[Some("chat"), Some("t"), Some("a.b.c")], Ok("a.b.c")),
            (&[Some("t, t")], Ok("t")), // not a token
            (&[], Err(MissingToken)),
            (&[Some("chat, a.b.c")], Err(MissingToken)),
            (&[Some("a.b.c, t")], Err(MissingToken)),
            (&[Some("t, ")], Err(MissingToken)),
            (&[Some("t, a, t, b")], Err(MalformedToken)),
            (&[Some("t, a"), None], Err(MalformedToken)),
        ] {
            assert_eq!(find(headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn one_query_parameter() {
        let find = |query: &'static str| TokenSource::QueryParameter("t").token([Some("t=a")].into_iter(), Some(query));
        assert_eq!(TokenSource::QueryParameter("t").token([].into_iter(), None), Err(MissingToken));
        for (query, expected) in [
            ("t=a.b.c", Ok("a.b.c")),
            ("x=1&t=a.b.c&y", Ok("a.b.c")),
            ("t=%61", Ok("%61")), // not a token
            ("", Err(MissingToken)),
            ("t", Err(MissingToken)),
            ("t=", Err(MissingToken)),
            ("xt=a", Err(MissingToken)),
            ("t=a&t=a", Err(MalformedToken)),
        ] {
            assert_eq!(find(query), expected, "{query:?}");
        }
    }
}
