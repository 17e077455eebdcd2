//! NEON (aarch64): 16 characters at a time.

use core::arch::aarch64::*;

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
        // SAFETY: this target has NEON.
        unsafe { decode(text, decoded) }
    }
}

#[target_feature(enable = "neon")]
fn decode(text: &[u8], decoded: &mut [u8]) -> bool {
    let [uppers, lowers, offsets] = [load(&HALVES.upper), load(&HALVES.lower), load(&HALVES.offsets)];
    // Reverses the three bytes of each 24-bit sum, and drops its upper eight bits.
    let order = load(&[2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 0xff, 0xff, 0xff, 0xff]);
    let mut common = vdupq_n_u8(0xff);

    let are_zero = decode_blocks(text, decoded, |characters: &[u8; 16], bytes: &mut [u8; 12]| {
        let characters = load(characters);
        let (upper, lower) = (vshrq_n_u8::<4>(characters), vandq_u8(characters, vdupq_n_u8(0x0f)));
        common = vminq_u8(common, vandq_u8(vqtbl1q_u8(uppers, upper), vqtbl1q_u8(lowers, lower)));

        let is_underscore = vceqq_u8(characters, vdupq_n_u8(b'_'));
        let offset = vqtbl1q_u8(offsets, vbicq_u8(upper, is_underscore));
        let sextets = vreinterpretq_u16_u8(vaddq_u8(characters, offset));

        // Combines pairs: puts the first above the second, then does so with two such sums. The last step drops
        // everything above 24 bits.
        let twelves = vreinterpretq_u32_u16(vsliq_n_u16::<6>(vshrq_n_u16::<8>(sextets), sextets));
        let twenty_fours = vsliq_n_u32::<12>(vshrq_n_u32::<16>(twelves), twelves);
        let twelve_bytes = vqtbl1q_u8(vreinterpretq_u8_u32(twenty_fours), order);
        let (low, high) = bytes.split_at_mut(8);
        // SAFETY: 8 bytes and 4, which need no alignment.
        unsafe {
            vst1_u8(low.as_mut_ptr(), vget_low_u8(twelve_bytes));
            let last = vgetq_lane_u32::<2>(vreinterpretq_u32_u8(twelve_bytes));
            high.as_mut_ptr().cast::<u32>().write_unaligned(last);
        }
    });
    are_zero && vminvq_u8(common) != 0
}

#[inline]
#[target_feature(enable = "neon")]
fn load(bytes: &[u8; 16]) -> uint8x16_t {
    // SAFETY: the 16 bytes need no alignment.
    unsafe { vld1q_u8(bytes.as_ptr()) }
}
