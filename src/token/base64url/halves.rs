//! The alphabet by half characters, for vectors, which look up among 16 values.

use super::super::alphabet::SEXTETS;

/// Tables indexed by a character's upper or lower four bits.
pub(super) struct Halves {
    /// A bit for each upper half in the alphabet.
    pub(super) upper: [u8; 16],
    /// The bits of all upper halves that form a character of the alphabet with this lower half. So a character is in
    /// the alphabet if its halves have a bit in common.
    pub(super) lower: [u8; 16],
    /// The offset from a character to its sextet, by its upper half. `_` shares its upper half with letters that need
    /// another offset, and uses index 0, which is no other character's upper half.
    pub(super) offsets: [u8; 16],
}

#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)] // at compile time
pub(super) const HALVES: Halves = {
    let mut halves = Halves { upper: [0; 16], lower: [0; 16], offsets: [0; 16] };
    let (mut character, mut next_bit) = (0, 1);
    while character < SEXTETS.len() {
        let (upper, lower) = (character >> 4, character & 15);
        if SEXTETS[character] >= 0 {
            if halves.upper[upper] == 0 {
                (halves.upper[upper], next_bit) = (next_bit, next_bit << 1);
            }
            halves.lower[lower] |= halves.upper[upper];
            let at = if character == '_' as usize { 0 } else { upper };
            let offset = (SEXTETS[character] as u8).wrapping_sub(character as u8);
            assert!(halves.offsets[at] == 0 || halves.offsets[at] == offset);
            halves.offsets[at] = offset;
        }
        character += 1;
    }
    halves
};
