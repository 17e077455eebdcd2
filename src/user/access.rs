//! Step 7: checks orgs, roles and permissions.
//!
//! Names are compared byte for byte. In orgs with a role hierarchy, a user has one role, and "at least" includes the
//! roles it inherits. In orgs with multiple roles, a user has all assigned roles, and "at least" means "is". An unknown
//! role structure counts as a hierarchy. All of this follows the Python library.

use crate::error::Forbidden;

/// The org of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequiredOrg<'a> {
    /// By id.
    Id(&'a str),
    /// By displayed name, taking the first match. Names need not be unique and the org's members can change them, so
    /// prefer the id.
    Name(&'a str),
}

/// A requirement on the user in an org.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrgRequirement<'a> {
    /// Is a member, with any role.
    Member,
    /// Has exactly this role.
    Role(&'a str),
    /// Has this role or one that inherits it.
    AtLeastRole(&'a str),
    /// Has this permission.
    Permission(&'a str),
    /// Has all of these permissions. An empty list requires none.
    AllPermissions(&'a [&'a str]),
}

/// A membership, borrowed or owned.
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

    fn check(&self, requirement: OrgRequirement<'_>) -> Result<(), Forbidden> {
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

/// Generates the checks as methods of a [`Membership`], with the names of the Python library.
macro_rules! membership_methods {
    () => {
        /// Returns `true` if the user has exactly this role: the assigned one or, in an org with multiple roles, an
        /// additional one.
        ///
        /// ```
        /// # let user = demo::grace();
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

        /// Returns `true` if the user has this role or one that inherits it. In an org with multiple roles, equals
        /// `user_is_role`.
        ///
        /// ```
        /// # let user = demo::ada();
        /// # let org = user.get_orgs().next().unwrap();
        /// assert_eq!(org.user_assigned_role, "Admin");
        /// assert!(org.user_is_at_least_role("Member")); // which Admin inherits
        /// assert!(!org.user_is_at_least_role("Owner"));
        /// ```
        #[must_use]
        pub fn user_is_at_least_role(&self, role: &str) -> bool {
            self.is_at_least_role(role)
        }

        /// Returns `true` if the user has this permission in the org.
        #[must_use]
        pub fn user_has_permission(&self, permission: &str) -> bool {
            self.has_permission(permission)
        }

        /// Returns `true` if the user has all these permissions in the org. An empty list requires none.
        #[must_use]
        pub fn user_has_all_permissions(&self, permissions: &[&str]) -> bool {
            self.has_all_permissions(permissions)
        }
    };
}
pub(crate) use membership_methods;

/// Generates the methods of a user with `get_active_org_id`, `get_org` and `get_orgs`, which return `$member`.
macro_rules! user_access_methods {
    ($member:ty) => {
        /// Returns the membership in the active org. Returns `None` if the token has no active org, or the user has no
        /// role in it.
        #[must_use]
        pub fn get_active_org(&self) -> Option<$member> {
            self.get_org(self.get_active_org_id()?)
        }

        /// Returns the membership in the first org with this displayed name, in the order of the token.
        #[must_use]
        pub fn get_org_by_name(&self, org_name: &str) -> Option<$member> {
            self.get_orgs().find(|org| org.org_name == org_name)
        }

        /// Returns `true` if the user has exactly this role in the org; see `user_is_role`.
        #[must_use]
        pub fn is_role_in_org(&self, org_id: &str, role: &str) -> bool {
            self.get_org(org_id).is_some_and(|org| org.user_is_role(role))
        }

        /// Returns `true` if the user has this role, or one that inherits it, in the org; see `user_is_at_least_role`.
        #[must_use]
        pub fn is_at_least_role_in_org(&self, org_id: &str, role: &str) -> bool {
            self.get_org(org_id).is_some_and(|org| org.user_is_at_least_role(role))
        }

        /// Returns `true` if the user has this permission in the org.
        #[must_use]
        pub fn has_permission_in_org(&self, org_id: &str, permission: &str) -> bool {
            self.get_org(org_id).is_some_and(|org| org.user_has_permission(permission))
        }

        /// Returns `true` if the user is a member of the org and has all these permissions in it.
        ///
        /// ```
        /// # let user = demo::ada();
        /// # const ACME_ID: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
        /// assert!(user.has_all_permissions_in_org(ACME_ID, &["billing::view"]));
        /// assert!(!user.has_all_permissions_in_org(ACME_ID, &["billing::view", "billing::edit"]));
        /// assert!(!user.has_all_permissions_in_org("another-id", &[])); // not a member
        /// ```
        #[must_use]
        pub fn has_all_permissions_in_org(&self, org_id: &str, permissions: &[&str]) -> bool {
            self.get_org(org_id).is_some_and(|org| org.user_has_all_permissions(permissions))
        }

        /// Returns the user's membership in the org, if it meets the requirement.
        ///
        /// # Errors
        ///
        /// Returns `NotMemberOfOrg` first, then the error for what the user lacks.
        ///
        /// # Examples
        ///
        /// ```
        /// # use propelauth_edge::{Forbidden, OrgRequirement, RequiredOrg};
        /// # let user = demo::ada();
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
            member.check(requirement)?;
            Ok(member)
        }
    };
}
pub(crate) use user_access_methods;
