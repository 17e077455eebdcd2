//! What the arithmetic in radix 2^51 needs of a processor.

use super::{Engine, Number, columns};

/// Bits of a digit.
pub(super) const DIGIT_BITS: u32 = 51;
/// The bits of a digit.
pub(super) const DIGIT_MASK: u64 = (1 << DIGIT_BITS) - 1;

/// `M` lanes of 64 bits: sums, which are integers, or factors, which are digits as the multiplier takes them.
pub(in crate::rsa::modpow) trait Vector<const M: usize>: Copy {
    /// A lane in memory.
    type Word: Copy;

    /// As a sum and as a factor.
    const ZERO: Self::Word;

    /// Half the radix where digits are to be from minus that on, 0 where they are to be from 0 on.
    const ROUNDING: u64;

    /// Digits between 0 and the radix as factors.
    fn factors(digits: &[u64; M]) -> Self;
    /// The digit that is this factor.
    fn digit(factor: Self::Word) -> i64;

    fn load(words: &[Self::Word; M]) -> Self;
    fn store(self, words: &mut [Self::Word; M]);
    /// The word in all lanes.
    fn splat(word: Self::Word) -> Self;
    /// The integer in all lanes.
    fn integer(value: u64) -> Self;

    /// Adds a b to the sums, split into a low part and a high part.
    fn multiply_add(low: &mut Self, high: &mut Self, a: Self, b: Self);
    /// Adds two products.
    fn multiply_add_two(low: &mut Self, high: &mut Self, a: [Self; 2], b: [Self; 2]);
    /// Adds the products of M digits by those of `b` to the sums in memory, tile by tile. A tile takes the words of `b`
    /// that it begins with and those before it, which is why there is one more of these.
    #[inline(always)]
    fn add_tiles(low: &mut [[Self::Word; M]], high: &mut [[Self::Word; M]], digits: [Self; M], b: &[[Self::Word; M]]) {
        columns::add_tiles(low, high, digits, b);
    }
    /// The sum of the low parts of some columns and the high parts of the columns below them.
    fn column(low: Self, high: Self) -> Self;

    /// Of sums.
    fn add(self, other: Self) -> Self;
    /// Of sums or, with all or none of the bits of a lane, of factors.
    fn and(self, mask: [u64; M]) -> Self;
    /// Of vectors of which one is zero, in every lane.
    fn or(self, other: Self) -> Self;
    /// What a sum has above a digit, rounded down.
    fn carry(self) -> Self;
    /// Sums that are digits as factors.
    fn to_factors(self) -> Self;

    /// [`Engine::square_inline`], compiled for the processor.
    fn square(engine: &mut Engine<'_, Self, M>, a: &mut Number<Self::Word>);
    /// [`Engine::multiply_inline`], compiled for the processor.
    fn multiply(engine: &mut Engine<'_, Self, M>, a: &mut Number<Self::Word>, b: &Number<Self::Word>);
}
