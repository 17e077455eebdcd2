//! EMSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 9.2): the encoding that a signature must contain.

use super::modpow::modulus::{LIMBS, Limbs, limbs_from_be_bytes};

/// The DER of DigestInfo before the digest, for SHA-256 (RFC 8017 section 9.2, note 1).
pub(super) const DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

/// The length of the longest encoded message in bytes.
const MAX_LEN: usize = LIMBS * 8;

/// Returns `true` if the number is the encoding of the digest in `len` bytes. Builds the only valid encoding and
/// compares all of it; the padding is not parsed. Not inlined, to keep it off the stack during arithmetic.
#[inline(never)]
pub(super) fn is_encoding(power: &Limbs, digest: &[u8; 32], len: usize) -> bool {
    let mut expected = [0; MAX_LEN];
    let expected = expected.get_mut(..len).unwrap_or_default();
    encode(digest, expected);
    *power == limbs_from_be_bytes(expected)
}

/// Writes the EMSA-PKCS1-v1_5 encoding (RFC 8017 section 9.2) into zeroed bytes: 00 01 ff .. ff 00 DigestInfo.
fn encode(digest: &[u8; 32], em: &mut [u8]) {
    let tail = DIGEST_INFO.len().saturating_add(digest.len());
    let (padding, digest_info) = em.split_at_mut(em.len().saturating_sub(tail));
    padding.fill(0xff);
    if let [first, second, .., last] = padding {
        (*first, *second, *last) = (0, 1, 0);
    }
    for (to, from) in digest_info.iter_mut().zip(DIGEST_INFO.iter().chain(digest.iter())) {
        *to = *from;
    }
}
