//! Where a PEM text breaks (RFC 7468).

use std::format;
use std::string::{String, ToString};

use super::report::Position;
use super::words::character;

/// The place before an octet of a key's text.
pub(super) fn place(text: &str, octet: usize) -> Position {
    let before = text.get(..octet).unwrap_or(text);
    let line = before.matches('\n').count().saturating_add(1);
    Position { line: Some(line), ..Position::of_character(text, octet) }
}

/// Why a text that begins with one of the two labels is no PEM, and at which octet.
pub(super) fn fault(text: &str) -> (usize, String) {
    let label = if text.contains("-----BEGIN RSA PUBLIC KEY-----") { "RSA PUBLIC KEY" } else { "PUBLIC KEY" };
    let begin = format!("-----BEGIN {label}-----");
    let body_at = text.find(&begin).map_or(0, |at| at.saturating_add(begin.len()));
    let body = text.get(body_at..).unwrap_or_default();
    let in_text = |octet: usize| body_at.saturating_add(octet);
    let first_line_end = line_end(body);
    if first_line_end == 0 {
        let next = body.chars().next();
        let what = match next {
            None => "it ends after its first line, so the key itself is missing".to_string(),
            Some(' ') => "its line ends were turned into spaces".to_string(),
            Some(_) => "its first line must end behind `KEY-----`".to_string(),
        };
        return (body_at, what);
    }
    let mut at = 0usize;
    let mut is_line_start = false;
    let mut padding = 0usize;
    let mut characters = 0usize;
    loop {
        let rest = body.get(at..).unwrap_or_default();
        let line_end = line_end(rest);
        if line_end > 0 {
            if is_line_start {
                return (in_text(at), "there is an empty line in it".to_string());
            }
            is_line_start = true;
            at = at.saturating_add(line_end);
            continue;
        }
        match rest.chars().next() {
            None => return (in_text(at), format!("it is cut short: the line `-----END {label}-----` is missing")),
            Some('-') => break,
            Some('=') => padding = padding.saturating_add(1),
            Some(_) if padding > 0 => {
                return (in_text(at), "something follows `=`, which ends the base64".to_string());
            }
            Some(other) if other.is_ascii_alphanumeric() || matches!(other, '+' | '/') => {
                characters = characters.saturating_add(1);
            }
            Some(other) => {
                return (in_text(at), format!("there is {} in its base64", character(other)));
            }
        }
        is_line_start = false;
        at = at.saturating_add(rest.chars().next().map_or(1, char::len_utf8));
    }
    let rest = body.get(at..).unwrap_or_default();
    let end = format!("-----END {label}-----");
    let what = if !rest.starts_with("-----END ") {
        if end.starts_with(rest) || rest.len() < end.len() {
            "its last line is cut short".to_string()
        } else {
            "there is `-` in its base64, as base64url has it".to_string()
        }
    } else if !rest.starts_with(&end) {
        format!("its last line is not `{end}`, as its first line wants it")
    } else if characters == 0 {
        "there is nothing between its first and its last line".to_string()
    } else if !is_line_start {
        "its last line must begin on a line of its own".to_string()
    } else {
        "its base64 has lost or gained characters: the length or the padding is not right".to_string()
    };
    (in_text(at), what)
}

/// The length of the line end with which a text begins, spelt with backslashes too.
fn line_end(text: &str) -> usize {
    let ends = ["\r\n", "\n", "\r", "\\r\\n", "\\n"];
    ends.iter().find(|end| text.starts_with(**end)).map_or(0, |end| end.len())
}
