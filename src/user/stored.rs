//! Users that do not come from a token.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::login_method::LoginMethod;
use super::org::OrgRoleStructure;
use super::owned::{OrgMemberInfo, OrgMembers, User};
use crate::json::OwnedJsonValue;

/// An unverified [`User`], read back from a store.
///
/// Deserializes from a serialized user, and rejects a duplicate org id. A [`LoginMethod::Other`] becomes `Unknown`.
/// `User` itself does not implement `Deserialize`, so that it is not read from a request body by mistake.
///
/// ```
/// use propelauth_edge::{StoredUser, User};
///
/// # fn example(user: User) -> Result<(), serde_json::Error> {
/// let session = serde_json::to_string(&user)?;
///
/// // Later. Only this program can write to the session store.
/// let stored: StoredUser = serde_json::from_str(&session)?;
/// let user: User = stored.trust();
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct StoredUser(#[serde(deserialize_with = "UserShape::deserialize")] User);

impl StoredUser {
    /// Returns the user, who is as trustworthy as the store.
    #[must_use]
    pub fn trust(self) -> User {
        self.0
    }
}

impl From<User> for StoredUser {
    fn from(user: User) -> Self {
        Self(user)
    }
}

// With `remote`, serde can read the fields of these types without making the types themselves deserializable.

#[derive(serde::Deserialize)]
#[serde(remote = "User", rename = "User")]
struct UserShape {
    user_id: String,
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    username: Option<String>,
    legacy_user_id: Option<String>,
    impersonator_user_id: Option<String>,
    properties: Option<BTreeMap<String, OwnedJsonValue>>,
    active_org_id: Option<String>,
    login_method: LoginMethod<String>,
    #[serde(default, deserialize_with = "optional_orgs")]
    org_id_to_org_member_info: Option<OrgMembers>,
}

#[derive(serde::Deserialize)]
#[serde(remote = "OrgMemberInfo", rename = "OrgMemberInfo")]
struct OrgShape {
    org_id: String,
    org_name: String,
    org_metadata: BTreeMap<String, OwnedJsonValue>,
    user_assigned_role: String,
    user_inherited_roles_plus_current_role: Vec<String>,
    user_permissions: Vec<String>,
    org_role_structure: OrgRoleStructure<String>,
    assigned_additional_roles: Vec<String>,
    url_safe_org_name: String,
    legacy_org_id: Option<String>,
}

#[derive(serde::Deserialize)]
struct StoredOrg(#[serde(deserialize_with = "OrgShape::deserialize")] OrgMemberInfo);

struct StoredOrgs(OrgMembers);

fn optional_orgs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<OrgMembers>, D::Error> {
    Ok(Option::deserialize(deserializer)?.map(|StoredOrgs(orgs)| orgs))
}

impl<'de> Deserialize<'de> for StoredOrgs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = StoredOrgs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of orgs")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<StoredOrgs, A::Error> {
                let mut orgs = Vec::new();
                while let Some((id, StoredOrg(org))) = map.next_entry()? {
                    orgs.push((id, org));
                }
                let mut ids: Vec<&String> = orgs.iter().map(|(id, _)| id).collect();
                ids.sort_unstable();
                if ids.windows(2).any(|pair| matches!(pair, [id, next] if id == next)) {
                    return Err(A::Error::custom("an org id occurs twice"));
                }
                Ok(StoredOrgs(OrgMembers(orgs)))
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
            .ok_or_else(|| Error::missing_field("provider"))
    }
}
