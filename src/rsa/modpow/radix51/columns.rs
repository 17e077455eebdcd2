//! Columns: the sums of all products for one power of the radix, and operations on them.

// A tile is M digits by M columns. This one has M = 4 and starts at column c. aR is a digit in all lanes, bJ are words
// of b in memory, and each line is one multiplication of vectors. Its second factor, the window, begins one word before
// that of the line above. Words before b0 and after the last one are zero.
//
//                       lane 0      lane 1      lane 2      lane 3       window of b
//      a0 in all lanes  a0 b4       a0 b5       a0 b6       a0 b7        b4 .. b7
//      a1               a1 b3       a1 b4       a1 b5       a1 b6        b3 .. b6
//      a2               a2 b2       a2 b3       a2 b4       a2 b5        b2 .. b5
//      a3               a3 b1       a3 b2       a3 b3       a3 b4        b1 .. b4
//                       --------    --------    --------    --------
//      low parts to     low[c]      low[c + 1]  low[c + 2]  low[c + 3]
//      high parts to    high[c]     high[c + 1] high[c + 2] high[c + 3]
//
// So a tile loads and stores 2 M sums for M^2 products, and each sum grows by M low or M high parts. M rows of digits
// go through tile after tile. This is the second tile; the first has b0 .. b3 in its first line and zeros below b0 in
// the others, and the last has zeros above b. With AVX512-IFMA, tiles leave out their first M / 2 lines where these are
// zero, as a multiplication takes longer there than the branch does.
//
// In a square, the product of two different digits is computed once and doubled. The M rows that begin with digit r
// complete all columns from 2 r to 2 r + 2 M - 1, which are two tiles (for r = 0; "03" is a0 a3, "[11]" is a1 a1):
//
//      lane     0     1     2     3    |    0     1     2     3
//      a0      [00]   01    02    03   |    04    05    06    07
//      a1             .    [11]   12   |    13    14    15    16
//      a2                         .    |   [22]   23    24    25
//      a3                              |          .    [33]   34
//
// Everything below the squares is masked. Then the columns are doubled, and the squares added. The products to the
// right of these two tiles go to columns that later rows complete.

use core::array;
use core::marker::PhantomData;

use super::lanes::{DIGIT_MASK, Lanes, Multiplier, Word, window};
use super::number::{MAX, MAX_LANES, Number, PADDING};

/// Zeros below the first column, for whole vectors that begin there.
const HEAD: usize = MAX_LANES;
const WORDS: usize = HEAD + (2 * MAX.number()).next_multiple_of(MAX_LANES) + 3 * MAX_LANES;

/// Sums of products, low and high parts apart: column c is low\[c] + high\[c - 1], by [`Multiplier::column`].
#[repr(C, align(64))]
pub(super) struct Columns<X, L: Lanes<M>, const M: usize> {
    low: [L::Word; WORDS],
    high: [L::Word; WORDS],
    multiplier: PhantomData<X>,
}

impl<X: Multiplier<L, M>, L: Lanes<M>, const M: usize> Columns<X, L, M> {
    pub(super) const ZERO: Self =
        Self { low: [L::Word::ZERO; WORDS], high: [L::Word::ZERO; WORDS], multiplier: PhantomData };

    /// Clears this many columns, those below them, and the two tiles above them that are read.
    #[inline(always)]
    pub(super) fn clear(&mut self, columns: usize) {
        for half in [&mut self.low, &mut self.high] {
            for chunk in half.as_chunks_mut::<M>().0.iter_mut().take((HEAD + columns).div_ceil(M) + 2) {
                L::integer(0).store(chunk);
            }
        }
    }

    /// Adds the products of M digits by the `len` digits of `b`, the first ones to the columns from `column` on. Leaves
    /// out the tiles before `first`. The first `zeros` of the M digits are zero.
    #[inline(always)]
    pub(super) fn add_products(
        &mut self,
        column: usize,
        digits: [L; M],
        zeros: usize,
        b: &Number<L::Word>,
        len: usize,
        first: usize,
    ) {
        let end = (len + M - 1).div_ceil(M);
        // Each row ends one column below the next, so the first half of them may end below the last tile.
        let whole = match end * M - len {
            _ if zeros >= M / 2 => 0,
            beyond if beyond >= M / 2 + M - 1 => end - 1,
            _ => end,
        };
        let from = HEAD + column + first * M;
        let low = self.low.get_mut(from..).unwrap_or_default().as_chunks_mut::<M>().0;
        let high = self.high.get_mut(from..).unwrap_or_default().as_chunks_mut::<M>().0;
        let b = b.0.as_chunks::<M>().0.get(PADDING / M + first - 1..PADDING / M + end.max(first)).unwrap_or_default();
        X::add_tiles(low, high, digits, whole.saturating_sub(first), b);
    }

    /// Adds the products a\[i] a\[j] with i < j in the M rows i from `row` on to the columns from 2 `row` to 2 `row` +
    /// 2 M - 1. These columns are then complete, so this doubles them and adds the squares.
    #[inline(always)]
    pub(super) fn finish_square(&mut self, row: usize, digits: [L; M], a: &Number<L::Word>, len: usize) {
        let low = self.low.get_mut(HEAD + 2 * row..).and_then(|low| low.as_chunks_mut::<M>().0.first_chunk_mut::<2>());
        let high =
            self.high.get_mut(HEAD + 2 * row..).and_then(|high| high.as_chunks_mut::<M>().0.first_chunk_mut::<2>());
        let a = a.0.get(PADDING + row - M..).and_then(|a| a.as_chunks::<M>().0.first_chunk::<3>());
        let (Some(low), Some(high), Some(a)) = (low, high, a) else { return };
        for (half, (to_low, to_high)) in low.iter_mut().zip(high).enumerate() {
            if row + half * M / 2 >= len {
                break; // above the last square
            }
            let Some(a) = a.get(half..).and_then(<[_]>::first_chunk::<2>) else { break };
            let (mut low, mut high) = (L::load(to_low), L::load(to_high));
            let mut squared = L::integer(0);
            // Row r needs the lanes from column 2 row + 2 r + 1 on: at first none in the second half of the rows.
            for r in (0..(half + 1) * M / 2).step_by(2) {
                let (Some(&a0), Some(&a1)) = (digits.get(r), digits.get(r + 1)) else { break };
                let above = |r| lanes::<M>(|lane| half * M + lane > 2 * r);
                let factors = [L::window(a, r).and(above(r)), L::window(a, r + 1).and(above(r + 1))];
                X::multiply_add_two(&mut low, &mut high, [a0, a1], factors);
            }
            for (r, digit) in digits.iter().enumerate().skip(half * M / 2).take(M / 2) {
                squared = squared.or(digit.and(lanes(|lane| half * M + lane == 2 * r)));
            }
            (low, high) = (low.add(low), high.add(high));
            X::multiply_add(&mut low, &mut high, squared, squared);
            low.store(to_low);
            high.store(to_high);
        }
    }

    /// Removes the digits of the k columns from `column` on. Carries go one column up, the last one into the columns.
    /// The removed columns must not be read again.
    #[inline(always)]
    pub(super) fn take_digits(&mut self, column: usize, k: usize, digits: &mut Number<L::Word>) {
        self.digits(column, k, digits);
        if let Some(above) = digits.0.get_mut(PADDING + k..).and_then(<[_]>::first_chunk_mut::<M>) {
            L::integer(0).store(above);
        }
        let next = column + k;
        let carry = self.column(next - 1).add(L::integer(X::ROUNDING)).shift_right();
        if let Some(low) = self.low.get_mut(HEAD + next..).and_then(<[_]>::first_chunk_mut::<M>) {
            L::load(low).add(carry.and(lanes(|lane| lane == 0))).store(low);
        }
        if let (Some(low), Some(high)) = (self.low.get_mut(HEAD + next - 1), self.high.get_mut(HEAD + next - 2)) {
            (*low, *high) = (Word::ZERO, Word::ZERO);
        }
    }

    /// Converts `len` columns from `column` on into digits. The last one has no carry.
    #[inline(always)]
    pub(super) fn number(&self, column: usize, len: usize, to: &mut Number<L::Word>) {
        self.digits(column, len, to);
        let top = column + len - 1;
        let carry = self.column(top - 1).add(L::integer(X::ROUNDING)).shift_right();
        let digit = self.column(top).add(carry).and(lanes(|lane| lane == 0));
        if let Some(to) = to.0.get_mut(PADDING + len - 1..).and_then(<[_]>::first_chunk_mut::<M>) {
            X::to_factors(digit).store(to);
        }
    }

    /// Converts `len` columns, and the rest of the last vector, into digits.
    ///
    /// A column's absolute value is far below 2^61. So a digit, the rest of a column after carrying plus the carry from
    /// the column below, is wider than 51 bits by less than 2^10.
    #[inline(always)]
    fn digits(&self, column: usize, len: usize, to: &mut Number<L::Word>) {
        let low = self.low.get(HEAD + column - 1..).unwrap_or_default().windows(M + 1).step_by(M);
        let high = self.high.get(HEAD + column - 2..).unwrap_or_default().windows(M + 1).step_by(M);
        let to = to.0.get_mut(PADDING..).unwrap_or_default().as_chunks_mut::<M>().0;
        for ((to, low), high) in to.iter_mut().take(len.div_ceil(M)).zip(low).zip(high) {
            let rounding = L::integer(X::ROUNDING);
            let below = X::column(window(low, 0), window(high, 0)).add(rounding);
            let column = X::column(window(low, 1), window(high, 1)).add(rounding);
            let rest = column.and([DIGIT_MASK; M]).add(L::integer(X::ROUNDING.wrapping_neg()));
            X::to_factors(rest.add(below.shift_right())).store(to);
        }
    }

    /// Returns this column in the first lane, and those above it.
    #[inline(always)]
    fn column(&self, column: usize) -> L {
        X::column(window(&self.low, HEAD + column), window(&self.high, HEAD + column - 1))
    }
}

#[inline(always)]
fn lanes<const M: usize>(keep: impl Fn(usize) -> bool) -> [u64; M] {
    array::from_fn(|lane| if keep(lane) { u64::MAX } else { 0 })
}
