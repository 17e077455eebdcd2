use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::login_method::LoginMethod;
use super::org::{OrgMemberInfoView, OrgRoleStructure, Orgs, StrList};
use super::view::UserView;
use crate::access::{Membership, OrgRequirement, RequiredOrg, membership_methods, user_access_methods};
use crate::json::OwnedJsonValue;

/// A [`UserView`] that owns its strings, and so can outlive the buffer: for a session, another thread, a cache.
///
/// It serializes in the same shape, and deserializes from it; a [`LoginMethod::Other`] comes back as `Unknown`. A user that
/// was deserialized is as trustworthy as where it came from.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
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
    /// The user's id in the system that they were migrated from.
    pub legacy_user_id: Option<String>,
    /// Who acts as this user, if somebody does.
    pub impersonator_user_id: Option<String>,
    /// The user's properties: custom ones, and those of the sign-up page.
    pub properties: Option<BTreeMap<String, OwnedJsonValue>>,
    /// The id of the active org, if the token was for one.
    pub active_org_id: Option<String>,
    /// How the user logged in.
    pub login_method: LoginMethod<String>,
    /// The orgs that the user is a member of; only the active one if the token was for one.
    pub org_id_to_org_member_info: Option<OrgMembers>,
}

impl User {
    user_access_methods!(&OrgMemberInfo, ".to_owned()");

    /// The id of the active org, if the token was for one.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs")).to_owned();
    /// assert_eq!(user.get_active_org_id(), Some("7a9e4c10-2b3d-4f56-8a71-0c9d8e7f6a5b"));
    /// ```
    #[must_use]
    pub fn get_active_org_id(&self) -> Option<&str> {
        self.active_org_id.as_deref()
    }

    /// The membership in the active org, if the token was for one and the user has a role in it.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs")).to_owned();
    /// let org = user.get_active_org();
    /// assert_eq!(org.unwrap().org_name, "Globex");
    /// ```
    #[must_use]
    pub fn get_active_org(&self) -> Option<&OrgMemberInfo> {
        self.get_org(self.active_org_id.as_deref()?)
    }

    /// The membership in the org of this id, if the user is a member of it.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs")).to_owned();
    /// # const ACME_ID: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
    /// let org = user.get_org(ACME_ID);
    /// assert_eq!(org.unwrap().org_name, "Acme");
    /// assert!(user.get_org("another-id").is_none());
    /// ```
    #[must_use]
    pub fn get_org(&self, org_id: &str) -> Option<&OrgMemberInfo> {
        self.org_id_to_org_member_info.as_ref()?.get(org_id)
    }

    /// The membership in the first org of this name, in the order of the token.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs")).to_owned();
    /// let org = user.get_org_by_name("Acme");
    /// assert_eq!(org.unwrap().url_safe_org_name, "acme");
    /// assert!(user.get_org_by_name("acme").is_none()); // the name as displayed
    /// ```
    #[must_use]
    pub fn get_org_by_name(&self, org_name: &str) -> Option<&OrgMemberInfo> {
        self.get_orgs().find(|org| org.org_name == org_name)
    }

    /// All memberships, in the order of the token.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs")).to_owned();
    /// assert!(user.get_orgs().map(|org| org.org_name.as_str()).eq(["Acme"]));
    /// ```
    pub fn get_orgs(&self) -> impl Iterator<Item = &OrgMemberInfo> + Clone {
        self.org_id_to_org_member_info.iter().flat_map(OrgMembers::iter).map(|(_, org)| org)
    }

    /// The user's property of this name.
    ///
    /// ```
    /// # use propelauth_edge::OwnedJsonValue;
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs")).to_owned();
    /// let color = user.get_user_property("favorite_color");
    /// assert_eq!(color, Some(&OwnedJsonValue::String("teal".into())));
    /// ```
    #[must_use]
    pub fn get_user_property(&self, name: &str) -> Option<&OwnedJsonValue> {
        self.properties.as_ref()?.get(name)
    }
}

impl UserView<'_> {
    /// The same user, owned.
    ///
    /// ```
    /// # use propelauth_edge::{Unauthorized, User, Verifier};
    /// # let (verifier, token, now, mut buffer) =
    /// #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/given.rs"));
    /// let user: User = {
    ///     let mut buffer = vec![0; Verifier::buffer_len(token)];
    ///     verifier.validate_access_token(token, now, &mut buffer)?.to_owned()
    /// }; // here the buffer goes, and the user stays
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
            login_method: self.login_method.to_owned(),
            org_id_to_org_member_info: self.org_id_to_org_member_info.map(OrgMembers::from),
        }
    }
}

impl From<UserView<'_>> for User {
    fn from(user: UserView<'_>) -> Self {
        user.to_owned()
    }
}

/// An [`OrgMemberInfoView`] that owns its strings.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct OrgMemberInfo {
    /// The org's id.
    pub org_id: String,
    /// The org's name, as displayed.
    pub org_name: String,
    /// The org's metadata.
    pub org_metadata: BTreeMap<String, OwnedJsonValue>,
    /// The user's role in the org; with multiple roles, one of them.
    pub user_assigned_role: String,
    /// That role and those that it inherits.
    pub user_inherited_roles_plus_current_role: Vec<String>,
    /// The user's permissions in the org.
    pub user_permissions: Vec<String>,
    /// How roles work in the org.
    pub org_role_structure: OrgRoleStructure<String>,
    /// With multiple roles, the others.
    pub assigned_additional_roles: Vec<String>,
    /// The org's name in lower case and with hyphens, for URLs.
    pub url_safe_org_name: String,
    /// The org's id in the system that it was migrated from.
    pub legacy_org_id: Option<String>,
}

impl OrgMemberInfo {
    membership_methods!(".to_owned()");
}

impl OrgMemberInfoView<'_> {
    /// The same membership, owned.
    ///
    /// ```
    /// # use propelauth_edge::OrgMemberInfo;
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs"));
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

/// The orgs of a [`User`] by their ids, in the order of the token.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrgMembers(Vec<(String, OrgMemberInfo)>);

impl OrgMembers {
    /// The org of this id.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs")).to_owned();
    /// # const ACME_ID: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
    /// let orgs = user.org_id_to_org_member_info.unwrap_or_default();
    /// assert_eq!(orgs.get(ACME_ID).unwrap().org_name, "Acme");
    /// assert!(orgs.get("another-id").is_none());
    /// ```
    #[must_use]
    pub fn get(&self, org_id: &str) -> Option<&OrgMemberInfo> {
        self.iter().find(|(id, _)| *id == org_id).map(|(_, org)| org)
    }

    /// Ids and memberships.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs")).to_owned();
    /// # const ACME_ID: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
    /// let orgs = user.org_id_to_org_member_info.unwrap_or_default();
    /// assert!(orgs.iter().map(|(id, org)| (id, org.org_name.as_str())).eq([(ACME_ID, "Acme")]));
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (&str, &OrgMemberInfo)> + Clone {
        self.0.iter().map(|(id, org)| (id.as_str(), org))
    }

    /// How many there are.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs")).to_owned();
    /// let orgs = user.org_id_to_org_member_info.unwrap_or_default();
    /// assert_eq!(orgs.len(), 1);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    ///
    /// ```
    /// # use propelauth_edge::OrgMembers;
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs")).to_owned();
    /// let orgs = user.org_id_to_org_member_info.unwrap_or_default();
    /// assert!(!orgs.is_empty());
    /// assert!(OrgMembers::default().is_empty());
    /// ```
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

impl<'de> Deserialize<'de> for OrgMembers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = OrgMembers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of orgs")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<OrgMembers, A::Error> {
                let mut orgs = OrgMembers::default();
                while let Some(entry) = map.next_entry()? {
                    orgs.0.push(entry);
                }
                Ok(orgs)
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

impl<'de> Deserialize<'de> for OrgRoleStructure<String> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from_name)
    }
}

impl<'de> Deserialize<'de> for LoginMethod<String> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(rename = "LoginMethod")]
        struct Parts {
            login_method: Option<String>,
            provider: Option<String>,
            org_id: Option<String>,
        }
        let parts = Parts::deserialize(deserializer)?;
        Self::from_parts(parts.login_method, parts.provider, parts.org_id)
            .ok_or_else(|| serde::de::Error::missing_field("provider"))
    }
}
