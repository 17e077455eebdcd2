//! Where base64url and JSON break.

use std::borrow::ToOwned;
use std::collections::HashSet;
use std::format;
use std::string::{String, ToString};
use std::vec;
use std::vec::Vec;

use serde_json::Value;

use super::words::{self, counted, quoted};
use crate::base64url;
use crate::error::Claim;
use crate::json::{Malformed, Source, Strings, Validator};
use crate::limits::{MAX_HEADER_PARAMETERS, MAX_JSON_DEPTH, MAX_OTHER_CLAIMS};

/// What is wrong at an octet of a text.
pub(super) struct Break {
    pub(super) at: usize,
    pub(super) what: String,
    pub(super) remedy: &'static str,
}

const COPY_AGAIN: &str = "Take the token again from where it was issued, whole and unchanged.";

/// The octets of a segment, if it is what the verifier takes for base64url.
pub(super) fn decode(segment: &str) -> Option<Vec<u8>> {
    let mut octets = vec![0; base64url::decoded_len(segment.len())];
    base64url::decode(segment.as_bytes(), &mut octets)?;
    Some(octets)
}

/// The first place at which a segment that does not decode is no base64url.
pub(super) fn base64url_break(segment: &str) -> Break {
    if let Some((at, character)) = segment.char_indices().find(|&(_, character)| !words::is_of_base64url(character)) {
        let (what, remedy) = unexpected(character);
        return Break { at, what, remedy };
    }
    if segment.len() % 4 == 1 {
        let what = format!("it has {}, and no octets encode to so many", counted(segment.len(), "character"));
        return Break {
            at: segment.len(),
            what,
            remedy: "Characters were lost or added: copy the token again, whole.",
        };
    }
    let what = "its last character has bits set that belong to no octet, so characters were lost or changed".to_owned();
    Break { at: segment.len().saturating_sub(1), what, remedy: COPY_AGAIN }
}

/// A character that base64url does not have: what it is, and what to do.
fn unexpected(character: char) -> (String, &'static str) {
    let name = words::character(character);
    let (why, remedy) = match character {
        '=' => {
            ("which is padding, and tokens have none", "Send the token as it was issued, without `=` behind a part.")
        }
        '+' | '/' => (
            "which is of the other base64 alphabet",
            "Send the token as it was issued: it has `-` and `_` where this text has `+` and `/`.",
        ),
        '%' => ("as in an address", "Undo the percent-encoding before you send the token."),
        ',' | ';' | '&' => {
            ("so that more than the token was taken", "Send the token alone, without what stands around it.")
        }
        '\\' => ("as in a text with escapes", "Read the text that the token stands in as what it is, JSON perhaps."),
        '…' => ("as where a text is abbreviated", "Copy the token from where it is shown whole."),
        character if character.is_whitespace() => (
            "which no token has",
            "Remove white space from the token, at its ends as well; a file often ends with a line end.",
        ),
        '"' | '\'' | '`' | '“' | '”' | '‘' | '’' => ("which no token has", "Remove the quotation marks."),
        _ => ("which base64url does not have", COPY_AGAIN),
    };
    (format!("there is {name} in it, {why}"), remedy)
}

/// Whose JSON it is, which is a matter of the names that it may have.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Json {
    Header,
    Claims,
}

impl Json {
    /// How many names count, and whether this one does.
    fn limit(self, name: &[u8]) -> (usize, bool) {
        match self {
            Self::Header => (MAX_HEADER_PARAMETERS, true),
            Self::Claims => (MAX_OTHER_CLAIMS, Claim::from_name(name).is_none()),
        }
    }
}

/// Why a text is not the JSON object that it should be, if it is not. The verifier's own reader goes over it, member by
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
            Ok(Some(name)) => name.of_octets(json.text()).to_owned(),
            Ok(None) => break,
            Err(Malformed) => return Some(syntax(text, json.position())),
        };
        let at =
            before.saturating_add(text.get(before..).into_iter().flatten().take_while(|&&octet| octet != b'"').count());
        let (limit, counts) = of.limit(&name);
        counted = counted.saturating_add(usize::from(counts));
        let named = quoted(&String::from_utf8_lossy(&name));
        let what = if counted > limit {
            format!("it has more than {limit} names, of which {named} is the first beyond")
        } else if !names.insert(name) {
            format!("the name {named} occurs twice, so that readers could differ about which one counts")
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
    "PropelAuth issues no such token: find out who made or changed it, and use the one that PropelAuth issued.";

fn no_object(text: &[u8]) -> Break {
    match serde_json::from_slice::<Value>(text) {
        Ok(value) => {
            let what = format!("it is {}, and an object is wanted", kind(&value));
            Break { at: 0, what, remedy: NOT_PROPELAUTHS }
        }
        Err(_) => syntax(text, 0),
    }
}

/// What a JSON value is.
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

/// In text that is not JSON, the place and the words of `serde_json`, which is as strict as the verifier in all but what
/// is asked before. Where it has nothing to say, the place that the verifier came to.
fn syntax(text: &[u8], stopped: usize) -> Break {
    let found = |at, what: String| Break { at, what, remedy: NOT_PROPELAUTHS };
    match text {
        [0xef, 0xbb, 0xbf, ..] => return found(0, "it begins with a byte order mark".to_owned()),
        [0, ..] | [_, 0, ..] | [0xfe, 0xff, ..] | [0xff, 0xfe, ..] => {
            return found(0, "it is in UTF-16 or UTF-32, and UTF-8 is wanted".to_owned());
        }
        _ => {}
    }
    let error = match serde_json::from_slice::<Value>(text) {
        Ok(_) => return found(stopped, "it cannot be read here".to_owned()),
        Err(error) => error,
    };
    let at = if error.is_eof() { text.len() } else { octet(text, error.line(), error.column()) };
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
        return found(stopped, "it cannot be read here".to_owned());
    } else if error.is_eof() {
        "it ends too early".to_owned()
    } else if let Some(literal) =
        ["NaN", "Infinity", "-Infinity"].into_iter().find(|literal| rest.starts_with(literal.as_bytes()))
    {
        format!("`{literal}` is no JSON")
    } else {
        words.to_owned()
    };
    found(at, what)
}

/// The octet at a line and a column, both from 1.
fn octet(text: &[u8], line: usize, column: usize) -> usize {
    let before = text.split_inclusive(|&octet| octet == b'\n').take(line.saturating_sub(1));
    let start = before.fold(0usize, |sum, line| sum.saturating_add(line.len()));
    start.saturating_add(column.saturating_sub(1)).min(text.len())
}
