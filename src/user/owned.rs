use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::login_method::LoginMethod;
use super::org::{OrgMemberInfoView, OrgRoleStructure, Orgs, StrList};
use super::view::UserView;
use crate::json::OwnedJsonValue;
use crate::user::access::{Membership, OrgRequirement, RequiredOrg, membership_methods, user_access_methods};

/// A user with public fields, for storing and changing users.
///
/// Anyone can set the fields, so a `User` proves nothing. To pass on a verified user, use
/// [`VerifiedUser`](crate::VerifiedUser), which also needs one allocation instead of one per string. Serializes like
/// [`UserView`]. To deserialize one, use [`StoredUser`](crate::StoredUser).
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct User {
    /// The user's id.
    pub user_id: String,
    /// The user's email address.
    pub email: Option<String>,
    /// The user's first name.
    pub first_name: Option<String>,
    /// The user's last name.
    pub last_name: Option<String>,
    /// The user's username.
    pub username: Option<String>,
    /// The user's id in the system they were migrated from.
    pub legacy_user_id: Option<String>,
    /// The id of the impersonator, if someone acts as this user.
    pub impersonator_user_id: Option<String>,
    /// The user's properties, custom ones included.
    pub properties: Option<BTreeMap<String, OwnedJsonValue>>,
    /// The id of the active org, if the token had one.
    pub active_org_id: Option<String>,
    /// The way the user logged in.
    pub login_method: LoginMethod<String>,
    /// The user's orgs. Only the active one if the token had one.
    pub org_id_to_org_member_info: Option<OrgMembers>,
}

impl User {
    user_access_methods!(&OrgMemberInfo);

    /// Returns `true` if someone else acts as this user.
    #[must_use]
    pub fn is_impersonated(&self) -> bool {
        self.impersonator_user_id.is_some()
    }

    /// Returns the id of the active org, if the token had one.
    #[must_use]
    pub fn get_active_org_id(&self) -> Option<&str> {
        self.active_org_id.as_deref()
    }

    /// Returns the membership in the org with this id, or `None` if the user is not a member.
    #[must_use]
    pub fn get_org(&self, org_id: &str) -> Option<&OrgMemberInfo> {
        self.org_id_to_org_member_info.as_ref()?.get(org_id)
    }

    /// Returns all memberships, in the order of the token.
    pub fn get_orgs(&self) -> impl Iterator<Item = &OrgMemberInfo> + Clone {
        self.org_id_to_org_member_info.iter().flat_map(OrgMembers::iter).map(|(_, org)| org)
    }

    /// Returns the user's property with this name.
    #[must_use]
    pub fn get_user_property(&self, name: &str) -> Option<&OwnedJsonValue> {
        self.properties.as_ref()?.get(name)
    }
}

impl UserView<'_> {
    /// Copies a view into an owned user.
    ///
    /// ```
    /// # use propelauth_edge::{Unauthorized, User, Verifier};
    /// # let (verifier, token, now, mut buffer) = demo::given();
    /// let user: User = {
    ///     let mut buffer = vec![0; Verifier::buffer_len(token)];
    ///     verifier.validate_access_token(token, now, &mut buffer)?.to_owned()
    /// }; // the buffer is gone, the user remains
    /// assert_eq!(user.first_name.as_deref(), Some("Ada"));
    /// # Ok::<(), Unauthorized>(())
    /// ```
    #[must_use]
    pub fn to_owned(&self) -> User {
        User {
            user_id: self.user_id.into(),
            email: self.email.map(Into::into),
            first_name: self.first_name.map(Into::into),
            last_name: self.last_name.map(Into::into),
            username: self.username.map(Into::into),
            legacy_user_id: self.legacy_user_id.map(Into::into),
            impersonator_user_id: self.impersonator_user_id.map(Into::into),
            properties: self.properties.map(Into::into),
            active_org_id: self.active_org_id.map(Into::into),
            login_method: self.login_method.map(Into::into),
            org_id_to_org_member_info: self.org_id_to_org_member_info.map(OrgMembers::from),
        }
    }
}

impl From<UserView<'_>> for User {
    fn from(user: UserView<'_>) -> Self {
        user.to_owned()
    }
}

/// An owned [`OrgMemberInfoView`].
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct OrgMemberInfo {
    /// The org's id.
    pub org_id: String,
    /// The org's name, as displayed.
    pub org_name: String,
    /// The org's metadata.
    pub org_metadata: BTreeMap<String, OwnedJsonValue>,
    /// The user's role in the org. With multiple roles, one of them.
    pub user_assigned_role: String,
    /// This role and those that it inherits.
    pub user_inherited_roles_plus_current_role: Vec<String>,
    /// The user's permissions in the org.
    pub user_permissions: Vec<String>,
    /// The org's role structure.
    pub org_role_structure: OrgRoleStructure<String>,
    /// The user's other roles, in an org with multiple roles.
    pub assigned_additional_roles: Vec<String>,
    /// The org's name as a URL slug, in lower case with hyphens.
    pub url_safe_org_name: String,
    /// The org's id in the system it was migrated from.
    pub legacy_org_id: Option<String>,
}

impl OrgMemberInfo {
    membership_methods!();
}

impl OrgMemberInfoView<'_> {
    /// Copies a view into an owned membership.
    ///
    /// ```
    /// # use propelauth_edge::OrgMemberInfo;
    /// # let user = demo::ada();
    /// # const ACME_ID: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
    /// let org: OrgMemberInfo = user.get_org(ACME_ID).unwrap().to_owned();
    /// assert_eq!(org.user_permissions, ["billing::view"]);
    /// ```
    #[must_use]
    pub fn to_owned(&self) -> OrgMemberInfo {
        let list = |strings: StrList<'_>| strings.iter().map(Into::into).collect();
        OrgMemberInfo {
            org_id: self.org_id.into(),
            org_name: self.org_name.into(),
            org_metadata: self.org_metadata.into(),
            user_assigned_role: self.user_assigned_role.into(),
            user_inherited_roles_plus_current_role: list(self.user_inherited_roles_plus_current_role),
            user_permissions: list(self.user_permissions),
            org_role_structure: OrgRoleStructure::from_name(self.org_role_structure.name().into()),
            assigned_additional_roles: list(self.assigned_additional_roles),
            url_safe_org_name: self.url_safe_org_name.into(),
            legacy_org_id: self.legacy_org_id.map(Into::into),
        }
    }
}

impl Membership for OrgMemberInfo {
    fn has_multiple_roles(&self) -> bool {
        self.org_role_structure == OrgRoleStructure::MultiRole
    }

    fn is_assigned(&self, role: &str) -> bool {
        self.user_assigned_role == role
    }

    fn is_inherited(&self, role: &str) -> bool {
        self.user_inherited_roles_plus_current_role.iter().any(|inherited| inherited == role)
    }

    fn is_additional(&self, role: &str) -> bool {
        self.assigned_additional_roles.iter().any(|additional| additional == role)
    }

    fn has_permission(&self, permission: &str) -> bool {
        self.user_permissions.iter().any(|own| own == permission)
    }
}

/// The orgs of a [`User`] by id, in the order of the token.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrgMembers(pub(super) Vec<(String, OrgMemberInfo)>);

impl OrgMembers {
    /// Returns the membership in the org with this id.
    ///
    /// ```
    /// # let user = demo::ada().to_owned();
    /// # const ACME_ID: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
    /// let orgs = user.org_id_to_org_member_info.unwrap_or_default();
    /// assert_eq!(orgs.get(ACME_ID).unwrap().org_name, "Acme");
    /// assert!(orgs.get("another-id").is_none());
    /// ```
    #[must_use]
    pub fn get(&self, org_id: &str) -> Option<&OrgMemberInfo> {
        self.iter().find(|(id, _)| *id == org_id).map(|(_, org)| org)
    }

    /// Returns ids and memberships.
    ///
    /// ```
    /// # let user = demo::ada().to_owned();
    /// # const ACME_ID: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
    /// let orgs = user.org_id_to_org_member_info.unwrap_or_default();
    /// assert!(orgs.iter().map(|(id, org)| (id, org.org_name.as_str())).eq([(ACME_ID, "Acme")]));
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (&str, &OrgMemberInfo)> + Clone {
        self.0.iter().map(|(id, org)| (id.as_str(), org))
    }

    /// Returns the number of orgs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns `true` if there are no orgs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Orgs<'_>> for OrgMembers {
    fn from(orgs: Orgs<'_>) -> Self {
        Self(orgs.iter().map(|(id, org)| (id.into(), org.to_owned())).collect())
    }
}

impl Serialize for OrgMembers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (id, org) in self.iter() {
            map.serialize_entry(id, org)?;
        }
        map.end()
    }
}
