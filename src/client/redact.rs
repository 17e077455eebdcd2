//! What is taken out of an answer before it is in an error, should a server or a proxy have put it there.

use std::prelude::v1::*;

use serde_json::Value;

use super::JsonMap;
use super::api_keys::without_bearer;
use super::error::{ApiError, FieldErrors, RateLimited};

/// Put in the place of a secret.
pub(super) const REDACTED: &str = "[redacted]";

/// The arguments, by their names on the wire, that let in whoever has them, or from which that can be found.
const SECRET_ARGUMENTS: [&str; 9] = [
    "api_key_token",
    "client_secret",
    "code",
    "existing_mfa_base32_encoded_secret",
    "existing_password_hash",
    "grant",
    "imported_api_key",
    "password",
    "password_hash",
];

/// Shorter ones are let be: they would be taken out of other words, which would tell them.
const MIN_LEN: usize = 4;

/// The secrets among the arguments of a call.
pub(super) struct Secrets<'a>(Vec<&'a str>);

impl<'a> Secrets<'a> {
    pub(super) fn among(arguments: &'a JsonMap) -> Self {
        let secrets = SECRET_ARGUMENTS.iter().filter_map(|name| arguments.get(*name)?.as_str());
        // An API key as it is in a header, too.
        let secrets = secrets.map(str::trim).flat_map(|secret| [secret, without_bearer(secret)]);
        let mut secrets = Vec::from_iter(secrets.filter(|secret| secret.len() >= MIN_LEN));
        // One may be a part of another.
        secrets.sort_unstable_by_key(|secret| core::cmp::Reverse(secret.len()));
        Self(secrets)
    }

    pub(super) fn out_of(&self, error: ApiError) -> ApiError {
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
            // Nothing of the answer is in these.
            ApiError::Unauthorized
            | ApiError::NotFound(_)
            | ApiError::FeatureNotEnabled(_)
            | ApiError::MfaNotEnabled
            | ApiError::IncorrectMfaCode
            | ApiError::Transport(_)
            | ApiError::InvalidRequest => error,
        }
    }

    /// JSON has many spellings of a text. What has no secret in it stays as it is.
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
            // A code.
            Value::Number(number) if self.0.contains(&number.to_string().as_str()) => REDACTED.into(),
            other => other,
        }
    }

    fn out_of_members(&self, members: JsonMap) -> JsonMap {
        members.into_iter().map(|(name, value)| (self.out_of_name(name), self.out_of_json(value))).collect()
    }

    /// A password may be `password`, and the field keeps its name.
    fn out_of_name(&self, name: String) -> String {
        let is_of_field = name.bytes().all(|octet| octet.is_ascii_lowercase() || octet == b'_');
        if is_of_field { name } else { self.out_of_text(&name) }
    }

    fn out_of_text(&self, text: &str) -> String {
        let mut text = String::from(text);
        for secret in &self.0 {
            // By itself, in JSON that is in a text, and in JSON that is a text of that.
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::string::ToString;

    #[test]
    fn secrets_are_taken_out_however_they_are_spelt() {
        let arguments = json!({
            "password": "pä\"ss", "grant": " pä\"ss123 ", "code": "271828", "api_key_token": "a", "email": "ada@example.com"
        });
        let secrets = Secrets::among(arguments.as_object().unwrap());
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
        let arguments = json!({"password": "password"});
        let errors: FieldErrors = serde_json::from_str(r#"{"password":["password is common"]}"#).unwrap();
        let error = Secrets::among(arguments.as_object().unwrap()).out_of(ApiError::InvalidFields(errors));
        assert_eq!(error.to_string(), "invalid fields: password: [redacted] is common");
    }
}
