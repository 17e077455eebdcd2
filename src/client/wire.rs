//! Where the arguments of an endpoint go: into the path, the query or the body.

use std::prelude::v1::*;

use http::Method;
use serde::Serialize;
use serde_json::Value;
use url::form_urlencoded;

use super::JsonMap;
use super::error::ApiError;
use super::macros::hide_fields;
use super::redact::Secrets;

/// What the path of every endpoint begins with, but that of the verifier key.
const PREFIX: &str = "/api/backend/v1";

/// Method and path of an endpoint, and where its arguments go.
///
/// `/user/{user_id}?{include_orgs}` has one argument in the path and one in the query. The others go where
/// [`json`](Self::json) or [`query`](Self::query) say.
#[derive(Clone, Debug)]
pub struct Route {
    method: Method,
    prefix: &'static str,
    template: &'static str,
    rest: Rest,
    without_falsy: bool,
    may_repeat: bool,
}

/// Where the arguments go that the path does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    /// There are none, and no body.
    Nowhere,
    Query,
    Body,
}

impl Route {
    pub(super) const fn new(method: Method, template: &'static str) -> Self {
        let may_repeat = matches!(method, Method::GET | Method::PUT | Method::DELETE);
        Self { method, prefix: PREFIX, template, rest: Rest::Nowhere, without_falsy: false, may_repeat }
    }

    /// The path is not under [`PREFIX`].
    pub(super) const fn whole_path(mut self) -> Self {
        self.prefix = "";
        self
    }

    /// The other arguments are in the query.
    pub(super) const fn query(mut self) -> Self {
        self.rest = Rest::Query;
        self
    }

    /// The other arguments are a JSON body, which is there even if they are all left out.
    pub(super) const fn json(mut self) -> Self {
        self.rest = Rest::Body;
        self
    }

    /// Arguments that are false, zero or empty are left out.
    pub(super) const fn without_falsy(mut self) -> Self {
        self.without_falsy = true;
        self
    }

    /// A `POST` that only asks, and so may be repeated.
    pub(super) const fn only_asks(mut self) -> Self {
        self.may_repeat = true;
        self
    }

    pub(super) fn method(&self) -> &Method {
        &self.method
    }

    pub(super) fn may_repeat(&self) -> bool {
        self.may_repeat
    }

    /// Leaves out what is not sent.
    pub(super) fn prune(&self, arguments: Arguments) -> Arguments {
        if self.without_falsy { arguments.without_falsy(|_| true) } else { arguments.without_nulls() }
    }

    /// Path and query. Takes out the arguments that go there.
    pub(super) fn target(&self, arguments: &mut Arguments) -> Result<String, ApiError> {
        let (path, names) = self.template.split_once('?').unwrap_or((self.template, ""));
        let mut target = String::from(self.prefix);
        for segment in path.split('/').skip(1) {
            target.push('/');
            match placeholder(segment) {
                Some(name) => push_segment(&mut target, &arguments.take(name).unwrap_or_default())?,
                None => target.push_str(segment),
            }
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in names.split('&').filter_map(placeholder) {
            query.extend_pairs(arguments.take(name).map(|value| (name, value)));
        }
        if self.rest == Rest::Query {
            query.extend_pairs(arguments.0.iter().map(|(name, value)| (name, plain(value))));
        }
        let query = query.finish();
        if !query.is_empty() {
            target.push('?');
            target.push_str(&query);
        }
        Ok(target)
    }

    /// The body, if the endpoint has one.
    pub(super) fn body(&self, arguments: Arguments) -> Result<Option<Vec<u8>>, ApiError> {
        match self.rest {
            Rest::Body => serde_json::to_vec(&arguments.0).map(Some).map_err(|_| ApiError::InvalidRequest),
            Rest::Query | Rest::Nowhere => Ok(None),
        }
    }
}

/// The arguments of a call, by the names that they have on the wire.
pub struct Arguments(JsonMap);

hide_fields!(Arguments);

impl Arguments {
    pub(super) fn of<T: Serialize + ?Sized>(call: &T) -> Result<Self, ApiError> {
        match serde_json::to_value(call) {
            Ok(Value::Object(arguments)) => Ok(Self(arguments)),
            Ok(Value::Null) => Ok(Self(JsonMap::new())),
            _ => Err(ApiError::InvalidRequest),
        }
    }

    /// The error without the secrets among these.
    pub(super) fn redact(&self, error: ApiError) -> ApiError {
        Secrets::among(&self.0).out_of(error)
    }

    pub(super) fn without_nulls(mut self) -> Self {
        self.0.retain(|_, value| !value.is_null());
        self
    }

    /// Without those of these names that are false, zero or empty.
    pub(super) fn without_falsy(mut self, is_affected: impl Fn(&str) -> bool) -> Self {
        self.0.retain(|name, value| !value.is_null() && (is_truthy(value) || !is_affected(name)));
        self
    }

    /// Gives an argument another name.
    pub(super) fn rename(&mut self, from: &str, to: &str) {
        if let Some(value) = self.0.remove(from) {
            self.0.insert(to.into(), value);
        }
    }

    /// Puts the members of an argument in its place.
    pub(super) fn inline(&mut self, name: &str) {
        if let Some(Value::Object(members)) = self.0.remove(name) {
            self.0.extend(members);
        }
    }

    /// Leaves out an argument that is null.
    pub(super) fn drop_null(&mut self, name: &str) {
        if self.0.get(name).is_some_and(Value::is_null) {
            self.0.remove(name);
        }
    }

    /// Takes an argument out, as text.
    fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name).as_ref().map(plain)
    }
}

/// The name in `{name}`.
fn placeholder(text: &str) -> Option<&str> {
    text.strip_prefix('{')?.strip_suffix('}')
}

/// A value as the path and the query have it.
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

/// Writes a path segment so that it is one: whatever is not unreserved (RFC 3986 section 2.3) is percent-encoded. `.` and
/// `..` are refused, since URL parsers resolve them even when they are encoded.
fn push_segment(target: &mut String, segment: &str) -> Result<(), ApiError> {
    if matches!(segment, "." | "..") {
        return Err(ApiError::InvalidRequest);
    }
    for octet in segment.bytes() {
        match octet {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => target.push(char::from(octet)),
            _ => target.push_str(&std::format!("%{octet:02X}")),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ROUTE: Route = Route::new(Method::POST, "/a/{id}/b?{flag}&{none}").json();

    fn arguments(id: &str) -> Arguments {
        Arguments::of(&json!({"id": id, "flag": true, "text": "x y", "n": 0})).unwrap()
    }

    #[test]
    fn arguments_go_where_the_route_says() {
        let mut rest = arguments("7");
        assert_eq!(ROUTE.target(&mut rest).unwrap(), "/api/backend/v1/a/7/b?flag=true");
        let body = ROUTE.body(rest).unwrap().unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), json!({"text": "x y", "n": 0}));

        let in_query = Route::new(Method::GET, "/a/").query();
        let mut rest = in_query.prune(Arguments::of(&json!({"text": "x y&z", "none": null})).unwrap());
        assert_eq!(in_query.target(&mut rest).unwrap(), "/api/backend/v1/a/?text=x+y%26z");
        assert_eq!(in_query.body(rest).unwrap(), None);
    }

    #[test]
    fn an_id_cannot_change_the_path() {
        for (id, segment) in
            [("../admin", "..%2Fadmin"), ("a?b#c", "a%3Fb%23c"), ("%2e%2e", "%252e%252e"), ("é", "%C3%A9"), ("", "")]
        {
            let target = ROUTE.target(&mut arguments(id)).unwrap();
            assert_eq!(target, std::format!("/api/backend/v1/a/{segment}/b?flag=true"));
        }
        for id in [".", ".."] {
            assert!(matches!(ROUTE.target(&mut arguments(id)), Err(ApiError::InvalidRequest)));
        }
    }
}
