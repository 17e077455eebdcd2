//! What nothing that is printed may show.

use std::collections::HashSet;

use base64ct::{Base64UrlUnpadded, Encoding};

/// Characters of a token or a key, one after another, that are too many to be shown.
const TELLING: usize = 12;

/// A piece of the token's or the key's text, or of its signature in numbers, that is in what is printed.
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
