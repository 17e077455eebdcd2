//! Step 7: org, role and permission.
//!
//! Names are compared octet for octet. In orgs with a hierarchy of roles, a user has one role, and "at least" looks into
//! the roles that it inherits; in orgs with multiple roles, a user has all roles assigned, and "at least" means the same
//! as "is". Whatever is not known to be an org with multiple roles is one with a hierarchy. All as in the Python
//! library.

use crate::error::Forbidden;

/// The org that a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequiredOrg<'a> {
    /// By its id.
    Id(&'a str),
    /// By its name as displayed; the first of that name counts. Names need not be unique and can be changed by the
    /// org's members, so prefer the id.
    Name(&'a str),
}

/// What the user must be or have in the org.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrgRequirement<'a> {
    /// A member, in any role.
    Member,
    /// Have exactly this role.
    Role(&'a str),
    /// Have this role or one that inherits it.
    AtLeastRole(&'a str),
    /// Have this permission.
    Permission(&'a str),
    /// Have all of these permissions; an empty list asks for none.
    AllPermissions(&'a [&'a str]),
}

/// What is known of a membership, borrowed or owned.
pub(crate) trait Membership {
    fn has_multiple_roles(&self) -> bool;
    fn is_assigned(&self, role: &str) -> bool;
    fn is_inherited(&self, role: &str) -> bool;
    fn is_additional(&self, role: &str) -> bool;
    fn has_permission(&self, permission: &str) -> bool;

    fn is_role(&self, role: &str) -> bool {
        self.is_assigned(role) || self.has_multiple_roles() && self.is_additional(role)
    }

    fn is_at_least_role(&self, role: &str) -> bool {
        if self.has_multiple_roles() { self.is_role(role) } else { self.is_inherited(role) }
    }

    fn has_all_permissions(&self, permissions: &[&str]) -> bool {
        permissions.iter().all(|permission| self.has_permission(permission))
    }

    fn meets(&self, requirement: OrgRequirement<'_>) -> Result<(), Forbidden> {
        let (met, otherwise) = match requirement {
            OrgRequirement::Member => (true, Forbidden::NotMemberOfOrg),
            OrgRequirement::Role(role) => (self.is_role(role), Forbidden::MissingRole),
            OrgRequirement::AtLeastRole(role) => (self.is_at_least_role(role), Forbidden::MissingRole),
            OrgRequirement::Permission(permission) => (self.has_permission(permission), Forbidden::MissingPermission),
            OrgRequirement::AllPermissions(all) => (self.has_all_permissions(all), Forbidden::MissingPermission),
        };
        if met { Ok(()) } else { Err(otherwise) }
    }
}

/// The line of an example that makes a `user` by a file in `examples/demo`. `$owned` is the call that makes it an owned
/// one, or nothing.
macro_rules! example_user {
    ($file:literal, $owned:literal) => {
        concat!(
            "# let user = include!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/examples/demo/",
            $file,
            "\"))",
            $owned,
            ";"
        )
    };
}
pub(crate) use example_user;

/// The checks as methods of a type that is a [`Membership`], under the names of the Python library; `$owned`
/// is that of `example_user`.
macro_rules! membership_methods {
    ($owned:literal) => {
        /// Whether the user has this role: the one assigned, or in an org with multiple roles an additional one.
        ///
        /// ```
        #[doc = $crate::access::example_user!("active_org_user.rs", $owned)]
        /// # let org = user.get_orgs().next().unwrap();
        /// // In this org, a user may have several roles.
        /// assert_eq!(org.user_assigned_role, "Editor");
        /// assert!(org.user_is_role("Editor"));
        /// assert!(org.user_is_role("Biller")); // an additional one
        /// assert!(!org.user_is_role("Admin"));
        /// ```
        #[must_use]
        pub fn user_is_role(&self, role: &str) -> bool {
            self.is_role(role)
        }

        /// Whether the user has this role or one that inherits it. In an org with multiple roles, the same as
        /// `user_is_role`.
        ///
        /// ```
        #[doc = $crate::access::example_user!("user.rs", $owned)]
        /// # let org = user.get_orgs().next().unwrap();
        /// assert_eq!(org.user_assigned_role, "Admin");
        /// assert!(org.user_is_at_least_role("Member")); // which Admin inherits
        /// assert!(!org.user_is_at_least_role("Owner"));
        /// ```
        #[must_use]
        pub fn user_is_at_least_role(&self, role: &str) -> bool {
            self.is_at_least_role(role)
        }

        /// Whether the user has this permission in the org.
        ///
        /// ```
        #[doc = $crate::access::example_user!("user.rs", $owned)]
        /// # let org = user.get_orgs().next().unwrap();
        /// assert!(org.user_has_permission("billing::view"));
        /// assert!(!org.user_has_permission("billing::edit"));
        /// ```
        #[must_use]
        pub fn user_has_permission(&self, permission: &str) -> bool {
            self.has_permission(permission)
        }

        /// Whether the user has all these permissions in the org; of an empty list, yes.
        ///
        /// ```
        #[doc = $crate::access::example_user!("active_org_user.rs", $owned)]
        /// # let org = user.get_orgs().next().unwrap();
        /// assert!(org.user_has_all_permissions(&["billing::view", "docs::edit"]));
        /// assert!(!org.user_has_all_permissions(&["billing::view", "billing::edit"]));
        /// assert!(org.user_has_all_permissions(&[]));
        /// ```
        #[must_use]
        pub fn user_has_all_permissions(&self, permissions: &[&str]) -> bool {
            self.has_all_permissions(permissions)
        }
    };
}
pub(crate) use membership_methods;

/// The checks as methods of a user that has `get_org` and `get_org_by_name`, both giving `Option<$member>`.
/// `$owned` is that of `example_user`.
macro_rules! user_access_methods {
    ($member:ty, $owned:literal) => {
        /// Whether somebody else acts as this user.
        ///
        /// ```
        #[doc = $crate::access::example_user!("active_org_user.rs", $owned)]
        /// assert!(user.is_impersonated());
        /// assert_eq!(user.impersonator_user_id.as_deref(), Some("9b2e8f64-3c1d-4f7a-8e5b-6a7c8d9e0f1a"));
        /// ```
        #[must_use]
        pub fn is_impersonated(&self) -> bool {
            self.impersonator_user_id.is_some()
        }

        /// Whether the user has this role in the org; see `user_is_role`.
        ///
        /// ```
        #[doc = $crate::access::example_user!("user.rs", $owned)]
        /// # const ACME_ID: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
        /// assert!(user.is_role_in_org(ACME_ID, "Admin"));
        /// assert!(!user.is_role_in_org(ACME_ID, "Member")); // which Admin inherits, and is not
        /// assert!(!user.is_role_in_org("another-id", "Admin"));
        /// ```
        #[must_use]
        pub fn is_role_in_org(&self, org_id: &str, role: &str) -> bool {
            self.get_org(org_id).is_some_and(|org| org.user_is_role(role))
        }

        /// Whether the user has this role, or one that inherits it, in the org; see `user_is_at_least_role`.
        ///
        /// ```
        #[doc = $crate::access::example_user!("user.rs", $owned)]
        /// # const ACME_ID: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
        /// assert!(user.is_at_least_role_in_org(ACME_ID, "Admin"));
        /// assert!(user.is_at_least_role_in_org(ACME_ID, "Member")); // which Admin inherits
        /// assert!(!user.is_at_least_role_in_org(ACME_ID, "Owner"));
        /// ```
        #[must_use]
        pub fn is_at_least_role_in_org(&self, org_id: &str, role: &str) -> bool {
            self.get_org(org_id).is_some_and(|org| org.user_is_at_least_role(role))
        }

        /// Whether the user has this permission in the org.
        ///
        /// ```
        #[doc = $crate::access::example_user!("user.rs", $owned)]
        /// # const ACME_ID: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
        /// assert!(user.has_permission_in_org(ACME_ID, "billing::view"));
        /// assert!(!user.has_permission_in_org(ACME_ID, "billing::edit"));
        /// ```
        #[must_use]
        pub fn has_permission_in_org(&self, org_id: &str, permission: &str) -> bool {
            self.get_org(org_id).is_some_and(|org| org.user_has_permission(permission))
        }

        /// Whether the user is a member of the org and has all these permissions in it.
        ///
        /// ```
        #[doc = $crate::access::example_user!("user.rs", $owned)]
        /// # const ACME_ID: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
        /// assert!(user.has_all_permissions_in_org(ACME_ID, &["billing::view"]));
        /// assert!(!user.has_all_permissions_in_org(ACME_ID, &["billing::view", "billing::edit"]));
        /// assert!(!user.has_all_permissions_in_org("another-id", &[])); // not a member
        /// ```
        #[must_use]
        pub fn has_all_permissions_in_org(&self, org_id: &str, permissions: &[&str]) -> bool {
            self.get_org(org_id).is_some_and(|org| org.user_has_all_permissions(permissions))
        }

        /// The user's membership in the org, if it meets the requirement.
        ///
        /// # Errors
        ///
        /// `NotMemberOfOrg` before anything else, then what the requirement asks for and the user lacks.
        ///
        /// # Examples
        ///
        /// ```
        /// # use propelauth_edge::{Forbidden, OrgRequirement, RequiredOrg};
        #[doc = $crate::access::example_user!("user.rs", $owned)]
        /// # const ACME_ID: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
        /// let org = user.require_org(RequiredOrg::Id(ACME_ID), OrgRequirement::AtLeastRole("Member"))?;
        /// assert_eq!(org.org_name, "Acme");
        ///
        /// let refused = user.require_org(RequiredOrg::Id(ACME_ID), OrgRequirement::Permission("billing::edit"));
        /// assert_eq!(refused.unwrap_err(), Forbidden::MissingPermission);
        /// # Ok::<(), Forbidden>(())
        /// ```
        pub fn require_org(
            &self,
            org: RequiredOrg<'_>,
            requirement: OrgRequirement<'_>,
        ) -> Result<$member, $crate::error::Forbidden> {
            let member = match org {
                RequiredOrg::Id(org_id) => self.get_org(org_id),
                RequiredOrg::Name(org_name) => self.get_org_by_name(org_name),
            };
            let member = member.ok_or($crate::error::Forbidden::NotMemberOfOrg)?;
            member.meets(requirement)?;
            Ok(member)
        }
    };
}
pub(crate) use user_access_methods;
