//! Finds the position at which base64url or JSON is malformed.

use std::borrow::ToOwned;
use std::collections::HashSet;
use std::format;
use std::string::{String, ToString};
use std::vec;
use std::vec::Vec;

use serde_json::Value;

use super::words::{self, counted, quoted};
use crate::json::{Malformed, Source, Strings, Validator};
use crate::limits::{MAX_HEADER_PARAMETERS, MAX_JSON_DEPTH, MAX_OTHER_CLAIMS};
use crate::names::Claim;
use crate::token::base64url;

/// An error at a byte of a text.
pub(super) struct Break {
    pub(super) at: usize,
    pub(super) what: String,
    pub(super) remedy: &'static str,
}

const COPY_AGAIN: &str = "Copy the token again from where it was issued, whole and unchanged.";

/// Decodes a segment. Returns `None` if the verifier does not accept it as base64url.
pub(super) fn decode(segment: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0; base64url::decoded_len(segment.len())];
    base64url::decode(segment.as_bytes(), &mut bytes)?;
    Some(bytes)
}

/// Returns the first error of a segment that does not decode.
pub(super) fn base64url_break(segment: &str) -> Break {
    if let Some((at, character)) = segment.char_indices().find(|&(_, character)| !words::is_of_base64url(character)) {
        let (what, remedy) = unexpected(character);
        return Break { at, what, remedy };
    }
    if segment.len() % 4 == 1 {
        let what = format!("it has {}, a length that base64url cannot have", counted(segment.len(), "character"));
        return Break { at: segment.len(), what, remedy: "Characters were lost or added: copy the whole token again." };
    }
    let what = "its last character has non-zero unused bits, so characters were lost or changed".to_owned();
    Break { at: segment.len().saturating_sub(1), what, remedy: COPY_AGAIN }
}

/// Names a character outside the base64url alphabet, and the remedy.
fn unexpected(character: char) -> (String, &'static str) {
    let name = words::character(character);
    let (why, remedy) = match character {
        '=' => ("which is padding, and tokens have none", "Send the token as it was issued, without `=` after a part."),
        '+' | '/' => (
            "which belongs to the other base64 alphabet",
            "Send the token as it was issued: it has `-` and `_` where this text has `+` and `/`.",
        ),
        '%' => ("as in a URL", "Undo the percent-encoding before you send the token."),
        ',' | ';' | '&' => ("so more than the token was copied", "Send the token alone, without the text around it."),
        '\\' => {
            ("as in escaped text", "Parse the text that contains the token, perhaps as JSON, before you use the token.")
        }
        '…' => ("as in abbreviated text", "Copy the token from where it is shown in full."),
        character if character.is_whitespace() => (
            "which no token has",
            "Remove white space from the token, also at its ends; files often end with a line break.",
        ),
        '"' | '\'' | '`' | '“' | '”' | '‘' | '’' => ("which no token has", "Remove the quotation marks."),
        _ => ("which base64url does not have", COPY_AGAIN),
    };
    (format!("it contains {name}, {why}"), remedy)
}

/// The kind of JSON, which sets the limit on names.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Json {
    Header,
    Claims,
}

impl Json {
    /// Returns the limit on names, and whether this name counts.
    fn limit(self, name: &[u8]) -> (usize, bool) {
        match self {
            Self::Header => (MAX_HEADER_PARAMETERS, true),
            Self::Claims => (MAX_OTHER_CLAIMS, Claim::from_name(name).is_none()),
        }
    }
}

/// Returns why a text is not a valid JSON object, or `None` if it is one. Runs the verifier's own parser, member by
/// member.
pub(super) fn json_break(text: &[u8], of: Json) -> Option<Break> {
    let mut copy = text.to_owned(); // it unescapes in place
    let mut json = Validator::new(&mut copy);
    match json.enter_object() {
        Ok(true) => {}
        _ => return Some(no_object(text)),
    }
    let mut names = HashSet::new();
    let mut counted = 0usize;
    loop {
        let before = json.position();
        let name = match json.name_span() {
            Ok(Some(name)) => name.of_bytes(json.text()).to_owned(),
            Ok(None) => break,
            Err(Malformed) => return Some(syntax(text, json.position())),
        };
        let at =
            before.saturating_add(text.get(before..).into_iter().flatten().take_while(|&&byte| byte != b'"').count());
        let (limit, counts) = of.limit(&name);
        counted = counted.saturating_add(usize::from(counts));
        let named = quoted(&String::from_utf8_lossy(&name));
        let what = if counted > limit {
            format!("it has more than {limit} names; {named} is the first over the limit")
        } else if !names.insert(name) {
            format!("the name {named} occurs twice, so parsers could disagree on its value")
        } else if json.value(Strings::Kept).is_ok() {
            continue;
        } else {
            return Some(syntax(text, json.position()));
        };
        return Some(Break { at, what, remedy: NOT_PROPELAUTHS });
    }
    let end = json.position();
    json.finish().is_err().then(|| syntax(text, end))
}

pub(super) const NOT_PROPELAUTHS: &str =
    "PropelAuth does not issue such tokens: find out who made or changed it, and use the one that PropelAuth issued.";

fn no_object(text: &[u8]) -> Break {
    match serde_json::from_slice::<Value>(text) {
        Ok(value) => {
            let what = format!("it is {}; expected an object", kind(&value));
            Break { at: 0, what, remedy: NOT_PROPELAUTHS }
        }
        Err(_) => syntax(text, 0),
    }
}

/// Returns the type of a JSON value.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Returns the position and the message of `serde_json` for malformed JSON. It is as strict as the verifier, except for
/// what has been checked before. If it finds no error, returns the position at which the verifier stopped.
fn syntax(text: &[u8], stopped: usize) -> Break {
    let found = |at, what: String| Break { at, what, remedy: NOT_PROPELAUTHS };
    match text {
        [0xef, 0xbb, 0xbf, ..] => return found(0, "it starts with a byte order mark".to_owned()),
        [0, ..] | [_, 0, ..] | [0xfe, 0xff, ..] | [0xff, 0xfe, ..] => {
            return found(0, "it is in UTF-16 or UTF-32; expected UTF-8".to_owned());
        }
        _ => {}
    }
    let error = match serde_json::from_slice::<Value>(text) {
        Ok(_) => return found(stopped, "it cannot be parsed here".to_owned()),
        Err(error) => error,
    };
    let at = if error.is_eof() { text.len() } else { offset(text, error.line(), error.column()) };
    if let Err(error) = core::str::from_utf8(text)
        && error.valid_up_to() <= at.max(stopped)
    {
        return found(error.valid_up_to(), "it is not UTF-8".to_owned());
    }
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    let rest = text.get(at..).unwrap_or_default();
    let what = if words.starts_with("recursion limit") {
        format!("arrays and objects are nested more than {MAX_JSON_DEPTH} levels deep")
    } else if words.starts_with("number out of range") {
        return found(stopped, "it cannot be parsed here".to_owned());
    } else if error.is_eof() {
        "it ends too early".to_owned()
    } else if let Some(literal) =
        ["NaN", "Infinity", "-Infinity"].into_iter().find(|literal| rest.starts_with(literal.as_bytes()))
    {
        format!("`{literal}` is not JSON")
    } else {
        words.to_owned()
    };
    found(at, what)
}

/// Returns the offset of a line and a column, both counted from 1.
fn offset(text: &[u8], line: usize, column: usize) -> usize {
    let before = text.split_inclusive(|&byte| byte == b'\n').take(line.saturating_sub(1));
    let start = before.fold(0usize, |sum, line| sum.saturating_add(line.len()));
    start.saturating_add(column.saturating_sub(1)).min(text.len())
}
