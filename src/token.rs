//! Steps 1 and 2: split the `Authorization` header into the segments of a token. Both read untrusted text.

pub(crate) mod base64url;
pub(crate) mod bearer;
pub(crate) mod jws;
