//! Orgs and role mappings.

use std::prelude::v1::*;

use crate::client::endpoint::declare::{endpoint, options, results, texts};
use crate::client::endpoint::route::is_blank;
use crate::client::json::JsonMap;
use crate::client::pages::paged;

endpoint! {
    /// Fetches an org. Returns `None` if no org has this id.
    GET "/org/{org_id}";
    fetch_org(FetchOrg) -> Option<Organization> {
        /// The org's id.
        org_id: String,
    }
    unless uuid(org_id) => Absent;
    404 => Absent, 426 => NotEnabled(B2b);
}

endpoint! {
    /// Fetches a page of the environment's orgs.
    GET "/org/query", query;
    fetch_org_by_query(FetchOrgByQuery, FetchOrgByQueryOptions) -> OrgsPage {}
    400 => Text, 426 => NotEnabled(B2b);
}

paged!(FetchOrgByQuery => OrgsPage.orgs);

options! {
    /// Optional arguments of `fetch_org_by_query`.
    pub struct FetchOrgByQueryOptions {
        /// Orgs per page, at most 100. Default 10.
        page_size: u32 = 10,
        /// The page number, from 0.
        page_number: u32,
        /// The sort order. Default: oldest first.
        order_by: OrgQueryOrderBy = OrgQueryOrderBy::CreatedAtAsc,
        /// Only orgs whose name contains this.
        name: Option<String>,
        /// Only the org that had this id in the system it was migrated from.
        legacy_org_id: Option<String>,
        /// Only orgs with this email domain.
        domain: Option<String>,
    }
}

texts! {
    /// A sort order for orgs.
    pub enum OrgQueryOrderBy {
        /// Oldest first:
        CreatedAtAsc = "CREATED_AT_ASC",
        /// Newest first:
        CreatedAtDesc = "CREATED_AT_DESC",
        /// By name:
        Name = "NAME",
    }
}

results! {
    /// An org, with all its settings.
    pub struct Organization {
        /// The org's id.
        pub org_id: String,
        /// The org's name, as displayed.
        pub name: String,
        /// The org's name as a URL slug, in lower case with hyphens.
        pub url_safe_org_slug: String,
        /// Whether the org's admins may set up SAML.
        pub can_setup_saml: bool,
        /// Whether SAML is set up.
        pub is_saml_configured: bool,
        /// Whether SAML is set up in test mode only.
        pub is_saml_in_test_mode: bool,
        /// The maximum number of users in the org. `None` if unlimited.
        pub max_users: Option<u64>,
        /// The org's metadata.
        pub metadata: Option<JsonMap>,
        /// The org's email domain.
        pub domain: Option<String>,
        /// Other email domains of the org.
        pub extra_domains: Vec<String>,
        /// Whether users with an address in the org's domain can join without an invitation.
        pub domain_autojoin: bool,
        /// Whether only users with an address in the org's domain can join.
        pub domain_restrict: bool,
        /// The org's custom role mapping, if it has one.
        pub custom_role_mapping_name: Option<String>,
        /// The org's id in the system it was migrated from.
        pub legacy_org_id: Option<String>,
        /// Whether members must change their passwords regularly.
        pub password_rotation_enabled: Option<bool>,
        /// The number of former passwords that members cannot reuse.
        pub password_rotation_history_size: Option<u64>,
        /// How often members must change their passwords, in days.
        pub password_rotation_period: Option<u64>,
    }

    /// An org in an [`OrgsPage`].
    pub struct Org {
        /// The org's id.
        pub org_id: String,
        /// The org's name, as displayed.
        pub name: String,
        /// The maximum number of users in the org. `None` if unlimited.
        pub max_users: Option<u64>,
        /// Whether SAML is set up.
        pub is_saml_configured: bool,
        /// The org's id in the system it was migrated from.
        pub legacy_org_id: Option<String>,
        /// The org's metadata.
        pub metadata: Option<JsonMap>,
        /// The org's custom role mapping, if it has one.
        pub custom_role_mapping_name: Option<String>,
        /// When the org was created, in seconds since 1970.
        pub created_at: Option<i64>,
    }

    /// A page of orgs.
    pub struct OrgsPage {
        /// The orgs.
        pub orgs: Vec<Org>,
        /// The number of orgs on all pages.
        pub total_orgs: u64,
        /// The number of this page, from 0.
        pub current_page: u32,
        /// Orgs per page.
        pub page_size: u32,
        /// Whether more pages follow.
        pub has_more_results: bool,
    }
}

endpoint! {
    /// Creates an org.
    POST "/org/", json;
    create_org(CreateOrg, CreateOrgOptions) -> CreatedOrg {
        /// The org's name, as displayed.
        name: String,
    }
    400 => FieldErrors;
}

options! {
    /// Optional arguments of `create_org`.
    pub struct CreateOrgOptions {
        /// Whether users with an address in the org's domain can join without an invitation.
        enable_auto_joining_by_domain: bool,
        /// Whether only users with an address in the org's domain can join.
        members_must_have_matching_domain: bool,
        /// The org's email domain.
        #[serde(skip_serializing_if = "is_blank")]
        domain: Option<String>,
        /// The maximum number of users in the org. `None` if unlimited.
        max_users: Option<u64>,
        /// The org's custom role mapping, if it has one.
        custom_role_mapping_name: Option<String>,
        /// The org's id in the system it was migrated from.
        #[serde(skip_serializing_if = "is_blank")]
        legacy_org_id: Option<String>,
    }
}

results! {
    /// The result of `create_org`.
    pub struct CreatedOrg {
        /// The org's id.
        pub org_id: String,
        /// The org's name, as displayed.
        pub name: String,
    }
}

endpoint! {
    /// Updates an org. Fields that are `None` stay unchanged. Returns `false` if the org does not exist.
    PUT "/org/{org_id}", json;
    update_org_metadata(UpdateOrgMetadata, UpdateOrgMetadataOptions) -> bool {
        /// The org's id.
        org_id: String,
    }
    unless uuid(org_id) => Absent;
    400 => FieldErrors, 404 => Absent;
}

options! {
    /// Optional arguments of `update_org_metadata`.
    pub struct UpdateOrgMetadataOptions {
        /// The org's name, as displayed.
        name: Option<String>,
        /// Whether the org's admins may set up SAML.
        can_setup_saml: Option<bool>,
        /// The org's metadata.
        metadata: Option<JsonMap>,
        /// The maximum number of users in the org.
        max_users: Option<u64>,
        /// Whether users with an address in the org's domain can join without an invitation.
        #[serde(rename = "autojoin_by_domain", alias = "can_join_on_email_domain_match")]
        can_join_on_email_domain_match: Option<bool>,
        /// Whether only users with an address in the org's domain can join.
        #[serde(rename = "restrict_to_domain", alias = "members_must_have_email_domain_match")]
        members_must_have_email_domain_match: Option<bool>,
        /// The org's email domain.
        domain: Option<String>,
        /// When members must have set up MFA: a date and time in ISO 8601.
        require_2fa_by: Option<String>,
        /// Other email domains of the org.
        extra_domains: Option<Vec<String>>,
        /// Whether members must change their passwords regularly.
        password_rotation_enabled: Option<bool>,
        /// The number of former passwords that members cannot reuse.
        password_rotation_history_size: Option<u64>,
        /// How often members must change their passwords, in days.
        password_rotation_period: Option<u64>,
    }
}

endpoint! {
    /// Deletes an org. Returns `false` if the org does not exist.
    DELETE "/org/{org_id}";
    delete_org(DeleteOrg) -> bool {
        /// The org's id.
        org_id: String,
    }
    unless uuid(org_id) => Absent;
    404 => Absent;
}

endpoint! {
    /// Fetches the environment's role mappings: sets of roles that an org can use.
    GET "/custom_role_mappings";
    fetch_custom_role_mappings(FetchCustomRoleMappings) -> CustomRoleMappings {}
    426 => NotEnabled(B2b);
}

endpoint! {
    /// Sets an org's role mapping. Returns `false` if the org does not exist.
    PUT "/org/{org_id}", json;
    subscribe_org_to_role_mapping(SubscribeOrgToRoleMapping) -> bool {
        /// The org's id.
        org_id: String,
        /// The role mapping's name.
        custom_role_mapping_name: String,
    }
    unless uuid(org_id) => Absent;
    400 => FieldErrors, 404 => Absent;
}

results! {
    /// The result of `fetch_custom_role_mappings`.
    pub struct CustomRoleMappings {
        /// The role mappings.
        pub custom_role_mappings: Vec<CustomRoleMapping>,
    }

    /// A role mapping: a set of roles, used by the orgs subscribed to it.
    pub struct CustomRoleMapping {
        /// Its name.
        pub custom_role_mapping_name: String,
        /// The number of orgs subscribed to it.
        pub num_orgs_subscribed: u64,
    }
}
