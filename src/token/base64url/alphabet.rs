//! The alphabet as one table.

/// The sextets of all characters. Characters outside the alphabet have all bits set, so that some remain above the 24
/// bits of four characters after any shift.
pub(super) const SEXTETS: [i8; 256] = {
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
