use std::prelude::v1::*;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::user::OrgRoleStructure;

/// A membership in an org, for a [`TestToken`](super::TestToken). By default, the role is `Member` in a hierarchy, and
/// there are no permissions. Names are those of [`OrgMemberInfo`](crate::OrgMemberInfo).
///
/// ```
/// use propelauth_edge::testkit::{TestIssuer, TestOrg};
/// use propelauth_edge::UnixTime;
///
/// let acme = TestOrg::new("acme-id", "Acme & Sons")
///     .single_role_in_hierarchy("Admin", &["Member"]) // an admin is also a member
///     .user_permissions(&["billing::view", "billing::edit"])
///     .url_safe_org_name("acme") // instead of acme-sons
///     .legacy_org_id("17")
///     .org_metadata("plan", "pro");
/// let globex = TestOrg::new("globex-id", "Globex").multi_role("Billing", &["Support"]); // has both
///
/// let issuer = TestIssuer::fixed();
/// let token = issuer.token("ada").org(acme).org(globex).access_token();
/// let mut buffer = [0; 4096];
/// let user = issuer.verifier().validate_access_token(&token, UnixTime::now(), &mut buffer)?;
/// assert!(user.is_role_in_org("acme-id", "Admin") && user.is_at_least_role_in_org("acme-id", "Member"));
/// assert!(user.is_role_in_org("globex-id", "Billing") && user.is_role_in_org("globex-id", "Support"));
/// # Ok::<(), propelauth_edge::Unauthorized>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[must_use]
pub struct TestOrg {
    pub(super) org_id: String,
    org_name: String,
    url_safe_org_name: String,
    org_metadata: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    legacy_org_id: Option<String>,
    user_role: String,
    inherited_user_roles_plus_current_role: Vec<String>,
    org_role_structure: OrgRoleStructure<String>,
    additional_roles: Vec<String>,
    user_permissions: Vec<String>,
}

impl TestOrg {
    /// Creates a membership as `Member` in the org with this id and name.
    ///
    /// ```
    /// # use propelauth_edge::{UnixTime, testkit::{TestIssuer, TestOrg}};
    /// let acme = TestOrg::new("acme-id", "Acme & Sons");
    /// # let (issuer, mut buffer) = (TestIssuer::fixed(), [0; 4096]);
    /// # let token = issuer.token("ada").org(acme).access_token();
    /// # let user = issuer.verifier().validate_access_token(&token, UnixTime::now(), &mut buffer).unwrap();
    /// # let org = user.get_org("acme-id").unwrap();
    /// assert_eq!((org.org_name, org.url_safe_org_name), ("Acme & Sons", "acme-sons"));
    /// assert!(org.user_is_role("Member"));
    /// ```
    pub fn new(org_id: &str, org_name: &str) -> Self {
        let words = org_name.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
        let org = Self {
            org_id: org_id.into(),
            org_name: org_name.into(),
            url_safe_org_name: words.collect::<Vec<_>>().join("-").to_lowercase(),
            org_metadata: Map::new(),
            legacy_org_id: None,
            user_role: String::new(),
            inherited_user_roles_plus_current_role: Vec::new(),
            org_role_structure: OrgRoleStructure::SingleRoleInHierarchy,
            additional_roles: Vec::new(),
            user_permissions: Vec::new(),
        };
        org.single_role_in_hierarchy("Member", &[])
    }

    /// Sets the user's role, and the roles that it inherits.
    ///
    /// ```
    /// # use propelauth_edge::{UnixTime, testkit::{TestIssuer, TestOrg}};
    /// let acme = TestOrg::new("acme-id", "Acme").single_role_in_hierarchy("Owner", &["Admin", "Member"]);
    /// # let (issuer, mut buffer) = (TestIssuer::fixed(), [0; 4096]);
    /// # let token = issuer.token("ada").org(acme).access_token();
    /// # let user = issuer.verifier().validate_access_token(&token, UnixTime::now(), &mut buffer).unwrap();
    /// # let org = user.get_org("acme-id").unwrap();
    /// assert!(org.user_is_role("Owner") && org.user_is_at_least_role("Admin"));
    /// assert!(!org.user_is_role("Admin"));
    /// ```
    pub fn single_role_in_hierarchy(self, user_role: &str, inherited_roles: &[&str]) -> Self {
        self.roles(OrgRoleStructure::SingleRoleInHierarchy, user_role, inherited_roles, &[])
    }

    /// Sets several roles without a hierarchy: the assigned one, and additional ones.
    ///
    /// ```
    /// # use propelauth_edge::{UnixTime, testkit::{TestIssuer, TestOrg}};
    /// let acme = TestOrg::new("acme-id", "Acme").multi_role("Billing", &["Support"]);
    /// # let (issuer, mut buffer) = (TestIssuer::fixed(), [0; 4096]);
    /// # let token = issuer.token("ada").org(acme).access_token();
    /// # let user = issuer.verifier().validate_access_token(&token, UnixTime::now(), &mut buffer).unwrap();
    /// # let org = user.get_org("acme-id").unwrap();
    /// assert!(org.user_is_role("Billing") && org.user_is_role("Support"));
    /// ```
    pub fn multi_role(self, user_role: &str, additional_roles: &[&str]) -> Self {
        self.roles(OrgRoleStructure::MultiRole, user_role, &[], additional_roles)
    }

    fn roles(self, structure: OrgRoleStructure<String>, role: &str, inherited: &[&str], additional: &[&str]) -> Self {
        Self {
            user_role: role.into(),
            inherited_user_roles_plus_current_role: strings(&[&[role], inherited].concat()),
            org_role_structure: structure,
            additional_roles: strings(additional),
            ..self
        }
    }

    /// Sets the user's permissions.
    ///
    /// ```
    /// # use propelauth_edge::{UnixTime, testkit::{TestIssuer, TestOrg}};
    /// let acme = TestOrg::new("acme-id", "Acme").user_permissions(&["billing::view", "billing::edit"]);
    /// # let (issuer, mut buffer) = (TestIssuer::fixed(), [0; 4096]);
    /// # let token = issuer.token("ada").org(acme).access_token();
    /// # let user = issuer.verifier().validate_access_token(&token, UnixTime::now(), &mut buffer).unwrap();
    /// # let org = user.get_org("acme-id").unwrap();
    /// assert!(org.user_has_all_permissions(&["billing::edit", "billing::view"]));
    /// assert!(!org.user_has_permission("billing"));
    /// ```
    pub fn user_permissions(mut self, permissions: &[&str]) -> Self {
        self.user_permissions = strings(permissions);
        self
    }

    /// Sets the org's name in URLs. Defaults to the words of its name joined with hyphens.
    pub fn url_safe_org_name(mut self, name: &str) -> Self {
        self.url_safe_org_name = name.into();
        self
    }

    /// Sets the org's id in the system it was migrated from.
    pub fn legacy_org_id(mut self, id: &str) -> Self {
        self.legacy_org_id = Some(id.into());
        self
    }

    /// Sets an entry of the org's metadata.
    ///
    /// # Panics
    ///
    /// Panics if the value cannot be written as JSON.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{UnixTime, testkit::{TestIssuer, TestOrg}};
    /// let acme = TestOrg::new("acme-id", "Acme").org_metadata("plan", "pro").org_metadata("seats", 5);
    /// # let (issuer, mut buffer) = (TestIssuer::fixed(), [0; 4096]);
    /// # let token = issuer.token("ada").org(acme).access_token();
    /// # let user = issuer.verifier().validate_access_token(&token, UnixTime::now(), &mut buffer).unwrap();
    /// # let org = user.get_org("acme-id").unwrap();
    /// assert_eq!(org.org_metadata.get("seats").and_then(|seats| seats.as_i64()), Some(5));
    /// ```
    #[track_caller]
    pub fn org_metadata(mut self, name: &str, value: impl Serialize) -> Self {
        self.org_metadata.insert(name.into(), json(value));
        self
    }
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|&string| string.into()).collect()
}

#[track_caller]
pub(super) fn json(value: impl Serialize) -> Value {
    serde_json::to_value(value).expect("a value that can be written as JSON")
}
