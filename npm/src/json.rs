//! The user as JSON, in the names of `@propelauth/node`. What there is not is left out, as it is `undefined` there.
//!
//! Free-form values go over as the text that they are, so that their numbers are read by JavaScript alone.

use propelauth_edge::{JsonObject, OrgMemberInfoView, StrList, UserView};
use serde::Serialize;

/// The length of what was written, or nothing if there is no room.
pub(crate) fn write(user: &UserView<'_>, out: &mut [u8]) -> Option<usize> {
    let mut json = Writer { out, len: 0 };
    json.object(|json| {
        json.member("userId", user.user_id)?;
        json.optional("email", user.email)?;
        json.optional("firstName", user.first_name)?;
        json.optional("lastName", user.last_name)?;
        json.optional("username", user.username)?;
        json.optional("legacyUserId", user.legacy_user_id)?;
        json.optional("impersonatorUserId", user.impersonator_user_id)?;
        if let Some(properties) = user.properties {
            json.free_form("properties", properties)?;
        }
        json.optional("activeOrgId", user.active_org_id)?;
        json.name("loginMethod")?;
        json.value(&user.login_method)?;
        let Some(orgs) = user.org_id_to_org_member_info else { return Some(()) };
        // Pairs, so that no id becomes a name before JavaScript makes it one.
        json.name("orgs")?;
        json.list(b"[]", |json| {
            orgs.iter().try_for_each(|(org_id, org)| {
                json.comma()?;
                json.list(b"[]", |json| {
                    json.string(org_id)?;
                    json.comma()?;
                    json.object(|json| self::org(&org, json))
                })
            })
        })
    })?;
    Some(json.len)
}

fn org(org: &OrgMemberInfoView<'_>, json: &mut Writer<'_>) -> Option<()> {
    json.member("orgId", org.org_id)?;
    json.member("orgName", org.org_name)?;
    json.free_form("orgMetadata", org.org_metadata)?;
    json.member("urlSafeOrgName", org.url_safe_org_name)?;
    json.member("orgRoleStructure", org.org_role_structure.name())?;
    json.member("userAssignedRole", org.user_assigned_role)?;
    json.strings("userInheritedRolesPlusCurrentRole", org.user_inherited_roles_plus_current_role)?;
    json.strings("userPermissions", org.user_permissions)?;
    json.strings("userAssignedAdditionalRoles", org.assigned_additional_roles)?;
    json.optional("legacyOrgId", org.legacy_org_id)
}

struct Writer<'o> {
    out: &'o mut [u8],
    len: usize,
}

impl Writer<'_> {
    fn text(&mut self, text: &[u8]) -> Option<()> {
        let end = self.len.checked_add(text.len())?;
        self.out.get_mut(self.len..end)?.copy_from_slice(text);
        self.len = end;
        Some(())
    }

    fn value(&mut self, value: &impl Serialize) -> Option<()> {
        self.len += serde_json_core::to_slice(value, self.out.get_mut(self.len..)?).ok()?;
        Some(())
    }

    /// Most strings have nothing to escape, and are copied.
    fn string(&mut self, string: &str) -> Option<()> {
        if string.bytes().any(|octet| octet < b' ' || octet == b'"' || octet == b'\\') {
            return self.value(&string);
        }
        self.text(b"\"")?;
        self.text(string.as_bytes())?;
        self.text(b"\"")
    }

    /// Between the elements of a list, after all but the last.
    fn comma(&mut self) -> Option<()> {
        if self.out.get(..self.len)?.last().is_some_and(|octet| !b"[{".contains(octet)) {
            self.text(b",")?;
        }
        Some(())
    }

    fn list(&mut self, [open, close]: &[u8; 2], write: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.text(&[*open])?;
        write(self)?;
        self.text(&[*close])
    }

    fn object(&mut self, write: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.list(b"{}", write)
    }

    fn name(&mut self, name: &str) -> Option<()> {
        self.comma()?;
        self.text(b"\"")?;
        self.text(name.as_bytes())?;
        self.text(b"\":")
    }

    fn member(&mut self, name: &str, value: &str) -> Option<()> {
        self.name(name)?;
        self.string(value)
    }

    fn strings(&mut self, name: &str, values: StrList<'_>) -> Option<()> {
        self.name(name)?;
        self.list(b"[]", |json| {
            values.iter().try_for_each(|value| {
                json.comma()?;
                json.string(value)
            })
        })
    }

    fn optional(&mut self, name: &str, value: Option<&str>) -> Option<()> {
        value.map_or(Some(()), |value| self.member(name, value))
    }

    fn free_form(&mut self, name: &str, value: JsonObject<'_>) -> Option<()> {
        self.name(name)?;
        self.text(value.raw().as_bytes())
    }
}
