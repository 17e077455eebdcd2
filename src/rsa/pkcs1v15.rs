//! RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2.2).

use super::VerifyingKey;
use super::modulus::{LIMBS, Limbs, limbs_from_be_bytes};
use crate::error::InvalidSignature;

/// DER of DigestInfo up to the digest, for SHA-256 (RFC 8017 section 9.2, note 1).
pub(super) const DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

/// Octets of the longest encoded message.
const MAX_LEN: usize = LIMBS * 8;

// A verifier calls it for each of its keys.
#[inline(never)]
pub(super) fn verify(key: &VerifyingKey, digest: &[u8; 32], signature: &[u8]) -> Result<(), InvalidSignature> {
    verify_by(|signature| key.power(signature), key, digest, signature)
}

/// The same with this for RSAVP1 (RFC 8017 section 5.2.2).
#[inline(always)]
fn verify_by(
    power: impl FnOnce(&Limbs) -> Limbs,
    key: &VerifyingKey,
    digest: &[u8; 32],
    signature: &[u8],
) -> Result<(), InvalidSignature> {
    // Step 1 and RSAVP1 step 1: as many octets as the modulus, and a number below it. Both are public.
    if signature.len() != key.modulus().octets() {
        return Err(InvalidSignature);
    }
    let signature = limbs_from_be_bytes(signature);
    if signature.iter().rev().ge(key.modulus().limbs().iter().rev()) {
        return Err(InvalidSignature);
    }
    if is_encoding(&power(&signature), digest, key.modulus().octets()) { Ok(()) } else { Err(InvalidSignature) }
}

/// Step 4: the one encoding that is good is built and compared whole, nothing of the padding is parsed. Not inlined, to
/// keep it off the stack of the arithmetic.
#[inline(never)]
fn is_encoding(power: &Limbs, digest: &[u8; 32], len: usize) -> bool {
    let mut expected = [0; MAX_LEN];
    let expected = expected.get_mut(..len).unwrap_or_default();
    encode(digest, expected);
    *power == limbs_from_be_bytes(expected)
}

/// EMSA-PKCS1-v1_5 (RFC 8017 section 9.2) into so many octets of zero: 00 01 ff .. ff 00 DigestInfo.
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

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]
mod tests {
    use std::io::Read;
    use std::string::String;
    use std::vec::Vec;

    use serde::Deserialize;
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::rsa::modpow::every::backends;

    #[derive(Deserialize)]
    struct Row {
        id: String,
        n_hex: String,
        e_hex: String,
        msg_hex: String,
        sig_hex: String,
        expect: String,
    }

    /// Project Wycheproof's vectors.
    fn rows() -> Vec<Row> {
        let packed = include_bytes!("../../tests/data/rsa_pkcs1_sha256.jsonl.zst");
        let mut text = String::new();
        ruzstd::decoding::StreamingDecoder::new(packed.as_slice()).unwrap().read_to_string(&mut text).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Octets from hexadecimal digits; Wycheproof drops a leading zero now and then.
    fn octets(hex: &str) -> Vec<u8> {
        hex.as_bytes()
            .rchunks(2)
            .rev()
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }

    #[test]
    fn every_backend_gives_the_verdicts_of_wycheproof() {
        let (mut valid, mut invalid) = (0, 0);
        for row in rows() {
            let Ok(key) = VerifyingKey::from_components(&octets(&row.n_hex), &octets(&row.e_hex)) else { continue };
            let digest = Sha256::digest(octets(&row.msg_hex)).into();
            let signature = octets(&row.sig_hex);
            let expected = row.expect == "valid";
            for backend in backends() {
                let verdict = verify_by(|base| key.power_by(backend, base), &key, &digest, &signature);
                assert_eq!(verdict.is_ok(), expected, "{backend:?}, {}", row.id);
            }
            if expected { valid += 1 } else { invalid += 1 }
        }
        assert_eq!((valid, invalid), (43, 599));
    }
}
