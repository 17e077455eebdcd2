//! Packed strings: the form of a string in validated text after its escapes were removed in place.
//!
//! A mark of three bytes precedes the content and spaces fill the rest, so that the string keeps its length:
//!
//! ```text
//! in the token   "   Z   o   \   u   0   0   e   b   "
//! packed         M1  M2  M3  Z   o   ë1  ë2  _   _   _
//! ```
//!
//! The mark encodes the length of the content: `0x10` plus its upper four bits, the middle seven, the lower seven. No
//! JSON value begins with such a byte, and none occurs elsewhere in validated text. Each escape is at least one byte
//! longer than its character, which together with the quotation marks makes room for the mark. Mark and spaces are
//! ASCII, so the text remains UTF-8.
//!
//! Names and free-form members never leave the crate in this form: names are read as [`JsonStr`](super::JsonStr), and
//! free-form members keep their escapes.

// Positions are within the text, or a few bytes after it, and the text is not longer than a token.
#![allow(clippy::arithmetic_side_effects)]

use core::ops::Range;

use crate::limits::MAX_TOKEN_LEN;

/// The first bytes of packed strings: `FIRST..=LAST`.
pub(super) const FIRST: u8 = 0x10;
pub(super) const LAST: u8 = 0x1f;

const MARK_LEN: usize = 3;
const _: () = assert!(MAX_TOKEN_LEN <= 1 << (4 + 7 + 7));

/// Packs a string. `string` includes both quotation marks. Its content, of `len` bytes, is already unescaped and
/// follows the opening one. Returns the new range of the content.
pub(super) fn pack(string: &mut [u8], len: usize) -> Option<Range<usize>> {
    let content = MARK_LEN..MARK_LEN + len;
    // From the end, as the content moves upward.
    let mut left = len;
    while let Some(word) = left.checked_sub(8).and_then(|start| string.get(start + 1..)?.first_chunk::<8>().copied()) {
        left -= word.len();
        *string.get_mut(left + MARK_LEN..)?.first_chunk_mut()? = word;
    }
    for i in (0..left).rev() {
        *string.get_mut(i + MARK_LEN)? = *string.get(i + 1)?;
    }
    string.get_mut(content.end..)?.fill(b' ');
    let mark = string.first_chunk_mut::<MARK_LEN>()?;
    let high = u8::try_from(len >> 14).ok().filter(|high| *high <= LAST ^ FIRST)?;
    *mark = [FIRST | high, (len >> 7 & 0x7f) as u8, (len & 0x7f) as u8];
    Some(content)
}

/// Returns the range of the content if the string at `start` is packed.
#[inline]
pub(super) fn content(text: &[u8], start: usize) -> Option<Range<usize>> {
    match *text.get(start..)?.first_chunk::<MARK_LEN>()? {
        [mark @ FIRST..=LAST, middle, low] => {
            let len = usize::from(mark ^ FIRST) << 14 | usize::from(middle) << 7 | usize::from(low);
            Some(start + MARK_LEN..start + MARK_LEN + len)
        }
        _ => None,
    }
}

/// Returns the range of the content of a string without escapes, packed or not. `string` is a value and nothing else.
#[inline]
pub(super) fn content_of(string: &[u8]) -> Option<Range<usize>> {
    match string {
        [b'"', .., b'"'] => Some(1..string.len() - 1),
        _ => content(string, 0),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::vec;
    use std::vec::Vec;

    use super::*;

    /// As the validator leaves it: the content after the opening quotation mark, and the freed bytes.
    fn unescaped(content: &[u8], set_free: usize) -> Vec<u8> {
        [b"\"", content, &vec![b'x'; set_free], b"\""].concat()
    }

    #[test]
    fn contents_of_all_lengths_are_found_again() {
        for len in [0, 1, 2, 127, 128, 129, 16_383, 16_384, 16_385, 262_143] {
            let bytes: Vec<u8> = (0..len).map(|i| b'a' + (i % 26) as u8).collect();
            for set_free in [1, 2, 11] {
                let mut string = unescaped(&bytes, set_free);
                let packed = pack(&mut string, len).unwrap();
                assert_eq!(content(&string, 0), Some(packed.clone()));
                assert_eq!(content_of(&string), Some(packed.clone()));
                assert_eq!(string[packed.clone()], bytes);
                // The rest is skipped like white space.
                assert!(string[packed.end..].iter().all(|byte| *byte == b' '));
                assert!((FIRST..=LAST).contains(&string[0]) && string[..MARK_LEN].is_ascii());
            }
        }
    }

    #[test]
    fn content_without_room_for_the_mark_is_refused() {
        assert_eq!(pack(&mut unescaped(b"abc", 0), 3), None);
        assert_eq!(pack(&mut unescaped(b"", 0), 0), None);
    }

    #[test]
    fn content_longer_than_the_mark_can_say_is_refused() {
        let len = 1 << 18;
        assert!(len > MAX_TOKEN_LEN - 1);
        assert_eq!(pack(&mut unescaped(&vec![b'a'; len], 1), len), None);
    }

    #[test]
    fn other_values_are_not_packed() {
        for value in [&b"\"abc\""[..], b"null", b"[\"\"]", b"12", b"\x0f\0\0", b"\x20\0\0", b"\x10", b""] {
            assert_eq!(content(value, 0), None);
        }
        assert_eq!(content_of(b"\"abc\""), Some(1..4));
        assert_eq!(content_of(b"\"\""), Some(1..1));
        assert_eq!(content_of(b"\""), None);
    }
}
