//! The verification of access tokens by both kinds of `Auth`. It takes a clock, and no I/O.

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
            crate::owned::user_of_token(&self.verifier, access_token, crate::UnixTime::now())
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
            crate::owned::user(&self.verifier, authorization_header.into(), crate::UnixTime::now())
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
            let (header, now) = (authorization_header.into(), crate::UnixTime::now());
            crate::owned::user_with_org(&self.verifier, header, required_org, $requirement, now)
        }
    )* };
}

pub(super) use {validation_methods, with_org};
