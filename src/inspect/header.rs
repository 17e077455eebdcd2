//! A header that is not `Bearer`, a space and a token, and a token that is not three segments.

use std::format;
use std::string::{String, ToString};

use super::fault::Fault;
use super::input::Text;
use super::words::{self, HARMLESS, counted, is_of_base64url, is_uuid, quoted};

const WANTED: &str = "Send `Authorization: Bearer `, one space, and the access token.";

pub(super) fn missing() -> Fault {
    Fault::new(
        "There is no token here: the `Authorization` header is missing or empty.",
        format!(
            "{WANTED} In a browser, get the token from PropelAuth's client; behind a proxy, have it pass the header on."
        ),
    )
}

/// Why the value is not that of an `Authorization` header with a token.
pub(super) fn malformed(text: Text<'_>) -> Fault {
    let value = text.value;
    let fault = |octet: usize, explanation: String| Fault::new(explanation, WANTED).at(text.place(octet));
    let first = value.chars().next().unwrap_or_default();
    if matches!(first, '"' | '\'' | '`' | '“' | '‘') {
        return fault(0, "The header's value begins with a quotation mark.".to_string());
    }
    if first.is_whitespace() {
        return fault(0, format!("The header's value begins with {}.", words::character(first)));
    }
    let scheme_len = value.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(value.len());
    let (scheme, rest) = value.split_at_checked(scheme_len).unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return other_scheme(text, scheme, rest);
    }
    let after = rest.strip_prefix(' ').unwrap_or_default();
    let token_at = value.len().saturating_sub(after.len());
    match rest.chars().next() {
        None => return fault(value.len(), "There is nothing behind `Bearer`.".to_string()),
        Some(' ') => {}
        Some(other) => {
            return fault(scheme_len, format!("Behind `Bearer` is {} in place of a space.", words::character(other)));
        }
    }
    if after.starts_with(' ') {
        return fault(token_at, "There is more than one space between `Bearer` and the token.".to_string());
    }
    if after.starts_with("[object ") {
        return promise().at(text.place(token_at));
    }
    let space = after.find(' ').unwrap_or(after.len());
    let octet = token_at.saturating_add(space);
    let explanation = if after.get(..space).is_some_and(|word| word.eq_ignore_ascii_case("bearer")) {
        return fault(token_at, "The word `Bearer` is there twice.".to_string());
    } else if after.get(space..).is_some_and(|rest| rest.trim().is_empty()) {
        "Behind the token is a space."
    } else {
        "There is a space in the token, or more than a token behind `Bearer`."
    };
    fault(octet, explanation.to_string())
}

/// A value that does not begin with `Bearer`.
fn other_scheme(text: Text<'_>, word: &str, rest: &str) -> Fault {
    let fault = |explanation: &str| Fault::new(explanation, WANTED).at(text.place(0));
    if text.value.starts_with("[object ") {
        return promise().at(text.place(0));
    }
    if rest.starts_with('=') {
        return fault("This is a cookie, or several; the `Authorization` header is wanted.");
    }
    // Behind a word there can be anything.
    let first_word = text.value.split_whitespace().next().filter(|_| !word.is_empty());
    if let Some(fault) = no_token_at_all(first_word.unwrap_or(text.value)) {
        return fault.at(text.place(0));
    }
    if is_like_jwt(word, rest) {
        return fault("The word `Bearer` and a space are missing before the token.");
    }
    if rest.starts_with(':') {
        let explanation = format!("This begins with {}, the name of a header perhaps.", quoted(&format!("{word}:")));
        return Fault::new(
            explanation,
            format!("{WANTED} Give the value alone, or the whole line with its right name."),
        )
        .at(text.place(0));
    }
    // A longer word is no scheme, and may be a part of a token.
    if word.is_empty() || word.len() > HARMLESS || rest.is_empty() {
        return fault("The header's value does not begin with `Bearer` and a space.");
    }
    fault(&format!("The header begins with {}; access tokens go by the scheme `Bearer`.", quoted(word)))
}

fn is_like_jwt(word: &str, rest: &str) -> bool {
    word.starts_with("eyJ") || rest.starts_with('.')
}

fn promise() -> Fault {
    Fault::new(
        "A JavaScript object was put where the token belongs, most likely a promise.",
        "In the front end, wait for the token before you use it: `const token = await getAccessToken()`.",
    )
}

/// Why a text is not three segments, none of them empty. `start` is where it begins in the input.
pub(super) fn no_segments(text: Text<'_>, token: &str, start: usize) -> Fault {
    let place = |octet: usize| super::report::Position::of_character(text.whole, start.saturating_add(octet));
    if let Some(fault) = no_token_at_all(token) {
        return fault.at(place(0));
    }
    let segments = token.split('.').count();
    let copy = "Copy the token whole: three parts with two dots between them, some hundreds of characters or more.";
    if let Some(empty) = token.split('.').take(3).position(str::is_empty).filter(|_| (3..=5).contains(&segments)) {
        let octet: usize = token.split('.').take(empty).map(|part| part.len().saturating_add(1)).sum();
        let (part, why) = match empty {
            0 => ("header", "the beginning was cut off"),
            1 if segments == 5 => {
                ("encrypted key", "this is an encrypted token (JWE), which PropelAuth does not issue")
            }
            1 => ("payload", "the content was taken out"),
            _ => ("signature", "the token was cut short, or never signed"),
        };
        return Fault::new(format!("The token's {part} is empty: {why}."), copy).at(place(octet));
    }
    match segments {
        1 | 2 => {
            let explanation =
                format!("The token is cut short: it has {}, and a whole one has 3.", counted(segments, "part"));
            Fault::new(explanation, copy).at(place(token.len()))
        }
        5 => Fault::new(
            "The token has 5 parts, so it is an encrypted one (JWE). PropelAuth's access tokens are signed and not encrypted.",
            "Take the access token that PropelAuth issued; this one is of another system.",
        )
        .at(place(0)),
        _ => {
            let third: usize = token.split('.').take(3).map(|part| part.len().saturating_add(1)).sum();
            let explanation = format!("The token has {segments} parts, and a whole one has 3: more than one token was taken.");
            Fault::new(explanation, copy).at(place(third.saturating_sub(1)))
        }
    }
}

/// Whether a text can be the name of a cookie or a parameter, and no beginning of a token.
fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.starts_with("ey") && text.chars().all(is_of_base64url)
}

/// What is sent where a token should be, and is none.
pub(super) fn no_token_at_all(token: &str) -> Option<Fault> {
    let is_hex = |text: &str| !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_hexdigit());
    let trimmed = token.trim();
    if trimmed.is_empty() {
        return Some(missing_token());
    }
    if ["undefined", "null", "None", "nil", "false", "NaN"].contains(&trimmed) {
        return Some(Fault::new(
            format!(
                "The text is {} where the token belongs: there was no token when the header was made.",
                quoted(trimmed)
            ),
            "In the front end, send the header only when the user is logged in and the token is there.",
        ));
    }
    if trimmed.starts_with("-----BEGIN ") {
        return Some(Fault::new("This is a key and no token.", "Give the key as the key, and the token as the token."));
    }
    if trimmed.starts_with('{') {
        return Some(Fault::new(
            "This is JSON and no token.",
            "Take the token out of it: the value of `access_token`.",
        ));
    }
    if trimmed.contains("://") {
        return Some(Fault::new("This is an address and no token.", "Take the token out of it, or log in again."));
    }
    if is_uuid(trimmed) {
        return Some(Fault::new("This is an id (UUID) and no token.", "Send the user's access token."));
    }
    if is_hex(trimmed) && trimmed.len() >= 32 {
        return Some(Fault::new(
            "This is no token but hexadecimal digits, as an API key of PropelAuth has them.",
            "Have API keys validated by PropelAuth's API (`validate_api_key`): they are no tokens and hold no signature. \
             If it is one, and this place is not private, replace it.",
        ));
    }
    if trimmed
        .split_once('=')
        .is_some_and(|(name, value)| is_name(name) && !value.is_empty() && !value.starts_with(['=', '.']))
    {
        return Some(Fault::new(
            "This is a cookie, or a parameter of a form, and no token.",
            "Take the token out of it.",
        ));
    }
    None
}

fn missing_token() -> Fault {
    Fault::new("The token is empty.", "Send the access token that PropelAuth issued.")
}
