//! The validating pass.

// Positions are within the text, or one byte after it, and the text is not longer than a token.
#![allow(clippy::arithmetic_side_effects)]

use core::ops::Range;

use heapless::Vec;

use super::packed;
use super::string::{find_special, starts_with, unescape, unescape_short};
use super::{Kind, Malformed, Source, Strings};
use crate::limits::{MAX_JSON_DEPTH, MAX_TOKEN_LEN};

/// The range of a value, or of the content of a string.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    start: u32,
    end: u32,
}

const _: () = assert!(MAX_TOKEN_LEN <= u32::MAX as usize);

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    pub(crate) fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    pub(crate) fn of_bytes(self, text: &[u8]) -> &[u8] {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A validated value: its kind, and its place in the text.
#[derive(Clone, Copy)]
pub(crate) struct ValueSpan {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
}

/// A text, and the position up to which it is validated.
pub(crate) struct Validator<'b> {
    text: &'b mut [u8],
    at: usize,
    /// The number of objects entered and not left.
    depth: u32,
    /// Whether no member of the innermost object was read yet.
    at_first_member: bool,
}

impl<'b> Validator<'b> {
    pub(crate) fn new(text: &'b mut [u8]) -> Self {
        let mut validator = Self { text, at: 0, depth: 0, at_first_member: true };
        validator.skip_white_space();
        validator
    }

    /// Returns the whole text, if only white space is left and it is UTF-8.
    pub(crate) fn finish(mut self) -> Result<&'b str, Malformed> {
        self.skip_white_space();
        if self.at != self.text.len() {
            return Err(Malformed);
        }
        // Unescaping replaces ASCII by whole characters, so ill-formed text stays ill-formed.
        core::str::from_utf8(self.text).map_err(|_| Malformed)
    }

    /// Returns the text. Only the part that was read is validated.
    pub(crate) fn text(&self) -> &[u8] {
        self.text
    }

    /// Returns the content of an unescaped string that was read, if this is one.
    pub(crate) fn string(&self, value: ValueSpan) -> Option<&[u8]> {
        let text = value.span.of_bytes(self.text);
        text.get(packed::content_of(text)?)
    }

    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Returns `true` if an object begins here.
    pub(crate) fn is_at_object(&self) -> bool {
        self.peek() == Some(b'{')
    }

    /// Returns the object that began at this position, after its members were read.
    pub(crate) fn object_from(&self, start: usize) -> ValueSpan {
        ValueSpan { kind: Kind::Object, span: Span::new(start, self.at) }
    }

    /// Returns the span of the next member's unescaped name and moves to its value. Returns `None` at the end of the
    /// object, and moves past it.
    #[inline]
    pub(crate) fn name_span(&mut self) -> Result<Option<Span>, Malformed> {
        let mut first = self.next_token();
        if first == Some(b'}') {
            self.depth = self.depth.saturating_sub(1);
            self.at_first_member = false;
            return Ok(None);
        }
        if !self.at_first_member {
            if first != Some(b',') {
                return Err(Malformed);
            }
            first = self.next_token();
        }
        self.at_first_member = false;
        self.member_name(first, Strings::Unescaped).map(Some)
    }

    /// Reads the rest of a member's name and the colon after it.
    #[inline]
    fn member_name(&mut self, first: Option<u8>, strings: Strings) -> Result<Span, Malformed> {
        if first != Some(b'"') {
            return Err(Malformed);
        }
        let name = self.rest_of_string(strings)?;
        if self.next_token() != Some(b':') {
            return Err(Malformed);
        }
        self.skip_white_space();
        Ok(name)
    }

    /// Reads the rest of an array and returns its kind.
    fn array(&mut self, strings: Strings) -> Result<Kind, Malformed> {
        let mut first = self.next_token();
        if first == Some(b']') {
            return Ok(Kind::ArrayOfStrings);
        }
        while first == Some(b'"') {
            self.rest_of_string(strings)?;
            match self.next_token() {
                Some(b',') => first = self.next_token(),
                Some(b']') => return Ok(Kind::ArrayOfStrings),
                _ => return Err(Malformed),
            }
        }
        self.nested(Container::Array, first, strings)?;
        Ok(Kind::Array)
    }

    /// Reads the rest of an object.
    fn object(&mut self, strings: Strings) -> Result<Kind, Malformed> {
        let first = self.next_token();
        if first != Some(b'}') {
            self.member_name(first, strings)?;
            let first = self.next();
            self.nested(Container::Object, first, strings)?;
        }
        Ok(Kind::Object)
    }

    /// Reads the rest of a container, after the `first` byte of an element or of a member's value. Keeps one bit per
    /// level instead of recursing.
    fn nested(&mut self, outermost: Container, mut first: Option<u8>, strings: Strings) -> Result<(), Malformed> {
        let mut nesting = Nesting { objects: 0, depth: 0, limit: (MAX_JSON_DEPTH as u32).saturating_sub(self.depth) };
        nesting.enter(outermost)?;
        loop {
            match first {
                Some(b'{') => {
                    nesting.enter(Container::Object)?;
                    first = self.next_token();
                    if first != Some(b'}') {
                        self.member_name(first, strings)?;
                        first = self.next();
                        continue;
                    }
                    nesting.leave();
                }
                Some(b'[') => {
                    nesting.enter(Container::Array)?;
                    first = self.next_token();
                    if first != Some(b']') {
                        continue;
                    }
                    nesting.leave();
                }
                Some(first @ (b'-' | b'0'..=b'9')) => self.number(first)?,
                _ => {
                    self.scalar(first, strings)?;
                }
            }
            // A value ends here.
            loop {
                match (nesting.innermost(), self.next_token()) {
                    (Container::Object, Some(b'}')) | (Container::Array, Some(b']')) => {
                        nesting.leave();
                        if nesting.depth == 0 {
                            return Ok(());
                        }
                    }
                    (Container::Object, Some(b',')) => {
                        first = self.next_token();
                        self.member_name(first, strings)?;
                        first = self.next();
                        break;
                    }
                    (Container::Array, Some(b',')) => {
                        first = self.next_token();
                        break;
                    }
                    _ => return Err(Malformed),
                }
            }
        }
    }

    /// Reads the rest of a value that is not a container.
    #[inline]
    fn scalar(&mut self, first: Option<u8>, strings: Strings) -> Result<Kind, Malformed> {
        match first {
            Some(b'"') => self.rest_of_string(strings).map(|_| Kind::String),
            Some(first @ (b'-' | b'0'..=b'9')) => self.number(first).map(|()| Kind::Number),
            Some(b't') => self.literal(b"rue").map(|()| Kind::True),
            Some(b'f') => self.literal(b"alse").map(|()| Kind::False),
            Some(b'n') => self.literal(b"ull").map(|()| Kind::Null),
            _ => Err(Malformed),
        }
    }

    /// Reads the rest of a string after its opening quotation mark. Returns the span of its content.
    #[inline]
    fn rest_of_string(&mut self, strings: Strings) -> Result<Span, Malformed> {
        let start = self.at;
        let end = find_special(self.text, start);
        self.at = end + 1;
        match self.text.get(end) {
            Some(b'"') => Ok(Span::new(start, end)),
            Some(b'\\') => self.string_with_escapes(start, end, strings),
            _ => Err(Malformed),
        }
    }

    /// Reads a string whose first escape is at `read`. Unless text is kept, moves the following characters into the
    /// space that the escapes leave, and then packs the string.
    #[cold]
    fn string_with_escapes(&mut self, start: usize, mut read: usize, strings: Strings) -> Result<Span, Malformed> {
        let mut write = read;
        loop {
            let text = self.text.get(read..).unwrap_or_default();
            match text {
                [b'"', ..] => break,
                [b'\\', b'u', ..] => {
                    let (character, len) = unescape(text).ok_or(Malformed)?;
                    read += len;
                    if strings == Strings::Unescaped {
                        let mut utf8 = [0; 4];
                        for &byte in character.encode_utf8(&mut utf8).as_bytes() {
                            self.put(&mut write, byte);
                        }
                    }
                }
                [b'\\', kind, ..] => {
                    let byte = unescape_short(*kind).ok_or(Malformed)?;
                    read += 2;
                    if strings == Strings::Unescaped {
                        self.put(&mut write, byte);
                    }
                }
                // Without the backslash: one at the end of the text would be read forever.
                [b' '..=b'[' | b']'.., ..] => {
                    let start = read;
                    read += find_special(text, 0);
                    if strings == Strings::Unescaped {
                        self.move_down(start..read, &mut write);
                    }
                }
                _ => return Err(Malformed),
            }
        }
        self.at = read + 1;
        if strings == Strings::Kept {
            return Ok(Span::new(start, read));
        }
        let opening = start - 1;
        let string = self.text.get_mut(opening..self.at).ok_or(Malformed)?;
        let content = packed::pack(string, write - start).ok_or(Malformed)?;
        Ok(Span::new(opening + content.start, opening + content.end))
    }

    /// Moves this range down to the write position, which is before it.
    fn move_down(&mut self, mut from: Range<usize>, write: &mut usize) {
        while let Some(&word) = self.text.get(from.clone()).and_then(|text| text.first_chunk::<8>()) {
            if let Some(to) = self.text.get_mut(*write..).and_then(|text| text.first_chunk_mut()) {
                *to = word;
            }
            from.start += word.len();
            *write += word.len();
        }
        for from in from {
            let byte = self.text.get(from).copied().unwrap_or_default();
            self.put(write, byte);
        }
    }

    #[inline]
    fn put(&mut self, write: &mut usize, byte: u8) {
        if let Some(to) = self.text.get_mut(*write) {
            *to = byte;
        }
        *write += 1;
    }

    /// Reads the rest of a number (RFC 8259 section 6).
    #[inline]
    fn number(&mut self, first: u8) -> Result<(), Malformed> {
        let first = if first == b'-' { self.next().ok_or(Malformed)? } else { first };
        match first {
            b'0' => {}
            b'1'..=b'9' => self.skip_digits(),
            _ => return Err(Malformed),
        }
        match self.peek() {
            Some(b'.' | b'e' | b'E') => self.rest_of_number(),
            _ => Ok(()),
        }
    }

    /// Reads fraction and exponent.
    #[inline(never)]
    fn rest_of_number(&mut self) -> Result<(), Malformed> {
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    /// Reads one or more digits.
    fn digits(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        self.skip_digits();
        if self.at == start { Err(Malformed) } else { Ok(()) }
    }

    fn skip_digits(&mut self) {
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
    }

    fn literal(&mut self, rest: &[u8]) -> Result<(), Malformed> {
        let is_rest = self.text.get(self.at..).is_some_and(|text| text.starts_with(rest));
        self.at += rest.len();
        if is_rest { Ok(()) } else { Err(Malformed) }
    }

    /// Returns the next byte that is not white space, and moves past it.
    #[inline]
    fn next_token(&mut self) -> Option<u8> {
        self.skip_white_space();
        self.next()
    }

    #[inline]
    fn skip_white_space(&mut self) {
        if let Some(..=b' ') = self.peek() {
            self.skip_all_white_space();
        }
    }

    /// Not inlined: PropelAuth's tokens have no white space.
    #[inline(never)]
    fn skip_all_white_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let byte = self.peek();
        self.at += 1;
        byte
    }
}

impl Source for Validator<'_> {
    type Value = ValueSpan;

    fn enter_object(&mut self) -> Result<bool, Malformed> {
        if self.peek() != Some(b'{') {
            return Ok(false);
        }
        if self.depth as usize >= MAX_JSON_DEPTH {
            return Err(Malformed);
        }
        self.at += 1;
        self.depth += 1;
        self.at_first_member = true;
        Ok(true)
    }

    #[inline]
    fn name(&mut self) -> Result<Option<&[u8]>, Malformed> {
        Ok(self.name_span()?.map(|name| name.of_bytes(self.text)))
    }

    #[inline]
    fn skip_name(&mut self, written: &str) -> bool {
        let comma = if self.at_first_member { 0 } else { 1 };
        if comma == 1 && self.peek() != Some(b',') {
            return false;
        }
        let name = self.at + comma;
        let is_next = self.text.get(name..).is_some_and(|text| starts_with(text, written.as_bytes()));
        if is_next {
            self.at = name + written.len();
            self.at_first_member = false;
            self.skip_white_space();
        }
        is_next
    }

    #[inline]
    fn value(&mut self, strings: Strings) -> Result<ValueSpan, Malformed> {
        let start = self.at;
        let kind = match self.next() {
            Some(b'{') => self.object(strings)?,
            Some(b'[') => self.array(strings)?,
            first => self.scalar(first, strings)?,
        };
        Ok(ValueSpan { kind, span: Span::new(start, self.at) })
    }
}

#[derive(Clone, Copy)]
enum Container {
    Array,
    Object,
}

/// The open containers, one bit each, the innermost lowest.
struct Nesting {
    objects: u128,
    depth: u32,
    limit: u32,
}

const _: () = assert!(MAX_JSON_DEPTH <= u128::BITS as usize);

impl Nesting {
    fn enter(&mut self, container: Container) -> Result<(), Malformed> {
        if self.depth >= self.limit {
            return Err(Malformed);
        }
        self.depth += 1;
        self.objects = self.objects << 1 | u128::from(matches!(container, Container::Object));
        Ok(())
    }

    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.objects >>= 1;
    }

    fn innermost(&self) -> Container {
        if self.objects & 1 == 0 { Container::Array } else { Container::Object }
    }
}

/// The names of an object's members, at most `N`.
#[derive(Default)]
pub(crate) struct UniqueNames<const N: usize>(Vec<Span, N>);

impl<const N: usize> UniqueNames<N> {
    /// Rejects a duplicate name, and one too many. Compares each name with all others, hence the limit.
    pub(crate) fn insert(&mut self, name: Span, text: &[u8]) -> Result<(), Malformed> {
        if self.0.iter().any(|other| other.of_bytes(text) == name.of_bytes(text)) {
            return Err(Malformed);
        }
        self.0.push(name).map_err(|_| Malformed)
    }
}
