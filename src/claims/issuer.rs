//! Which issuers are valid: PropelAuth's Auth URLs, which are origins (RFC 6454).

// `const`, and every index is below the length.
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::error::MetadataError;

/// Checks that the issuer is `https://`, a host and an optional port. Accepts `http://` for this machine.
pub(crate) const fn check(issuer: &str) -> Result<(), MetadataError> {
    let issuer = issuer.as_bytes();
    if issuer.is_empty() {
        return Err(MetadataError::IssuerMissing);
    }
    if has_white_space(issuer) {
        return Err(MetadataError::IssuerHasWhiteSpace);
    }
    let (authority, is_tls) = match issuer {
        [b'h', b't', b't', b'p', b's', b':', b'/', b'/', authority @ ..] => (authority, true),
        [b'h', b't', b't', b'p', b':', b'/', b'/', authority @ ..] => (authority, false),
        _ => return Err(MetadataError::IssuerNotHttps),
    };
    let (authority, after) = split(authority, b"/?#");
    match after {
        [] => {}
        [b'/'] => return Err(MetadataError::IssuerEndsInSlash),
        _ => return Err(MetadataError::IssuerHasPath),
    }
    let (host, port) = match authority {
        [b'[', ..] => {
            let (address, after) = split(authority, b"]");
            match after {
                [_, port @ ..] => (split_at(authority, address.len() + 1).0, port),
                [] => return Err(MetadataError::IssuerInvalidHost),
            }
        }
        _ => split(authority, b":"),
    };
    if host.is_empty() || !is_host(host) || !is_port(port) {
        return Err(MetadataError::IssuerInvalidHost);
    }
    if is_tls || matches!(host, b"localhost" | b"127.0.0.1" | b"[::1]") {
        Ok(())
    } else {
        Err(MetadataError::IssuerNotHttps)
    }
}

/// Splits the text before the first of these characters.
const fn split<'a>(text: &'a [u8], characters: &[u8]) -> (&'a [u8], &'a [u8]) {
    let mut at = 0;
    while at < text.len() && !contains(characters, text[at]) {
        at += 1;
    }
    split_at(text, at)
}

/// Splits the text at a position within it, without a panic that the optimizer cannot remove.
const fn split_at(text: &[u8], at: usize) -> (&[u8], &[u8]) {
    match text.split_at_checked(at) {
        Some(parts) => parts,
        None => (text, &[]),
    }
}

const fn contains(characters: &[u8], character: u8) -> bool {
    let mut i = 0;
    while i < characters.len() {
        if characters[i] == character {
            return true;
        }
        i += 1;
    }
    false
}

/// Also finds control characters, a byte order mark, and Unicode's spaces and general punctuation. No host has any.
const fn has_white_space(mut text: &[u8]) -> bool {
    loop {
        match text {
            [] => return false,
            [0..=b' ' | 0x7f, ..]
            | [0xc2, 0x80..=0xa0, ..] // C1 controls, no-break space
            | [0xe2, 0x80, ..] // general punctuation
            | [0xe3, 0x80, 0x80, ..] // ideographic space
            | [0xef, 0xbb, 0xbf, ..] => return true,
            [_, rest @ ..] => text = rest,
        }
    }
}

/// Accepts letters of any script, as in internationalized hosts, digits, `-`, `.` and `_`; in an IPv6 address, also
/// `[`, `]` and `:`.
const fn is_host(mut host: &[u8]) -> bool {
    let is_address = matches!(host, [b'[', ..]);
    while let [character, rest @ ..] = host {
        match character {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | 0x80.. => {}
            b'[' | b']' | b':' if is_address => {}
            _ => return false,
        }
        host = rest;
    }
    true
}

/// Accepts nothing, or a colon and one to five digits.
const fn is_port(port: &[u8]) -> bool {
    match port {
        [] => true,
        [b':', digits @ ..] => {
            let mut i = 0;
            while i < digits.len() && digits[i].is_ascii_digit() {
                i += 1;
            }
            i == digits.len() && i > 0 && i <= 5
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::format;

    use super::*;
    use MetadataError::{
        IssuerEndsInSlash, IssuerHasPath, IssuerHasWhiteSpace, IssuerInvalidHost, IssuerMissing, IssuerNotHttps,
    };

    #[test]
    fn issuers() {
        for good in [
            "https://auth.example.com",
            "https://52439871.propelauthtest.com",
            "https://auth.example.com:8443",
            "https://bücher.example",
            "https://[2001:db8::1]:8443",
            "http://localhost",
            "http://localhost:3000",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (bad, error) in [
            ("", IssuerMissing),
            ("https://auth.example.com/", IssuerEndsInSlash),
            ("http://localhost:3000/", IssuerEndsInSlash),
            ("https://auth.example.com//", IssuerHasPath),
            ("https://auth.example.com/login", IssuerHasPath),
            ("https://auth.example.com?a", IssuerHasPath),
            ("https://auth.example.com#a", IssuerHasPath),
            ("https://auth.example.com,https://auth.example.org", IssuerHasPath),
            ("auth.example.com", IssuerNotHttps),
            ("//auth.example.com", IssuerNotHttps),
            ("HTTPS://auth.example.com", IssuerNotHttps),
            ("https:/auth.example.com", IssuerNotHttps),
            ("\"https://auth.example.com\"", IssuerNotHttps),
            ("http://auth.example.com", IssuerNotHttps),
            ("http://localhost.example.com", IssuerNotHttps),
            ("http://127.0.0.1.example.com", IssuerNotHttps),
            ("http://127.0.0.1@example.com", IssuerInvalidHost),
            ("https://", IssuerInvalidHost),
            ("https://:443", IssuerInvalidHost),
            ("https://auth.example.com:", IssuerInvalidHost),
            ("https://auth.example.com:https", IssuerInvalidHost),
            ("https://auth.example.com:123456", IssuerInvalidHost),
            ("https://user@auth.example.com", IssuerInvalidHost),
            ("https://auth.example.com,", IssuerInvalidHost),
            ("https://auth.example.com\"", IssuerInvalidHost),
            ("https://[::1", IssuerInvalidHost),
            ("https://[::1]x", IssuerInvalidHost),
            ("https://a:b:1", IssuerInvalidHost),
        ] {
            assert_eq!(check(bad), Err(error), "{bad}");
        }
    }

    #[test]
    fn white_space_is_found_anywhere() {
        for space in [" ", "\t", "\n", "\r\n", "\0", "\u{85}", "\u{a0}", "\u{200b}", "\u{2028}", "\u{3000}", "\u{feff}"]
        {
            for bad in [
                format!("{space}https://auth.example.com"),
                format!("https://auth.example.com{space}"),
                format!("https://auth{space}.example.com"),
                format!("https://auth.example.com/{space}"),
            ] {
                assert_eq!(check(&bad), Err(IssuerHasWhiteSpace), "{bad:?}");
            }
        }
    }
}
