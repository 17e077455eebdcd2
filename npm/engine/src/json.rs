//! The user as JSON, with the names of `@propelauth/node`. Missing values are left out, as they are `undefined` there.
//!
//! Free-form values are passed as text, so that only JavaScript parses their numbers.

use core::fmt::{self, Display, Write};

use propelauth_edge::{JsonObject, OrgMemberInfoView, Orgs, StrList, UserView};
use serde::Serialize;

/// Writes the user. If given, `kept` replaces the orgs: the length of the buffer that JavaScript keeps for them.
/// JavaScript knows the verifier's issuer, so only another one is written. Returns the length of the JSON, or `None` if
/// it does not fit.
pub(crate) fn write(
    user: &UserView<'_>,
    other_issuer: Option<&str>,
    kept: Option<usize>,
    out: &mut [u8],
) -> Option<usize> {
    let mut json = Writer::new(out);
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
        json.optional("issuer", other_issuer)?;
        json.number("issuedAt", user.issued_at().as_secs())?;
        json.number("expiresAt", user.expires_at().as_secs())?;
        json.name("loginMethod")?;
        json.value(&user.login_method)?;
        if let Some(kept) = kept {
            return json.number("kept", kept as u64);
        }
        let Some(orgs) = user.org_id_to_org_member_info else { return Some(()) };
        json.name("orgs")?;
        self::orgs(orgs, json)
    })?;
    Some(json.len)
}

pub(crate) fn write_orgs(orgs: Orgs<'_>, out: &mut [u8]) -> Option<usize> {
    let mut json = Writer::new(out);
    self::orgs(orgs, &mut json)?;
    Some(json.len)
}

pub(crate) fn write_org(found: Option<(&str, OrgMemberInfoView<'_>)>, out: &mut [u8]) -> Option<usize> {
    let mut json = Writer::new(out);
    match found {
        Some((org_id, org)) => pair(org_id, &org, &mut json)?,
        None => json.text(b"null")?,
    }
    Some(json.len)
}

fn orgs(orgs: Orgs<'_>, json: &mut Writer<'_>) -> Option<()> {
    json.list(b"[]", |json| {
        orgs.iter().try_for_each(|(org_id, org)| {
            json.comma()?;
            pair(org_id, &org, json)
        })
    })
}

/// Writes a pair, so that an id becomes a property name only in JavaScript.
fn pair(org_id: &str, org: &OrgMemberInfoView<'_>, json: &mut Writer<'_>) -> Option<()> {
    json.list(b"[]", |json| {
        json.string(org_id)?;
        json.comma()?;
        json.object(|json| self::org(org, json))
    })
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

pub(crate) struct Writer<'o> {
    out: &'o mut [u8],
    len: usize,
}

impl<'o> Writer<'o> {
    pub(crate) fn new(out: &'o mut [u8]) -> Self {
        Self { out, len: 0 }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

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

    /// Copies the string if it needs no escapes. Most need none.
    fn string(&mut self, string: &str) -> Option<()> {
        if string.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
            return self.value(&string);
        }
        self.text(b"\"")?;
        self.text(string.as_bytes())?;
        self.text(b"\"")
    }

    /// Separates the elements of a list.
    fn comma(&mut self) -> Option<()> {
        if self.out.get(..self.len)?.last().is_some_and(|byte| !b"[{".contains(byte)) {
            self.text(b",")?;
        }
        Some(())
    }

    fn list(&mut self, [open, close]: &[u8; 2], write: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.text(&[*open])?;
        write(self)?;
        self.text(&[*close])
    }

    pub(crate) fn object(&mut self, write: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.list(b"{}", write)
    }

    fn name(&mut self, name: &str) -> Option<()> {
        self.comma()?;
        self.text(b"\"")?;
        self.text(name.as_bytes())?;
        self.text(b"\":")
    }

    pub(crate) fn member(&mut self, name: &str, value: &str) -> Option<()> {
        self.name(name)?;
        self.string(value)
    }

    pub(crate) fn displayed(&mut self, name: &str, value: &impl Display) -> Option<()> {
        self.name(name)?;
        self.text(b"\"")?;
        write!(Escaped(self), "{value}").ok()?;
        self.text(b"\"")
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

    pub(crate) fn optional(&mut self, name: &str, value: Option<&str>) -> Option<()> {
        value.map_or(Some(()), |value| self.member(name, value))
    }

    fn number(&mut self, name: &str, value: u64) -> Option<()> {
        self.name(name)?;
        self.value(&value)
    }

    fn free_form(&mut self, name: &str, value: JsonObject<'_>) -> Option<()> {
        self.name(name)?;
        self.text(value.raw().as_bytes())
    }
}

/// Writes the content of a string.
struct Escaped<'w, 'o>(&'w mut Writer<'o>);

impl Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.bytes()
            .try_for_each(|byte| match byte {
                // No error's text contains a control character.
                ..b' ' => None,
                b'"' | b'\\' => self.0.text(&[b'\\', byte]),
                _ => self.0.text(&[byte]),
            })
            .ok_or(fmt::Error)
    }
}
