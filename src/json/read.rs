//! Reads validated text. Nothing here fails: on text that was not validated, it ends early.

// Positions are within the text, or a few bytes after it, and the text is not longer than a token.
#![allow(clippy::arithmetic_side_effects)]

use core::iter;
use core::ops::Range;

use super::packed::{self, FIRST, LAST};
use super::string::{find_special, starts_with};
use super::{JsonStr, Kind, Malformed, Source, Strings};

/// A member of the token. Its strings are unescaped, and possibly packed, unless it was read with [`Strings::Kept`].
#[derive(Clone, Copy)]
pub(crate) struct Value<'a>(&'a str);

impl<'a> Value<'a> {
    pub(crate) const EMPTY_ARRAY: Value<'static> = Value("[]");
    pub(crate) const EMPTY_OBJECT: Value<'static> = Value("{}");

    /// `text` is a single value of validated text.
    pub(crate) const fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// Returns the value's text. Unless its strings are kept, only [`Reader`] can parse it.
    pub(crate) const fn text(self) -> &'a str {
        self.0
    }

    pub(crate) fn kind(self) -> Kind {
        match self.0.as_bytes().first() {
            Some(b'n') => Kind::Null,
            Some(b'f') => Kind::False,
            Some(b't') => Kind::True,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            Some(b'[') if self.elements().all(Self::is_string) => Kind::ArrayOfStrings,
            Some(b'[') => Kind::Array,
            Some(b'{') => Kind::Object,
            _ => Kind::String,
        }
    }

    fn is_string(self) -> bool {
        matches!(self.0.as_bytes().first(), Some(b'"' | FIRST..=LAST))
    }

    /// Returns the string, if this is an unescaped one.
    #[inline]
    pub(crate) fn as_str(self) -> Option<&'a str> {
        self.0.get(packed::content_of(self.0.as_bytes())?)
    }

    /// Returns the string, if this is one, with or without escapes.
    pub(crate) fn as_json_str(self) -> Option<JsonStr<'a>> {
        if !self.is_string() {
            return None;
        }
        let string = scan_string(self.0.as_bytes(), 0);
        Some(JsonStr::new(self.0.get(string.content)?, string.has_escapes))
    }

    /// Returns the elements, if this is an array.
    pub(crate) fn elements(self) -> impl Iterator<Item = Value<'a>> + Clone {
        let mut reader = self.reader();
        let is_array = reader.enter(b'[');
        iter::from_fn(move || if is_array { reader.element() } else { None })
    }

    /// Returns the members, if this is an object.
    #[cfg(feature = "inspect")]
    pub(crate) fn members(self) -> impl Iterator<Item = (JsonStr<'a>, Value<'a>)> + Clone {
        let mut reader = self.reader();
        let is_object = reader.enter(b'{');
        iter::from_fn(move || if is_object { reader.member() } else { None })
    }

    /// Returns a reader at the value.
    pub(crate) const fn reader(self) -> Reader<'a> {
        self.reader_at(0)
    }

    /// Returns a reader inside the object or array, before the first member or element.
    pub(crate) const fn inside(self) -> Reader<'a> {
        self.reader_at(1)
    }

    /// Returns a reader at a position of an earlier one.
    pub(crate) const fn reader_at(self, position: usize) -> Reader<'a> {
        Reader { text: self.0, at: position }
    }
}

/// A position in validated text.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// Enters the object or array with this bracket, if it comes next.
    pub(crate) fn enter(&mut self, bracket: u8) -> bool {
        let enters = self.peek() == Some(bracket);
        self.at += usize::from(enters);
        enters
    }

    /// Returns the next member's name and moves to its value. Returns `None` at the end of the object, and moves past
    /// it.
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

    /// Returns the next member. Returns `None` at the end of the object, and moves past it.
    pub(crate) fn member(&mut self) -> Option<(JsonStr<'a>, Value<'a>)> {
        Some((self.name()?, self.value()?))
    }

    /// Returns `true` and moves to the next element, if there is one. Otherwise moves past the array.
    pub(crate) fn has_element(&mut self) -> bool {
        self.skip_separators();
        !self.leave()
    }

    /// Returns the next element. Returns `None` at the end of the array, and moves past it.
    pub(crate) fn element(&mut self) -> Option<Value<'a>> {
        if self.has_element() { self.value() } else { None }
    }

    /// Returns the next value.
    #[inline]
    pub(crate) fn value(&mut self) -> Option<Value<'a>> {
        let start = self.at;
        match self.peek()? {
            b'"' | FIRST..=LAST => {
                self.skip_string();
            }
            b'{' | b'[' => self.skip_container(),
            _ => {
                while let Some(b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E') = self.peek() {
                    self.at += 1;
                }
            }
        }
        self.text.get(start..self.at).map(Value)
    }

    /// Leaves the object or array if it ends here.
    #[inline]
    fn leave(&mut self) -> bool {
        let leaves = matches!(self.peek(), None | Some(b'}' | b']'));
        self.at += usize::from(leaves);
        leaves
    }

    /// Skips the object or array that begins here. Brackets match, so counting them is enough.
    fn skip_container(&mut self) {
        let mut depth = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' | FIRST..=LAST => {
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

    /// Skips separators between values.
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
    type Value = Value<'a>;

    fn enter_object(&mut self) -> Result<bool, Malformed> {
        Ok(self.enter(b'{'))
    }

    fn name(&mut self) -> Result<Option<&[u8]>, Malformed> {
        Ok(self.name().and_then(JsonStr::plain).map(str::as_bytes))
    }

    #[inline]
    fn skip_name(&mut self, written: &str) -> bool {
        let name = self.at + usize::from(self.peek() == Some(b','));
        let is_next = self.text.as_bytes().get(name..).is_some_and(|text| starts_with(text, written.as_bytes()));
        if is_next {
            self.at = name + written.len();
            self.skip_separators();
        }
        is_next
    }

    fn value(&mut self, _: Strings) -> Result<Value<'a>, Malformed> {
        self.value().ok_or(Malformed)
    }
}

/// The position of a string in a text.
pub(super) struct ScannedString {
    pub(super) content: Range<usize>,
    pub(super) has_escapes: bool,
    /// The position after it.
    end: usize,
}

/// Finds the string at `start`.
#[inline]
pub(super) fn scan_string(text: &[u8], start: usize) -> ScannedString {
    if let Some(content) = packed::content(text, start) {
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

/// Returns `true` if the member after this position has this name. A reader or a validator must have been at the
/// position.
pub(crate) fn is_name_at(text: &[u8], position: usize, name: &[u8]) -> bool {
    let start = match text.get(position) {
        Some(b',') => position + 1,
        _ => position,
    };
    // Usually the name begins right here and is another one.
    if let Some([b'"', string @ ..]) = text.get(start..)
        && !starts_with(string, name)
    {
        return false;
    }
    let between = text.get(start..).and_then(|text| text.iter().position(|b| matches!(b, b'"' | FIRST..=LAST)));
    between.is_some_and(|between| text.get(scan_string(text, start + between).content) == Some(name))
}
