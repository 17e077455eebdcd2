//! The validating pass.

// Positions lie within the text, or one behind it, and the text is not longer than a token.
#![allow(clippy::arithmetic_side_effects)]

use heapless::Vec;

use super::read;
use super::string::{find_special, unescape};
use super::{Kind, Malformed, Source, Strings, Typed};
use crate::limits::{MAX_JSON_DEPTH, MAX_TOKEN_LEN};

/// From where to where a value, or the content of a string, reaches.
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

    pub(crate) fn of_octets(self, text: &[u8]) -> &[u8] {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A position in text up to which it is validated.
pub(crate) struct Validator<'b> {
    text: &'b mut [u8],
    at: usize,
    /// Objects that were entered and not left.
    depth: u32,
    /// Whether no member of the innermost one was read.
    at_first_member: bool,
}

impl<'b> Validator<'b> {
    pub(crate) fn new(text: &'b mut [u8]) -> Self {
        let mut validator = Self { text, at: 0, depth: 0, at_first_member: true };
        validator.skip_white_space();
        validator
    }

    /// The whole text, once nothing but white space is left, and if it is UTF-8.
    pub(crate) fn finish(mut self) -> Result<&'b str, Malformed> {
        self.skip_white_space();
        if self.at != self.text.len() {
            return Err(Malformed);
        }
        // Unescaping puts whole characters in the place of ASCII, so ill-formed text stays ill-formed.
        core::str::from_utf8(self.text).map_err(|_| Malformed)
    }

    /// The text, of which only what was read is validated.
    pub(crate) fn text(&self) -> &[u8] {
        self.text
    }

    /// The octets of an unescaped string that was read, if it is one.
    pub(crate) fn string(&self, value: Typed<Span>) -> Option<&[u8]> {
        if value.kind == Kind::String { read::string_at(self.text, value.value.start as usize) } else { None }
    }

    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Whether an object begins here; if not, something else does, or nothing.
    pub(crate) fn is_at_object(&self) -> bool {
        self.peek() == Some(b'{')
    }

    /// The object that began at this position, now that its members are read.
    pub(crate) fn object_from(&self, start: usize) -> Typed<Span> {
        Typed { kind: Kind::Object, value: Span::new(start, self.at) }
    }

    /// The span of the next member's unescaped name, the validator standing at its value then; or nothing at the end of
    /// the object, the validator standing behind it.
    #[inline]
    pub(crate) fn name_span(&mut self) -> Result<Option<Span>, Malformed> {
        self.skip_white_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            self.depth = self.depth.saturating_sub(1);
            self.at_first_member = false;
            return Ok(None);
        }
        if !self.at_first_member {
            self.expect(b',')?;
            self.skip_white_space();
        }
        self.at_first_member = false;
        self.member_name(Strings::Unescaped).map(Some)
    }

    /// The name of a member and the colon behind it.
    #[inline]
    fn member_name(&mut self, strings: Strings) -> Result<Span, Malformed> {
        self.expect(b'"')?;
        let name = self.rest_of_string(strings)?;
        self.skip_white_space();
        self.expect(b':')?;
        self.skip_white_space();
        Ok(name)
    }

    /// The rest of an array of strings and its kind, or, from the first element of another kind, of any array.
    fn array(&mut self, strings: Strings) -> Result<Kind, Malformed> {
        self.skip_white_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Kind::ArrayOfStrings);
        }
        while self.peek() == Some(b'"') {
            self.at += 1;
            self.rest_of_string(strings)?;
            self.skip_white_space();
            match self.next() {
                Some(b']') => return Ok(Kind::ArrayOfStrings),
                Some(b',') => self.skip_white_space(),
                _ => return Err(Malformed),
            }
        }
        self.nested(Container::Array, strings)?;
        Ok(Kind::Array)
    }

    /// The rest of a container, from an element or a member's value on. A loop with one bit of state for each level.
    fn nested(&mut self, outermost: Container, strings: Strings) -> Result<(), Malformed> {
        let mut nesting = Nesting { objects: 0, depth: 0, limit: (MAX_JSON_DEPTH as u32).saturating_sub(self.depth) };
        nesting.enter(outermost)?;
        loop {
            self.skip_white_space();
            match self.next() {
                Some(b'{') => {
                    nesting.enter(Container::Object)?;
                    self.skip_white_space();
                    if self.peek() != Some(b'}') {
                        self.member_name(strings)?;
                        continue;
                    }
                    self.at += 1;
                    nesting.leave();
                }
                Some(b'[') => {
                    nesting.enter(Container::Array)?;
                    self.skip_white_space();
                    if self.peek() != Some(b']') {
                        continue;
                    }
                    self.at += 1;
                    nesting.leave();
                }
                first => {
                    self.scalar(first, strings)?;
                }
            }
            // A value ends here.
            loop {
                self.skip_white_space();
                match (nesting.innermost(), self.next()) {
                    (Container::Object, Some(b'}')) | (Container::Array, Some(b']')) => {
                        nesting.leave();
                        if nesting.depth == 0 {
                            return Ok(());
                        }
                    }
                    (Container::Object, Some(b',')) => {
                        self.skip_white_space();
                        self.member_name(strings)?;
                        break;
                    }
                    (Container::Array, Some(b',')) => break,
                    _ => return Err(Malformed),
                }
            }
        }
    }

    /// The rest of a value that is no container.
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

    /// The rest of a string, behind its opening quotation mark. Returns where its content now stands.
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

    /// A string whose first escape is at `read`. Where text is not kept, what follows is unescaped into the place that
    /// the escapes set free, and then the whole string is put into the form of [`read::mark_unescaped`].
    #[cold]
    fn string_with_escapes(&mut self, start: usize, mut read: usize, strings: Strings) -> Result<Span, Malformed> {
        let mut write = read;
        loop {
            match self.text.get(read) {
                Some(b'"') => break,
                Some(b'\\') => {
                    let (character, len) = unescape(self.text.get(read..).unwrap_or_default()).ok_or(Malformed)?;
                    read += len;
                    if strings == Strings::Unescaped {
                        let mut utf8 = [0; 4];
                        for &octet in character.encode_utf8(&mut utf8).as_bytes() {
                            self.put(&mut write, octet);
                        }
                    }
                }
                _ => return Err(Malformed),
            }
            let next = find_special(self.text, read);
            if strings == Strings::Unescaped {
                for from in read..next {
                    let octet = self.text.get(from).copied().unwrap_or_default();
                    self.put(&mut write, octet);
                }
            }
            read = next;
        }
        self.at = read + 1;
        if strings == Strings::Kept {
            return Ok(Span::new(start, read));
        }
        let opening = start - 1;
        let string = self.text.get_mut(opening..self.at).ok_or(Malformed)?;
        let content = read::mark_unescaped(string, write - start).ok_or(Malformed)?;
        Ok(Span::new(opening + content.start, opening + content.end))
    }

    fn put(&mut self, write: &mut usize, octet: u8) {
        if let Some(to) = self.text.get_mut(*write) {
            *to = octet;
        }
        *write += 1;
    }

    /// The rest of a number (RFC 8259 section 6).
    fn number(&mut self, first: u8) -> Result<(), Malformed> {
        let first = if first == b'-' { self.next().ok_or(Malformed)? } else { first };
        match first {
            b'0' => {}
            b'1'..=b'9' => self.skip_digits(),
            _ => return Err(Malformed),
        }
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

    /// One digit or more.
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
        rest.iter().try_for_each(|&octet| self.expect(octet))
    }

    #[inline]
    fn skip_white_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    #[inline]
    fn expect(&mut self, octet: u8) -> Result<(), Malformed> {
        if self.next() == Some(octet) { Ok(()) } else { Err(Malformed) }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let octet = self.peek();
        self.at += 1;
        octet
    }
}

impl Source for Validator<'_> {
    type Value = Typed<Span>;

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
        Ok(self.name_span()?.map(|name| name.of_octets(self.text)))
    }

    #[inline]
    fn value(&mut self, strings: Strings) -> Result<Typed<Span>, Malformed> {
        let start = self.at;
        let kind = match self.next() {
            Some(b'{') => {
                self.skip_white_space();
                if self.peek() == Some(b'}') {
                    self.at += 1;
                } else {
                    self.member_name(strings)?;
                    self.nested(Container::Object, strings)?;
                }
                Kind::Object
            }
            Some(b'[') => self.array(strings)?,
            first => self.scalar(first, strings)?,
        };
        Ok(Typed { kind, value: Span::new(start, self.at) })
    }
}

#[derive(Clone, Copy)]
enum Container {
    Array,
    Object,
}

/// Which containers are open: a bit for each, the innermost lowest.
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

/// The names of an object's members, of which there may be so many.
#[derive(Default)]
pub(crate) struct UniqueNames<const N: usize>(Vec<Span, N>);

impl<const N: usize> UniqueNames<N> {
    /// Refuses a name that was inserted before, and one too many. Each is compared with each, hence the limit.
    pub(crate) fn insert(&mut self, name: Span, text: &[u8]) -> Result<(), Malformed> {
        if self.0.iter().any(|other| other.of_octets(text) == name.of_octets(text)) {
            return Err(Malformed);
        }
        self.0.push(name).map_err(|_| Malformed)
    }
}
