//! Places the arguments of an endpoint in the path, the query or the body.

use std::prelude::v1::*;

use http::Method;
use serde::Serialize;
use serde_json::Value;
use url::form_urlencoded;

use crate::client::error::ApiError;
use crate::client::json::JsonMap;

/// The prefix of every path except the verifier key's.
const PREFIX: &str = "/api/backend/v1";

/// Method and path of an endpoint, and the place of its arguments.
///
/// `/user/{user_id}?{include_orgs}` has one argument in the path and one in the query. [`json`](Self::json) and
/// [`query`](Self::query) place the others. Null arguments are left out.
#[derive(Clone, Debug)]
pub struct Route {
    method: Method,
    prefix: &'static str,
    template: &'static str,
    rest: Rest,
    sent: fn(&Value) -> bool,
    may_repeat: bool,
}

/// Where arguments go that the path does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    /// There are no others, and there is no body.
    Nowhere,
    Query,
    Body,
}

impl Route {
    pub(crate) const fn new(method: Method, template: &'static str) -> Self {
        let may_repeat = matches!(method, Method::GET | Method::PUT | Method::DELETE);
        Self { method, prefix: PREFIX, template, rest: Rest::Nowhere, sent: |value| !value.is_null(), may_repeat }
    }

    /// Uses the path without [`PREFIX`].
    pub(crate) const fn whole_path(mut self) -> Self {
        self.prefix = "";
        self
    }

    /// Puts the other arguments in the query.
    pub(crate) const fn query(mut self) -> Self {
        self.rest = Rest::Query;
        self
    }

    /// Puts the other arguments in a JSON body, which is sent even if it is empty.
    pub(crate) const fn json(mut self) -> Self {
        self.rest = Rest::Body;
        self
    }

    /// Also leaves out arguments that are false, zero or empty.
    pub(crate) const fn without_falsy(mut self) -> Self {
        self.sent = is_truthy;
        self
    }

    /// Sends null arguments.
    pub(crate) const fn with_nulls(mut self) -> Self {
        self.sent = |_| true;
        self
    }

    /// Marks a `POST` as read-only, so that it can be retried.
    pub(crate) const fn only_asks(mut self) -> Self {
        self.may_repeat = true;
        self
    }

    pub(crate) fn method(&self) -> &Method {
        &self.method
    }

    pub(crate) fn may_repeat(&self) -> bool {
        self.may_repeat
    }

    /// Returns the arguments to send, by their names in the request.
    pub(crate) fn arguments<T: Serialize + ?Sized>(&self, call: &T) -> Result<JsonMap, ApiError> {
        let mut arguments = match serde_json::to_value(call) {
            Ok(Value::Object(arguments)) => arguments,
            Ok(Value::Null) => JsonMap::new(), // a call without arguments
            _ => return Err(ApiError::InvalidRequest),
        };
        arguments.retain(|_, value| (self.sent)(value));
        Ok(arguments)
    }

    /// Returns path and query, and removes their arguments from `arguments`.
    pub(crate) fn target(&self, arguments: &mut JsonMap) -> Result<String, ApiError> {
        let (path, names) = self.template.split_once('?').unwrap_or((self.template, ""));
        let mut target = String::from(self.prefix);
        for segment in path.split('/').skip(1) {
            target.push('/');
            match placeholder(segment) {
                Some(name) => push_segment(&mut target, &take(arguments, name).unwrap_or_default())?,
                None => target.push_str(segment),
            }
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in names.split('&').filter_map(placeholder) {
            query.extend_pairs(take(arguments, name).map(|value| (name, value)));
        }
        if self.rest == Rest::Query {
            query.extend_pairs(arguments.iter().map(|(name, value)| (name, plain(value))));
        }
        let query = query.finish();
        if !query.is_empty() {
            target.push('?');
            target.push_str(&query);
        }
        Ok(target)
    }

    /// Returns the body, if the endpoint has one.
    pub(crate) fn body(&self, arguments: &JsonMap) -> Result<Option<Vec<u8>>, ApiError> {
        match self.rest {
            Rest::Body => serde_json::to_vec(arguments).map(Some).map_err(|_| ApiError::InvalidRequest),
            Rest::Query | Rest::Nowhere => Ok(None),
        }
    }
}

/// Returns `true` for missing or empty text, which leaves out the argument.
pub(crate) fn is_blank(text: &Option<String>) -> bool {
    text.as_deref().is_none_or(str::is_empty)
}

/// Removes an argument and returns it as text.
fn take(arguments: &mut JsonMap, name: &str) -> Option<String> {
    arguments.remove(name).as_ref().map(plain)
}

/// Returns the name in `{name}`.
fn placeholder(text: &str) -> Option<&str> {
    text.strip_prefix('{')?.strip_suffix('}')
}

/// Formats a value for the path or the query.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(array) => !array.is_empty(),
        Value::Object(object) => !object.is_empty(),
    }
}

/// Appends one path segment. Every byte that is not unreserved (RFC 3986 section 2.3) is percent-encoded. An empty
/// segment, `.` and `..` are rejected: URL parsers resolve dots even when they are encoded, and the path would be
/// another endpoint's.
fn push_segment(target: &mut String, segment: &str) -> Result<(), ApiError> {
    if matches!(segment, "" | "." | "..") {
        return Err(ApiError::InvalidRequest);
    }
    for byte in segment.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => target.push(char::from(byte)),
            _ => target.push_str(&std::format!("%{byte:02X}")),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ROUTE: Route = Route::new(Method::POST, "/a/{id}/b?{flag}&{none}").json();

    fn arguments(id: &str) -> JsonMap {
        ROUTE.arguments(&json!({"id": id, "flag": true, "text": "x y", "n": 0, "none": null})).unwrap()
    }

    #[test]
    fn arguments_go_where_the_route_says() {
        let mut rest = arguments("7");
        assert_eq!(ROUTE.target(&mut rest).unwrap(), "/api/backend/v1/a/7/b?flag=true");
        let body = ROUTE.body(&rest).unwrap().unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), json!({"text": "x y", "n": 0}));

        let in_query = Route::new(Method::GET, "/a/").query();
        let mut rest = in_query.arguments(&json!({"text": "x y&z", "none": null})).unwrap();
        assert_eq!(in_query.target(&mut rest).unwrap(), "/api/backend/v1/a/?text=x+y%26z");
        assert_eq!(in_query.body(&rest).unwrap(), None);
    }

    #[test]
    fn the_route_says_which_arguments_are_left_out() {
        let all = json!({"none": null, "no": false, "zero": 0, "empty": "", "list": [], "map": {}, "text": "x"});
        let kept = |route: Route| route.arguments(&all).unwrap();
        let json = || Route::new(Method::POST, "/a").json();
        assert_eq!(kept(json().with_nulls()).len(), 7);
        assert_eq!(kept(json()).len(), 6);
        assert_eq!(Value::from(kept(json().without_falsy())), json!({"text": "x"}));
    }

    #[test]
    fn an_id_cannot_change_the_path() {
        for (id, segment) in
            [("../admin", "..%2Fadmin"), ("a?b#c", "a%3Fb%23c"), ("%2e%2e", "%252e%252e"), ("é", "%C3%A9")]
        {
            let target = ROUTE.target(&mut arguments(id)).unwrap();
            assert_eq!(target, std::format!("/api/backend/v1/a/{segment}/b?flag=true"));
        }
        for id in ["", ".", ".."] {
            assert!(matches!(ROUTE.target(&mut arguments(id)), Err(ApiError::InvalidRequest)));
        }
    }
}
