//! Which ids are valid. A call with an invalid id is answered without a request.

use std::prelude::v1::*;

/// Returns `true` for a UUID of version 4 (RFC 9562 section 5.4) in canonical form: in lower case, with hyphens.
pub(crate) fn uuid(id: &str) -> bool {
    id.len() == 36
        && id.bytes().enumerate().all(|(i, byte)| match i {
            8 | 13 | 18 | 23 => byte == b'-',
            14 => byte == b'4',
            19 => matches!(byte, b'8' | b'9' | b'a' | b'b'),
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

/// Like [`uuid`], but also accepts a missing or empty id.
pub(crate) fn optional_uuid(id: &Option<String>) -> bool {
    id.as_deref().is_none_or(|id| id.is_empty() || uuid(id))
}

/// Returns `true` if Python's `int(id, 16)` accepts the id, which is how the Python library checks ids of API keys:
/// hexadecimal digits with single underscores between them, after an optional sign and `0x`, surrounded by blanks.
pub(crate) fn hex(id: &str) -> bool {
    let number = id.trim_matches(|c: char| c.is_whitespace());
    let unsigned = number.strip_prefix(['+', '-']).unwrap_or(number);
    let digits = match unsigned.strip_prefix("0x").or_else(|| unsigned.strip_prefix("0X")) {
        Some(digits) => digits.strip_prefix('_').unwrap_or(digits),
        None => unsigned,
    };
    digits.split('_').all(|run| !run.is_empty() && run.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn uuid_takes_the_canonical_form_of_version_4_alone() {
        assert!(super::uuid("31c41c16-c281-44ae-9602-8a047e3bf33d"));
        for other in [
            "",
            "31C41C16-C281-44AE-9602-8A047E3BF33D",
            "31c41c16c28144ae96028a047e3bf33d",
            "{31c41c16-c281-44ae-9602-8a047e3bf33d}",
            "urn:uuid:31c41c16-c281-44ae-9602-8a047e3bf33d",
            "31c41c16-c281-44ae-9602-8a047e3bf33d ",
            "31c41c16-c281-14ae-9602-8a047e3bf33d",
            "31c41c16-c281-44ae-c602-8a047e3bf33d",
            "00000000-0000-0000-0000-000000000000",
            "31c41c16-c281-44ae-9602-8a047e3bf33é",
        ] {
            assert!(!super::uuid(other), "{other}");
        }
    }

    #[test]
    fn hex_takes_what_python_reads_as_a_number_to_base_16() {
        for id in ["a1", "0F", "0x1f", "0X_1f", "a_1", "-ff", "+0xAb", " a1\n", "0", "00"] {
            assert!(super::hex(id), "{id}");
        }
        for id in ["", " ", "0x", "0x_", "_a", "a_", "a__b", "--a", "not-hex", "a b", "0x0x1", "é", "0b"] {
            assert_eq!(super::hex(id), id == "0b", "{id}");
        }
    }
}
