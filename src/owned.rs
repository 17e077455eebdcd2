//! Verification where there is a heap: the buffer is made to measure, and the user is owned.

use alloc::vec;

use crate::access::{OrgRequirement, RequiredOrg};
use crate::error::{AuthError, Unauthorized};
use crate::time::UnixTime;
use crate::user::{OrgMemberInfo, User};
use crate::verifier::Verifier;

pub(crate) fn user_of_token(verifier: &Verifier, access_token: &str, now: UnixTime) -> Result<User, Unauthorized> {
    let mut buffer = vec![0; Verifier::buffer_len(access_token)];
    Ok(verifier.validate_access_token(access_token, now, &mut buffer)?.to_owned())
}

pub(crate) fn user(verifier: &Verifier, header: Option<&str>, now: UnixTime) -> Result<User, Unauthorized> {
    let mut buffer = vec![0; Verifier::buffer_len(header.unwrap_or_default())];
    Ok(verifier.validate_access_token_and_get_user(header, now, &mut buffer)?.to_owned())
}

pub(crate) fn user_with_org(
    verifier: &Verifier,
    header: Option<&str>,
    org: RequiredOrg<'_>,
    requirement: OrgRequirement<'_>,
    now: UnixTime,
) -> Result<(User, OrgMemberInfo), AuthError> {
    let mut buffer = vec![0; Verifier::buffer_len(header.unwrap_or_default())];
    let (user, org) =
        verifier.validate_access_token_and_get_user_with_org(header, org, requirement, now, &mut buffer)?;
    Ok((user.to_owned(), org.to_owned()))
}
