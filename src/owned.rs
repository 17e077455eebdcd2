//! Verification where there is a heap: the buffer is made to measure, and the user is owned.

use alloc::vec;
use alloc::vec::Vec;

use crate::error::Unauthorized;
use crate::time::UnixTime;
use crate::user::User;
use crate::verifier::Verifier;

/// A buffer in which the token of this header, or this token, can be verified.
pub(crate) fn buffer(header: &str) -> Vec<u8> {
    let token = header.split_once(' ').map_or(header, |(_, token)| token);
    vec![0; Verifier::buffer_len(token)]
}

pub(crate) fn user(verifier: &Verifier, header: Option<&str>, now: UnixTime) -> Result<User, Unauthorized> {
    let mut buffer = buffer(header.unwrap_or_default());
    Ok(verifier.validate_access_token_and_get_user(header, now, &mut buffer)?.to_owned())
}
