//! Segments are accepted exactly when `base64ct` accepts them as unpadded base64url, and every token has one spelling.

use base64ct::{Base64UrlUnpadded, Encoding};
use propelauth_edge::{Unauthorized, Verifier};
use proptest::prelude::*;

use crate::json::claims_with;
use crate::{MINT, check};
use common::mint::{HEADER, NOW, base64url};

const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[derive(Clone, Copy, Debug)]
enum Edit {
    Replace,
    Insert,
    Remove,
}

/// `None` means the end.
type Place = Option<prop::sample::Index>;

fn edit() -> impl Strategy<Value = (usize, Edit, Place, char)> {
    let character = prop_oneof![
        6 => prop::sample::select(ALPHABET.chars().collect::<Vec<_>>()),
        3 => prop::sample::select("+/=.,~ \t\r\n\0\"%é\u{ff10}".chars().collect::<Vec<_>>()),
        1 => any::<char>(),
    ];
    let edits = prop::sample::select(vec![Edit::Replace, Edit::Replace, Edit::Insert, Edit::Remove]);
    // Spellings differ at the end of a segment.
    let place = any::<Option<prop::sample::Index>>();
    (0usize..3, edits, place, character)
}

fn apply(segment: &str, edit: Edit, place: Place, character: char) -> String {
    let mut characters: Vec<char> = segment.chars().collect();
    let index = |len: usize| place.map_or(len - 1, |place| place.index(len));
    match edit {
        Edit::Replace if !characters.is_empty() => {
            let at = index(characters.len());
            characters[at] = character;
        }
        Edit::Remove if !characters.is_empty() => drop(characters.remove(index(characters.len()))),
        _ => characters.insert(index(characters.len() + 1), character),
    }
    characters.into_iter().collect()
}

fn payload(padding: usize) -> Vec<u8> {
    // White space at the end gives the segment each of its possible lengths.
    format!("{}{}", serde_json::Value::Object(claims_with([])), " ".repeat(padding)).into_bytes()
}

fn validate(token: &str) -> Result<(), Unauthorized> {
    let mut buffer = vec![0; Verifier::buffer_len(token)];
    MINT.verifier.validate_access_token(token, NOW, &mut buffer).map(|_| ())
}

#[test]
fn a_token_has_one_spelling() {
    check("spellings of a token", 1000, (edit(), 0usize..3), |((segment, edit, place, character), padding)| {
        let token = MINT.token(&payload(padding));
        prop_assert_eq!(validate(&token), Ok(()));
        let mut segments: Vec<String> = token.split('.').map(str::to_owned).collect();
        segments[segment] = apply(&segments[segment], edit, place, character);
        let edited = segments.join(".");
        if edited == token {
            return Ok(());
        }
        let result = validate(&edited);
        prop_assert!(result.is_err(), "taken: {}", edited);
        if edited.matches('.').count() == 2 && segments.iter().all(|segment| !segment.is_empty()) {
            // The payload is decoded after the signature.
            let decoded = Base64UrlUnpadded::decode_vec(&segments[segment]);
            if segment != 1 && decoded.is_err() {
                prop_assert_eq!(result, Err(Unauthorized::MalformedToken), "{}", edited);
            } else if segment > 0 {
                prop_assert_eq!(result, Err(Unauthorized::InvalidSignature), "{}", edited);
            }
        } else {
            prop_assert_eq!(result, Err(Unauthorized::MalformedToken), "{}", edited);
        }
        Ok(())
    });
}

#[test]
fn signed_segments_are_decoded_as_by_base64ct() {
    check("signed segments", 600, (edit(), 0usize..3), |((segment, edit, place, character), padding)| {
        let mut segments = [base64url(HEADER.as_bytes()), base64url(&payload(padding))];
        let segment = segment % 2;
        segments[segment] = apply(&segments[segment], edit, place, character);
        let token = MINT.sign_text(&segments.join("."));
        let result = validate(&token);
        let decoded = Base64UrlUnpadded::decode_vec(&segments[segment]);
        if segments[segment].is_empty() || segments[segment].contains('.') || decoded.is_err() {
            prop_assert_eq!(result, Err(Unauthorized::MalformedToken), "{}", token);
        } else if segment == 1 {
            prop_assert_ne!(result, Err(Unauthorized::MalformedToken), "{}", token);
            prop_assert_ne!(result, Err(Unauthorized::InvalidSignature), "{}", token);
        }
        Ok(())
    });
}

#[test]
fn no_last_character_stands_for_another() {
    let mut run = 0;
    for padding in 0..3 {
        let payload = base64url(&payload(padding));
        let token = MINT.token(&self::payload(padding));
        let signature = &token[token.rfind('.').unwrap() + 1..];
        let last_replaced = |text: &str, character: char| format!("{}{character}", &text[..text.len() - 1]);
        for character in ALPHABET.chars() {
            run += 2;
            let edited = last_replaced(&token, character);
            assert_eq!(validate(&edited).is_ok(), edited == token, "{character} at the end of {signature}");

            let edited = last_replaced(&payload, character);
            let result = validate(&MINT.sign_text(&format!("{}.{edited}", base64url(HEADER.as_bytes()))));
            let is_base64 = Base64UrlUnpadded::decode_vec(&edited).is_ok();
            assert_eq!(result != Err(Unauthorized::MalformedToken), is_base64, "{character} at the end of {payload}");
        }
    }
    println!("last characters: {run} cases run");
    assert_eq!(run, 3 * 2 * 64);
}
