use core::{fmt, iter};

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};

use crate::access::{Membership, membership_methods};
use crate::claims::{OrgEntry, OrgField, OrgIndex};
use crate::json::{JsonArray, JsonObject, JsonValue, Reader};

/// How roles work in an org. `S` is `&str` in a view and `String` in an owned user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrgRoleStructure<S> {
    /// `single_role_in_hierarchy`: a user has one role, which inherits those below. Also where the token does not say.
    SingleRoleInHierarchy,
    /// `multi_role`: a user may have several roles.
    MultiRole,
    /// A structure that this crate does not know, as the token names it. It is treated as a hierarchy, which grants
    /// less, as in the Python library.
    Other(S),
}

impl<S: AsRef<str>> OrgRoleStructure<S> {
    pub(super) fn from_name(name: S) -> Self {
        match name.as_ref() {
            "single_role_in_hierarchy" => Self::SingleRoleInHierarchy,
            "multi_role" => Self::MultiRole,
            _ => Self::Other(name),
        }
    }

    /// The name in the token.
    ///
    /// ```
    /// # use propelauth_edge::OrgRoleStructure;
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
    /// let org = user.get_active_org().unwrap();
    /// assert_eq!(org.org_role_structure, OrgRoleStructure::MultiRole);
    /// assert_eq!(org.org_role_structure.name(), "multi_role");
    /// ```
    pub fn name(&self) -> &str {
        match self {
            Self::SingleRoleInHierarchy => "single_role_in_hierarchy",
            Self::MultiRole => "multi_role",
            Self::Other(name) => name.as_ref(),
        }
    }
}

impl<S: AsRef<str>> Serialize for OrgRoleStructure<S> {
    fn serialize<T: Serializer>(&self, serializer: T) -> Result<T::Ok, T::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A list of strings in the token.
#[derive(Clone, Copy)]
pub struct StrList<'a>(JsonArray<'a>);

impl<'a> StrList<'a> {
    /// The strings, in the order of the token.
    ///
    /// ```
    /// # use propelauth_edge::StrList;
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs"));
    /// # let org = user.get_orgs().next().unwrap();
    /// let roles: StrList<'_> = org.user_inherited_roles_plus_current_role;
    /// assert!(roles.iter().eq(["Admin", "Member"]));
    /// ```
    pub fn iter(self) -> impl Iterator<Item = &'a str> + Clone {
        self.0.iter().filter_map(JsonValue::as_plain_str)
    }

    /// Whether this very string is among them.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs"));
    /// # let org = user.get_orgs().next().unwrap();
    /// assert!(org.user_permissions.contains("billing::view"));
    /// assert!(!org.user_permissions.contains("billing"));
    /// ```
    #[must_use]
    pub fn contains(self, wanted: &str) -> bool {
        self.iter().any(|string| string == wanted)
    }

    /// How many there are.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs"));
    /// # let org = user.get_orgs().next().unwrap();
    /// assert_eq!(org.user_inherited_roles_plus_current_role.len(), 2);
    /// ```
    #[must_use]
    pub fn len(self) -> usize {
        self.0.iter().count()
    }

    /// Whether there are none.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs"));
    /// # let org = user.get_orgs().next().unwrap();
    /// assert!(org.assigned_additional_roles.is_empty());
    /// assert!(!org.user_permissions.is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0.iter().next().is_none()
    }
}

impl fmt::Debug for StrList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for StrList<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Serialize for StrList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.len()))?;
        for string in self.iter() {
            sequence.serialize_element(string)?;
        }
        sequence.end()
    }
}

/// A user's membership in an org, borrowed from the buffer that the token was verified in.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Serialize)]
pub struct OrgMemberInfoView<'a> {
    /// The org's id.
    pub org_id: &'a str,
    /// The org's name, as displayed.
    pub org_name: &'a str,
    /// The org's metadata; empty where the token says null.
    pub org_metadata: JsonObject<'a>,
    /// The user's role in the org; with multiple roles, one of them.
    pub user_assigned_role: &'a str,
    /// That role and those that it inherits.
    pub user_inherited_roles_plus_current_role: StrList<'a>,
    /// The user's permissions in the org.
    pub user_permissions: StrList<'a>,
    /// How roles work in the org.
    pub org_role_structure: OrgRoleStructure<&'a str>,
    /// With multiple roles, the others.
    pub assigned_additional_roles: StrList<'a>,
    /// The org's name in lower case and with hyphens, for URLs.
    pub url_safe_org_name: &'a str,
    /// The org's id in the system that it was migrated from.
    pub legacy_org_id: Option<&'a str>,
}

impl<'a> OrgMemberInfoView<'a> {
    membership_methods!("");

    /// Nothing if the user's role is null, which is no membership.
    pub(super) fn from_entry(entry: &OrgEntry<JsonValue<'a>>) -> Option<Self> {
        let string = |field| entry.get(field).and_then(JsonValue::as_plain_str);
        let strings = |field| StrList(entry.get(field).and_then(JsonValue::as_array).unwrap_or(JsonArray::EMPTY));
        Some(Self {
            org_id: string(OrgField::OrgId)?,
            org_name: string(OrgField::OrgName)?,
            org_metadata: entry.get(OrgField::OrgMetadata).and_then(JsonValue::as_object).unwrap_or(JsonObject::EMPTY),
            user_assigned_role: string(OrgField::UserRole)?,
            user_inherited_roles_plus_current_role: strings(OrgField::InheritedRoles),
            user_permissions: strings(OrgField::UserPermissions),
            org_role_structure: string(OrgField::OrgRoleStructure)
                .map_or(OrgRoleStructure::SingleRoleInHierarchy, OrgRoleStructure::from_name),
            assigned_additional_roles: strings(OrgField::AdditionalRoles),
            url_safe_org_name: string(OrgField::UrlSafeOrgName)?,
            legacy_org_id: string(OrgField::LegacyOrgId),
        })
    }

    /// The org that begins where the reader stands.
    fn read(reader: &mut Reader<'a>) -> Option<Option<Self>> {
        OrgEntry::read(reader).ok().flatten().map(|entry| Self::from_entry(&entry))
    }
}

impl Membership for OrgMemberInfoView<'_> {
    fn has_multiple_roles(&self) -> bool {
        matches!(self.org_role_structure, OrgRoleStructure::MultiRole)
    }

    fn is_assigned(&self, role: &str) -> bool {
        self.user_assigned_role == role
    }

    fn is_inherited(&self, role: &str) -> bool {
        self.user_inherited_roles_plus_current_role.contains(role)
    }

    fn is_additional(&self, role: &str) -> bool {
        self.assigned_additional_roles.contains(role)
    }

    fn has_permission(&self, permission: &str) -> bool {
        self.user_permissions.contains(permission)
    }
}

/// The orgs that a user is a member of, found by id without a walk over the others.
#[derive(Clone, Copy)]
pub struct Orgs<'a>(Origin<'a>);

/// The claim that the orgs stand in.
#[derive(Clone, Copy)]
enum Origin<'a> {
    /// `org_id_to_org_member_info`
    All { map: JsonObject<'a>, index: OrgIndex<'a> },
    /// `org_member_info`: the active org, if the user has a role in it.
    Active(Option<OrgMemberInfoView<'a>>),
}

impl<'a> Orgs<'a> {
    pub(super) const fn active(org: Option<OrgMemberInfoView<'a>>) -> Self {
        Self(Origin::Active(org))
    }

    pub(super) const fn all(map: JsonObject<'a>, index: OrgIndex<'a>) -> Self {
        Self(Origin::All { map, index })
    }

    /// The org of this id, if the user is a member of it.
    ///
    /// ```
    /// # use propelauth_edge::OrgMemberInfoView;
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs"));
    /// # const ACME_ID: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
    /// let orgs = user.org_id_to_org_member_info.unwrap();
    /// let acme: OrgMemberInfoView<'_> = orgs.get(ACME_ID).unwrap();
    /// assert_eq!(acme.org_name, "Acme");
    /// assert!(orgs.get("another-id").is_none());
    /// ```
    #[must_use]
    pub fn get(self, org_id: &str) -> Option<OrgMemberInfoView<'a>> {
        match self.0 {
            Origin::All { map, index } => OrgMemberInfoView::read(&mut index.find(map, org_id)?)?,
            Origin::Active(org) => org.filter(|org| org.org_id == org_id),
        }
    }

    /// Ids and memberships, in the order of the token.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs"));
    /// # const ACME_ID: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
    /// let orgs = user.org_id_to_org_member_info.unwrap();
    /// assert!(orgs.iter().map(|(id, org)| (id, org.org_name)).eq([(ACME_ID, "Acme")]));
    /// ```
    pub fn iter(self) -> impl Iterator<Item = (&'a str, OrgMemberInfoView<'a>)> + Clone {
        let (map, active) = match self.0 {
            Origin::All { map, .. } => (map, None),
            Origin::Active(org) => (JsonObject::EMPTY, org),
        };
        let mut entries = map.reader();
        let all = iter::from_fn(move || {
            loop {
                let org_id = entries.name()?.plain()?;
                if let Some(org) = OrgMemberInfoView::read(&mut entries)? {
                    return Some((org_id, org));
                }
            }
        });
        active.into_iter().map(|org| (org.org_id, org)).chain(all)
    }

    /// How many there are. Walks over them.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs"));
    /// let orgs = user.org_id_to_org_member_info.unwrap();
    /// assert_eq!(orgs.len(), 1);
    /// ```
    #[must_use]
    pub fn len(self) -> usize {
        self.iter().count()
    }

    /// Whether there are none.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs"));
    /// let orgs = user.org_id_to_org_member_info.unwrap();
    /// assert!(!orgs.is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }
}

impl fmt::Debug for Orgs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for Orgs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (org_id, org) in self.iter() {
            map.serialize_entry(org_id, &org)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_structure_has_its_name() {
        for structure in
            [OrgRoleStructure::SingleRoleInHierarchy, OrgRoleStructure::MultiRole, OrgRoleStructure::Other("flat")]
        {
            assert_eq!(OrgRoleStructure::from_name(structure.name()), structure);
        }
    }
}
