//! Explains malformed PEM.

use std::format;
use std::string::{String, ToString};

use super::report::Position;
use super::words::character;
use crate::rsa::pem::{self, Fault};

/// Returns the position of a byte of a key's text.
pub(super) fn place(text: &str, byte: usize) -> Position {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count().saturating_add(1);
    Position { line: Some(line), ..Position::of_character(text, byte) }
}

/// Explains why the PEM of a public key is malformed, with the offset, or returns `None`.
pub(super) fn fault(text: &str) -> Option<(usize, String)> {
    let (at, fault, label) = pem::fault(text.as_bytes())?;
    let end = label.end();
    let what = match fault {
        Fault::NoBase64 => "it ends after its first line, so the key itself is missing".to_string(),
        Fault::NoEndLine => format!("it is cut off: the line `{end}` is missing"),
        Fault::AfterPadding => "something follows `=`, which ends the base64".to_string(),
        Fault::Character => {
            let found = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or_default();
            format!("its base64 contains {}", character(found))
        }
        Fault::Hyphen => "its base64 contains `-`, which is base64url".to_string(),
        Fault::EndLineCutShort => "its last line is cut off".to_string(),
        Fault::OtherEndLine => format!("its last line is not `{end}`, as its first line requires"),
        Fault::Empty => "its content is missing".to_string(),
        Fault::Base64 => "its base64 has lost or gained characters: its length or padding is wrong".to_string(),
    };
    Some((at, what))
}
