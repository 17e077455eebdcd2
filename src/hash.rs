//! Places in tables of fixed size. Nobody gains by collisions: in the cache they cost a hit, and the index of the orgs
//! counts its steps.

/// FNV-1a.
pub(crate) fn fnv1a(octets: impl IntoIterator<Item = u8>) -> u32 {
    octets.into_iter().fold(0x811c_9dc5, |hash, octet| (hash ^ u32::from(octet)).wrapping_mul(0x0100_0193))
}
