//! Strings: where they end, what their escapes mean, and [`JsonStr`], which reads them unescaped.

use core::fmt::{self, Write};

use heapless::CapacityError;

/// The position of the next quotation mark, backslash or control character, or the length of the text.
#[inline]
pub(super) fn find_special(text: &[u8], mut at: usize) -> usize {
    const fn eight(octet: u8) -> u64 {
        u64::from_ne_bytes([octet; 8])
    }
    // Eight octets at a time. In each of the three terms, the top bit of the lowest octet that is searched for is set, and
    // no lower one but where the octet has it itself: a borrow starts only at what is searched for.
    while let Some(chunk) = text.get(at..).and_then(|text| text.first_chunk()) {
        let word = u64::from_le_bytes(*chunk);
        let found = word.wrapping_sub(eight(0x20))
            | (word ^ eight(b'"')).wrapping_sub(eight(1))
            | (word ^ eight(b'\\')).wrapping_sub(eight(1));
        let found = found & !word & eight(0x80);
        if found != 0 {
            return at.wrapping_add((found.trailing_zeros() / 8) as usize);
        }
        at = at.wrapping_add(8);
    }
    while let Some(b' '..=b'!' | b'#'..=b'[' | b']'..) = text.get(at) {
        at = at.wrapping_add(1);
    }
    at
}

/// The character that the escape at the beginning of the text means, and the octets of the escape. Half a surrogate
/// pair is none (RFC 8259 section 8.2).
pub(super) fn unescape(text: &[u8]) -> Option<(char, usize)> {
    let character = match text.get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let first = hexadecimal(text.get(2..6)?)?;
            return match (first, text.get(6..12)) {
                (0xd800..=0xdbff, Some([b'\\', b'u', low @ ..])) => {
                    let low = hexadecimal(low).filter(|low| (0xdc00..=0xdfff).contains(low))?;
                    let code = ((first & 0x3ff) << 10 | low & 0x3ff).saturating_add(0x1_0000);
                    char::from_u32(code).map(|character| (character, 12))
                }
                _ => char::from_u32(first).map(|character| (character, 6)),
            };
        }
        _ => return None,
    };
    Some((character, 2))
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, &digit| Some(value << 4 | char::from(digit).to_digit(16)?))
}

/// A string of validated JSON, which may still have its escapes: it compares, iterates and prints unescaped.
///
/// ```
/// # use propelauth_edge::JsonValue;
/// # fn example(value: JsonValue<'_>) {
/// if let Some(name) = value.as_str() {
///     assert!(name == "Zoë");
///     let copy: heapless::String<16> = name.unescape().unwrap();
/// }
/// # }
/// ```
#[derive(Clone, Copy)]
pub struct JsonStr<'a> {
    text: &'a str,
    has_escapes: bool,
}

impl<'a> JsonStr<'a> {
    pub(super) fn new(text: &'a str, has_escapes: bool) -> Self {
        Self { text, has_escapes }
    }

    /// The string itself, if it has no escapes in the token and so can be borrowed.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
    /// # let city = user.get_user_property("city").and_then(|value| value.as_str()).unwrap();
    /// # let nickname = user.get_user_property("nickname").and_then(|value| value.as_str()).unwrap();
    /// assert_eq!(city.plain(), Some("Arlington"));
    /// assert_eq!(nickname.plain(), None); // "\u201cAmazing\u201d" in the token
    /// ```
    #[must_use]
    pub fn plain(self) -> Option<&'a str> {
        if self.has_escapes { None } else { Some(self.text) }
    }

    /// The characters, unescaped.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
    /// # let nickname = user.get_user_property("nickname").and_then(|value| value.as_str()).unwrap();
    /// // "\u201cAmazing\u201d" in the token
    /// assert_eq!(nickname.chars().next(), Some('“'));
    /// assert_eq!(nickname.chars().count(), 9);
    /// ```
    pub fn chars(self) -> impl Iterator<Item = char> + Clone + 'a {
        let mut text = self.text;
        core::iter::from_fn(move || {
            let escape = if self.has_escapes && text.starts_with('\\') { unescape(text.as_bytes()) } else { None };
            let (character, len) = escape.or_else(|| text.chars().next().map(|c| (c, c.len_utf8())))?;
            text = text.get(len..).unwrap_or_default();
            Some(character)
        })
    }

    /// A copy without escapes.
    ///
    /// # Errors
    ///
    /// The string has more than `N` octets of UTF-8.
    ///
    /// # Examples
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
    /// # let nickname = user.get_user_property("nickname").and_then(|value| value.as_str()).unwrap();
    /// let copy: heapless::String<16> = nickname.unescape()?;
    /// assert_eq!(copy, "“Amazing”");
    /// assert!(nickname.unescape::<8>().is_err());
    /// # Ok::<(), heapless::CapacityError>(())
    /// ```
    pub fn unescape<const N: usize>(self) -> Result<heapless::String<N>, CapacityError> {
        let mut copy = heapless::String::new();
        match self.plain() {
            Some(text) => copy.push_str(text)?,
            None => self.chars().try_for_each(|character| copy.push(character))?,
        }
        Ok(copy)
    }

    /// The string without escapes, borrowed where it has none.
    ///
    /// ```
    /// # use std::borrow::Cow;
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
    /// # let city = user.get_user_property("city").and_then(|value| value.as_str()).unwrap();
    /// # let nickname = user.get_user_property("nickname").and_then(|value| value.as_str()).unwrap();
    /// assert!(matches!(city.to_cow(), Cow::Borrowed("Arlington")));
    /// assert_eq!(nickname.to_cow(), "“Amazing”"); // "\u201cAmazing\u201d" in the token
    /// ```
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn to_cow(self) -> alloc::borrow::Cow<'a, str> {
        match self.plain() {
            Some(text) => text.into(),
            None => self.chars().collect::<alloc::string::String>().into(),
        }
    }
}

impl PartialEq<str> for JsonStr<'_> {
    fn eq(&self, other: &str) -> bool {
        match self.plain() {
            Some(text) => text == other,
            None => self.chars().eq(other.chars()),
        }
    }
}

impl PartialEq<&str> for JsonStr<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl PartialEq for JsonStr<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.chars().eq(other.chars())
    }
}

impl Eq for JsonStr<'_> {}

impl fmt::Display for JsonStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.plain() {
            Some(text) => f.pad(text),
            None => self.chars().try_for_each(|character| f.write_char(character)),
        }
    }
}

impl fmt::Debug for JsonStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        self.chars().flat_map(char::escape_debug).try_for_each(|character| f.write_char(character))?;
        f.write_char('"')
    }
}

impl serde::Serialize for JsonStr<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.plain() {
            Some(text) => serializer.serialize_str(text),
            None => serializer.collect_str(self),
        }
    }
}
