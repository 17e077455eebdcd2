//! Helpers for explanations.

use std::format;
use std::string::String;

use crate::json::Kind;

/// `1 key`, `3 keys`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Formats a duration by its two largest units: `45 seconds`, `1 hour 5 minutes`.
pub(super) fn duration(seconds: u64) -> String {
    const UNITS: [(u64, &str); 5] =
        [(365 * 86_400, "year"), (86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];
    let mut rest = seconds;
    let mut parts = UNITS.iter().filter_map(|&(len, unit)| {
        let count = rest.checked_div(len)?;
        rest = rest.checked_rem(len)?;
        Some((count, unit))
    });
    let text = |(count, unit): (u64, &str)| counted(usize::try_from(count).unwrap_or(usize::MAX), unit);
    let Some(greatest) = parts.find(|&(count, _)| count > 0) else { return String::from("0 seconds") };
    match parts.next() {
        Some(next) if next.0 > 0 => format!("{} {}", text(greatest), text(next)),
        _ => text(greatest),
    }
}

/// Formats a time by RFC 3339, or as a number if the year has more than four digits.
pub(super) fn date(seconds: i64) -> String {
    if !(0..253_402_300_800).contains(&seconds) {
        return format!("the second {seconds}");
    }
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (second.div_euclid(3600), second.div_euclid(60) % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Returns year, month and day of a day counted from 1970-01-01. Calculates with years that start in March, so that the
/// leap day is their last day.
#[allow(clippy::arithmetic_side_effects)] // of less than three million days
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468; // since 0000-03-01
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097)); // 400 years
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next_year) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + next_year, month, day)
}

/// Quotes the beginning of a text in backticks on one line. Shows only the first characters of anything that may be a
/// key or a part of a token.
pub(super) fn quoted(text: &str) -> String {
    const MOST: usize = 60;
    let text = without_secrets(text);
    let cut = if text.chars().nth(MOST).is_some() { "…" } else { "" };
    let shown: String = text.chars().take(MOST).flat_map(visible).collect();
    format!("`{shown}{cut}`")
}

/// The number of bytes of a key or a token that can be shown safely.
pub(super) const HARMLESS: usize = 11;

/// Shortens each run of base64url characters that may be a secret to its beginning and its length.
fn without_secrets(text: &str) -> String {
    const SHOWN: usize = 4;
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let is_in_run = is_of_base64url(next);
        let end = rest.find(|c| is_of_base64url(c) != is_in_run).unwrap_or(rest.len());
        let (part, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        match part.get(..SHOWN) {
            Some(beginning) if is_in_run && can_be_secret(part) => {
                shown.push_str(&format!("{beginning}…({})", counted(part.len(), "character")));
            }
            _ => shown.push_str(part),
        }
        rest = behind;
    }
    shown
}

pub(super) fn is_of_base64url(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_')
}

/// Returns `true` unless a run is short, an id, a number or words. Keys and tokens almost never are.
fn can_be_secret(run: &str) -> bool {
    const LONGEST_WORD: usize = 15;
    const LONGEST_NUMBER: usize = 20;
    let is_plain = |part: &str| {
        let is_word =
            |bytes: &[u8]| bytes.iter().all(u8::is_ascii_lowercase) || bytes.iter().all(u8::is_ascii_uppercase);
        let bytes = part.as_bytes();
        let is_capitalized = bytes
            .split_first()
            .is_some_and(|(first, rest)| first.is_ascii_uppercase() && rest.iter().all(u8::is_ascii_lowercase));
        bytes.len() <= LONGEST_WORD && (is_word(bytes) || is_capitalized)
            || bytes.len() <= LONGEST_NUMBER && bytes.iter().all(u8::is_ascii_digit)
    };
    run.len() > HARMLESS && !is_uuid(run) && !run.split(['-', '_']).all(is_plain)
}

/// Returns `true` if the text has the form of user and org ids (RFC 9562 section 4).
pub(super) fn is_uuid(text: &str) -> bool {
    let parts =
        text.split('-').map(|part| if part.bytes().all(|byte| byte.is_ascii_hexdigit()) { part.len() } else { 0 });
    parts.eq([8, 4, 4, 4, 12])
}

/// Returns the character, or an escape if it would be invisible.
pub(super) fn visible(character: char) -> impl Iterator<Item = char> {
    let is_hidden = character.is_control()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let (escape, plain) = if is_hidden { (Some(character.escape_default()), None) } else { (None, Some(character)) };
    escape.into_iter().flatten().chain(plain)
}

/// Names a character, by a word where that is clearer.
pub(super) fn character(character: char) -> String {
    let name = match character {
        ' ' => "a space",
        '\t' => "a tab",
        '\n' | '\r' => "a line break",
        '"' | '\'' | '`' | '“' | '”' | '‘' | '’' => "a quotation mark",
        '\u{feff}' => "a byte order mark",
        other if other.is_whitespace() => return format!("an unusual space, `{}`", other.escape_unicode()),
        _ => return quoted(character.encode_utf8(&mut [0; 4])),
    };
    String::from(name)
}

pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::False => "false",
        Kind::True => "true",
        Kind::Number => "a number",
        Kind::String => "a string",
        Kind::Array => "an array with other values than strings",
        Kind::ArrayOfStrings => "an array of strings",
        Kind::Object => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let durations = [
            (0, "0 seconds"),
            (1, "1 second"),
            (61, "1 minute 1 second"),
            (300, "5 minutes"),
            (3605, "1 hour"),
            (90_000, "1 day 1 hour"),
            (u64::MAX, "584942417355 years 26 days"),
        ];
        for (seconds, expected) in durations {
            assert_eq!(duration(seconds), expected);
        }
        let dates = [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_760_000_000, "2025-10-09T08:53:20Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
            (253_402_300_800, "the second 253402300800"),
            (-1, "the second -1"),
        ];
        for (seconds, expected) in dates {
            assert_eq!(date(seconds), expected);
        }
    }

    #[test]
    fn texts() {
        assert_eq!(counted(1, "key"), "1 key");
        assert_eq!(quoted("a\nb\u{200b}"), "`a\\nb\\u{200b}`");
        assert_eq!(quoted(&"x ".repeat(31)), std::format!("`{}…`", "x ".repeat(30)));
        assert_eq!(character('\n'), "a line break");
        assert_eq!(character('+'), "`+`");
        assert_eq!(character('\u{a0}'), "an unusual space, `\\u{a0}`");
    }

    #[test]
    fn what_can_be_a_secret_is_cut() {
        let key = "0123456789abcdef".repeat(8);
        for (text, shown) in [
            (key.as_str(), "`0123…(128 characters)`"),
            (&std::format!("PROPELAUTH_API_KEY={key}\nA=b"), "`PROPELAUTH_API_KEY=0123…(128 characters)\\nA=b`"),
            ("?t=eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.AA", "`?t=eyJh…(20 characters).eyJp…(15 characters).AA`"),
            ("sk_live_51H8abcde", "`sk_l…(17 characters)`"),
            ("abcdefghijklmnop", "`abcd…(16 characters)`"),
            ("é0123456789ab", "`é0123…(12 characters)`"),
        ] {
            assert_eq!(quoted(text), shown);
        }
        for whole in [
            "https://auth.12345678901.propelauthtest.com",
            "https://auth.acme-example-of-a-long-name.com/",
            "inherited_user_roles_plus_current_role",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----",
            "3f1f9a52-8f07-4d5e-9d3f-2f0e2d4b7a10",
            "99999999999999999999",
            "RSA-OAEP-256",
            "AES256-SHA1",
        ] {
            assert_eq!(quoted(whole), std::format!("`{whole}`"));
        }
    }
}
