//! AVX2 and FMA: four lanes of f64 (x86-64).

use core::arch::x86_64::*;

use super::vector::{DIGIT_BITS, Vector};
use super::{Engine, Number, f64 as constants};

/// Vectors side by side, for which a digit is loaded once.
const SIDE_BY_SIDE: usize = 1;
pub(in crate::rsa::modpow) const LANES: usize = 4 * SIDE_BY_SIDE;

/// Exists only where the processor has AVX2 and FMA: the way to the functions here is `super::super::Backend`.
#[derive(Clone, Copy)]
pub(in crate::rsa::modpow) struct Avx2([__m256i; SIDE_BY_SIDE]);

#[inline(always)]
fn each<T>(f: impl Fn(usize) -> T) -> [T; SIDE_BY_SIDE] {
    core::array::from_fn(f)
}

impl Vector<LANES> for Avx2 {
    type Word = u64;

    const ROUNDING: u64 = 1 << 50;

    #[inline(always)]
    fn word(digit: u64) -> u64 {
        (digit as f64).to_bits()
    }
    #[inline(always)]
    fn digit(word: u64) -> i64 {
        f64::from_bits(word) as i64
    }

    #[inline(always)]
    fn load(words: &[u64; LANES]) -> Self {
        Self(each(|i| unsafe { _mm256_loadu_si256(words.as_ptr().add(4 * i).cast()) }))
    }
    #[inline(always)]
    fn store(self, words: &mut [u64; LANES]) {
        for i in 0..SIDE_BY_SIDE {
            unsafe { _mm256_storeu_si256(words.as_mut_ptr().add(4 * i).cast(), self.0[i]) }
        }
    }
    #[inline(always)]
    fn splat(word: u64) -> Self {
        Self::integer(word)
    }
    #[inline(always)]
    fn integer(value: u64) -> Self {
        let v = unsafe { _mm256_set1_epi64x(value as i64) };
        Self(each(|_| v))
    }

    #[inline(always)]
    fn multiply_add(low: &mut Self, high: &mut Self, a: Self, b: Self) {
        for i in 0..SIDE_BY_SIDE {
            unsafe {
                let (a, b) = (_mm256_castsi256_pd(a.0[i]), _mm256_castsi256_pd(b.0[i]));
                let h = _mm256_fmadd_pd(a, b, _mm256_set1_pd(constants::HIGH_MAGIC));
                let l = _mm256_fmadd_pd(a, b, _mm256_sub_pd(_mm256_set1_pd(constants::BOTH_MAGIC), h));
                let h = _mm256_sub_epi64(
                    _mm256_castpd_si256(h),
                    _mm256_set1_epi64x(constants::HIGH_MAGIC.to_bits() as i64),
                );
                let l =
                    _mm256_sub_epi64(_mm256_castpd_si256(l), _mm256_set1_epi64x(constants::LOW_MAGIC.to_bits() as i64));
                high.0[i] = _mm256_add_epi64(high.0[i], h);
                low.0[i] = _mm256_add_epi64(low.0[i], l);
            }
        }
    }
    #[inline(always)]
    fn multiply_add_two(low: &mut Self, high: &mut Self, a: [Self; 2], b: [Self; 2]) {
        for i in 0..SIDE_BY_SIDE {
            unsafe {
                let (a0, b0) = (_mm256_castsi256_pd(a[0].0[i]), _mm256_castsi256_pd(b[0].0[i]));
                let (a1, b1) = (_mm256_castsi256_pd(a[1].0[i]), _mm256_castsi256_pd(b[1].0[i]));
                let (hm, bm) = (_mm256_set1_pd(constants::HIGH_MAGIC), _mm256_set1_pd(constants::BOTH_MAGIC));
                let h = _mm256_fmadd_pd(a0, b0, hm);
                let l = _mm256_fmadd_pd(a0, b0, _mm256_sub_pd(bm, h));
                high.0[i] = _mm256_add_epi64(high.0[i], _mm256_castpd_si256(h));
                low.0[i] = _mm256_add_epi64(low.0[i], _mm256_castpd_si256(l));
                let h = _mm256_fnmadd_pd(a1, b1, hm);
                let l = _mm256_fnmadd_pd(a1, b1, _mm256_sub_pd(bm, h));
                high.0[i] = _mm256_sub_epi64(high.0[i], _mm256_castpd_si256(h));
                low.0[i] = _mm256_sub_epi64(low.0[i], _mm256_castpd_si256(l));
            }
        }
    }
    #[inline(always)]
    fn columns(low: Self, high: Self) -> Self {
        low.add(high)
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(each(|i| unsafe { _mm256_add_epi64(self.0[i], other.0[i]) }))
    }
    #[inline(always)]
    fn and(self, mask: [u64; LANES]) -> Self {
        let mask = Self::load(&mask);
        Self(each(|i| unsafe { _mm256_and_si256(self.0[i], mask.0[i]) }))
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        Self(each(|i| unsafe { _mm256_or_si256(self.0[i], other.0[i]) }))
    }
    #[inline(always)]
    fn carry(self) -> Self {
        // There is no arithmetic shift of 64-bit lanes.
        const BIAS: i64 = 1 << 62;
        Self(each(|i| unsafe {
            let biased = _mm256_add_epi64(self.0[i], _mm256_set1_epi64x(BIAS));
            let shifted = _mm256_srli_epi64::<{ DIGIT_BITS as i32 }>(biased);
            _mm256_sub_epi64(shifted, _mm256_set1_epi64x(BIAS >> DIGIT_BITS))
        }))
    }
    #[inline(always)]
    fn to_multiplier(self) -> Self {
        Self(each(|i| unsafe {
            let magic = _mm256_set1_pd(constants::LOW_MAGIC);
            let sum = _mm256_add_epi64(self.0[i], _mm256_castpd_si256(magic));
            _mm256_castpd_si256(_mm256_sub_pd(_mm256_castsi256_pd(sum), magic))
        }))
    }

    fn square(engine: &mut Engine<'_, Self, LANES>, a: &mut Number<u64>) {
        #[target_feature(enable = "avx2,fma")]
        fn square(engine: &mut Engine<'_, Avx2, LANES>, a: &mut Number<u64>) {
            engine.square_inline(a);
        }
        unsafe { square(engine, a) }
    }
    fn multiply(engine: &mut Engine<'_, Self, LANES>, a: &mut Number<u64>, b: &Number<u64>) {
        #[target_feature(enable = "avx2,fma")]
        fn multiply(engine: &mut Engine<'_, Avx2, LANES>, a: &mut Number<u64>, b: &Number<u64>) {
            engine.multiply_inline(a, b);
        }
        unsafe { multiply(engine, a, b) }
    }
}
