//! Verification of access tokens, for both kinds of `Auth`. Needs a clock and no I/O.

/// Generates the methods of an `Auth` that verify access tokens.
macro_rules! verification_methods {
    () => {
        /// Verifies an access token and returns its user.
        ///
        /// # Errors
        ///
        /// Returns the first check that the token fails.
        pub fn validate_access_token(&self, access_token: &str) -> Result<crate::VerifiedUser, crate::Unauthorized> {
            self.verifier.validate_access_token_owned(access_token, crate::UnixTime::now())
        }

        /// Verifies the token in the value of an `Authorization` header and returns its user.
        ///
        /// # Errors
        ///
        /// Returns the first check that the header or the token fails.
        pub fn validate_access_token_and_get_user<'h>(
            &self,
            authorization_header: impl Into<Option<&'h str>>,
        ) -> Result<crate::VerifiedUser, crate::Unauthorized> {
            self.verifier.validate_access_token_and_get_owned_user(authorization_header, crate::UnixTime::now())
        }

        /// Verifies the token in a header and checks that the user is a member of the org.
        ///
        /// # Errors
        ///
        /// Returns the first check that the header, the token or the user fails.
        pub fn validate_access_token_and_get_user_with_org<'h>(
            &self,
            authorization_header: impl Into<Option<&'h str>>,
            required_org: crate::RequiredOrg<'_>,
        ) -> Result<(crate::VerifiedUser, crate::OrgMemberInfo), crate::AuthError> {
            let (header, now, requirement) =
                (authorization_header, crate::UnixTime::now(), crate::OrgRequirement::Member);
            self.verifier.validate_access_token_and_get_owned_user_with_org(header, required_org, requirement, now)
        }

        /// Verifies the token in a header and checks that the user has this role in the org, or one that inherits it.
        ///
        /// # Errors
        ///
        /// Returns the first check that the header, the token or the user fails.
        pub fn validate_access_token_and_get_user_with_org_by_minimum_role<'h>(
            &self,
            authorization_header: impl Into<Option<&'h str>>,
            required_org: crate::RequiredOrg<'_>,
            minimum_role: &str,
        ) -> Result<(crate::VerifiedUser, crate::OrgMemberInfo), crate::AuthError> {
            let (header, now, requirement) =
                (authorization_header, crate::UnixTime::now(), crate::OrgRequirement::AtLeastRole(minimum_role));
            self.verifier.validate_access_token_and_get_owned_user_with_org(header, required_org, requirement, now)
        }

        /// Verifies the token in a header and checks that the user has exactly this role in the org.
        ///
        /// # Errors
        ///
        /// Returns the first check that the header, the token or the user fails.
        pub fn validate_access_token_and_get_user_with_org_by_exact_role<'h>(
            &self,
            authorization_header: impl Into<Option<&'h str>>,
            required_org: crate::RequiredOrg<'_>,
            role: &str,
        ) -> Result<(crate::VerifiedUser, crate::OrgMemberInfo), crate::AuthError> {
            let (header, now, requirement) =
                (authorization_header, crate::UnixTime::now(), crate::OrgRequirement::Role(role));
            self.verifier.validate_access_token_and_get_owned_user_with_org(header, required_org, requirement, now)
        }

        /// Verifies the token in a header and checks that the user has this permission in the org.
        ///
        /// # Errors
        ///
        /// Returns the first check that the header, the token or the user fails.
        pub fn validate_access_token_and_get_user_with_org_by_permission<'h>(
            &self,
            authorization_header: impl Into<Option<&'h str>>,
            required_org: crate::RequiredOrg<'_>,
            permission: &str,
        ) -> Result<(crate::VerifiedUser, crate::OrgMemberInfo), crate::AuthError> {
            let (header, now, requirement) =
                (authorization_header, crate::UnixTime::now(), crate::OrgRequirement::Permission(permission));
            self.verifier.validate_access_token_and_get_owned_user_with_org(header, required_org, requirement, now)
        }

        /// Verifies the token in a header and checks that the user has all of these permissions in the org.
        ///
        /// # Errors
        ///
        /// Returns the first check that the header, the token or the user fails.
        pub fn validate_access_token_and_get_user_with_org_by_all_permissions<'h>(
            &self,
            authorization_header: impl Into<Option<&'h str>>,
            required_org: crate::RequiredOrg<'_>,
            permissions: &[&str],
        ) -> Result<(crate::VerifiedUser, crate::OrgMemberInfo), crate::AuthError> {
            let (header, now, requirement) =
                (authorization_header, crate::UnixTime::now(), crate::OrgRequirement::AllPermissions(permissions));
            self.verifier.validate_access_token_and_get_owned_user_with_org(header, required_org, requirement, now)
        }
    };
}

pub(super) use verification_methods;
