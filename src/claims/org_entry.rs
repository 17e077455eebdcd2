//! Objects whose members are known by name: the entry of an org, in `org_member_info` or in `org_id_to_org_member_info`,
//! and the login method.

use crate::json::{Kind, Malformed, Source, Span, Strings, Typed};
use crate::names::names;

names! {
    /// A field of an org entry.
    #[derive(Clone, Copy, PartialEq)]
    pub(crate) enum OrgField {
        OrgId = "org_id",
        OrgName = "org_name",
        UrlSafeOrgName = "url_safe_org_name",
        OrgMetadata = "org_metadata",
        LegacyOrgId = "legacy_org_id",
        UserRole = "user_role",
        InheritedRoles = "inherited_user_roles_plus_current_role",
        UserPermissions = "user_permissions",
        OrgRoleStructure = "org_role_structure",
        AdditionalRoles = "additional_roles",
    }
}

names! {
    /// A member of `login_method`.
    #[derive(Clone, Copy)]
    pub(crate) enum LoginField {
        LoginMethod = "login_method",
        Provider = "provider",
        OrgId = "org_id",
    }
}

/// The members of `login_method`, each at its place.
pub(crate) type LoginEntry<V> = [Option<V>; LoginField::COUNT];

/// Reads the object that begins here: the members that have a place, each at it. Nothing if it is not an object, or has
/// one of them twice. Others are ignored.
pub(super) fn read_members<S: Source, const N: usize>(
    source: &mut S,
    place: impl Fn(&[u8]) -> Option<(usize, Strings)>,
) -> Result<Option<[Option<S::Value>; N]>, Malformed> {
    if !source.enter_object()? {
        source.value(Strings::Kept)?;
        return Ok(None);
    }
    let mut members = [None; N];
    let mut are_unique = true;
    while let Some(name) = source.name()? {
        match place(name) {
            None => {
                source.value(Strings::Kept)?;
            }
            Some((place, strings)) => {
                let value = source.value(strings)?;
                are_unique &= members.get_mut(place).is_some_and(|member| member.replace(value).is_none());
            }
        }
    }
    Ok(if are_unique { Some(members) } else { None })
}

/// The fields of an org entry, as they come from a text that is being validated, or that was.
#[derive(Clone, Copy)]
pub(crate) struct OrgEntry<V>([Option<V>; OrgField::COUNT]);

impl<V: Copy> OrgEntry<V> {
    /// Reads the entry that begins here. Nothing if it is not an object, or has a field twice.
    pub(crate) fn read(source: &mut impl Source<Value = V>) -> Result<Option<Self>, Malformed> {
        let fields = read_members(source, |name| {
            let field = OrgField::from_name(name)?;
            Some((field as usize, if field == OrgField::OrgMetadata { Strings::Kept } else { Strings::Unescaped }))
        })?;
        Ok(fields.map(Self))
    }

    /// The same fields, each value put into another form.
    pub(super) fn map<W>(self, map: impl Fn(V) -> W) -> OrgEntry<W> {
        OrgEntry(self.0.map(|field| field.map(&map)))
    }

    pub(crate) fn get(&self, field: OrgField) -> Option<V> {
        self.0.get(field as usize).copied().flatten()
    }
}

impl OrgEntry<Typed<Span>> {
    fn kind(&self, field: OrgField) -> Option<Kind> {
        self.get(field).map(|typed| typed.kind)
    }

    /// Whether every field that authorizes is there and of its type, and so are the names. Only `org_role_structure`,
    /// `additional_roles` and `legacy_org_id` may be missing, in tokens of older releases. Where the user's role is
    /// null, which is no membership, the rest is not looked at.
    pub(super) fn is_good(&self) -> bool {
        use Kind::{ArrayOfStrings, Null, Object, String};
        self.kind(OrgField::UserRole) == Some(Null)
            || matches!(self.kind(OrgField::UserRole), Some(String))
                && matches!(self.kind(OrgField::OrgId), Some(String))
                && matches!(self.kind(OrgField::OrgName), Some(String))
                && matches!(self.kind(OrgField::UrlSafeOrgName), Some(String))
                && matches!(self.kind(OrgField::OrgMetadata), Some(Object | Null))
                && matches!(self.kind(OrgField::LegacyOrgId), None | Some(String | Null))
                && matches!(self.kind(OrgField::InheritedRoles), Some(ArrayOfStrings))
                && matches!(self.kind(OrgField::UserPermissions), Some(ArrayOfStrings))
                && matches!(self.kind(OrgField::OrgRoleStructure), None | Some(String))
                && matches!(self.kind(OrgField::AdditionalRoles), None | Some(ArrayOfStrings | Null))
    }
}
