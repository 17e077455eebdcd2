//! Responses: the meaning of status and body.

use std::collections::BTreeMap;
use std::format;
use std::prelude::v1::*;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::object;
use crate::client::error::{ApiError, Feature, FieldErrors, Resource};

/// Status and body of a response.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    status: u16,
    body: &'a [u8],
}

impl<'a> Answer<'a> {
    /// Replaces the response where no request was sent.
    pub(crate) const NONE: Self = Self { status: 0, body: &[] };

    pub(crate) fn new(status: u16, body: &'a [u8]) -> Self {
        Self { status, body }
    }

    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(self.body).into_owned()
    }

    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        serde_json::from_slice(self.body).map_err(|error| self.undecodable(&error))
    }

    /// Like [`json`](Self::json), for a struct that only derives `Deserialize`.
    pub(crate) fn object<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        object::from_slice(self.body).map_err(|error| self.undecodable(&error))
    }

    pub(crate) fn unexpected(&self) -> ApiError {
        match self.status {
            403 => ApiError::Forbidden { text: self.text() },
            status => ApiError::UnexpectedStatus { status, text: self.text() },
        }
    }

    fn bad_request(&self) -> ApiError {
        ApiError::BadRequest { text: self.text() }
    }

    /// Parses a 400 in JSON: field errors if it is an object, otherwise a text.
    fn field_errors(&self) -> Result<ApiError, ApiError> {
        Ok(match self.json()? {
            Value::Object(errors) => ApiError::InvalidFields(FieldErrors(errors)),
            _ => self.bad_request(),
        })
    }

    fn user_facing_error(&self) -> Result<ApiError, ApiError> {
        Ok(match self.json()? {
            Value::Object(body) => match body.get("user_facing_error").and_then(Value::as_str) {
                Some(text) => ApiError::BadRequest { text: text.into() },
                None => self.unexpected(),
            },
            _ => self.bad_request(),
        })
    }

    /// Reports the position only: the text of serde's errors may quote a secret.
    fn undecodable(&self, error: &serde_json::Error) -> ApiError {
        let what = match error.classify() {
            serde_json::error::Category::Data => "a field is missing or of another type",
            serde_json::error::Category::Eof => "JSON that is cut off",
            _ => "not JSON",
        };
        ApiError::UndecodableBody {
            status: self.status,
            reason: format!("{what}, line {}, column {}", error.line(), error.column()),
            text: (self.status >= 400).then(|| self.text()),
        }
    }
}

/// The meaning of a status, or of an invalid id.
#[derive(Clone, Copy, Debug)]
pub enum Meaning {
    /// `None` or `false`.
    Absent,
    /// Field errors. JSON other than an object is a text.
    FieldErrors,
    /// Field errors, or a text.
    FieldErrorsOrText,
    /// A text.
    Text,
    /// A text for the end user.
    UserFacingError,
    /// The object does not exist, and that is an error.
    NotFound(Resource),
    /// The environment does not have the feature.
    NotEnabled(Feature),
}

impl Meaning {
    /// Returns the error, or `None` if this is not one.
    pub(crate) fn error(&self, refusal: &Answer<'_>) -> Option<ApiError> {
        Some(match self {
            Self::Absent => return None,
            Self::FieldErrors => refusal.field_errors().unwrap_or_else(|error| error),
            Self::FieldErrorsOrText => refusal.field_errors().unwrap_or_else(|_| refusal.bad_request()),
            Self::Text => refusal.bad_request(),
            Self::UserFacingError => refusal.user_facing_error().unwrap_or_else(|error| error),
            Self::NotFound(resource) => ApiError::NotFound(*resource),
            Self::NotEnabled(feature) => ApiError::FeatureNotEnabled(*feature),
        })
    }
}

/// A result that an endpoint can return.
pub trait Output: DeserializeOwned {
    /// Returns the value for an object that does not exist, if there is one.
    #[doc(hidden)]
    fn absent() -> Option<Self> {
        None
    }

    /// Decodes the body of a success.
    #[doc(hidden)]
    fn decode(answer: &Answer<'_>) -> Result<Self, ApiError> {
        answer.json()
    }
}

/// Success, whatever the body says.
impl Output for bool {
    fn absent() -> Option<Self> {
        Some(false)
    }

    fn decode(_: &Answer<'_>) -> Result<Self, ApiError> {
        Ok(true)
    }
}

impl<T: Output> Output for Option<T> {
    fn absent() -> Option<Self> {
        Some(None)
    }

    fn decode(answer: &Answer<'_>) -> Result<Self, ApiError> {
        T::decode(answer).map(Some)
    }
}

impl<T: DeserializeOwned> Output for BTreeMap<String, T> {}

impl Output for Value {}
