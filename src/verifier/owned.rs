//! Verification with a heap: the user owns a buffer of the right size.

use alloc::vec;

use super::Verifier;
use super::buffer::buffer_len;
use crate::error::{AuthError, Forbidden, Unauthorized};
use crate::time::UnixTime;
use crate::token::jws::CompactJws;
use crate::user::{OrgMemberInfo, OrgRequirement, RequiredOrg, VerifiedUser};

impl Verifier {
    /// Verifies a token and returns its user, who owns the buffer.
    ///
    /// Takes one allocation. Never returns [`Unauthorized::BufferTooSmall`].
    ///
    /// # Errors
    ///
    /// Returns the first check that the token fails.
    #[doc(alias = "verify")]
    pub fn validate_access_token_owned(&self, access_token: &str, now: UnixTime) -> Result<VerifiedUser, Unauthorized> {
        // Verification rejects a token without three segments, or one that is too long, before it uses the buffer.
        let jws = CompactJws::split(access_token, self.max_token_len as usize);
        let buffer = vec![0; jws.map_or(0, |jws| buffer_len(jws.lens()))];
        VerifiedUser::new(buffer, |buffer| self.validate_access_token(access_token, now, buffer))
    }

    /// Verifies the token in the value of an `Authorization` header and returns its user; see
    /// [`Verifier::validate_access_token_owned`].
    ///
    /// # Errors
    ///
    /// Returns the first check that the header or the token fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::Unauthorized;
    /// # let (verifier, token, now, _) = demo::given();
    /// let header = format!("Bearer {token}");
    /// let user = verifier.validate_access_token_and_get_owned_user(&*header, now)?;
    /// assert_eq!(user.email(), Some("ada@example.com"));
    ///
    /// let session = std::thread::spawn(move || user.user_id().len()); // it borrows nothing
    /// assert_eq!(session.join().unwrap(), 36);
    /// # Ok::<(), Unauthorized>(())
    /// ```
    #[doc(alias = "verify")]
    pub fn validate_access_token_and_get_owned_user<'h>(
        &self,
        authorization_header: impl Into<Option<&'h str>>,
        now: UnixTime,
    ) -> Result<VerifiedUser, Unauthorized> {
        self.validate_access_token_owned(self.bearer(authorization_header.into())?, now)
    }

    /// Verifies the token in the value of an `Authorization` header and checks the user's role or permissions in the
    /// org.
    ///
    /// Returns a copy of the org. To borrow the org, call [`VerifiedUser::require_org`] on the user that
    /// [`Verifier::validate_access_token_and_get_owned_user`] returns; the decision is the same.
    ///
    /// # Errors
    ///
    /// Returns the first check that the header or the token fails as `Unauthorized`, and what the user lacks as
    /// `Forbidden`.
    #[doc(alias = "verify")]
    pub fn validate_access_token_and_get_owned_user_with_org<'h>(
        &self,
        authorization_header: impl Into<Option<&'h str>>,
        org: RequiredOrg<'_>,
        requirement: OrgRequirement<'_>,
        now: UnixTime,
    ) -> Result<(VerifiedUser, OrgMemberInfo), AuthError> {
        let user = self.validate_access_token_and_get_owned_user(authorization_header, now)?;
        let org = require_org(&user, org, requirement)?;
        Ok((user, org))
    }
}

/// Not inlined, to keep its locals off the stack during verification.
#[inline(never)]
fn require_org(
    user: &VerifiedUser,
    org: RequiredOrg<'_>,
    requirement: OrgRequirement<'_>,
) -> Result<OrgMemberInfo, Forbidden> {
    user.require_org(org, requirement).map(|org| org.to_owned())
}
