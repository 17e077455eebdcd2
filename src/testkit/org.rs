use std::prelude::v1::*;

use serde::Serialize;
use serde_json::{Map, Value};

use super::token::json;
use crate::user::OrgRoleStructure;

/// A membership in an org, to go into a [`TestToken`](super::TestToken): with the role `Member` in a hierarchy and no
/// permissions, unless said otherwise. The names are those of [`OrgMemberInfo`](crate::OrgMemberInfo).
///
/// ```
/// use propelauth_edge::testkit::{TestIssuer, TestOrg};
/// use propelauth_edge::UnixTime;
///
/// let acme = TestOrg::new("acme-id", "Acme & Sons")
///     .single_role_in_hierarchy("Admin", &["Member"]) // an admin is a member as well
///     .user_permissions(&["billing::view", "billing::edit"])
///     .url_safe_org_name("acme") // or else acme-sons
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
    /// An org of this id and name, of which the user is a `Member`.
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

    /// The one role that the user has, and those that it inherits.
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

    /// Roles beside each other: one that the user has, and the others.
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

    /// What the user may do.
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

    /// Another name for URLs than the words of the org's name with hyphens between them.
    ///
    /// ```
    /// # use propelauth_edge::{UnixTime, testkit::{TestIssuer, TestOrg}};
    /// let acme = TestOrg::new("acme-id", "Acme & Sons").url_safe_org_name("acme");
    /// # let (issuer, mut buffer) = (TestIssuer::fixed(), [0; 4096]);
    /// # let token = issuer.token("ada").org(acme).access_token();
    /// # let user = issuer.verifier().validate_access_token(&token, UnixTime::now(), &mut buffer).unwrap();
    /// # let org = user.get_org("acme-id").unwrap();
    /// assert_eq!(org.url_safe_org_name, "acme");
    /// ```
    pub fn url_safe_org_name(mut self, name: &str) -> Self {
        self.url_safe_org_name = name.into();
        self
    }

    /// The org's id in the system that it was migrated from.
    ///
    /// ```
    /// # use propelauth_edge::{UnixTime, testkit::{TestIssuer, TestOrg}};
    /// let acme = TestOrg::new("acme-id", "Acme").legacy_org_id("17");
    /// # let (issuer, mut buffer) = (TestIssuer::fixed(), [0; 4096]);
    /// # let token = issuer.token("ada").org(acme).access_token();
    /// # let user = issuer.verifier().validate_access_token(&token, UnixTime::now(), &mut buffer).unwrap();
    /// # let org = user.get_org("acme-id").unwrap();
    /// assert_eq!(org.legacy_org_id, Some("17"));
    /// ```
    pub fn legacy_org_id(mut self, id: &str) -> Self {
        self.legacy_org_id = Some(id.into());
        self
    }

    /// One entry of the org's metadata.
    ///
    /// # Panics
    ///
    /// If the value is none that JSON has.
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
