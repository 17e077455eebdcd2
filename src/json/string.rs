//! Strings: their end, their escapes, and [`JsonStr`], which reads them unescaped.

use core::fmt::{self, Write};

use heapless::CapacityError;

/// Returns the position of the next quotation mark, backslash or control character, or the length of the text.
#[inline]
pub(super) fn find_special(text: &[u8], at: usize) -> usize {
    const fn eight(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }
    let Some(mut rest) = text.get(at..) else { return at };
    // Eight bytes at a time. Each of the two terms sets the top bit of the lowest byte that is searched for. Lower
    // bytes have it only if they had it before: a borrow starts only at a byte that is searched for. With that bit
    // flipped, the quotation mark follows the control characters, and space and `!` come after it.
    while let Some((chunk, after)) = rest.split_first_chunk() {
        let word = u64::from_le_bytes(*chunk);
        let found = (word ^ eight(0x02)).wrapping_sub(eight(0x21)) | (word ^ eight(b'\\')).wrapping_sub(eight(1));
        let found = found & !word & eight(0x80);
        if found != 0 {
            let before = text.len().wrapping_sub(rest.len());
            return before.wrapping_add((found.trailing_zeros() / 8) as usize);
        }
        rest = after;
    }
    while let [b' '..=b'!' | b'#'..=b'[' | b']'.., after @ ..] = rest {
        rest = after;
    }
    text.len().wrapping_sub(rest.len())
}

/// Returns `true` if the text starts with this. Most names have a few words, too few for a call of `memcmp`.
#[inline]
pub(super) fn starts_with(text: &[u8], start: &[u8]) -> bool {
    let Some(text) = text.get(..start.len()) else { return false };
    let (words, rest) = start.as_chunks::<8>();
    let (text_words, text_rest) = text.as_chunks();
    let are_equal = |(a, b): (&[u8; 8], &[u8; 8])| u64::from_ne_bytes(*a) == u64::from_ne_bytes(*b);
    words.iter().zip(text_words).all(are_equal)
        && match (start.last_chunk(), text.last_chunk()) {
            (Some(end), Some(text_end)) => are_equal((end, text_end)),
            _ => rest == text_rest,
        }
}

/// Returns the character of the escape at the start of the text, and the length of the escape in bytes. Rejects a lone
/// surrogate (RFC 8259 section 8.2).
pub(super) fn unescape(text: &[u8]) -> Option<(char, usize)> {
    let kind = *text.get(1)?;
    if kind != b'u' {
        return Some((unescape_short(kind)?.into(), 2));
    }
    let first = hexadecimal(text.get(2..6)?)?;
    match (first, text.get(6..12)) {
        (0xd800..=0xdbff, Some([b'\\', b'u', low @ ..])) => {
            let low = hexadecimal(low).filter(|low| (0xdc00..=0xdfff).contains(low))?;
            let code = ((first & 0x3ff) << 10 | low & 0x3ff).saturating_add(0x1_0000);
            char::from_u32(code).map(|character| (character, 12))
        }
        _ => char::from_u32(first).map(|character| (character, 6)),
    }
}

/// Returns the character of a one-letter escape, unless it is `u`.
#[inline]
pub(super) fn unescape_short(kind: u8) -> Option<u8> {
    Some(match kind {
        b'"' | b'\\' | b'/' => kind,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        _ => return None,
    })
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, &digit| Some(value << 4 | char::from(digit).to_digit(16)?))
}

/// A string of validated JSON, which may still have its escapes. Compares, iterates and displays unescaped.
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

    /// Returns the string, if it has no escapes in the token and so can be borrowed.
    ///
    /// ```
    /// # let user = demo::grace();
    /// # let city = user.get_user_property("city").and_then(|value| value.as_str()).unwrap();
    /// # let nickname = user.get_user_property("nickname").and_then(|value| value.as_str()).unwrap();
    /// assert_eq!(city.plain(), Some("Arlington"));
    /// assert_eq!(nickname.plain(), None); // "\u201cAmazing\u201d" in the token
    /// ```
    #[must_use]
    pub fn plain(self) -> Option<&'a str> {
        if self.has_escapes { None } else { Some(self.text) }
    }

    /// Returns the unescaped characters.
    ///
    /// ```
    /// # let user = demo::grace();
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

    /// Copies the unescaped string.
    ///
    /// # Errors
    ///
    /// Returns an error if the string has more than `N` bytes of UTF-8.
    ///
    /// # Examples
    ///
    /// ```
    /// # let user = demo::grace();
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

    /// Returns the unescaped string, borrowed if it has no escapes.
    ///
    /// ```
    /// # use std::borrow::Cow;
    /// # let user = demo::grace();
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Tests each byte at each place of a word, next to a neighbor whose borrow could reach it.
        #[test]
        fn special_bytes_are_found(
            text in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(&b"\"\\\x1f !#[]\x7f\x80\xa2"[..])], 0..40),
            at in 0usize..48,
        ) {
            let is_special = |byte: &u8| matches!(byte, 0..=0x1f | b'"' | b'\\');
            let expected = match text.get(at..) {
                Some(rest) => at + rest.iter().position(is_special).unwrap_or(rest.len()),
                None => at,
            };
            prop_assert_eq!(find_special(&text, at), expected);
        }

        #[test]
        fn starts_are_compared_whole(start in "[ab]{0,20}", more in "[ab]{0,10}", other in 0usize..20) {
            let text = [start.as_bytes(), more.as_bytes()].concat();
            prop_assert!(starts_with(&text, start.as_bytes()));
            prop_assert_eq!(starts_with(start.as_bytes(), &text), more.is_empty());
            let mut changed = text.clone();
            if let Some(byte) = changed.get_mut(other) {
                *byte = b'c';
            }
            prop_assert_eq!(starts_with(&changed, start.as_bytes()), other >= start.len());
        }
    }
}
