//! The bounds of the crate. Each is checked before the work that it bounds.

/// Longest access token, in octets: twice the 128 KiB that all headers of one request to a Cloudflare Worker may have
/// together. A token of 300 orgs has about 200 KB.
pub const MAX_TOKEN_LEN: usize = 256 * 1024;

/// Deepest nesting of arrays and objects in the JOSE header and in the claims, the outermost object counting as one.
/// `serde_json` stops one level before.
pub const MAX_JSON_DEPTH: usize = 128;

/// Most parameters that a JOSE header may have. RFC 7515 registers eleven.
pub const MAX_HEADER_PARAMETERS: usize = 32;

/// Most claims besides those that this crate reads. PropelAuth sends none, custom ones are put into `properties`.
pub const MAX_OTHER_CLAIMS: usize = 256;

/// Longest PEM text of a key, in octets. A 4096-bit key has 800.
pub const MAX_PEM_LEN: usize = 16 * 1024;

/// Fewest bits of a modulus (RFC 7518 section 3.3).
pub const MIN_MODULUS_BITS: u32 = 2048;

/// Most bits of a modulus: 4096, or 2048 with `--cfg propelauth_edge_max_bits="2048"` in `RUSTFLAGS`, for little memory.
/// PropelAuth uses 2048; work grows with the square of the size.
pub const MAX_MODULUS_BITS: u32 = if cfg!(propelauth_edge_max_bits = "2048") { MIN_MODULUS_BITS } else { 4096 };

/// Keys that one [`Verifier`](crate::Verifier) can hold: the present one and the next.
pub const MAX_KEYS: usize = 2;

/// Longest issuer, in octets: `https://`, a domain name of 253 (RFC 1035 section 2.3.4), a port, and room.
pub const MAX_ISSUER_LEN: usize = 300;
