//! Checks that printed text contains no secrets.

use std::collections::HashSet;

use base64ct::{Base64UrlUnpadded, Encoding};

/// The number of consecutive characters of a token or a key that must not be shown.
const TELLING: usize = 12;

/// Returns a piece of the token's or key's text, or of its signature as numbers, that occurs in the printed text.
pub fn shown_piece(secret: &str, printed: &str) -> Option<String> {
    let pieces: HashSet<_> = secret.split('.').flat_map(|part| part.as_bytes().windows(TELLING)).collect();
    if let Some(piece) = printed.as_bytes().windows(TELLING).find(|piece| pieces.contains(piece)) {
        return Some(String::from_utf8_lossy(piece).into_owned());
    }
    let signature = Base64UrlUnpadded::decode_vec(secret.rsplit('.').next()?).unwrap_or_default();
    let mut numbers = signature.windows(4).map(|part| format!("{part:?}").trim_matches(['[', ']']).to_owned());
    numbers.find(|numbers| printed.contains(numbers))
}

/// Fails if a part of the token or the key is in what is printed.
#[track_caller]
pub fn shows_nothing_of(secret: &str, printed: &str) {
    if let Some(piece) = shown_piece(secret, printed) {
        panic!("{piece} is shown in {printed}");
    }
}
