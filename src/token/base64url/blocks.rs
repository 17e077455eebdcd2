//! Decodes a whole text in blocks of one length.

/// Decodes with `decode`, which turns `N` characters into `M` bytes. The last block is padded with `A`, which encodes
/// zeros. Returns `true` if everything after `decoded` is zero.
#[inline(always)]
pub(super) fn decode_blocks<const N: usize, const M: usize>(
    text: &[u8],
    decoded: &mut [u8],
    mut decode: impl FnMut(&[u8; N], &mut [u8; M]),
) -> bool {
    let (blocks, end) = text.as_chunks();
    let (decoded, rest) = decoded.as_chunks_mut();
    for (block, decoded) in blocks.iter().zip(decoded) {
        decode(block, decoded);
    }
    let (mut block, mut bytes) = ([b'A'; N], [0; M]);
    block.iter_mut().zip(end).for_each(|(to, from)| *to = *from);
    decode(&block, &mut bytes);
    let mut bytes = bytes.into_iter();
    rest.iter_mut().zip(&mut bytes).for_each(|(to, from)| *to = from);
    bytes.all(|byte| byte == 0)
}
