//! An explanation, before it gets the verifier's error code.

use std::format;
use std::string::{String, ToString};

use super::report::{Position, Refusal, Segment};
use super::words::{self, quoted};
use crate::error::{MetadataError, Unauthorized};
use crate::json::{JsonValue, Kind, Value};
use crate::names::Claim;

#[derive(Debug)]
pub(super) struct Explanation {
    explanation: String,
    remedy: String,
    position: Option<Position>,
}

impl Explanation {
    pub(super) fn new(explanation: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { explanation: explanation.into(), remedy: remedy.into(), position: None }
    }

    pub(super) fn at(mut self, position: Position) -> Self {
        self.position = Some(position);
        self
    }

    /// Removes the position, if it means nothing to the reader.
    pub(super) fn nowhere(mut self) -> Self {
        self.position = None;
        self
    }

    pub(super) fn and(mut self, sentence: Option<String>) -> Self {
        if let Some(sentence) = sentence {
            self.explanation.push(' ');
            self.explanation.push_str(&sentence);
        }
        self
    }

    /// Adds the error that decided.
    pub(super) fn named(self, error: impl Reason) -> Refusal {
        Refusal {
            code: error.code(),
            claim: error.claim().map(Claim::name),
            reason: error.reason(),
            explanation: self.explanation,
            remedy: self.remedy,
            position: self.position,
        }
    }
}

/// The error that decided.
pub(super) trait Reason {
    fn code(&self) -> &'static str;
    fn claim(&self) -> Option<Claim>;
    fn reason(&self) -> String;
}

impl Reason for Unauthorized {
    fn code(&self) -> &'static str {
        (*self).code()
    }

    fn claim(&self) -> Option<Claim> {
        (*self).claim()
    }

    fn reason(&self) -> String {
        self.to_string()
    }
}

impl Reason for MetadataError {
    fn code(&self) -> &'static str {
        (*self).code()
    }

    fn claim(&self) -> Option<Claim> {
        None
    }

    /// Leaves out the hint to run `propelauth-edge key`, since this is its explanation.
    fn reason(&self) -> String {
        self.message().to_string()
    }
}

/// Describes a value that is missing or has the wrong type.
pub(super) fn wrong_kind(subject: &str, found: Option<Value<'_>>, wanted: &str) -> String {
    let Some(value) = found else {
        return format!("{subject} is missing; expected {wanted}.");
    };
    let kind = words::kind(value.kind());
    let shown = match value.as_json_str() {
        Some(string) => serde_json::to_string(&string).unwrap_or_default(),
        None if value.kind() == Kind::Number => {
            serde_json::to_string(&JsonValue::kept(value)).unwrap_or_else(|_| value.text().to_string())
        }
        None => return format!("{subject} is {kind}; expected {wanted}."),
    };
    format!("{subject} is {kind}, {}; expected {wanted}.", quoted(&shown))
}

impl Position {
    /// Returns the position of a byte, with only its character as the excerpt.
    pub(super) fn of_character(text: &str, byte: usize) -> Self {
        let excerpt = text.get(byte..).and_then(|rest| rest.chars().next());
        Self {
            segment: None,
            offset: characters(text, byte),
            line: None,
            excerpt: excerpt.into_iter().flat_map(words::visible).collect(),
        }
    }

    pub(super) fn in_segment(self, segment: Segment) -> Self {
        Self { segment: Some(segment), ..self }
    }

    /// Sets the excerpt to the text around a byte, this many characters on each side.
    pub(super) fn showing(self, text: &str, byte: usize, around: usize) -> Self {
        let (before, behind) = split(text, byte);
        let before = before.char_indices().rev().take(around).last().and_then(|(at, _)| before.get(at..));
        let shown = before.unwrap_or_default().chars().chain(behind.chars().take(around));
        Self { excerpt: shown.flat_map(words::visible).collect(), ..self }
    }
}

/// Returns the number of characters before a byte.
fn characters(text: &str, byte: usize) -> usize {
    split(text, byte).0.chars().count()
}

/// Splits a text at a byte, or at its end.
fn split(text: &str, byte: usize) -> (&str, &str) {
    text.split_at_checked(byte).unwrap_or((text, ""))
}
