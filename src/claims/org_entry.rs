//! Objects with known members: an org in `org_member_info` or `org_id_to_org_member_info`, and the login method.

use crate::json::{Kind, Malformed, Source, Strings, ValueSpan};
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

impl OrgField {
    /// Returns `true` if the field may have a value of this kind, or be missing. Older tokens lack `legacy_org_id`,
    /// `org_role_structure` and `additional_roles`.
    pub(crate) const fn allows(self, kind: Option<Kind>) -> bool {
        use Kind::{ArrayOfStrings, Null, Object, String};
        match self {
            Self::OrgId | Self::OrgName | Self::UrlSafeOrgName => matches!(kind, Some(String)),
            Self::OrgMetadata => matches!(kind, Some(Object | Null)),
            Self::LegacyOrgId => matches!(kind, None | Some(String | Null)),
            Self::UserRole => matches!(kind, Some(String | Null)),
            Self::InheritedRoles | Self::UserPermissions => matches!(kind, Some(ArrayOfStrings)),
            Self::OrgRoleStructure => matches!(kind, None | Some(String)),
            Self::AdditionalRoles => matches!(kind, None | Some(ArrayOfStrings | Null)),
        }
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

/// The members of `login_method`, each in its slot.
pub(crate) type LoginEntry<V> = [Option<V>; LoginField::COUNT];

/// Reads the next object into the slots of its known members. Returns `None` if it is not an object or repeats a known
/// member. Other members are ignored.
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

/// The fields of an org entry, in text that is being validated or has been.
#[derive(Clone, Copy)]
pub(crate) struct OrgEntry<V>([Option<V>; OrgField::COUNT]);

/// The field that followed each field in the previous entry; the last slot is the start of an entry. All entries of a
/// token have their fields in one order, so the next name is predicted and only has to be compared.
#[derive(Clone, Copy, Default)]
pub(crate) struct FieldOrder([Option<OrgField>; OrgField::COUNT + 1]);

impl FieldOrder {
    const START: usize = OrgField::COUNT;

    fn after(&self, place: usize) -> Option<(OrgField, &'static str)> {
        let field = self.0.get(place).copied().flatten()?;
        Some((field, OrgField::WRITTEN.get(field as usize)?))
    }

    fn learn(&mut self, place: usize, field: Option<OrgField>) {
        if let Some(after) = self.0.get_mut(place) {
            *after = field;
        }
    }
}

impl<V: Copy> OrgEntry<V> {
    /// Reads the next entry. Returns `None` if it is not an object or repeats a field.
    pub(crate) fn read(source: &mut impl Source<Value = V>, order: &mut FieldOrder) -> Result<Option<Self>, Malformed> {
        if !source.enter_object()? {
            source.value(Strings::Kept)?;
            return Ok(None);
        }
        let mut fields = [None; OrgField::COUNT];
        let mut are_unique = true;
        let mut place = FieldOrder::START;
        loop {
            let field = match order.after(place) {
                Some((field, written)) if source.skip_name(written) => field,
                _ => {
                    let Some(name) = source.name()? else { break };
                    let field = OrgField::from_name(name);
                    order.learn(place, field);
                    let Some(field) = field else {
                        source.value(Strings::Kept)?;
                        continue;
                    };
                    field
                }
            };
            place = field as usize;
            let strings = if field == OrgField::OrgMetadata { Strings::Kept } else { Strings::Unescaped };
            let value = source.value(strings)?;
            are_unique &= fields.get_mut(place).is_some_and(|field| field.replace(value).is_none());
        }
        order.learn(place, None);
        Ok(if are_unique { Some(Self(fields)) } else { None })
    }

    /// Converts each value.
    pub(super) fn map<W>(self, map: impl Fn(V) -> W) -> OrgEntry<W> {
        OrgEntry(self.0.map(|field| field.map(&map)))
    }

    pub(crate) fn get(&self, field: OrgField) -> Option<V> {
        self.0.get(field as usize).copied().flatten()
    }
}

impl OrgEntry<ValueSpan> {
    fn kind(&self, field: OrgField) -> Option<Kind> {
        self.get(field).map(|value| value.kind)
    }

    /// Returns `true` if every field is valid. A null role means no membership; other fields are then not checked.
    pub(super) fn is_good(&self) -> bool {
        let is_good = |field: OrgField| field.allows(self.kind(field));
        self.kind(OrgField::UserRole) == Some(Kind::Null)
            || is_good(OrgField::UserRole)
                && is_good(OrgField::OrgId)
                && is_good(OrgField::OrgName)
                && is_good(OrgField::UrlSafeOrgName)
                && is_good(OrgField::OrgMetadata)
                && is_good(OrgField::LegacyOrgId)
                && is_good(OrgField::InheritedRoles)
                && is_good(OrgField::UserPermissions)
                && is_good(OrgField::OrgRoleStructure)
                && is_good(OrgField::AdditionalRoles)
    }
}
