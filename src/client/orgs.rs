//! Orgs, and how roles work in them.

use std::prelude::v1::*;

use super::JsonMap;
use super::error::ApiError;
use super::macros::{endpoint, options, results, texts};
use super::pages::{page, paged};
use super::wire::Arguments;

endpoint! {
    /// The org of this id. `None`: there is none.
    GET "/org/{org_id}";
    fetch_org(FetchOrg) -> Option<Organization> {
        /// The org's id.
        org_id: String,
    }
    unless uuid(org_id) => Absent;
    404 => Absent, 426 => NotEnabled(B2b);
}

endpoint! {
    /// A page of the environment's orgs.
    GET "/org/query", query;
    fetch_org_by_query(FetchOrgByQuery, FetchOrgByQueryOptions) -> OrgsPage {}
    400 => Text, 426 => NotEnabled(B2b);
}

paged!(FetchOrgByQuery);
page!(OrgsPage.orgs);

options! {
    /// Optional arguments of `fetch_org_by_query`.
    pub struct FetchOrgByQueryOptions {
        /// Orgs a page, at most 100. Default 10.
        page_size: u32 = 10,
        /// Which page, from 0.
        page_number: u32,
        /// In which order. Default: the oldest first.
        order_by: OrgQueryOrderBy = OrgQueryOrderBy::CreatedAtAsc,
        /// Only orgs whose name has this in it.
        name: Option<String>,
        /// Only the org that had this id in the system that it was migrated from.
        legacy_org_id: Option<String>,
        /// Only orgs with this email domain.
        domain: Option<String>,
    }
}

texts! {
    /// The order of orgs.
    pub enum OrgQueryOrderBy {
        /// The oldest first:
        CreatedAtAsc = "CREATED_AT_ASC",
        /// The newest first:
        CreatedAtDesc = "CREATED_AT_DESC",
        /// By name:
        Name = "NAME",
    }
}

results! {
    /// An org, as the API knows it.
    pub struct Organization {
        /// The org's id.
        pub org_id: String,
        /// The org's name, as displayed.
        pub name: String,
        /// The org's name in lower case and with hyphens, for URLs.
        pub url_safe_org_slug: String,
        /// Whether the org's admins may set up SAML.
        pub can_setup_saml: bool,
        /// Whether SAML is set up.
        pub is_saml_configured: bool,
        /// Whether SAML is set up for tests only.
        pub is_saml_in_test_mode: bool,
        /// How many users the org can have. `None`: any number.
        pub max_users: Option<u64>,
        /// The org's metadata.
        pub metadata: Option<JsonMap>,
        /// The org's email domain.
        pub domain: Option<String>,
        /// Other email domains of the org.
        pub extra_domains: Vec<String>,
        /// Whether users whose address has the org's domain can join without an invitation.
        pub domain_autojoin: bool,
        /// Whether only users can join whose address has the org's domain.
        pub domain_restrict: bool,
        /// How roles work in the org, if not as in the others.
        pub custom_role_mapping_name: Option<String>,
        /// The org's id in the system that it was migrated from.
        pub legacy_org_id: Option<String>,
        /// Whether members must change their passwords from time to time.
        pub password_rotation_enabled: Option<bool>,
        /// How many of their former passwords members cannot choose.
        pub password_rotation_history_size: Option<u64>,
        /// How often members must change their passwords, in days.
        pub password_rotation_period: Option<u64>,
    }

    /// An org on an [`OrgsPage`].
    pub struct Org {
        /// The org's id.
        pub org_id: String,
        /// The org's name, as displayed.
        pub name: String,
        /// How many users the org can have. `None`: any number.
        pub max_users: Option<u64>,
        /// Whether SAML is set up.
        pub is_saml_configured: bool,
        /// The org's id in the system that it was migrated from.
        pub legacy_org_id: Option<String>,
        /// The org's metadata.
        pub metadata: Option<JsonMap>,
        /// How roles work in the org, if not as in the others.
        pub custom_role_mapping_name: Option<String>,
        /// When the org was created, in seconds since 1970.
        pub created_at: Option<i64>,
    }

    /// A page of orgs.
    pub struct OrgsPage {
        /// The orgs.
        pub orgs: Vec<Org>,
        /// How many orgs there are on all pages.
        pub total_orgs: u64,
        /// Which page this is, from 0.
        pub current_page: u32,
        /// Orgs a page.
        pub page_size: u32,
        /// Whether there are pages after this one.
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
    with {
        fn wire_arguments(&self) -> Result<Arguments, ApiError> {
            Ok(Arguments::of(self)?.without_falsy(|name| matches!(name, "domain" | "legacy_org_id")))
        }
    }
}

options! {
    /// Optional arguments of `create_org`.
    pub struct CreateOrgOptions {
        /// Whether users whose address has the org's domain can join without an invitation.
        enable_auto_joining_by_domain: bool,
        /// Whether only users can join whose address has the org's domain.
        members_must_have_matching_domain: bool,
        /// The org's email domain.
        domain: Option<String>,
        /// How many users the org can have. `None`: any number.
        max_users: Option<u64>,
        /// How roles work in the org, if not as in the others.
        custom_role_mapping_name: Option<String>,
        /// The org's id in the system that it was migrated from.
        legacy_org_id: Option<String>,
    }
}

results! {
    /// What `create_org` gives.
    pub struct CreatedOrg {
        /// The org's id.
        pub org_id: String,
        /// The org's name, as displayed.
        pub name: String,
    }
}

endpoint! {
    /// Changes what is known of an org: what is `None` stays as it is. `false`: there is no such org.
    PUT "/org/{org_id}", json;
    update_org_metadata(UpdateOrgMetadata, UpdateOrgMetadataOptions) -> bool {
        /// The org's id.
        org_id: String,
    }
    unless uuid(org_id) => Absent;
    400 => FieldErrors, 404 => Absent;
    with {
        fn wire_arguments(&self) -> Result<Arguments, ApiError> {
            let mut arguments = Arguments::of(self)?.without_nulls();
            arguments.rename("can_join_on_email_domain_match", "autojoin_by_domain");
            arguments.rename("members_must_have_email_domain_match", "restrict_to_domain");
            Ok(arguments)
        }
    }
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
        /// How many users the org can have.
        max_users: Option<u64>,
        /// Whether users whose address has the org's domain can join without an invitation.
        can_join_on_email_domain_match: Option<bool>,
        /// Whether only users can join whose address has the org's domain.
        members_must_have_email_domain_match: Option<bool>,
        /// The org's email domain.
        domain: Option<String>,
        /// From when on members must have set up MFA: a date and time as in ISO 8601.
        require_2fa_by: Option<String>,
        /// Other email domains of the org.
        extra_domains: Option<Vec<String>>,
        /// Whether members must change their passwords from time to time.
        password_rotation_enabled: Option<bool>,
        /// How many of their former passwords members cannot choose.
        password_rotation_history_size: Option<u64>,
        /// How often members must change their passwords, in days.
        password_rotation_period: Option<u64>,
    }
}

endpoint! {
    /// Deletes an org. `false`: there is no such org.
    DELETE "/org/{org_id}";
    delete_org(DeleteOrg) -> bool {
        /// The org's id.
        org_id: String,
    }
    unless uuid(org_id) => Absent;
    404 => Absent;
}

endpoint! {
    /// The environment's role mappings: how roles can work in an org.
    GET "/custom_role_mappings";
    fetch_custom_role_mappings(FetchCustomRoleMappings) -> CustomRoleMappings {}
    426 => NotEnabled(B2b);
}

endpoint! {
    /// Lets roles in an org work as a role mapping says. `false`: there is no such org.
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
    /// What `fetch_custom_role_mappings` gives.
    pub struct CustomRoleMappings {
        /// The role mappings.
        pub custom_role_mappings: Vec<CustomRoleMapping>,
    }

    /// A role mapping: how roles work in the orgs that are subscribed to it.
    pub struct CustomRoleMapping {
        /// Its name.
        pub custom_role_mapping_name: String,
        /// How many orgs are subscribed to it.
        pub num_orgs_subscribed: u64,
    }
}
