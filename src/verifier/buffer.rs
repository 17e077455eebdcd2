//! The buffer size that a token needs.

use crate::claims;
use crate::error::Unauthorized;
use crate::token::base64url;
use crate::token::jws::CompactJws;

/// Returns the part of the buffer that the token needs.
pub(super) fn room<'b>(jws: &CompactJws<'_>, buffer: &'b mut [u8]) -> Result<&'b mut [u8], Unauthorized> {
    let needed = buffer_len(jws.lens());
    buffer.get_mut(..needed).ok_or(Unauthorized::BufferTooSmall { needed })
}

/// Returns the buffer size for a header and a payload of these lengths. The header is decoded first; then the payload
/// replaces it, followed by the index of its orgs.
pub(super) const fn buffer_len((header, payload): (usize, usize)) -> usize {
    let header = base64url::decoded_len(header);
    let payload = base64url::decoded_len(payload);
    let payload = payload.saturating_add(claims::index_len(payload));
    if header > payload { header } else { payload }
}

/// Returns the lengths of the first two segments.
pub(super) const fn segment_lens(token: &[u8]) -> (usize, usize) {
    let (first, rest) = segment_len(token);
    (first, segment_len(rest).0)
}

/// Returns the length of the text before the first dot, and the text after it.
const fn segment_len(text: &[u8]) -> (usize, &[u8]) {
    let (mut len, mut rest) = (0usize, text);
    while let [byte, after @ ..] = rest {
        rest = after;
        if *byte == b'.' {
            break;
        }
        len = len.wrapping_add(1);
    }
    (len, rest)
}
