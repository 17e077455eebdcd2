//! Unpadded base64url in its one canonical form (RFC 7515 section 2, RFC 4648 sections 3.5 and 5).
//!
//! Uses vectors where available: AVX2 on x86-64, detected at run time; NEON; SIMD in WebAssembly built with `simd128`.
//! Elsewhere, and everywhere with `--cfg propelauth_edge_portable` in `RUSTFLAGS`, uses a table.
//!
//! The crate `base64-simd` is as strict, but needs std to detect AVX2, and would add three dependencies to the core.
//!
//! Tests compare it with `base64ct`, which works in constant time. That is not needed here, since the sender of a token
//! knows its text, and it would make verification a tenth slower and a cache hit twice as slow.

mod alphabet;
mod blocks;
mod table;

// One of the three, or an empty replacement with the same functions.
#[allow(unsafe_code)]
#[cfg_attr(
    all(any(fuzzing, test, not(propelauth_edge_portable)), target_arch = "x86_64", target_feature = "sse2"),
    path = "base64url/avx2.rs"
)]
#[cfg_attr(
    all(
        any(fuzzing, test, not(propelauth_edge_portable)),
        target_arch = "aarch64",
        target_feature = "neon",
        target_endian = "little"
    ),
    path = "base64url/neon.rs"
)]
#[cfg_attr(
    all(any(fuzzing, test, not(propelauth_edge_portable)), target_arch = "wasm32", target_feature = "simd128"),
    path = "base64url/simd128.rs"
)]
#[cfg_attr(
    not(all(
        any(fuzzing, test, not(propelauth_edge_portable)),
        any(
            all(target_arch = "x86_64", target_feature = "sse2"),
            all(target_arch = "aarch64", target_feature = "neon", target_endian = "little"),
            all(target_arch = "wasm32", target_feature = "simd128"),
        )
    )),
    path = "base64url/no_vectors.rs"
)]
mod vectors;

use vectors::Vectors;

/// Returns the number of bytes that this many characters encode.
pub(crate) const fn decoded_len(characters: usize) -> usize {
    (characters / 4).saturating_mul(3).saturating_add(match characters % 4 {
        3 => 2,
        2 => 1,
        _ => 0,
    })
}

/// Decodes into `decoded`, which has [`decoded_len`] bytes. Returns `None` on a character outside the alphabet, an
/// impossible length, or non-zero trailing bits.
pub(crate) fn decode(text: &[u8], decoded: &mut [u8]) -> Option<()> {
    let vectors = if cfg!(propelauth_edge_portable) { None } else { Vectors::detect() };
    decode_by(vectors, text, decoded)
}

#[inline(always)]
fn decode_by(vectors: Option<Vectors>, text: &[u8], decoded: &mut [u8]) -> Option<()> {
    if text.len() % 4 == 1 || decoded.len() != decoded_len(text.len()) {
        return None;
    }
    let is_good = match vectors {
        Some(vectors) => vectors.decode(text, decoded),
        None => table::decode(text, decoded),
    };
    is_good.then_some(())
}

/// Runs [`decode`] with each implementation available here, by name.
#[cfg(fuzzing)]
pub(crate) fn decode_by_each(text: &[u8]) -> std::vec::Vec<(std::string::String, Option<std::vec::Vec<u8>>)> {
    let decode = |vectors| {
        let mut decoded = std::vec![0; decoded_len(text.len())];
        let result = decode_by(vectors, text, &mut decoded);
        (std::format!("{vectors:?}"), result.map(|()| decoded))
    };
    [None, Vectors::detect()].map(decode).into()
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing)]
mod tests {
    use base64ct::{Base64UrlUnpadded, Encoding};
    use proptest::prelude::*;
    use std::{vec, vec::Vec};

    use super::*;

    /// Compares each implementation with `base64ct`. The text begins at `at`, and is decoded to that offset; nothing
    /// else may be written.
    fn check_at(at: usize, text: &[u8]) {
        let len = decoded_len(text.len());
        let mut expected = vec![0; len];
        let expected = Base64UrlUnpadded::decode(text, &mut expected).ok();

        let text = [&vec![b'.'; at], text, b"."].concat();
        let text = &text[at..text.len() - 1];
        for vectors in [None, Vectors::detect()] {
            let mut decoded = vec![b'.'; at + len + at];
            let result = decode_by(vectors, text, &mut decoded[at..][..len]);
            assert_eq!(result.map(|()| &decoded[at..][..len]), expected, "{vectors:?}, {}", text.escape_ascii());
            let (before, after) = (&decoded[..at], &decoded[at + len..]);
            assert!(before.iter().chain(after).all(|byte| *byte == b'.'), "{vectors:?}, {}", text.escape_ascii());
        }
    }

    fn check(text: &[u8]) {
        check_at(text.len() % 3, text);
    }

    /// Returns this many characters of the alphabet.
    fn text(len: usize) -> Vec<u8> {
        let bytes: Vec<u8> = (0..len).map(|i| (i * i + i / 64) as u8).collect();
        Base64UrlUnpadded::encode_string(&bytes).into_bytes().into_iter().take(len).collect()
    }

    #[test]
    fn all_short_texts() {
        for len in 0..=2 {
            for code in 0..256usize.pow(len) {
                check(&(0..len).map(|i| (code >> (8 * i)) as u8).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn every_length_in_every_place() {
        for len in 0..=140 {
            for at in 0..=32 {
                check_at(at, &text(len));
            }
        }
    }

    /// Lengths around one block of 32 characters, and around two.
    #[test]
    fn every_character_in_every_place() {
        for len in (28..=36).chain(60..=66) {
            let text = text(len);
            for at in 0..len {
                for character in 0..=255 {
                    let mut text = text.clone();
                    text[at] = character;
                    check(&text);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn encoded_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            check(Base64UrlUnpadded::encode_string(&bytes).as_bytes());
        }

        #[test]
        fn near_misses(text in "[A-Za-z0-9_=+/ é-]{0,40}") {
            check(text.as_bytes());
        }

        #[test]
        fn texts_of_the_alphabet(text in "[A-Za-z0-9_-]{0,140}") {
            check(text.as_bytes());
        }
    }
}
