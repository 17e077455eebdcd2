//! The input of an inspection, and the unverified header and claims in it.

use std::string::String;

use serde_json::{Map, Value};

use super::encoding;
use super::report::{Position, Segment};
use super::words::HARMLESS;
use crate::error::Unauthorized;
use crate::limits::MAX_TOKEN_LEN;
use crate::time::UnixTime;
use crate::token::bearer;
use crate::user::VerifiedUser;
use crate::verifier::Verifier;

/// The members of a JSON object.
pub(super) type Members = Map<String, Value>;

/// The input of an inspection.
///
/// ```
/// use propelauth_edge::inspect::{Configuration, Input, inspect_token};
/// use propelauth_edge::UnixTime;
///
/// let ask = |input: Input<'_>| {
///     let report = inspect_token(input, &Configuration::default(), UnixTime::from_secs(0));
///     report.refusal.map(|refusal| refusal.code)
/// };
/// // Without a key, the token cannot be verified.
/// assert_eq!(ask("eyJhbGciOiJSUzI1NiJ9.e30.AA".into()), Some("KeyMissing".into()));
/// ```
#[derive(Clone, Copy)]
pub enum Input<'a> {
    /// An access token, for [`Verifier::validate_access_token`].
    Token(&'a str),
    /// The value of an `Authorization` header, or `None`, for [`Verifier::validate_access_token_and_get_user`].
    Header(Option<&'a str>),
    /// Pasted text. It is a header if it starts with `Bearer` or `Authorization:`, contains a space, or is empty;
    /// otherwise it is a token. `&str` converts to this.
    Pasted(&'a str),
}

impl<'a> From<&'a str> for Input<'a> {
    fn from(text: &'a str) -> Self {
        Self::Pasted(text)
    }
}

/// Leaves out the text, which may be a token.
impl core::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Token(_) => "Token(..)",
            Self::Header(_) => "Header(..)",
            Self::Pasted(_) => "Pasted(..)",
        })
    }
}

/// An input whose kind is known.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    /// The input.
    pub(super) whole: &'a str,
    /// Bytes of the input before the token or the header's value.
    start: usize,
    /// The token, or the header's value.
    pub(super) value: &'a str,
    is_header: bool,
}

impl<'a> Text<'a> {
    pub(super) fn new(input: Input<'a>) -> Self {
        let (whole, value, is_header) = match input {
            Input::Token(token) => (token, token, false),
            Input::Header(header) => (header.unwrap_or_default(), header.unwrap_or_default(), true),
            Input::Pasted(text) => match strip_prefix_of_any_case(text, "authorization:") {
                Some(value) => (text, value.trim_start_matches([' ', '\t']), true),
                None => {
                    let is_bearer = strip_prefix_of_any_case(text, "bearer").is_some();
                    (text, text, text.is_empty() || text.contains(' ') || is_bearer)
                }
            },
        };
        Self { whole, start: whole.len().saturating_sub(value.len()), value, is_header }
    }

    /// Runs the verifier.
    pub(super) fn verify(self, verifier: &Verifier, now: UnixTime) -> Result<VerifiedUser, Unauthorized> {
        if self.is_header {
            verifier.validate_access_token_and_get_owned_user(self.value, now)
        } else {
            verifier.validate_access_token_owned(self.value, now)
        }
    }

    /// Returns the token and its offset in the input, if it is in the right place.
    pub(super) fn token(self) -> Option<(&'a str, usize)> {
        let token = if self.is_header { bearer::parse(Some(self.value)).ok()? } else { self.value };
        Some((token, self.whole.len().saturating_sub(token.len())))
    }

    /// Decodes header and claims leniently: if the token is not in the right place, decodes the last word.
    pub(super) fn unverified(self) -> [Option<Members>; 2] {
        let last_word = || self.value.split_whitespace().next_back().unwrap_or_default();
        let token = self.token().map_or_else(last_word, |(token, _)| token);
        let token = token.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`'));
        if token.len() > MAX_TOKEN_LEN {
            return [None, None];
        }
        let mut segments = token.split('.');
        let mut object = || match serde_json::from_slice(&encoding::decode(segments.next()?)?) {
            Ok(Value::Object(members)) => Some(members),
            _ => None,
        };
        [object(), object()]
    }

    /// Returns the position of a byte of the header's value.
    pub(super) fn place(self, byte: usize) -> Position {
        Position::of_character(self.whole, self.start.saturating_add(byte))
    }
}

/// The three segments of a token, with their offsets in the input.
#[derive(Clone, Copy)]
pub(super) struct Segments<'a> {
    pub(super) whole: &'a str,
    pub(super) header: (&'a str, usize),
    pub(super) payload: (&'a str, usize),
    pub(super) signature: (&'a str, usize),
}

impl<'a> Segments<'a> {
    /// Returns `None` if there are fewer than two dots.
    pub(super) fn of(text: Text<'a>) -> Option<Self> {
        let (token, start) = text.token()?;
        let (header, rest) = token.split_once('.')?;
        let (payload, signature) = rest.split_once('.')?;
        let payload_start = start.saturating_add(header.len()).saturating_add(1);
        let signature_start = payload_start.saturating_add(payload.len()).saturating_add(1);
        Some(Self {
            whole: text.whole,
            header: (header, start),
            payload: (payload, payload_start),
            signature: (signature, signature_start),
        })
    }

    pub(super) fn get(&self, segment: Segment) -> (&'a str, usize) {
        match segment {
            Segment::Header => self.header,
            Segment::Payload => self.payload,
            Segment::Signature => self.signature,
        }
    }

    /// Returns the position of a byte of a segment.
    pub(super) fn place(&self, segment: Segment, byte: usize) -> Position {
        let (text, start) = self.get(segment);
        let position = Position::of_character(self.whole, start.saturating_add(byte)).in_segment(segment);
        if segment == Segment::Signature { position } else { position.showing(text, byte, HARMLESS / 2) }
    }

    /// Returns the position of a byte that a segment decodes to.
    pub(super) fn place_of_decoded(&self, segment: Segment, decoded: &[u8], byte: usize) -> Position {
        let (_, start) = self.get(segment);
        let character = (byte / 3).saturating_mul(4).saturating_add(byte % 3);
        let text = String::from_utf8_lossy(decoded);
        // The excerpt ends before invalid UTF-8.
        let shown = if text.is_char_boundary(byte) { byte } else { text.len() };
        Position::of_character(self.whole, start.saturating_add(character))
            .in_segment(segment)
            .showing(&text, shown, 12)
    }
}

fn strip_prefix_of_any_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}
