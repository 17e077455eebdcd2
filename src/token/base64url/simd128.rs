//! WebAssembly SIMD: 16 characters at a time.

use core::arch::wasm32::*;

mod halves;

use super::blocks::decode_blocks;
use halves::HALVES;

#[derive(Clone, Copy, Debug)]
pub(super) struct Vectors;

impl Vectors {
    #[inline]
    pub(super) fn detect() -> Option<Self> {
        Some(Self)
    }

    pub(super) fn decode(self, text: &[u8], decoded: &mut [u8]) -> bool {
        let [uppers, lowers, offsets] = [&HALVES.upper, &HALVES.lower, &HALVES.offsets].map(load);
        let mut common = u8x16_splat(0xff);

        let are_zero = decode_blocks(text, decoded, |characters: &[u8; 16], bytes: &mut [u8; 12]| {
            let characters = load(characters);
            let (upper, lower) = (u8x16_shr(characters, 4), v128_and(characters, u8x16_splat(0x0f)));
            common = u8x16_min(common, v128_and(u8x16_swizzle(uppers, upper), u8x16_swizzle(lowers, lower)));

            let is_underscore = u8x16_eq(characters, u8x16_splat(b'_'));
            let offset = u8x16_swizzle(offsets, v128_andnot(upper, is_underscore));
            let sextets = u8x16_add(characters, offset);

            // Combines pairs: 64 times the first plus the second, then 4096 times the first such sum plus the second.
            let first = v128_and(u16x8_shl(sextets, 6), u16x8_splat(0x0fc0));
            let twelves = v128_or(first, u16x8_shr(sextets, 8));
            let twenty_fours = i32x4_dot_i16x8(twelves, u32x4_splat(0x0001_1000));
            // Reverses the three bytes of each 24-bit sum.
            let twelve_bytes =
                u8x16_shuffle::<2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 3, 3, 3, 3>(twenty_fours, twenty_fours);
            let (low, high) = bytes.split_at_mut(8);
            // SAFETY: 8 bytes and 4, which need no alignment.
            unsafe {
                v128_store64_lane::<0>(twelve_bytes, low.as_mut_ptr().cast());
                v128_store32_lane::<2>(twelve_bytes, high.as_mut_ptr().cast());
            }
        });
        are_zero && u8x16_all_true(common)
    }
}

#[inline(always)]
fn load(bytes: &[u8; 16]) -> v128 {
    // SAFETY: the 16 bytes need no alignment.
    unsafe { v128_load(bytes.as_ptr().cast()) }
}
