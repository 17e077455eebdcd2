//! Reading validated text. Nothing here fails: where text that was not validated would make it stumble, it ends early.
//!
//! A string stands in one of two forms:
//!
//! - as in JSON, between quotation marks, with its escapes if it is part of free-form text;
//! - unescaped, behind three octets: `0x10` and the upper four bits of the length in octets, the middle seven, the lower
//!   seven. Blanks fill the rest. No value begins with such an octet, a string with an escape sets free at least the
//!   octet that this needs besides the quotation marks, and all of it is ASCII, so that the text remains UTF-8.

// Positions lie within the text, or a few octets behind it, and the text is not longer than a token.
#![allow(clippy::arithmetic_side_effects)]

use core::ops::Range;

use super::string::find_special;
use super::{JsonStr, JsonValue, Malformed, Source, Strings};
use crate::limits::MAX_TOKEN_LEN;

const UNESCAPED: u8 = 0x10;
const UNESCAPED_LAST: u8 = 0x1f;
const MARK_LEN: usize = 3;
const _: () = assert!(MAX_TOKEN_LEN <= 1 << (4 + 7 + 7));

/// Gives a string the second form. `string` reaches from the opening to the closing quotation mark; its content, of
/// `len` octets, is unescaped already and stands behind the opening one. Returns where the content stands then.
pub(super) fn mark_unescaped(string: &mut [u8], len: usize) -> Option<Range<usize>> {
    let content = MARK_LEN..MARK_LEN + len;
    for i in (0..len).rev() {
        *string.get_mut(i + MARK_LEN)? = *string.get(i + 1)?;
    }
    string.get_mut(content.end..)?.fill(b' ');
    let mark = string.first_chunk_mut::<MARK_LEN>()?;
    let high = u8::try_from(len >> 14).ok().filter(|high| *high <= UNESCAPED_LAST ^ UNESCAPED)?;
    *mark = [UNESCAPED | high, (len >> 7 & 0x7f) as u8, (len & 0x7f) as u8];
    Some(content)
}

/// A position in validated text.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    /// Goes into the object or the array that begins here with this bracket, if one does.
    pub(crate) fn enter(&mut self, bracket: u8) -> bool {
        let enters = self.peek() == Some(bracket);
        self.at += usize::from(enters);
        enters
    }

    /// The next member's name, the reader standing at its value then; or nothing at the end of the object, the reader
    /// standing behind it.
    #[inline]
    pub(crate) fn name(&mut self) -> Option<JsonStr<'a>> {
        self.skip_separators();
        if self.leave() {
            return None;
        }
        let string = self.skip_string();
        self.skip_separators();
        self.text.get(string.content).map(|content| JsonStr::new(content, string.has_escapes))
    }

    /// The next member, or nothing at the end of the object, the reader standing behind it.
    pub(crate) fn member(&mut self) -> Option<(JsonStr<'a>, JsonValue<'a>)> {
        Some((self.name()?, self.value()?))
    }

    /// Whether there is another element, the reader standing at it then; or else behind the array.
    pub(crate) fn has_element(&mut self) -> bool {
        self.skip_separators();
        !self.leave()
    }

    /// The next element, or nothing at the end of the array, the reader standing behind it.
    pub(crate) fn element(&mut self) -> Option<JsonValue<'a>> {
        if self.has_element() { self.value() } else { None }
    }

    /// The value that begins here.
    #[inline]
    pub(crate) fn value(&mut self) -> Option<JsonValue<'a>> {
        let start = self.at;
        match self.peek()? {
            b'"' | UNESCAPED..=UNESCAPED_LAST => {
                self.skip_string();
            }
            b'{' | b'[' => self.skip_container(),
            _ => {
                while let Some(b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E') = self.peek() {
                    self.at += 1;
                }
            }
        }
        self.text.get(start..self.at).map(JsonValue::new)
    }

    /// Goes out of the object or the array that ends here, if one does.
    #[inline]
    fn leave(&mut self) -> bool {
        let leaves = matches!(self.peek(), None | Some(b'}' | b']'));
        self.at += usize::from(leaves);
        leaves
    }

    /// Skips the object or the array that begins here. Brackets match, so that counting them is enough.
    fn skip_container(&mut self) {
        let mut depth = 0usize;
        while let Some(octet) = self.peek() {
            match octet {
                b'"' | UNESCAPED..=UNESCAPED_LAST => {
                    self.skip_string();
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
    }

    #[inline]
    fn skip_string(&mut self) -> ScannedString {
        let string = scan_string(self.text.as_bytes(), self.at);
        self.at = string.end;
        string
    }

    /// Skips what stands between values.
    #[inline]
    fn skip_separators(&mut self) {
        while let Some(b',' | b':' | b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

impl<'a> Source for Reader<'a> {
    type Value = JsonValue<'a>;

    fn enter_object(&mut self) -> Result<bool, Malformed> {
        Ok(self.enter(b'{'))
    }

    fn name(&mut self) -> Result<Option<&[u8]>, Malformed> {
        Ok(self.name().and_then(JsonStr::plain).map(str::as_bytes))
    }

    fn value(&mut self, _: Strings) -> Result<JsonValue<'a>, Malformed> {
        self.value().ok_or(Malformed)
    }
}

/// Where a string stands in a text.
pub(super) struct ScannedString {
    pub(super) content: Range<usize>,
    pub(super) has_escapes: bool,
    /// The position behind it.
    end: usize,
}

/// The string at `start`.
#[inline]
pub(super) fn scan_string(text: &[u8], start: usize) -> ScannedString {
    if let Some(content) = unescaped_content(text, start) {
        return ScannedString { end: content.end, content, has_escapes: false };
    }
    let mut end = find_special(text, start + 1);
    let mut has_escapes = false;
    while text.get(end) == Some(&b'\\') {
        has_escapes = true;
        end = find_special(text, end + 2); // whatever is escaped, its first character is not special
    }
    ScannedString { content: start + 1..end, has_escapes, end: end + 1 }
}

/// The content of the string at `start`, if it stands in the second form.
#[inline]
pub(super) fn unescaped_content(text: &[u8], start: usize) -> Option<Range<usize>> {
    match *text.get(start..)?.first_chunk::<MARK_LEN>()? {
        [mark @ UNESCAPED..=UNESCAPED_LAST, middle, low] => {
            let len = usize::from(mark ^ UNESCAPED) << 14 | usize::from(middle) << 7 | usize::from(low);
            Some(start + MARK_LEN..start + MARK_LEN + len)
        }
        _ => None,
    }
}

/// The content of the string at `start`, which is not part of a free-form member.
pub(super) fn string_at(text: &[u8], start: usize) -> Option<&[u8]> {
    text.get(scan_string(text, start).content)
}

/// The name of the member before which, in this text, a reader or a validator has stood.
pub(crate) fn name_at(text: &[u8], position: usize) -> Option<&[u8]> {
    let between = text.get(position..)?.iter().position(|octet| matches!(octet, b'"' | UNESCAPED..=UNESCAPED_LAST))?;
    string_at(text, position + between)
}
