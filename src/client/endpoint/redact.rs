//! Removes secrets from a response before it becomes an error, in case a server or a proxy echoed them.

use std::prelude::v1::*;

use serde_json::Value;

use crate::client::error::{ApiError, FieldErrors, RateLimited};
use crate::client::json::JsonMap;
use crate::client::secret::REDACTED;

/// Shorter secrets are kept: removing them from inside other words would reveal them.
const MIN_LEN: usize = 4;

/// The secret arguments of a call.
pub(crate) struct Secrets<'a>(Vec<&'a str>);

impl<'a> Secrets<'a> {
    pub(crate) fn new(arguments: &[&'a str]) -> Self {
        // Also redact an API key without its scheme.
        let bare = |secret: &&'a str| Some(without_bearer(secret).trim()).filter(|bare| bare != secret);
        let secrets = arguments.iter().flat_map(|secret| core::iter::successors(Some(secret.trim()), bare));
        let mut secrets = Vec::from_iter(secrets.filter(|secret| secret.len() >= MIN_LEN));
        // Longest first, as one may contain another.
        secrets.sort_unstable_by_key(|secret| core::cmp::Reverse(secret.len()));
        Self(secrets)
    }

    pub(crate) fn out_of(&self, error: ApiError) -> ApiError {
        if self.0.is_empty() {
            return error;
        }
        match error {
            ApiError::RateLimited(limit) => ApiError::RateLimited(RateLimited {
                retry_after: limit.retry_after,
                user_facing_error: limit.user_facing_error.map(|text| self.out_of_body(text)),
                error_code: limit.error_code.map(|text| self.out_of_body(text)),
                text: self.out_of_body(limit.text),
            }),
            ApiError::InvalidFields(FieldErrors(fields)) => {
                ApiError::InvalidFields(FieldErrors(self.out_of_members(fields)))
            }
            ApiError::BadRequest { text } => ApiError::BadRequest { text: self.out_of_body(text) },
            ApiError::Forbidden { text } => ApiError::Forbidden { text: self.out_of_body(text) },
            ApiError::UnexpectedStatus { status, text } => {
                ApiError::UnexpectedStatus { status, text: self.out_of_body(text) }
            }
            ApiError::UndecodableBody { status, reason, text } => {
                ApiError::UndecodableBody { status, reason, text: text.map(|text| self.out_of_body(text)) }
            }
            // These carry no text of the response.
            ApiError::IncorrectApiKey
            | ApiError::NotFound(_)
            | ApiError::FeatureNotEnabled(_)
            | ApiError::MfaNotEnabled
            | ApiError::IncorrectMfaCode
            | ApiError::Transport(_)
            | ApiError::InvalidRequest => error,
        }
    }

    /// JSON can spell a text in many ways, so the text is parsed. It is kept unchanged if it holds no secret.
    fn out_of_body(&self, text: String) -> String {
        let Ok(value) = serde_json::from_str::<Value>(&text) else { return self.out_of_text(&text) };
        let redacted = self.out_of_json(value.clone());
        if redacted == value { text } else { redacted.to_string() }
    }

    fn out_of_json(&self, value: Value) -> Value {
        match value {
            Value::String(text) => self.out_of_text(&text).into(),
            Value::Array(elements) => elements.into_iter().map(|value| self.out_of_json(value)).collect(),
            Value::Object(members) => self.out_of_members(members).into(),
            // A numeric code.
            Value::Number(number) if self.0.contains(&number.to_string().as_str()) => REDACTED.into(),
            other => other,
        }
    }

    fn out_of_members(&self, members: JsonMap) -> JsonMap {
        members.into_iter().map(|(name, value)| (self.out_of_name(name), self.out_of_json(value))).collect()
    }

    /// The name of a field is kept even if the password is, say, `password`.
    fn out_of_name(&self, name: String) -> String {
        let is_of_field = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if is_of_field { name } else { self.out_of_text(&name) }
    }

    fn out_of_text(&self, text: &str) -> String {
        let mut text = String::from(text);
        for secret in &self.0 {
            // Plain, escaped in JSON, and escaped twice for JSON inside a JSON string.
            let mut spelling = String::from(*secret);
            for _ in 0..3 {
                text = text.replace(&spelling, REDACTED);
                let quoted = Value::from(spelling).to_string();
                spelling = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or(secret).into();
            }
        }
        text
    }
}

/// An argument that may be a secret.
pub(crate) trait Text {
    fn text(&self) -> Option<&str>;
}

impl Text for String {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl Text for Option<String> {
    fn text(&self) -> Option<&str> {
        self.as_deref()
    }
}

/// Removes the `Bearer` scheme from an API key.
pub(crate) fn without_bearer(token: &str) -> &str {
    match token.split_at_checked("Bearer ".len()) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("Bearer ") => token,
        _ => token,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn secrets_are_taken_out_however_they_are_spelled() {
        let secrets = Secrets::new(&["pä\"ss", " pä\"ss123 ", "271828", "a", "bearer pä"]);
        for (body, expected) in [
            ("not pä\"ss123, pä\"ss", "not [redacted], [redacted]"),
            (r#"{"p":"pä\"ss"#, r#"{"p":"[redacted]"#),
            (r#"{"e":"p\u00e4\u0022ss","n":[1,"ada@example.com"]}"#, r#"{"e":"[redacted]","n":[1,"ada@example.com"]}"#),
            (r#"{"pä\"ss":{"b":"{\"q\":\"pä\\\"ss\"}"}}"#, r#"{"[redacted]":{"b":"{\"q\":\"[redacted]\"}"}}"#),
            (r#"{ "untouched": 1e400 }"#, r#"{ "untouched": 1e400 }"#),
            ("271828", "\"[redacted]\""),
            ("a", "a"),
            ("", ""),
        ] {
            let error = secrets.out_of(ApiError::BadRequest { text: body.into() });
            assert!(matches!(&error, ApiError::BadRequest { text } if text == expected), "{error:?}");
        }
    }

    #[test]
    fn the_name_of_a_field_stays() {
        let errors: FieldErrors = serde_json::from_str(r#"{"password":["password is common"]}"#).unwrap();
        let error = Secrets::new(&["password"]).out_of(ApiError::InvalidFields(errors));
        assert_eq!(error.to_string(), "invalid fields: password: [redacted] is common");
    }
}
