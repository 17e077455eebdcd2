use core::{fmt, iter};

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};

use super::org_index::OrgIndex;
use crate::access::{Membership, membership_methods};
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
    const EMPTY: StrList<'static> = StrList(JsonArray::EMPTY);

    /// The strings, in the order of the token.
    pub fn iter(self) -> impl Iterator<Item = &'a str> + Clone {
        self.0.iter().filter_map(JsonValue::as_plain_str)
    }

    /// Whether this very string is among them.
    #[must_use]
    pub fn contains(self, wanted: &str) -> bool {
        self.iter().any(|string| string == wanted)
    }

    /// How many there are.
    #[must_use]
    pub fn len(self) -> usize {
        self.0.iter().count()
    }

    /// Whether there are none.
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
    membership_methods!();

    /// Reads the org that begins where the reader stands. `Ok(None)` for one in which the user's role is null, which is
    /// no membership: the rest of it is not looked at.
    ///
    /// Every field that authorizes must be there and of its type, or nothing is known of the org; so must be the names.
    /// Only `org_role_structure`, `additional_roles` and `legacy_org_id` may be missing, in tokens of older releases.
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Option<Self>, InvalidOrg> {
        let fields = Fields::read(reader).ok_or(InvalidOrg)?;
        let role = fields.user_role.ok_or(InvalidOrg)?;
        if role.is_null() { Ok(None) } else { fields.check(role).map(Some).ok_or(InvalidOrg) }
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

/// The org entry lacks a field, has one of another type, or has one twice.
#[derive(Clone, Copy, Debug)]
pub(super) struct InvalidOrg;

/// The fields of an org entry, by their names in the token.
#[derive(Default)]
struct Fields<'a> {
    org_id: Option<JsonValue<'a>>,
    org_name: Option<JsonValue<'a>>,
    url_safe_org_name: Option<JsonValue<'a>>,
    org_metadata: Option<JsonValue<'a>>,
    legacy_org_id: Option<JsonValue<'a>>,
    user_role: Option<JsonValue<'a>>,
    inherited_roles: Option<List<'a>>,
    user_permissions: Option<List<'a>>,
    org_role_structure: Option<JsonValue<'a>>,
    additional_roles: Option<List<'a>>,
}

/// What stands where a list of strings should, and whether it is one.
type List<'a> = (JsonValue<'a>, bool);

impl<'a> Fields<'a> {
    /// Nothing if it is not an object, or one of them occurs twice. Unknown ones are ignored.
    fn read(reader: &mut Reader<'a>) -> Option<Self> {
        if !reader.enter(b'{') {
            return None;
        }
        let mut fields = Self::default();
        while let Some(name) = reader.name() {
            let list = match name.plain()? {
                "inherited_user_roles_plus_current_role" => &mut fields.inherited_roles,
                "user_permissions" => &mut fields.user_permissions,
                "additional_roles" => &mut fields.additional_roles,
                name => {
                    let value = reader.value()?;
                    let field = match name {
                        "org_id" => &mut fields.org_id,
                        "org_name" => &mut fields.org_name,
                        "url_safe_org_name" => &mut fields.url_safe_org_name,
                        "org_metadata" => &mut fields.org_metadata,
                        "legacy_org_id" => &mut fields.legacy_org_id,
                        "user_role" => &mut fields.user_role,
                        "org_role_structure" => &mut fields.org_role_structure,
                        _ => continue,
                    };
                    if field.replace(value).is_some() {
                        return None;
                    }
                    continue;
                }
            };
            if list.replace(reader.value_or_strings()?).is_some() {
                return None;
            }
        }
        Some(fields)
    }

    /// Nothing if one is missing or of another type.
    fn check(self, user_role: JsonValue<'a>) -> Option<OrgMemberInfoView<'a>> {
        let strings = |(value, is_list): List<'a>| if is_list { value.as_array().map(StrList) } else { None };
        Some(OrgMemberInfoView {
            org_id: self.org_id?.as_plain_str()?,
            org_name: self.org_name?.as_plain_str()?,
            org_metadata: match self.org_metadata? {
                metadata if metadata.is_null() => JsonObject::EMPTY,
                metadata => metadata.as_object()?,
            },
            user_assigned_role: user_role.as_plain_str()?,
            user_inherited_roles_plus_current_role: strings(self.inherited_roles?)?,
            user_permissions: strings(self.user_permissions?)?,
            org_role_structure: match self.org_role_structure {
                None => OrgRoleStructure::SingleRoleInHierarchy,
                Some(structure) => OrgRoleStructure::from_name(structure.as_plain_str()?),
            },
            assigned_additional_roles: match self.additional_roles {
                Some(roles) if !roles.0.is_null() => strings(roles)?,
                _ => StrList::EMPTY,
            },
            url_safe_org_name: self.url_safe_org_name?.as_plain_str()?,
            legacy_org_id: match self.legacy_org_id {
                Some(id) if !id.is_null() => Some(id.as_plain_str()?),
                _ => None,
            },
        })
    }
}

/// The orgs that a user is a member of, found by id without a walk over the others.
#[derive(Clone, Copy)]
pub struct Orgs<'a>(Source<'a>);

#[derive(Clone, Copy)]
enum Source<'a> {
    /// `org_id_to_org_member_info`
    All(OrgIndex<'a>),
    /// `org_member_info`: the active org, if the user has a role in it.
    Active(Option<OrgMemberInfoView<'a>>),
}

impl<'a> Orgs<'a> {
    pub(super) const fn active(org: Option<OrgMemberInfoView<'a>>) -> Self {
        Self(Source::Active(org))
    }

    /// Reads every org once: one that is no good, or an id that occurs twice, refuses them all.
    pub(super) fn read(map: JsonObject<'a>, scratch: &'a mut [u8]) -> Result<Self, InvalidOrg> {
        let index = OrgIndex::build(map, scratch, |entry| OrgMemberInfoView::read(entry).is_ok());
        index.map(|index| Self(Source::All(index))).ok_or(InvalidOrg)
    }

    /// The org of this id, if the user is a member of it.
    #[must_use]
    pub fn get(self, org_id: &str) -> Option<OrgMemberInfoView<'a>> {
        match self.0 {
            Source::All(index) => OrgMemberInfoView::read(&mut index.find(org_id)?).ok().flatten(),
            Source::Active(org) => org.filter(|org| org.org_id == org_id),
        }
    }

    /// Ids and memberships, in the order of the token.
    pub fn iter(self) -> impl Iterator<Item = (&'a str, OrgMemberInfoView<'a>)> + Clone {
        let (map, active) = match self.0 {
            Source::All(index) => (index.map(), None),
            Source::Active(org) => (JsonObject::EMPTY, org),
        };
        let mut entries = map.reader();
        let all = iter::from_fn(move || {
            loop {
                let org_id = entries.name()?.plain()?;
                if let Some(org) = OrgMemberInfoView::read(&mut entries).ok()? {
                    return Some((org_id, org));
                }
            }
        });
        active.into_iter().map(|org| (org.org_id, org)).chain(all)
    }

    /// How many there are. Walks over them.
    #[must_use]
    pub fn len(self) -> usize {
        self.iter().count()
    }

    /// Whether there are none.
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
