//! Users: who they are.

use std::collections::BTreeMap;
use std::prelude::v1::*;

use serde::{Deserialize, Deserializer};

use super::JsonMap;
use super::macros::{endpoint, options, results, texts};
use super::pages::{page, paged};
use crate::json::OwnedJsonValue;
use crate::user::{OrgMemberInfo, OrgRoleStructure};

endpoint! {
    /// The user of this id. `None`: there is none.
    GET "/user/{user_id}", query;
    fetch_user_metadata_by_user_id(FetchUserMetadataByUserId, FetchUserOptions) -> Option<UserMetadata> {
        /// The user's id.
        user_id: String,
    }
    unless uuid(user_id) => Absent;
    400 => Text, 404 => Absent;
}

endpoint! {
    /// The user of this email address. `None`: there is none.
    GET "/user/email", query;
    fetch_user_metadata_by_email(FetchUserMetadataByEmail, FetchUserOptions) -> Option<UserMetadata> {
        /// The user's email address.
        email: String,
    }
    400 => Text, 404 => Absent;
}

endpoint! {
    /// The user of this username. `None`: there is none.
    GET "/user/username", query;
    fetch_user_metadata_by_username(FetchUserMetadataByUsername, FetchUserOptions) -> Option<UserMetadata> {
        /// The user's username.
        username: String,
    }
    400 => Text, 404 => Absent;
}

endpoint! {
    /// The users of these ids, by their ids. Those that do not exist are not in it.
    POST "/user/user_ids?{include_orgs}", json, only_asks;
    fetch_batch_user_metadata_by_user_ids(FetchBatchUserMetadataByUserIds, FetchUserOptions)
        -> BTreeMap<String, UserMetadata>
    {
        /// The users' ids.
        user_ids: Vec<String>,
    }
    400 => Text;
    with {
        fn decode(&self, body: &[u8]) -> serde_json::Result<Self::Output> {
            by_key(body, |user| Some(user.user_id.clone()))
        }
    }
}

endpoint! {
    /// The users of these email addresses, by their addresses. Those that do not exist are not in it.
    POST "/user/emails?{include_orgs}", json, only_asks;
    fetch_batch_user_metadata_by_emails(FetchBatchUserMetadataByEmails, FetchUserOptions)
        -> BTreeMap<String, UserMetadata>
    {
        /// The users' email addresses.
        emails: Vec<String>,
    }
    400 => Text;
    with {
        fn decode(&self, body: &[u8]) -> serde_json::Result<Self::Output> {
            by_key(body, |user| Some(user.email.clone()))
        }
    }
}

endpoint! {
    /// The users of these usernames, by their usernames. Those that do not exist are not in it.
    POST "/user/usernames?{include_orgs}", json, only_asks;
    fetch_batch_user_metadata_by_usernames(FetchBatchUserMetadataByUsernames, FetchUserOptions)
        -> BTreeMap<String, UserMetadata>
    {
        /// The users' usernames.
        usernames: Vec<String>,
    }
    400 => Text;
    with {
        fn decode(&self, body: &[u8]) -> serde_json::Result<Self::Output> {
            by_key(body, |user| user.username.clone())
        }
    }
}

fn by_key(
    body: &[u8],
    key: impl Fn(&UserMetadata) -> Option<String>,
) -> serde_json::Result<BTreeMap<String, UserMetadata>> {
    let users: Vec<UserMetadata> = serde_json::from_slice(body)?;
    Ok(users.into_iter().filter_map(|user| Some((key(&user)?, user))).collect())
}

endpoint! {
    /// A page of the environment's users.
    GET "/user/query", query;
    fetch_users_by_query(FetchUsersByQuery, FetchUsersByQueryOptions) -> UsersPage {}
    400 => Text, 426 => NotEnabled(B2b);
}

endpoint! {
    /// A page of the org's users. If no org can have this id, an empty page.
    GET "/user/org/{org_id}", query;
    fetch_users_in_org(FetchUsersInOrg, FetchUsersInOrgOptions) -> UsersPage {
        /// The org's id.
        org_id: String,
    }
    unless uuid(org_id) => Absent;
    400 => Text, 426 => NotEnabled(B2b);
    with {
        fn absent(&self) -> Option<UsersPage> {
            Some(UsersPage {
                users: Vec::new(),
                total_users: 0,
                current_page: self.options.page_number,
                page_size: self.options.page_size,
                has_more_results: false,
            })
        }
    }
}

paged!(FetchUsersByQuery, FetchUsersInOrg);
page!(UsersPage.users);

endpoint! {
    /// The query parameters that the user's sign-up link had. `None`: there is no such user.
    GET "/user/{user_id}/signup_query_parameters";
    fetch_user_signup_query_params_by_user_id(FetchUserSignupQueryParamsByUserId) -> Option<UserSignupQueryParams> {
        /// The user's id.
        user_id: String,
    }
    unless uuid(user_id) => Absent;
    404 => Absent;
}

endpoint! {
    /// The employee of your company who impersonates a user. `None`: there is none of this id.
    GET "/employee/{employee_id}";
    fetch_employee_by_id(FetchEmployeeById) -> Option<Employee> {
        /// The employee's id: the `impersonator_user_id` of a [`User`](crate::User).
        employee_id: String,
    }
    unless uuid(employee_id) => Absent;
    404 => Absent;
}

options! {
    /// Optional arguments of the calls that fetch users by id, email address or username.
    pub struct FetchUserOptions {
        /// Whether the result tells the users' orgs.
        include_orgs: bool,
    }
}

options! {
    /// Optional arguments of `fetch_users_by_query`.
    pub struct FetchUsersByQueryOptions {
        /// Users a page, at most 100. Default 10.
        page_size: u32 = 10,
        /// Which page, from 0.
        page_number: u32,
        /// In which order. Default: the oldest first.
        order_by: UserQueryOrderBy = UserQueryOrderBy::CreatedAtAsc,
        /// Only users whose email address or username has this in it.
        email_or_username: Option<String>,
        /// Whether the result tells the users' orgs.
        include_orgs: bool,
        /// Only the user who had this id in the system that they were migrated from.
        legacy_user_id: Option<String>,
    }
}

options! {
    /// Optional arguments of `fetch_users_in_org`.
    pub struct FetchUsersInOrgOptions {
        /// Users a page, at most 100. Default 10.
        page_size: u32 = 10,
        /// Which page, from 0.
        page_number: u32,
        /// Whether the result tells the users' orgs.
        include_orgs: bool,
        /// Only users with this role in the org.
        role: Option<String>,
    }
}

texts! {
    /// The order of users.
    pub enum UserQueryOrderBy {
        /// The oldest first:
        CreatedAtAsc = "CREATED_AT_ASC",
        /// The newest first:
        CreatedAtDesc = "CREATED_AT_DESC",
        /// Those first who were not active for the longest time:
        LastActiveAtAsc = "LAST_ACTIVE_AT_ASC",
        /// Those first who were active most recently:
        LastActiveAtDesc = "LAST_ACTIVE_AT_DESC",
        /// By email address:
        Email = "EMAIL",
        /// By username:
        Username = "USERNAME",
    }
}

results! {
    /// A user, as the API knows them.
    pub struct UserMetadata {
        /// The user's id.
        pub user_id: String,
        /// The user's email address.
        pub email: String,
        /// Whether the address is known to be theirs.
        pub email_confirmed: bool,
        /// Whether the user has a password.
        pub has_password: bool,
        /// The user's username.
        pub username: Option<String>,
        /// The user's first name.
        pub first_name: Option<String>,
        /// The user's last name.
        pub last_name: Option<String>,
        /// Where the user's picture is.
        pub picture_url: Option<String>,
        /// Whether the account is locked, after too many attempts to log in.
        pub locked: bool,
        /// Whether the user may log in.
        pub enabled: bool,
        /// Whether the user has set up MFA.
        pub mfa_enabled: bool,
        /// Whether the user may create orgs.
        pub can_create_orgs: bool,
        /// When the user was created, in seconds since 1970.
        pub created_at: i64,
        /// When the user was last active, in seconds since 1970.
        pub last_active_at: i64,
        /// The user's orgs by their ids, if they were asked for.
        #[serde(default, deserialize_with = "org_members")]
        pub org_id_to_org_info: Option<BTreeMap<String, OrgMemberInfo>>,
        /// The user's id in the system that they were migrated from.
        pub legacy_user_id: Option<String>,
        /// Who acts as this user, if somebody does.
        pub impersonator_user_id: Option<String>,
        /// The user's metadata, which is superseded by the properties.
        pub metadata: Option<JsonMap>,
        /// The user's properties: custom ones, and those of the sign-up page.
        pub properties: Option<JsonMap>,
    }

    /// A page of users.
    pub struct UsersPage {
        /// The users.
        pub users: Vec<UserMetadata>,
        /// How many users there are on all pages.
        pub total_users: u64,
        /// Which page this is, from 0.
        pub current_page: u32,
        /// Users a page.
        pub page_size: u32,
        /// Whether there are pages after this one.
        pub has_more_results: bool,
    }

    /// What `fetch_user_signup_query_params_by_user_id` gives.
    pub struct UserSignupQueryParams {
        /// The query parameters that the user's sign-up link had.
        pub user_signup_query_parameters: Option<BTreeMap<String, String>>,
    }

    /// An employee of your company.
    pub struct Employee {
        /// The employee's email address.
        pub email: String,
    }
}

/// A membership as the API names its parts, or as [`OrgMemberInfo`] does.
#[derive(Deserialize)]
struct WireOrgMemberInfo {
    org_id: String,
    org_name: String,
    url_safe_org_name: String,
    #[serde(default)]
    org_metadata: Option<BTreeMap<String, OwnedJsonValue>>,
    legacy_org_id: Option<String>,
    #[serde(alias = "user_assigned_role")]
    user_role: Option<String>,
    #[serde(alias = "user_inherited_roles_plus_current_role")]
    inherited_user_roles_plus_current_role: Vec<String>,
    user_permissions: Vec<String>,
    org_role_structure: Option<OrgRoleStructure<String>>,
    #[serde(default, alias = "assigned_additional_roles")]
    additional_roles: Vec<String>,
}

impl WireOrgMemberInfo {
    /// Nothing if the user has no role in the org.
    fn into_info(self) -> Option<OrgMemberInfo> {
        Some(OrgMemberInfo {
            org_id: self.org_id,
            org_name: self.org_name,
            url_safe_org_name: self.url_safe_org_name,
            org_metadata: self.org_metadata.unwrap_or_default(),
            legacy_org_id: self.legacy_org_id,
            user_assigned_role: self.user_role?,
            user_inherited_roles_plus_current_role: self.inherited_user_roles_plus_current_role,
            user_permissions: self.user_permissions,
            org_role_structure: self.org_role_structure.unwrap_or(OrgRoleStructure::SingleRoleInHierarchy),
            assigned_additional_roles: self.additional_roles,
        })
    }
}

fn org_members<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<BTreeMap<String, OrgMemberInfo>>, D::Error> {
    let orgs = Option::<BTreeMap<String, WireOrgMemberInfo>>::deserialize(deserializer)?;
    Ok(orgs.map(|orgs| orgs.into_iter().filter_map(|(id, org)| Some((id, org.into_info()?))).collect()))
}

/// One membership, or null.
pub(super) fn org_member<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<OrgMemberInfo>, D::Error> {
    Ok(Option::<WireOrgMemberInfo>::deserialize(deserializer)?.and_then(WireOrgMemberInfo::into_info))
}
