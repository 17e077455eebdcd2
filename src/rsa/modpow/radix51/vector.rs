//! What the arithmetic in radix 2^51 needs of a processor.

/// Bits of a digit.
pub(super) const DIGIT_BITS: u32 = 51;
/// The bits of a digit.
pub(super) const DIGIT_MASK: u64 = (1 << DIGIT_BITS) - 1;

/// `M` lanes of 64 bits, each an integer modulo 2^64 or, in the form that the multiplier takes, a digit.
///
/// A digit is of any size between 0 and somewhat more than 2^51; the f64 backends take somewhat less than 0 as well.
/// How much more and less is proved by `interval`, which is a `Vector` too.
pub(in crate::rsa::modpow) trait Vector<const M: usize>: Copy {
    /// A lane in memory.
    type Word: Copy;

    /// 2^50 where digits are to be from -2^50 on, 0 where they are to be from 0 on.
    const ROUNDING: u64;

    /// A digit below 2^51 as the multiplier takes it.
    fn word(digit: u64) -> Self::Word;
    /// The digit that the multiplier takes as this word.
    fn digit(word: Self::Word) -> i64;

    fn load(words: &[Self::Word; M]) -> Self;
    fn store(self, words: &mut [Self::Word; M]);
    /// The word in all lanes.
    fn splat(word: Self::Word) -> Self;
    /// The integer in all lanes.
    fn integer(value: u64) -> Self;

    /// Adds a b to low + 2^51 high in the weights of [`columns`](Self::columns). The factors are digits for the multiplier,
    /// the sums are integers.
    fn multiply_add(low: &mut Self, high: &mut Self, a: Self, b: Self);

    /// Adds two products.
    #[inline(always)]
    fn multiply_add_two(low: &mut Self, high: &mut Self, [a0, a1]: [Self; 2], [b0, b1]: [Self; 2]) {
        Self::multiply_add(low, high, a0, b0);
        Self::multiply_add(low, high, a1, b1);
    }

    /// Sums of low parts and sums of high parts of the same columns, together.
    fn columns(low: Self, high: Self) -> Self;

    fn add(self, other: Self) -> Self;
    fn and(self, mask: [u64; M]) -> Self;
    /// Of two vectors of which one is zero, in every lane.
    fn or(self, other: Self) -> Self;
    /// What an integer has above a digit, rounded down.
    fn carry(self) -> Self;
    /// Small integers as the multiplier takes them.
    fn to_multiplier(self) -> Self;

    /// [`Columns::square`] compiled for this processor.
    ///
    /// [`Columns::square`]: super::Engine
    fn square(engine: &mut super::Engine<'_, Self, M>, a: &mut super::Number<Self::Word>) {
        engine.square_inline(a);
    }

    /// The same of multiplication.
    fn multiply(
        engine: &mut super::Engine<'_, Self, M>,
        a: &mut super::Number<Self::Word>,
        b: &super::Number<Self::Word>,
    ) {
        engine.multiply_inline(a, b);
    }
}
