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

/// The sextets of all characters. What is not of the alphabet has all bits set, so that wherever it is shifted, some
/// remain above the 24 of four characters.
const SEXTETS: [i8; 256] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut sextets = [-1; 256];
    let mut i = 0;
    #[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)] // at compile time
    while i < alphabet.len() {
        sextets[alphabet[i] as usize] = i as i8;
        i += 1;
    }
    sextets
};

/// The same, shifted.
const fn table(shift: u32) -> [u32; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    #[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)] // at compile time
    while i < table.len() {
        table[i] = (SEXTETS[i] as u32) << shift;
        i += 1;
    }
    table
}

/// A table for each shift is faster on large processors. One for all leaves four kilobytes to others, and to WebAssembly.
const ONE_TABLE: bool = cfg!(not(target_pointer_width = "64"));

/// The sextet of a character, shifted.
#[inline(always)]
#[allow(clippy::indexing_slicing)] // by an octet, of 256
fn sextet<const SHIFT: u32>(character: u8) -> u32 {
    let character = usize::from(character);
    if ONE_TABLE { (SEXTETS[character] as u32) << SHIFT } else { (const { &table(SHIFT) })[character] }
}

/// The octets of eight characters. What is above their bits is added to `wrong`.
#[inline(always)]
fn octets(characters: &[u8; 8], wrong: &mut u32) -> [u8; 6] {
    let four = |[a, b, c, d]: [u8; 4]| sextet::<18>(a) | sextet::<12>(b) | sextet::<6>(c) | sextet::<0>(d);
    let [a, b, c, d, e, f, g, h] = *characters;
    let (high, low) = (four([a, b, c, d]), four([e, f, g, h]));
    *wrong |= (high | low) >> 24;
    let [_, _, octets @ ..] = (u64::from(high) << 24 | u64::from(low)).to_be_bytes();
    octets
}

/// Decodes into `decoded`, which has as many octets as [`decoded_len`] says. Nothing if a character is not of the
/// alphabet, the length is one that no octets have, or unused bits are not zero.
pub(crate) fn decode(text: &[u8], decoded: &mut [u8]) -> Option<()> {
    if text.len() % 4 == 1 || decoded.len() != decoded_len(text.len()) {
        return None;
    }
    let (eights, end) = text.as_chunks();
    let (sixes, rest) = decoded.as_chunks_mut();
    // One look at all that was wrong, at the end: what comes in is good nearly always.
    let mut wrong = 0;
    for (eight, six) in eights.iter().zip(sixes) {
        *six = octets(eight, &mut wrong);
    }
    // `A` stands for zeros, so that behind the octets of the end there must be zeros.
    let mut eight = [b'A'; 8];
    eight.iter_mut().zip(end).for_each(|(to, from)| *to = *from);
    let mut six = octets(&eight, &mut wrong).into_iter();
    rest.iter_mut().zip(&mut six).for_each(|(to, from)| *to = from);
    if wrong == 0 && six.all(|octet| octet == 0) { Some(()) } else { None }
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
