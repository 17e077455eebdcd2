//! The interface between arithmetic in radix 2^51 and a processor: lanes, and a way to multiply the digits in them.
//!
//! [`Lanes`] has the vector instructions that every multiplier needs, `fma::F64` and `ifma::Madd52` those of one
//! multiplier. A [`Multiplier`] builds on them.

/// Bits of a digit.
pub(super) const DIGIT_BITS: u32 = 51;
/// The bits of a digit.
pub(super) const DIGIT_MASK: u64 = (1 << DIGIT_BITS) - 1;

/// A lane in memory: a `u64`, or an interval of integers in `proof`.
pub(super) trait Word: Copy + From<u64> {
    const ZERO: Self;
}

impl Word for u64 {
    const ZERO: Self = 0;
}

/// `M` lanes of 64 bits: either sums, integers from -2^62 to 2^62, or factors, digits in the multiplier's form.
pub(super) trait Lanes<const M: usize>: Copy {
    type Word: Word;

    fn load(words: &[Self::Word; M]) -> Self;
    fn store(self, words: &mut [Self::Word; M]);
    /// Sets all lanes to the word.
    fn splat(word: Self::Word) -> Self;
    /// Adds sums.
    fn add(self, other: Self) -> Self;
    /// Masks sums or, with all or none of a lane's bits, factors.
    fn and(self, mask: [u64; M]) -> Self;
    /// Joins two vectors. In every lane, at least one of them is zero.
    fn or(self, other: Self) -> Self;
    /// Returns the part of a sum above a digit, rounded down.
    fn shift_right(self) -> Self;

    /// Returns the M words that begin this many words before the second chunk.
    #[inline(always)]
    fn window(chunks: &[[Self::Word; M]; 2], before: usize) -> Self {
        window(chunks.as_flattened(), M - before)
    }

    /// Runs the step in a function that is compiled for the processor. The default is for targets where the whole
    /// program is.
    #[inline(never)]
    fn run(step: impl Step) {
        step.run();
    }

    /// Sets all lanes to the integer.
    #[inline(always)]
    fn integer(value: u64) -> Self {
        Self::splat(value.into())
    }
}

/// A computation in lanes. All of it must be inlined.
pub(super) trait Step {
    fn run(self);
}

/// A way to multiply digits in one kind of lanes.
pub(super) trait Multiplier<L: Lanes<M>, const M: usize> {
    /// Half the radix if digits start at minus that, or 0 if they start at 0.
    const ROUNDING: u64;

    /// Converts sums that are digits into factors.
    fn to_factors(digits: L) -> L;
    /// Converts a factor into a digit.
    fn digit(factor: u64) -> i64;

    /// Adds a b to the sums, split into a low part and a high part.
    fn multiply_add(low: &mut L, high: &mut L, a: L, b: L);

    /// Adds two products.
    #[inline(always)]
    fn multiply_add_two(low: &mut L, high: &mut L, [a0, a1]: [L; 2], [b0, b1]: [L; 2]) {
        Self::multiply_add(low, high, a0, b0);
        Self::multiply_add(low, high, a1, b1);
    }

    /// Returns the sum of the low parts of some columns and the high parts of the columns below them.
    fn column(low: L, high: L) -> L;

    /// Adds the products of M digits by those of `b` to the sums in memory, tile by tile (see `columns`). A tile reads
    /// its own words of `b` and the words before them, so `b` has one chunk more than there are tiles. After the first
    /// `whole` tiles, all products of the first M / 2 digits are zero, and may be left out.
    #[inline(always)]
    fn add_tiles(
        low: &mut [[L::Word; M]],
        high: &mut [[L::Word; M]],
        digits: [L; M],
        whole: usize,
        b: &[[L::Word; M]],
    ) {
        add_tiles::<Self, L, M>(low, high, digits, |tile| tile < whole, b);
    }
}

/// [`Multiplier::add_tiles`] by [`Multiplier::multiply_add_two`]. Leaves out the first M / 2 digits in tiles that are not
/// whole.
#[inline(always)]
pub(super) fn add_tiles<X: Multiplier<L, M> + ?Sized, L: Lanes<M>, const M: usize>(
    low: &mut [[L::Word; M]],
    high: &mut [[L::Word; M]],
    digits: [L; M],
    is_whole: impl Fn(usize) -> bool,
    b: &[[L::Word; M]],
) {
    for (tile, ((to_low, to_high), b)) in low.iter_mut().zip(high).zip(b.windows(2)).enumerate() {
        let Some(b) = b.first_chunk::<2>() else { break };
        let (mut low, mut high) = (L::load(to_low), L::load(to_high));
        if is_whole(tile) {
            add_rows::<X, L, M>(&mut low, &mut high, &digits, 0, b);
        }
        add_rows::<X, L, M>(&mut low, &mut high, &digits, M / 2, b);
        low.store(to_low);
        high.store(to_high);
    }
}

/// Adds the products of half of the digits, from this one on, in one tile.
#[inline(always)]
fn add_rows<X: Multiplier<L, M> + ?Sized, L: Lanes<M>, const M: usize>(
    low: &mut L,
    high: &mut L,
    digits: &[L; M],
    first: usize,
    b: &[[L::Word; M]; 2],
) {
    for row in (first..first + M / 2).step_by(2) {
        let (Some(&a0), Some(&a1)) = (digits.get(row), digits.get(row + 1)) else { break };
        let factors = [L::window(b, row), L::window(b, row + 1)];
        X::multiply_add_two(low, high, [a0, a1], factors);
    }
}

/// Returns M words from this one on. All callers have that many.
#[inline(always)]
pub(super) fn window<L: Lanes<M>, const M: usize>(words: &[L::Word], at: usize) -> L {
    words.get(at..).and_then(<[_]>::first_chunk::<M>).map_or(L::integer(0), L::load)
}
