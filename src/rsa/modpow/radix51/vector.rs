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

    /// What one multiplication adds to each low lane besides the product.
    const LOW_BIAS: u64;
    /// What one multiplication adds to each high lane besides the product.
    const HIGH_BIAS: u64;

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

    /// `low` + 2^51 `high` += `a` `b`, in weights of [`columns`](Self::columns) and besides the biases. The two are
    /// digits for the multiplier, the sums are integers.
    fn multiply_add(low: &mut Self, high: &mut Self, a: Self, b: Self);
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
