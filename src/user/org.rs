use core::{fmt, iter};

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};

use crate::claims::{FieldOrder, OrgEntry, OrgField, OrgIndex};
use crate::json::{JsonObject, JsonValue, Reader, Value};
use crate::user::access::{Membership, membership_methods};

/// The role structure of an org. `S` is `&str` in a view and `String` in an owned user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrgRoleStructure<S> {
    /// `single_role_in_hierarchy`: a user has one role, which inherits those below it. The default if the token has no
    /// structure.
    SingleRoleInHierarchy,
    /// `multi_role`: a user may have several roles.
    MultiRole,
    /// A structure unknown to this crate, as the token names it. It counts as a hierarchy, which grants less, as in the
    /// Python library.
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

    /// Returns the structure's name in tokens.
    ///
    /// ```
    /// # use propelauth_edge::OrgRoleStructure;
    /// # let user = demo::grace();
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
pub struct StrList<'a>(Value<'a>);

impl<'a> StrList<'a> {
    /// Returns the strings, in the order of the token.
    ///
    /// ```
    /// # use propelauth_edge::StrList;
    /// # let user = demo::ada();
    /// # let org = user.get_orgs().next().unwrap();
    /// let roles: StrList<'_> = org.user_inherited_roles_plus_current_role;
    /// assert!(roles.iter().eq(["Admin", "Member"]));
    /// ```
    pub fn iter(self) -> impl Iterator<Item = &'a str> + Clone {
        self.0.elements().filter_map(Value::as_str)
    }

    /// Returns `true` if the list contains this string.
    ///
    /// ```
    /// # let user = demo::ada();
    /// # let org = user.get_orgs().next().unwrap();
    /// assert!(org.user_permissions.contains("billing::view"));
    /// assert!(!org.user_permissions.contains("billing"));
    /// ```
    #[must_use]
    pub fn contains(self, wanted: &str) -> bool {
        self.iter().any(|string| string == wanted)
    }

    /// Returns the number of strings.
    #[must_use]
    pub fn len(self) -> usize {
        self.0.elements().count()
    }

    /// Returns `true` if there are no strings.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0.elements().next().is_none()
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
    /// The org's metadata. Empty if null in the token.
    pub org_metadata: JsonObject<'a>,
    /// The user's role in the org. With multiple roles, one of them.
    pub user_assigned_role: &'a str,
    /// This role and those that it inherits.
    pub user_inherited_roles_plus_current_role: StrList<'a>,
    /// The user's permissions in the org.
    pub user_permissions: StrList<'a>,
    /// The org's role structure.
    pub org_role_structure: OrgRoleStructure<&'a str>,
    /// The user's other roles, in an org with multiple roles.
    pub assigned_additional_roles: StrList<'a>,
    /// The org's name as a URL slug, in lower case with hyphens.
    pub url_safe_org_name: &'a str,
    /// The org's id in the system it was migrated from.
    pub legacy_org_id: Option<&'a str>,
}

impl<'a> OrgMemberInfoView<'a> {
    membership_methods!();

    /// Returns `None` if the user's role is null, which means no membership.
    pub(super) fn from_entry(entry: &OrgEntry<Value<'a>>) -> Option<Self> {
        let string = |field| entry.get(field).and_then(Value::as_str);
        let strings = |field| StrList(entry.get(field).unwrap_or(Value::EMPTY_ARRAY));
        let metadata = entry.get(OrgField::OrgMetadata).map(JsonValue::kept);
        Some(Self {
            org_id: string(OrgField::OrgId)?,
            org_name: string(OrgField::OrgName)?,
            org_metadata: metadata.and_then(JsonValue::as_object).unwrap_or(JsonObject::EMPTY),
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

    /// Reads the org at the reader's position.
    fn read(reader: &mut Reader<'a>, order: &mut FieldOrder) -> Option<Option<Self>> {
        OrgEntry::read(reader, order).ok().flatten().map(|entry| Self::from_entry(&entry))
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

/// The orgs of a user. Finding one by id does not scan the others.
#[derive(Clone, Copy)]
pub struct Orgs<'a> {
    /// `org_id_to_org_member_info`, or else `org_member_info`.
    pub(super) claim: Value<'a>,
    /// The index of the former.
    pub(super) index: Option<OrgIndex<'a>>,
}

impl<'a> Orgs<'a> {
    /// Returns the active org, unless the user has no role in it.
    fn active(self) -> Option<OrgMemberInfoView<'a>> {
        OrgMemberInfoView::read(&mut self.claim.reader(), &mut FieldOrder::default())?
    }

    /// Returns the membership in the org with this id, or `None` if the user is not a member.
    ///
    /// ```
    /// # use propelauth_edge::OrgMemberInfoView;
    /// # let user = demo::ada();
    /// # const ACME_ID: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
    /// let orgs = user.org_id_to_org_member_info.unwrap();
    /// let acme: OrgMemberInfoView<'_> = orgs.get(ACME_ID).unwrap();
    /// assert_eq!(acme.org_name, "Acme");
    /// assert!(orgs.get("another-id").is_none());
    /// ```
    #[must_use]
    pub fn get(self, org_id: &str) -> Option<OrgMemberInfoView<'a>> {
        match self.index {
            Some(index) => OrgMemberInfoView::read(&mut index.find(self.claim, org_id)?, &mut FieldOrder::default())?,
            None => self.active().filter(|org| org.org_id == org_id),
        }
    }

    /// Returns ids and memberships, in the order of the token.
    ///
    /// ```
    /// # let user = demo::ada();
    /// # const ACME_ID: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
    /// let orgs = user.org_id_to_org_member_info.unwrap();
    /// assert!(orgs.iter().map(|(id, org)| (id, org.org_name)).eq([(ACME_ID, "Acme")]));
    /// ```
    pub fn iter(self) -> impl Iterator<Item = (&'a str, OrgMemberInfoView<'a>)> + Clone {
        let (map, active) = match self.index {
            Some(_) => (self.claim, None),
            None => (Value::EMPTY_OBJECT, self.active()),
        };
        let (mut entries, mut order) = (map.inside(), FieldOrder::default());
        let all = iter::from_fn(move || {
            loop {
                let org_id = entries.name()?.plain()?;
                if let Some(org) = OrgMemberInfoView::read(&mut entries, &mut order)? {
                    return Some((org_id, org));
                }
            }
        });
        active.into_iter().map(|org| (org.org_id, org)).chain(all)
    }

    /// Returns the number of orgs, by iterating over them.
    #[must_use]
    pub fn len(self) -> usize {
        self.iter().count()
    }

    /// Returns `true` if there are no orgs.
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
