//! Explains headers that are not `Bearer`, a space and a token, and tokens that are not three segments.

use std::format;
use std::string::{String, ToString};

use super::explanation::Explanation;
use super::input::Text;
use super::words::{self, HARMLESS, counted, is_of_base64url, is_uuid, quoted};
use crate::limits::MAX_HEADER_LEN;

const WANTED: &str = "Send `Authorization: Bearer `, one space, and the access token.";

pub(super) fn missing() -> Explanation {
    Explanation::new(
        "There is no token: the `Authorization` header is missing or empty.",
        format!(
            "{WANTED} In a browser, get the token from PropelAuth's client; behind a proxy, make sure that it forwards the header."
        ),
    )
}

/// Explains why a value is not an `Authorization` header with a token.
pub(super) fn malformed(text: Text<'_>) -> Explanation {
    let value = text.value;
    let fault = |byte: usize, explanation: String| Explanation::new(explanation, WANTED).at(text.place(byte));
    let first = value.chars().next().unwrap_or_default();
    if matches!(first, '"' | '\'' | '`' | '“' | '‘') {
        return fault(0, "The header's value starts with a quotation mark.".to_string());
    }
    if first.is_whitespace() {
        return fault(0, format!("The header's value starts with {}.", words::character(first)));
    }
    let scheme_len = value.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(value.len());
    let (scheme, rest) = value.split_at_checked(scheme_len).unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return other_scheme(text, scheme, rest);
    }
    let after = rest.strip_prefix(' ').unwrap_or_default();
    let token_at = value.len().saturating_sub(after.len());
    match rest.chars().next() {
        None => return fault(value.len(), "Nothing follows `Bearer`.".to_string()),
        Some(' ') => {}
        Some(other) => {
            return fault(
                scheme_len,
                format!("`Bearer` is followed by {} instead of a space.", words::character(other)),
            );
        }
    }
    if after.starts_with(' ') {
        return fault(token_at, "There is more than one space between `Bearer` and the token.".to_string());
    }
    if after.starts_with("[object ") {
        return promise().at(text.place(token_at));
    }
    let space = after.find(' ').unwrap_or(after.len());
    let byte = token_at.saturating_add(space);
    let explanation = if after.get(..space).is_some_and(|word| word.eq_ignore_ascii_case("bearer")) {
        return fault(token_at, "The word `Bearer` occurs twice.".to_string());
    } else if after.get(space..).is_some_and(|rest| rest.trim().is_empty()) {
        "A space follows the token."
    } else {
        "The token contains a space, or more than a token follows `Bearer`."
    };
    fault(byte, explanation.to_string())
}

/// Explains a value that does not start with `Bearer`.
fn other_scheme(text: Text<'_>, word: &str, rest: &str) -> Explanation {
    let fault = |explanation: &str| Explanation::new(explanation, WANTED).at(text.place(0));
    if text.value.starts_with("[object ") {
        return promise().at(text.place(0));
    }
    if rest.starts_with('=') {
        return fault("This is a cookie header; expected the `Authorization` header.");
    }
    // Anything can follow a word.
    let first_word = text.value.split_whitespace().next().filter(|_| !word.is_empty());
    if let Some(fault) = no_token_at_all(first_word.unwrap_or(text.value)) {
        return fault.at(text.place(0));
    }
    if is_like_jwt(word, rest) {
        return fault("`Bearer` and a space are missing before the token.");
    }
    if rest.starts_with(':') {
        let explanation =
            format!("This starts with {}, which looks like the name of a header.", quoted(&format!("{word}:")));
        return Explanation::new(
            explanation,
            format!("{WANTED} Pass the value alone, or the whole line with its correct name."),
        )
        .at(text.place(0));
    }
    // A longer word is not a scheme, and may be part of a token.
    if word.is_empty() || word.len() > HARMLESS || rest.is_empty() {
        return fault("The header's value does not start with `Bearer` and a space.");
    }
    fault(&format!("The header starts with {}; access tokens use the scheme `Bearer`.", quoted(word)))
}

fn is_like_jwt(word: &str, rest: &str) -> bool {
    word.starts_with("eyJ") || rest.starts_with('.')
}

fn promise() -> Explanation {
    Explanation::new(
        "A JavaScript object was sent instead of the token, most likely a promise.",
        "In the front end, await the token: `const token = await getAccessToken()`.",
    )
}

/// Explains why a text is not three non-empty segments. `start` is its offset in the input.
pub(super) fn no_segments(text: Text<'_>, token: &str, start: usize) -> Explanation {
    let place = |byte: usize| super::report::Position::of_character(text.whole, start.saturating_add(byte));
    if let Some(fault) = no_token_at_all(token) {
        return fault.at(place(0));
    }
    let segments = token.split('.').count();
    let copy = "Copy the whole token: three parts separated by dots, usually several hundred characters.";
    if let Some(empty) = token.split('.').take(3).position(str::is_empty).filter(|_| (3..=5).contains(&segments)) {
        let byte: usize = token.split('.').take(empty).map(|part| part.len().saturating_add(1)).sum();
        let (part, why) = match empty {
            0 => ("header", "its beginning was cut off"),
            1 if segments == 5 => {
                ("encrypted key", "this is an encrypted token (JWE), which PropelAuth does not issue")
            }
            1 => ("payload", "it was removed"),
            _ => ("signature", "the token was cut off, or never signed"),
        };
        return Explanation::new(format!("The token's {part} is empty: {why}."), copy).at(place(byte));
    }
    match segments {
        1 | 2 => {
            let explanation = format!("The token is cut off: it has {} instead of 3.", counted(segments, "part"));
            Explanation::new(explanation, copy).at(place(token.len()))
        }
        5 => Explanation::new(
            "The token has 5 parts, so it is encrypted (JWE). PropelAuth's access tokens are signed but not encrypted.",
            "Use the access token that PropelAuth issued; this one is from another system.",
        )
        .at(place(0)),
        3 => {
            let len = token.find('.').unwrap_or_default();
            let explanation =
                format!("The token's header has {}; the maximum is {MAX_HEADER_LEN}.", counted(len, "character"));
            Explanation::new(explanation, super::encoding::NOT_PROPELAUTHS).at(place(0))
        }
        _ => {
            let third: usize = token.split('.').take(3).map(|part| part.len().saturating_add(1)).sum();
            let explanation = format!("The token has {segments} parts instead of 3: more than the token was copied.");
            Explanation::new(explanation, copy).at(place(third.saturating_sub(1)))
        }
    }
}

/// Returns `true` if a text can be the name of a cookie or a parameter, and does not start like a token.
fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.starts_with("ey") && text.chars().all(is_of_base64url)
}

/// Recognizes texts that are often sent by mistake instead of a token.
pub(super) fn no_token_at_all(token: &str) -> Option<Explanation> {
    let is_hex = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let trimmed = token.trim();
    if trimmed.is_empty() {
        return Some(missing_token());
    }
    if ["undefined", "null", "None", "nil", "false", "NaN"].contains(&trimmed) {
        return Some(Explanation::new(
            format!(
                "The text is {} instead of a token: there was no token when the header was built.",
                quoted(trimmed)
            ),
            "In the front end, send the header only after the user has logged in and the token is available.",
        ));
    }
    if trimmed.starts_with("-----BEGIN ") {
        return Some(Explanation::new(
            "This is a key, not a token.",
            "Pass the key as the key and the token as the token.",
        ));
    }
    if trimmed.starts_with('{') {
        return Some(Explanation::new(
            "This is JSON, not a token.",
            "Extract the token from it: the value of `access_token`.",
        ));
    }
    if trimmed.contains("://") {
        return Some(Explanation::new("This is a URL, not a token.", "Extract the token from it, or log in again."));
    }
    if is_uuid(trimmed) {
        return Some(Explanation::new("This is an id (UUID), not a token.", "Send the user's access token."));
    }
    if is_hex(trimmed) && trimmed.len() >= 32 {
        return Some(Explanation::new(
            "This is hexadecimal, like a PropelAuth API key, and not a token.",
            "Validate API keys with PropelAuth's API (`validate_api_key`): they have no signature to verify. \
             If this is one, and other people can see it here, replace it.",
        ));
    }
    if trimmed
        .split_once('=')
        .is_some_and(|(name, value)| is_name(name) && !value.is_empty() && !value.starts_with(['=', '.']))
    {
        return Some(Explanation::new(
            "This is a cookie or a form parameter, not a token.",
            "Extract the token from it.",
        ));
    }
    None
}

fn missing_token() -> Explanation {
    Explanation::new("The token is empty.", "Send the access token that PropelAuth issued.")
}
