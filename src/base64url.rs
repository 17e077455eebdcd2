//! Unpadded base64url in its one canonical form (RFC 7515 section 2, RFC 4648 sections 3.5 and 5).
//!
//! This decodes the payload, once its signature is known to be good: `base64ct`, which works in constant time, would
//! make a whole verification a tenth longer, and a cache hit twice as long. The header and the signature are short, and
//! anybody may have written them, so they are left to `base64ct`; it is also the judge in the tests.

/// Octets that so many characters stand for.
pub(crate) const fn decoded_len(characters: usize) -> usize {
    (characters / 4).saturating_mul(3).saturating_add(match characters % 4 {
        3 => 2,
        2 => 1,
        _ => 0,
    })
}

/// What is not of the alphabet: all bits are set, above the sixth as well, wherever it is shifted.
const INVALID: i8 = -1;

const SEXTETS: [i8; 256] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut sextets = [INVALID; 256];
    let mut i = 0;
    #[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)] // at compile time
    while i < alphabet.len() {
        sextets[alphabet[i] as usize] = i as i8;
        i += 1;
    }
    sextets
};

/// The sextets of so many characters, one after the other; negative if one is not of the alphabet.
#[inline]
fn sextets<const N: usize>(characters: &[u8; N]) -> i64 {
    characters.iter().fold(0, |sextets, &character| {
        sextets << 6 | i64::from(SEXTETS.get(usize::from(character)).copied().unwrap_or(INVALID))
    })
}

/// Decodes into `octets`, which are as many as [`decoded_len`] says. Nothing if a character is not of the alphabet, the
/// length is one that no octets have, or unused bits are not zero.
pub(crate) fn decode(text: &[u8], octets: &mut [u8]) -> Option<()> {
    let (eights, end) = text.as_chunks::<8>();
    let (sixes, rest) = octets.split_at_mut_checked(eights.len().checked_mul(6)?)?;
    // One look at all that was wrong, at the end: what comes in is good nearly always.
    let mut wrong = 0;
    for (eight, six) in eights.iter().zip(sixes.as_chunks_mut::<6>().0) {
        let sextets = sextets(eight);
        wrong |= sextets;
        let [_, _, decoded @ ..] = sextets.to_be_bytes();
        *six = decoded;
    }
    let (quartet, last) = match end.split_first_chunk::<4>() {
        Some((quartet, last)) => (Some(quartet), last),
        None => (None, end),
    };
    let (triplet, rest) = rest.split_at_mut_checked(if quartet.is_some() { 3 } else { 0 })?;
    if let (Some(quartet), [x, y, z]) = (quartet, triplet) {
        let sextets = sextets(quartet);
        wrong |= sextets;
        [.., *x, *y, *z] = sextets.to_be_bytes();
    }
    match (last, rest) {
        ([], []) => {}
        // The unused bits below are zero.
        ([a, b], [x]) => {
            let sextets = sextets(&[*a, *b]);
            wrong |= sextets | (sextets & 0x0f).wrapping_neg();
            [.., *x] = (sextets >> 4).to_be_bytes();
        }
        ([a, b, c], [x, y]) => {
            let sextets = sextets(&[*a, *b, *c]);
            wrong |= sextets | (sextets & 0x03).wrapping_neg();
            [.., *x, *y] = (sextets >> 2).to_be_bytes();
        }
        _ => return None,
    }
    if wrong < 0 { None } else { Some(()) }
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64UrlUnpadded, Encoding};
    use proptest::prelude::*;
    use std::{string::String, vec, vec::Vec};

    use super::*;

    fn ours(text: &str) -> Option<Vec<u8>> {
        let mut octets = vec![0; decoded_len(text.len())];
        decode(text.as_bytes(), &mut octets).map(|()| octets)
    }

    #[test]
    fn all_short_texts() {
        let mut cases = 0;
        for len in 0..=2 {
            for code in 0..256usize.pow(len) {
                let octets: Vec<u8> = (0..len).map(|i| (code >> (8 * i)) as u8).collect();
                let Ok(text) = String::from_utf8(octets) else { continue };
                assert_eq!(ours(&text), Base64UrlUnpadded::decode_vec(&text).ok(), "{text:?}");
                cases += 1;
            }
        }
        assert!(cases > 16_000);
    }

    proptest! {
        #[test]
        fn encoded_octets(octets in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(ours(&Base64UrlUnpadded::encode_string(&octets)), Some(octets));
        }

        #[test]
        fn near_misses(text in "[A-Za-z0-9_=+/ é-]{0,40}") {
            prop_assert_eq!(ours(&text), Base64UrlUnpadded::decode_vec(&text).ok());
        }

        #[test]
        fn texts_of_the_alphabet(text in "[A-Za-z0-9_-]{0,40}") {
            prop_assert_eq!(ours(&text), Base64UrlUnpadded::decode_vec(&text).ok());
        }
    }
}
