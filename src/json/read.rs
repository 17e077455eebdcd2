//! Reading validated text. Nothing here fails: where text that was not validated would make it stumble, it ends early.
//!
//! A string stands in one of two forms:
//!
//! - as in JSON, between quotation marks, with its escapes if it is part of free-form text;
//! - unescaped, behind three octets: `0x10` and the upper four bits of the length in octets, the middle seven, the lower
//!   seven. Blanks fill the rest. No value begins with such an octet, a string with an escape sets free at least the
//!   octet that this needs besides the quotation marks, and all of it is ASCII, so that the text remains UTF-8.

use core::ops::Range;

use super::string::find_special;
use super::{JsonStr, JsonValue};
use crate::limits::MAX_TOKEN_LEN;

const UNESCAPED: u8 = 0x10;
const UNESCAPED_LAST: u8 = 0x1f;
const MARK_LEN: usize = 3;
const _: () = assert!(MAX_TOKEN_LEN <= 1 << (4 + 7 + 7));

/// Gives a string the second form. `string` reaches from the opening to the closing quotation mark; its content, of
/// `len` octets, is unescaped already and stands behind the opening one. Returns where the content stands then.
pub(super) fn mark_unescaped(string: &mut [u8], len: usize) -> Option<Range<usize>> {
    let content = MARK_LEN..MARK_LEN.checked_add(len)?;
    for i in (0..len).rev() {
        let octet = *string.get(i.checked_add(1)?)?;
        *string.get_mut(i.checked_add(MARK_LEN)?)? = octet;
    }
    string.get_mut(content.end..)?.fill(b' ');
    let mark = string.first_chunk_mut::<MARK_LEN>()?;
    let high = u8::try_from(len >> 14).ok().filter(|high| *high <= UNESCAPED_LAST ^ UNESCAPED)?;
    *mark = [UNESCAPED | high, (len >> 7 & 0x7f) as u8, (len & 0x7f) as u8];
    Some(content)
}

/// The members of an object, in the order of the text.
#[derive(Clone)]
pub(crate) struct Members<'a>(&'a str);

impl<'a> Members<'a> {
    /// `object` begins with its brace, or with white space before it.
    pub(crate) fn new(object: &'a str) -> Self {
        Self(object.trim_ascii_start().get(1..).unwrap_or_default())
    }

    /// `text` begins between two members.
    pub(crate) fn within(text: &'a str) -> Self {
        Self(text)
    }

    /// Octets of the text behind the members that were taken.
    pub(crate) fn remaining(&self) -> usize {
        self.0.len()
    }

    /// The next member's name; its value remains to be taken.
    pub(crate) fn next_name(&mut self) -> Option<JsonStr<'a>> {
        let text = skip_separators(self.0);
        let (name, rest) = text.split_at_checked(value_len(text))?;
        self.0 = rest;
        JsonValue::new(name).as_str()
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (JsonStr<'a>, JsonValue<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let name = self.next_name()?;
        let (value, rest) = split_value(skip_separators(self.0))?;
        self.0 = rest;
        Some((name, value))
    }
}

/// The elements of an array, in the order of the text.
#[derive(Clone)]
pub(crate) struct Elements<'a>(&'a str);

impl<'a> Elements<'a> {
    /// `array` begins with its bracket.
    pub(crate) fn new(array: &'a str) -> Self {
        Self(array.get(1..).unwrap_or_default())
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = JsonValue<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let (value, rest) = split_value(skip_separators(self.0))?;
        self.0 = rest;
        Some(value)
    }
}

fn split_value(text: &str) -> Option<(JsonValue<'_>, &str)> {
    let (value, rest) = text.split_at_checked(value_len(text))?;
    if value.is_empty() { None } else { Some((JsonValue::new(value), rest)) }
}

/// Skips what stands between the values of valid text.
fn skip_separators(text: &str) -> &str {
    text.trim_start_matches([' ', ',', ':', '\n', '\r', '\t'])
}

/// Octets of the value that the text begins with; none at the end of a container.
fn value_len(text: &str) -> usize {
    let text = text.as_bytes();
    let mut depth = 0usize;
    let mut at = 0usize;
    loop {
        let Some(&first) = text.get(at) else {
            return at;
        };
        match first {
            b'"' | UNESCAPED..=UNESCAPED_LAST => {
                at = at.saturating_add(scan_string(text.get(at..).unwrap_or_default()).len);
            }
            b'{' | b'[' => {
                depth = depth.saturating_add(1);
                at = at.saturating_add(1);
            }
            b'}' | b']' => {
                if depth == 0 {
                    return at;
                }
                depth = depth.saturating_sub(1);
                at = at.saturating_add(1);
            }
            b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' if depth == 0 => return at,
            _ => {
                at = at.saturating_add(1);
                continue; // within a number or a word, or between values
            }
        }
        if depth == 0 {
            return at;
        }
    }
}

/// A string at the beginning of a text.
pub(super) struct ScannedString {
    pub(super) content: Range<usize>,
    pub(super) has_escapes: bool,
    /// Octets of the whole string.
    len: usize,
}

pub(super) fn scan_string(text: &[u8]) -> ScannedString {
    if let Some(&[mark @ UNESCAPED..=UNESCAPED_LAST, middle, low]) = text.first_chunk::<MARK_LEN>() {
        let len = usize::from(mark ^ UNESCAPED) << 14 | usize::from(middle) << 7 | usize::from(low);
        let end = len.saturating_add(MARK_LEN);
        return ScannedString { content: MARK_LEN..end, has_escapes: false, len: end };
    }
    let mut end = find_special(text, 1);
    let mut has_escapes = false;
    while text.get(end) == Some(&b'\\') {
        has_escapes = true;
        end = find_special(text, end.saturating_add(2)); // whatever is escaped, its first character is not special
    }
    ScannedString { content: 1..end, has_escapes, len: end.saturating_add(1).min(text.len()) }
}
