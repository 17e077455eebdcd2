//! The validating pass. It is a loop over the text with one bit of state for each level of nesting.

use core::ops::Range;

use super::string::{find_special, unescape};
use super::{FreeForm, Malformed, read};
use crate::limits::MAX_JSON_DEPTH;

/// Checks that the text is one JSON object, and unescapes the strings of all members that are not free-form.
pub(super) fn validate_object(text: &mut [u8], free_form: impl FreeForm) -> Result<(), Malformed> {
    let mut validator = Validator { text, at: 0, nesting: Nesting::default(), free_form, keeps_text: None };
    validator.skip_white_space();
    if validator.peek() == Some(b'{') { validator.run() } else { Err(Malformed) }
}

struct Validator<'t, F> {
    text: &'t mut [u8],
    at: usize,
    nesting: Nesting,
    free_form: F,
    /// Within a free-form member: the depth of the object that has it.
    keeps_text: Option<usize>,
}

impl<F: FreeForm> Validator<'_, F> {
    fn run(&mut self) -> Result<(), Malformed> {
        loop {
            self.skip_white_space();
            match self.next() {
                Some(b'"') => {
                    self.string()?;
                }
                Some(b'{') => {
                    self.nesting.enter(Container::Object)?;
                    self.skip_white_space();
                    if self.peek() != Some(b'}') {
                        self.name()?;
                        continue;
                    }
                }
                Some(b'[') => {
                    self.nesting.enter(Container::Array)?;
                    self.skip_white_space();
                    if self.peek() != Some(b']') {
                        continue;
                    }
                }
                Some(first @ (b'-' | b'0'..=b'9')) => self.number(first)?,
                Some(b't') => self.literal(b"rue")?,
                Some(b'f') => self.literal(b"alse")?,
                Some(b'n') => self.literal(b"ull")?,
                _ => return Err(Malformed),
            }
            // Behind a value, or before the end of an empty container.
            loop {
                self.skip_white_space();
                if self.keeps_text == Some(self.nesting.depth) {
                    self.keeps_text = None;
                }
                match (self.nesting.innermost(), self.next()) {
                    (None, None) => return Ok(()),
                    (Some(Container::Object), Some(b'}')) | (Some(Container::Array), Some(b']')) => {
                        self.nesting.leave()
                    }
                    (Some(Container::Object), Some(b',')) => {
                        self.skip_white_space();
                        self.name()?;
                        break;
                    }
                    (Some(Container::Array), Some(b',')) => break,
                    _ => return Err(Malformed),
                }
            }
        }
    }

    /// The name of a member and the colon behind it.
    fn name(&mut self) -> Result<(), Malformed> {
        self.expect(b'"')?;
        let name = self.string()?;
        if self.keeps_text.is_none()
            && self.free_form.is_free_form(self.nesting.depth, self.text.get(name).unwrap_or_default())
        {
            self.keeps_text = Some(self.nesting.depth);
        }
        self.skip_white_space();
        self.expect(b':')
    }

    /// The rest of a string, behind its opening quotation mark. Returns where its content now stands.
    fn string(&mut self) -> Result<Range<usize>, Malformed> {
        let start = self.at;
        let end = find_special(self.text, start);
        self.at = end.saturating_add(1);
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
                    read = read.saturating_add(len);
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
        self.at = read.saturating_add(1);
        if keeps_text {
            return Ok(start..read);
        }
        let string = self.text.get_mut(start.saturating_sub(1)..self.at).ok_or(Malformed)?;
        let content = read::mark_unescaped(string, write.saturating_sub(start)).ok_or(Malformed)?;
        Ok(start.saturating_sub(1).saturating_add(content.start)..start.saturating_sub(1).saturating_add(content.end))
    }

    #[inline(always)]
    fn put(&mut self, write: &mut usize, octet: u8) {
        if let Some(to) = self.text.get_mut(*write) {
            *to = octet;
        }
        *write = write.saturating_add(1);
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
            self.at = self.at.saturating_add(1);
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at = self.at.saturating_add(1);
            if let Some(b'+' | b'-') = self.peek() {
                self.at = self.at.saturating_add(1);
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
            self.at = self.at.saturating_add(1);
        }
    }

    fn literal(&mut self, rest: &[u8]) -> Result<(), Malformed> {
        rest.iter().try_for_each(|&octet| self.expect(octet))
    }

    fn skip_white_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at = self.at.saturating_add(1);
        }
    }

    fn expect(&mut self, octet: u8) -> Result<(), Malformed> {
        if self.next() == Some(octet) { Ok(()) } else { Err(Malformed) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let octet = self.peek();
        self.at = self.at.saturating_add(1);
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
        self.depth = self.depth.saturating_add(1);
        self.objects = self.objects << 1 | u128::from(matches!(container, Container::Object));
        Ok(())
    }

    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
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
