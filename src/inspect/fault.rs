//! A fault in words, before it is put under the name that the verifier gave it.

use core::fmt::{Debug, Display};
use std::format;
use std::string::{String, ToString};

use super::report::{Position, Refusal, Segment};
use super::words;

#[derive(Debug)]
pub(super) struct Fault {
    explanation: String,
    remedy: String,
    position: Option<Position>,
}

impl Fault {
    pub(super) fn new(explanation: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { explanation: explanation.into(), remedy: remedy.into(), position: None }
    }

    pub(super) fn at(mut self, position: Position) -> Self {
        self.position = Some(position);
        self
    }

    pub(super) fn and(mut self, sentence: Option<String>) -> Self {
        if let Some(sentence) = sentence {
            self.explanation.push(' ');
            self.explanation.push_str(&sentence);
        }
        self
    }

    /// Under the name that decided.
    pub(super) fn named(self, error: impl Debug + Display) -> Refusal {
        Refusal {
            code: format!("{error:?}"),
            reason: error.to_string(),
            explanation: self.explanation,
            remedy: self.remedy,
            position: self.position,
        }
    }
}

impl Position {
    /// The place before the octet, with nothing shown but the character there.
    pub(super) fn of_character(text: &str, octet: usize) -> Self {
        let excerpt = text.get(octet..).and_then(|rest| rest.chars().next());
        Self {
            segment: None,
            offset: characters(text, octet),
            line: None,
            excerpt: excerpt.into_iter().flat_map(words::visible).collect(),
        }
    }

    pub(super) fn in_segment(self, segment: Segment) -> Self {
        Self { segment: Some(segment), ..self }
    }

    /// Shows what stands there in this text, so many characters before the octet and so many behind it.
    pub(super) fn showing(self, text: &str, octet: usize, around: usize) -> Self {
        let (before, behind) = split(text, octet);
        let before = before.char_indices().rev().take(around).last().and_then(|(at, _)| before.get(at..));
        let shown = before.unwrap_or_default().chars().chain(behind.chars().take(around));
        Self { excerpt: shown.flat_map(words::visible).collect(), ..self }
    }
}

/// Characters before the octet.
fn characters(text: &str, octet: usize) -> usize {
    split(text, octet).0.chars().count()
}

/// At the octet, or at the end of the text if it has no character there.
fn split(text: &str, octet: usize) -> (&str, &str) {
    text.split_at_checked(octet).unwrap_or((text, ""))
}
