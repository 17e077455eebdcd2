//! Columns: sums of all products that belong to one power of the radix, and what is done with them.

use core::array;

use super::vector::{DIGIT_MASK, Vector};
use super::{MAX, MAX_LANES, Number, PADDING};

/// Zeros below the first column, for whole vectors that begin there.
const HEAD: usize = MAX_LANES;
const WORDS: usize = HEAD + (2 * MAX.number()).next_multiple_of(MAX_LANES) + 3 * MAX_LANES;

/// Sums of products, low and high parts apart: column c is low\[c] + high\[c - 1], by [`Vector::column`].
///
/// M digits by M columns make a tile: M^2 products whose factors are M words in all lanes and M windows of M words each,
/// every one beginning a word before the last. Every sum grows by M low or M high parts a tile.
#[repr(C, align(64))]
pub(super) struct Columns<W> {
    low: [W; WORDS],
    high: [W; WORDS],
}

impl<W: Copy> Columns<W> {
    pub(super) const fn new(zero: W) -> Self {
        Self { low: [zero; WORDS], high: [zero; WORDS] }
    }

    /// Zeros so many columns, what is below them, and the two tiles above them that are read.
    #[inline(always)]
    pub(super) fn clear<V: Vector<M, Word = W>, const M: usize>(&mut self, columns: usize) {
        for half in [&mut self.low, &mut self.high] {
            for chunk in half.as_chunks_mut::<M>().0.iter_mut().take((HEAD + columns).div_ceil(M) + 2) {
                V::integer(0).store(chunk);
            }
        }
    }

    /// Adds the products of M digits by the digits of `b`, the first ones to the columns from `column` on, in the tiles
    /// from `first` to `end`.
    #[inline(always)]
    pub(super) fn add_products<V: Vector<M, Word = W>, const M: usize>(
        &mut self,
        column: usize,
        digits: [V; M],
        b: &Number<W>,
        first: usize,
        end: usize,
    ) {
        let from = HEAD + column + first * M;
        let low = self.low.get_mut(from..).unwrap_or_default().as_chunks_mut::<M>().0;
        let high = self.high.get_mut(from..).unwrap_or_default().as_chunks_mut::<M>().0;
        let b = b.0.as_chunks::<M>().0.get(PADDING / M + first - 1..PADDING / M + end.max(first)).unwrap_or_default();
        V::add_tiles(low, high, digits, b);
    }

    /// Adds the products a\[i] a\[j] with i < j in the M rows i from `row` on to the columns from 2 `row` to
    /// 2 `row` + 2 M - 1. These get no others any more, so it doubles them and adds the squares.
    #[inline(always)]
    pub(super) fn finish_square<V: Vector<M, Word = W>, const M: usize>(
        &mut self,
        row: usize,
        digits: [V; M],
        a: &Number<W>,
    ) {
        let low = self.low.get_mut(HEAD + 2 * row..).and_then(|low| low.as_chunks_mut::<M>().0.first_chunk_mut::<2>());
        let high =
            self.high.get_mut(HEAD + 2 * row..).and_then(|high| high.as_chunks_mut::<M>().0.first_chunk_mut::<2>());
        let a = a.0.get(PADDING + row - M..).and_then(|a| a.as_chunks::<M>().0.first_chunk::<3>());
        let (Some(low), Some(high), Some(a)) = (low, high, a) else { return };
        for (half, (to_low, to_high)) in low.iter_mut().zip(high).enumerate() {
            let (mut low, mut high) = (V::load(to_low), V::load(to_high));
            let mut squared = V::integer(0);
            // In row r the lanes from column 2 row + 2 r + 1 on are wanted: none in the second half of the rows at first.
            for r in (0..(half + 1) * M / 2).step_by(2) {
                let (Some(&a0), Some(&a1)) = (digits.get(r), digits.get(r + 1)) else { break };
                let above = |r| lanes::<M>(|lane| half * M + lane > 2 * r);
                let factors = [
                    window::<V, M>(a.as_flattened(), M + half * M - r).and(above(r)),
                    window::<V, M>(a.as_flattened(), M + half * M - r - 1).and(above(r + 1)),
                ];
                V::multiply_add_two(&mut low, &mut high, [a0, a1], factors);
            }
            for (r, digit) in digits.iter().enumerate().skip(half * M / 2).take(M / 2) {
                squared = squared.or(digit.and(lanes(|lane| half * M + lane == 2 * r)));
            }
            (low, high) = (low.add(low), high.add(high));
            V::multiply_add(&mut low, &mut high, squared, squared);
            low.store(to_low);
            high.store(to_high);
        }
    }

    /// The digits of the k columns from `column` on. What they carry goes one column up, the last one into the columns,
    /// and they themselves are not to be read again.
    #[inline(always)]
    pub(super) fn take_digits<V: Vector<M, Word = W>, const M: usize>(
        &mut self,
        column: usize,
        k: usize,
        digits: &mut Number<W>,
    ) {
        self.digits::<V, M>(column, k, digits);
        if let Some(above) = digits.0.get_mut(PADDING + k..).and_then(<[_]>::first_chunk_mut::<M>) {
            V::integer(0).store(above);
        }
        let next = column + k;
        let carry = self.column::<V, M>(next - 1).add(V::integer(V::ROUNDING)).carry();
        if let Some(low) = self.low.get_mut(HEAD + next..).and_then(<[_]>::first_chunk_mut::<M>) {
            V::load(low).add(carry.and(lanes(|lane| lane == 0))).store(low);
        }
        let zero = V::ZERO;
        if let (Some(low), Some(high)) = (self.low.get_mut(HEAD + next - 1), self.high.get_mut(HEAD + next - 2)) {
            (*low, *high) = (zero, zero);
        }
    }

    /// The digits of the `len` columns from `column` on, the last of which carries nowhere.
    #[inline(always)]
    pub(super) fn number<V: Vector<M, Word = W>, const M: usize>(&self, column: usize, len: usize, to: &mut Number<W>) {
        self.digits::<V, M>(column, len, to);
        let top = column + len - 1;
        let carry = self.column::<V, M>(top - 1).add(V::integer(V::ROUNDING)).carry();
        let digit = self.column::<V, M>(top).add(carry).and(lanes(|lane| lane == 0));
        if let Some(to) = to.0.get_mut(PADDING + len - 1..).and_then(<[_]>::first_chunk_mut::<M>) {
            digit.to_factors().store(to);
        }
    }

    /// The digits of `len` columns and of the rest of the last vector.
    ///
    /// A column is far below 2^61 on both sides of 0. So a digit, which is what is left of a column after carrying and
    /// what the column below carries, is wider than 51 bits by less than 2^10.
    #[inline(always)]
    fn digits<V: Vector<M, Word = W>, const M: usize>(&self, column: usize, len: usize, to: &mut Number<W>) {
        let low = self.low.get(HEAD + column - 1..).unwrap_or_default().windows(M + 1).step_by(M);
        let high = self.high.get(HEAD + column - 2..).unwrap_or_default().windows(M + 1).step_by(M);
        let to = to.0.get_mut(PADDING..).unwrap_or_default().as_chunks_mut::<M>().0;
        for ((to, low), high) in to.iter_mut().take(len.div_ceil(M)).zip(low).zip(high) {
            let rounding = V::integer(V::ROUNDING);
            let below = V::column(window(low, 0), window(high, 0)).add(rounding);
            let column = V::column(window(low, 1), window(high, 1)).add(rounding);
            let rest = column.and([DIGIT_MASK; M]).add(V::integer(V::ROUNDING.wrapping_neg()));
            rest.add(below.carry()).to_factors().store(to);
        }
    }

    #[inline(always)]
    fn column<V: Vector<M, Word = W>, const M: usize>(&self, column: usize) -> V {
        V::column(window(&self.low, HEAD + column), window(&self.high, HEAD + column - 1))
    }
}

/// [`Vector::add_tiles`] by [`Vector::multiply_add_two`].
#[inline(always)]
pub(super) fn add_tiles<V: Vector<M>, const M: usize>(
    low: &mut [[V::Word; M]],
    high: &mut [[V::Word; M]],
    digits: [V; M],
    b: &[[V::Word; M]],
) {
    for ((to_low, to_high), b) in low.iter_mut().zip(high).zip(b.windows(2)) {
        let Some(b) = b.first_chunk::<2>() else { break };
        let (mut low, mut high) = (V::load(to_low), V::load(to_high));
        for row in (0..M).step_by(2) {
            let (Some(&a0), Some(&a1)) = (digits.get(row), digits.get(row + 1)) else { break };
            let factors = [window(b.as_flattened(), M - row), window(b.as_flattened(), M - row - 1)];
            V::multiply_add_two(&mut low, &mut high, [a0, a1], factors);
        }
        low.store(to_low);
        high.store(to_high);
    }
}

/// Tiles that M rows of so many products each go through.
pub(super) const fn tiles<const M: usize>(products: usize) -> usize {
    (products + M - 1).div_ceil(M)
}

/// M digits from this one on, each in all lanes.
#[inline(always)]
pub(super) fn rows<V: Vector<M>, const M: usize>(number: &Number<V::Word>, row: usize, zeros: usize) -> [V; M] {
    match number.0.get(PADDING + row - zeros..).and_then(<[_]>::first_chunk::<M>) {
        Some(digits) => digits.map(V::splat),
        None => [V::integer(0); M],
    }
}

/// M words from this one on. There are as many wherever this is called.
#[inline(always)]
fn window<V: Vector<M>, const M: usize>(words: &[V::Word], at: usize) -> V {
    words.get(at..).and_then(<[_]>::first_chunk::<M>).map_or(V::integer(0), V::load)
}

#[inline(always)]
fn lanes<const M: usize>(keep: impl Fn(usize) -> bool) -> [u64; M] {
    array::from_fn(|lane| if keep(lane) { u64::MAX } else { 0 })
}
