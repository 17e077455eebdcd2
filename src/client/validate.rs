//! The verification of access tokens by both kinds of `Auth`. It takes a clock, and no I/O.

use crate::access::{OrgRequirement, RequiredOrg};
use crate::error::{AuthError, Unauthorized};
use crate::owned::{self, buffer};
use crate::time::UnixTime;
use crate::user::{OrgMemberInfo, User};
use crate::verifier::Verifier;

pub(super) fn user_of_token(verifier: &Verifier, access_token: &str) -> Result<User, Unauthorized> {
    let user = verifier.validate_access_token(access_token, UnixTime::now(), &mut buffer(access_token))?.to_owned();
    Ok(user)
}

pub(super) fn user(verifier: &Verifier, header: Option<&str>) -> Result<User, Unauthorized> {
    owned::user(verifier, header, UnixTime::now())
}

pub(super) fn user_with_org(
    verifier: &Verifier,
    header: Option<&str>,
    org: RequiredOrg<'_>,
    requirement: OrgRequirement<'_>,
) -> Result<(User, OrgMemberInfo), AuthError> {
    let mut buffer = buffer(header.unwrap_or_default());
    let now = UnixTime::now();
    let (user, org) =
        verifier.validate_access_token_and_get_user_with_org(header, org, requirement, now, &mut buffer)?;
    Ok((user.to_owned(), org.to_owned()))
}

/// Emits the methods of an `Auth` that verify access tokens.
macro_rules! validation_methods {
    ($module:literal) => {
        /// Verifies an access token and gives the user whom it names.
        ///
        /// # Errors
        ///
        /// The first check that the token fails.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("# use propelauth_edge::{Unauthorized, client::", $module, "Auth};")]
        /// # let transport = ();
        /// # let auth = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/auth.rs"));
        /// # let access_token = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/access_token.jwt"));
        /// let user = auth.validate_access_token(access_token)?;
        /// assert_eq!(user.email.as_deref(), Some("ada@example.com"));
        /// assert_eq!(auth.validate_access_token("eyJ..."), Err(Unauthorized::MalformedToken));
        /// # Ok::<(), Unauthorized>(())
        /// ```
        pub fn validate_access_token(&self, access_token: &str) -> Result<crate::User, crate::Unauthorized> {
            super::validate::user_of_token(&self.verifier, access_token)
        }

        /// Verifies the token in the value of an `Authorization` header and gives the user whom it names.
        ///
        /// # Errors
        ///
        /// The first check that the header or the token fails.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("# use propelauth_edge::{Unauthorized, client::", $module, "Auth};")]
        /// # let transport = ();
        /// # let auth = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/auth.rs"));
        /// # let authorization_header = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/header.rs"));
        /// let user = auth.validate_access_token_and_get_user(authorization_header)?;
        /// assert_eq!(user.first_name.as_deref(), Some("Ada"));
        /// assert_eq!(auth.validate_access_token_and_get_user(None), Err(Unauthorized::MissingHeader));
        /// # Ok::<(), Unauthorized>(())
        /// ```
        pub fn validate_access_token_and_get_user<'h>(
            &self,
            authorization_header: impl Into<Option<&'h str>>,
        ) -> Result<crate::User, crate::Unauthorized> {
            super::validate::user(&self.verifier, authorization_header.into())
        }

        super::validate::with_org! {
            $module
            /// The same, and the user must be a member of the org.
            validate_access_token_and_get_user_with_org() => crate::OrgRequirement::Member,
                takes "acme", refuses r#"RequiredOrg::Name("Globex")"# NotMemberOfOrg;
            /// The same, and the user must have this role in the org, or one that inherits it.
            validate_access_token_and_get_user_with_org_by_minimum_role(minimum_role: &str)
                => crate::OrgRequirement::AtLeastRole(minimum_role),
                takes r#"acme, "Member""#, refuses r#"acme, "Owner""# MissingRole;
            /// The same, and the user must have exactly this role in the org.
            validate_access_token_and_get_user_with_org_by_exact_role(role: &str)
                => crate::OrgRequirement::Role(role),
                takes r#"acme, "Admin""#, refuses r#"acme, "Member""# MissingRole;
            /// The same, and the user must have this permission in the org.
            validate_access_token_and_get_user_with_org_by_permission(permission: &str)
                => crate::OrgRequirement::Permission(permission),
                takes r#"acme, "billing::view""#, refuses r#"acme, "billing::edit""# MissingPermission;
            /// The same, and the user must have all of these permissions in the org.
            validate_access_token_and_get_user_with_org_by_all_permissions(permissions: &[&str])
                => crate::OrgRequirement::AllPermissions(permissions),
                takes r#"acme, &["billing::view"]"#,
                refuses r#"acme, &["billing::view", "billing::edit"]"# MissingPermission;
        }
    };
}

macro_rules! with_org {
    ($module:literal $(
        $(#[$doc:meta])*
        $method:ident($($argument:ident: $type:ty)?) => $requirement:expr,
        takes $taken:literal, refuses $refused:literal $forbidden:ident;
    )*) => { $(
        $(#[$doc])*
        ///
        /// # Errors
        ///
        /// The first check that the header or the token fails, or what the user lacks.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("# use propelauth_edge::{AuthError, Forbidden, RequiredOrg, client::", $module, "Auth};")]
        /// # let transport = ();
        /// # let auth = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/auth.rs"));
        /// # let header = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/header.rs"));
        /// let acme = RequiredOrg::Name("Acme");
        #[doc = concat!("let (user, org) = auth.", stringify!($method), "(header, ", $taken, ")?;")]
        /// assert_eq!((user.first_name.as_deref(), org.user_assigned_role.as_str()), (Some("Ada"), "Admin"));
        ///
        #[doc = concat!("let refused = auth.", stringify!($method), "(header, ", $refused, ");")]
        #[doc = concat!("assert_eq!(refused.unwrap_err(), AuthError::Forbidden(Forbidden::", stringify!($forbidden), "));")]
        /// # Ok::<(), AuthError>(())
        /// ```
        pub fn $method<'h>(
            &self,
            authorization_header: impl Into<Option<&'h str>>,
            required_org: crate::RequiredOrg<'_>,
            $($argument: $type,)?
        ) -> Result<(crate::User, crate::OrgMemberInfo), crate::AuthError> {
            super::validate::user_with_org(&self.verifier, authorization_header.into(), required_org, $requirement)
        }
    )* };
}

pub(super) use {validation_methods, with_org};
