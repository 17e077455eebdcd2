//! Decodes with a table, eight characters at a time, on any processor.

use super::alphabet::SEXTETS;
use super::blocks::decode_blocks;

/// Returns the sextets, shifted.
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

/// A table per shift is faster on large processors. A single one saves four kilobytes on others and in WebAssembly.
const ONE_TABLE: bool = cfg!(not(target_pointer_width = "64"));

/// Returns the sextet of a character, shifted.
#[inline(always)]
#[allow(clippy::indexing_slicing)] // by a byte, of 256
fn sextet<const SHIFT: u32>(character: u8) -> u32 {
    let character = usize::from(character);
    if ONE_TABLE { (SEXTETS[character] as u32) << SHIFT } else { (const { &table(SHIFT) })[character] }
}

/// Decodes into as many bytes as the text encodes. Returns `false` on a character outside the alphabet or non-zero
/// trailing bits.
pub(super) fn decode(text: &[u8], decoded: &mut [u8]) -> bool {
    // Errors are checked once at the end: input is almost always valid.
    let mut wrong = 0;
    let four = |[a, b, c, d]: [u8; 4]| sextet::<18>(a) | sextet::<12>(b) | sextet::<6>(c) | sextet::<0>(d);
    let are_zero = decode_blocks(text, decoded, |&[a, b, c, d, e, f, g, h]: &[u8; 8], bytes: &mut [u8; 6]| {
        let (high, low) = (four([a, b, c, d]), four([e, f, g, h]));
        wrong |= (high | low) >> 24;
        let [_, _, six @ ..] = (u64::from(high) << 24 | u64::from(low)).to_be_bytes();
        *bytes = six;
    });
    are_zero && wrong == 0
}
