//! AVX2 (x86-64): 32 characters at a time.

use core::arch::x86_64::*;

mod halves;

use super::blocks::decode_blocks;
use crate::cpu::HasAvx2;
use halves::HALVES;

#[derive(Clone, Copy, Debug)]
pub(super) struct Vectors(HasAvx2);

impl Vectors {
    #[inline]
    pub(super) fn detect() -> Option<Self> {
        HasAvx2::detect().map(Self)
    }

    pub(super) fn decode(self, text: &[u8], decoded: &mut [u8]) -> bool {
        // SAFETY: `HasAvx2` proves the features.
        unsafe { decode(text, decoded) }
    }
}

#[target_feature(enable = "avx2")]
fn decode(text: &[u8], decoded: &mut [u8]) -> bool {
    let table = |table: &[u8; 16]| {
        // SAFETY: the 16 bytes need no alignment.
        _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(table.as_ptr().cast()) })
    };
    let (uppers, lowers, offsets) = (table(&HALVES.upper), table(&HALVES.lower), table(&HALVES.offsets));
    // Reverses the three bytes of each 24-bit sum, and drops its upper eight bits.
    let order = table(&[2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 0x80, 0x80, 0x80, 0x80]);
    let mut common = _mm256_set1_epi8(-1);

    let are_zero = decode_blocks(text, decoded, |characters: &[u8; 32], bytes: &mut [u8; 24]| {
        // SAFETY: the 32 bytes need no alignment.
        let characters = unsafe { _mm256_loadu_si256(characters.as_ptr().cast()) };
        let upper = _mm256_and_si256(_mm256_srli_epi16::<4>(characters), _mm256_set1_epi8(0x0f));
        let bits = _mm256_and_si256(_mm256_shuffle_epi8(lowers, characters), _mm256_shuffle_epi8(uppers, upper));
        common = _mm256_min_epu8(common, bits);

        let is_underscore = _mm256_cmpeq_epi8(characters, _mm256_set1_epi8(b'_' as i8));
        let offset = _mm256_shuffle_epi8(offsets, _mm256_andnot_si256(is_underscore, upper));
        let sextets = _mm256_add_epi8(characters, offset);

        // Combines pairs: 64 times the first plus the second, then 4096 times the first such sum plus the second.
        let twelves = _mm256_maddubs_epi16(sextets, _mm256_set1_epi16(0x0140));
        let twenty_fours = _mm256_madd_epi16(twelves, _mm256_set1_epi32(0x0001_1000));
        let twelve_bytes_twice = _mm256_shuffle_epi8(twenty_fours, order);
        let together = _mm256_permutevar8x32_epi32(twelve_bytes_twice, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7));
        let (low, high) = bytes.split_at_mut(16);
        // SAFETY: 16 bytes and 8, which need no alignment.
        unsafe {
            _mm_storeu_si128(low.as_mut_ptr().cast(), _mm256_castsi256_si128(together));
            _mm_storel_epi64(high.as_mut_ptr().cast(), _mm256_extracti128_si256::<1>(together));
        }
    });
    let is_wrong = _mm256_cmpeq_epi8(common, _mm256_setzero_si256());
    are_zero && _mm256_testz_si256(is_wrong, is_wrong) == 1
}
