//! Hashing for tables of fixed size. Collisions do not help an attacker: in the cache, one evicts an entry, and the
//! index of the orgs limits its steps.

/// Returns the slot of these bytes in a table with `places` slots, or zero if it has none. Hashes eight bytes at a
/// time: a multiplication moves their bits up, and a shift moves the upper half down for the next eight.
pub(crate) fn place(bytes: &[u8], places: usize) -> usize {
    let mix = |hash: u64, word: [u8; 8]| {
        let product = (hash ^ u64::from_le_bytes(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        product ^ product >> 32
    };
    let (words, rest) = bytes.as_chunks();
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let hash = mix(words.iter().fold(bytes.len() as u64, |hash, word| mix(hash, *word)), last);
    // Less than `places`, since the upper half of the hash is less than 2^32. Tables have fewer slots, so the product
    // does not overflow.
    ((hash >> 32).wrapping_mul(places as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use std::format;

    use super::*;

    /// Similar ids are distributed over the slots as evenly as by chance: with as many ids as slots, about 37 % of the
    /// slots remain free.
    #[test]
    fn places_are_taken_evenly() {
        const PLACES: usize = 1000;
        let ids: [&dyn Fn(usize) -> std::string::String; 4] =
            [&|i| format!("{i:x}"), &|i| format!("x{i}"), &|i| format!("1f3c5a6e-0d5b-4b8e-9a53-{i:012x}"), &|i| {
                format!("{i:08x}-0d5b-4b8e-9a53-7c1d2e3f4a5b")
            }];
        for id in ids {
            let mut taken = [false; PLACES];
            for i in 0..PLACES {
                let place = place(id(i).as_bytes(), PLACES);
                assert!(place < PLACES);
                taken[place] = true;
            }
            let free = taken.iter().filter(|taken| !**taken).count();
            assert!(free < 420, "{}: {free}", id(0));
        }
        assert_eq!(place(b"id", 0), 0);
    }
}
