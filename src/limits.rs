//! Limits on input. Each is checked before the work that it limits.

/// The maximum length of an access token in bytes. Twice the 128 KiB that a Cloudflare Worker accepts for all headers
/// of a request. A token with 300 orgs has about 200 KB.
pub const MAX_TOKEN_LEN: usize = 256 * 1024;

/// The maximum length of a JOSE header in base64url characters. PropelAuth's has about 100.
pub const MAX_HEADER_LEN: usize = 4096;

/// The maximum nesting of arrays and objects in the JOSE header and in the claims, including the outermost object. One
/// level more than `serde_json` allows.
pub const MAX_JSON_DEPTH: usize = 128;

/// The maximum number of parameters in a JOSE header. RFC 7515 registers eleven.
pub const MAX_HEADER_PARAMETERS: usize = 32;

/// The maximum number of claims that this crate does not read. PropelAuth sends none; custom ones are in `properties`.
pub const MAX_OTHER_CLAIMS: usize = 256;

/// The maximum length of a key in PEM, in bytes. A 4096-bit key has 800.
pub const MAX_PEM_LEN: usize = 16 * 1024;

/// The minimum size of a modulus in bits (RFC 7518 section 3.3).
pub const MIN_MODULUS_BITS: u32 = 2048;

/// The maximum size of a modulus in bits: 4096, or 2048 with `--cfg propelauth_edge_max_bits="2048"` in `RUSTFLAGS` to
/// save memory. PropelAuth uses 2048. The work grows with the square of the size.
pub const MAX_MODULUS_BITS: u32 = if cfg!(propelauth_edge_max_bits = "2048") { MIN_MODULUS_BITS } else { 4096 };

/// The maximum number of keys of a [`Verifier`](crate::Verifier): the current one and, during a rotation, the previous
/// or the next one.
pub const MAX_KEYS: usize = 2;

/// The maximum number of issuers of a [`Verifier`](crate::Verifier): the current one and, during a move to another
/// domain, the previous or the next one.
pub const MAX_ISSUERS: usize = 2;

/// The maximum length of an issuer in bytes: `https://`, a domain name of 253 (RFC 1035 section 2.3.4), a port, and
/// room to spare. With [`Verifier::with_additional_issuer`](crate::Verifier::with_additional_issuer) and
/// [`Verifier::with_audience`](crate::Verifier::with_audience), the limit for issuers and audience together.
pub const MAX_ISSUER_LEN: usize = 300;
