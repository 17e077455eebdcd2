//! The validating pass. It is a loop over the text with one bit of state for each level of nesting.

// Positions lie within the text, or one behind it, and the text is not longer than a token.
#![allow(clippy::arithmetic_side_effects)]

use core::ops::Range;

use heapless::Vec;

use super::string::{find_special, unescape};
use super::{Malformed, Schema, read};
use crate::limits::MAX_JSON_DEPTH;

/// Checks that the text is one JSON object whose outermost names are unique, and unescapes the strings of all members
/// that are not free-form. Gives the spans of the outermost values that have a place.
pub(super) fn validate_object<const PLACES: usize, const OTHERS: usize>(
    text: &mut [u8],
    schema: impl Schema,
) -> Result<[Option<Range<usize>>; PLACES], Malformed> {
    let mut validator = Validator { text, at: 0, nesting: Nesting::default(), schema, keeps_text: None };
    let mut outermost = Outermost::<PLACES, OTHERS> { spans: [const { None }; PLACES], others: Vec::new() };
    validator.skip_white_space();
    if validator.peek() != Some(b'{') {
        return Err(Malformed);
    }
    validator.run(&mut outermost)?;
    Ok(outermost.spans)
}

/// The outermost members so far.
struct Outermost<const PLACES: usize, const OTHERS: usize> {
    spans: [Option<Range<usize>>; PLACES],
    /// Names of those without a place.
    others: Vec<Range<u32>, OTHERS>,
}

impl<const PLACES: usize, const OTHERS: usize> Outermost<PLACES, OTHERS> {
    fn enter(
        &mut self,
        schema: &impl Schema,
        text: &[u8],
        name: Range<usize>,
        value: Range<usize>,
    ) -> Result<(), Malformed> {
        let name_text = text.get(name.clone()).unwrap_or_default();
        if let Some(span) = schema.place(name_text).and_then(|place| self.spans.get_mut(place)) {
            return if span.replace(value).is_none() { Ok(()) } else { Err(Malformed) };
        }
        let same = |other: &Range<u32>| text.get(other.start as usize..other.end as usize) == Some(name_text);
        let name = u32::try_from(name.start).ok().zip(u32::try_from(name.end).ok()).ok_or(Malformed)?;
        if self.others.iter().any(same) || self.others.push(name.0..name.1).is_err() {
            return Err(Malformed);
        }
        Ok(())
    }
}

struct Validator<'t, S> {
    text: &'t mut [u8],
    at: usize,
    nesting: Nesting,
    schema: S,
    /// Within a free-form member: the depth of the object that has it.
    keeps_text: Option<usize>,
}

impl<S: Schema> Validator<'_, S> {
    fn run<const P: usize, const O: usize>(&mut self, outermost: &mut Outermost<P, O>) -> Result<(), Malformed> {
        // Of the outermost member at hand.
        let mut name = 0..0;
        let mut value_start = 0;
        loop {
            self.skip_white_space();
            if self.nesting.depth == 1 {
                value_start = self.at;
            }
            match self.next() {
                Some(b'"') => {
                    self.string()?;
                }
                Some(b'{') => {
                    self.nesting.enter(Container::Object)?;
                    self.skip_white_space();
                    if self.peek() != Some(b'}') {
                        self.name(&mut name)?;
                        continue;
                    }
                    self.at += 1;
                    self.nesting.leave();
                }
                Some(b'[') => {
                    self.nesting.enter(Container::Array)?;
                    self.skip_white_space();
                    if self.peek() != Some(b']') {
                        continue;
                    }
                    self.at += 1;
                    self.nesting.leave();
                }
                Some(first @ (b'-' | b'0'..=b'9')) => self.number(first)?,
                Some(b't') => self.literal(b"rue")?,
                Some(b'f') => self.literal(b"alse")?,
                Some(b'n') => self.literal(b"ull")?,
                _ => return Err(Malformed),
            }
            // A value ends here.
            loop {
                if self.nesting.depth == 1 {
                    outermost.enter(&self.schema, self.text, name.clone(), value_start..self.at)?;
                }
                if self.keeps_text == Some(self.nesting.depth) {
                    self.keeps_text = None;
                }
                self.skip_white_space();
                match (self.nesting.innermost(), self.next()) {
                    (None, None) => return Ok(()),
                    (Some(Container::Object), Some(b'}')) | (Some(Container::Array), Some(b']')) => {
                        self.nesting.leave();
                    }
                    (Some(Container::Object), Some(b',')) => {
                        self.skip_white_space();
                        self.name(&mut name)?;
                        break;
                    }
                    (Some(Container::Array), Some(b',')) => break,
                    _ => return Err(Malformed),
                }
            }
        }
    }

    /// The name of a member and the colon behind it. Where the name of an outermost member stands goes to `outermost`.
    fn name(&mut self, outermost: &mut Range<usize>) -> Result<(), Malformed> {
        self.expect(b'"')?;
        let name = self.string()?;
        let depth = self.nesting.depth;
        if self.keeps_text.is_none() && self.schema.is_free_form(depth, self.text.get(name.clone()).unwrap_or_default())
        {
            self.keeps_text = Some(depth);
        }
        if depth == 1 {
            *outermost = name;
        }
        self.skip_white_space();
        self.expect(b':')
    }

    /// The rest of a string, behind its opening quotation mark. Returns where its content now stands.
    #[inline]
    fn string(&mut self) -> Result<Range<usize>, Malformed> {
        let start = self.at;
        let end = find_special(self.text, start);
        self.at = end + 1;
        match self.text.get(end) {
            Some(b'"') => Ok(start..end),
            Some(b'\\') => self.string_with_escapes(start, end),
            _ => Err(Malformed),
        }
    }

    /// A string whose first escape is at `read`. Where text is not kept, what follows is unescaped into the place that
    /// the escapes set free, and then the whole string is put into the form of [`read::mark_unescaped`].
    fn string_with_escapes(&mut self, start: usize, mut read: usize) -> Result<Range<usize>, Malformed> {
        let keeps_text = self.keeps_text.is_some();
        let mut write = read;
        loop {
            match self.text.get(read) {
                Some(b'"') => break,
                Some(b'\\') => {
                    let (character, len) = unescape(self.text.get(read..).unwrap_or_default()).ok_or(Malformed)?;
                    read += len;
                    if !keeps_text {
                        let mut utf8 = [0; 4];
                        for &octet in character.encode_utf8(&mut utf8).as_bytes() {
                            self.put(&mut write, octet);
                        }
                    }
                }
                _ => return Err(Malformed),
            }
            let next = find_special(self.text, read);
            if !keeps_text {
                for from in read..next {
                    let octet = self.text.get(from).copied().unwrap_or_default();
                    self.put(&mut write, octet);
                }
            }
            read = next;
        }
        self.at = read + 1;
        if keeps_text {
            return Ok(start..read);
        }
        let opening = start - 1;
        let string = self.text.get_mut(opening..self.at).ok_or(Malformed)?;
        let content = read::mark_unescaped(string, write - start).ok_or(Malformed)?;
        Ok(opening + content.start..opening + content.end)
    }

    #[inline(always)]
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

#[derive(Clone, Copy)]
enum Container {
    Array,
    Object,
}

/// Which containers are open: a bit for each, the innermost lowest.
#[derive(Default)]
struct Nesting {
    objects: u128,
    depth: usize,
}

const _: () = assert!(MAX_JSON_DEPTH <= u128::BITS as usize);

impl Nesting {
    fn enter(&mut self, container: Container) -> Result<(), Malformed> {
        if self.depth >= MAX_JSON_DEPTH {
            return Err(Malformed);
        }
        self.depth += 1;
        self.objects = self.objects << 1 | u128::from(matches!(container, Container::Object));
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
        self.objects >>= 1;
    }

    fn innermost(&self) -> Option<Container> {
        match (self.depth, self.objects & 1) {
            (0, _) => None,
            (_, 0) => Some(Container::Array),
            _ => Some(Container::Object),
        }
    }
}
