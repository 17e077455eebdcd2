//! Reading users.

use std::collections::BTreeMap;
use std::prelude::v1::*;

use serde::{Deserialize, Deserializer};

use crate::client::endpoint::answer::Answer;
use crate::client::endpoint::declare::{endpoint, options, results, texts};
use crate::client::endpoint::object::object;
use crate::client::error::ApiError;
use crate::client::json::JsonMap;
use crate::client::pages::paged;
use crate::json::OwnedJsonValue;
use crate::user::{OrgMemberInfo, OrgRoleStructure};

endpoint! {
    /// Fetches a user by id. Returns `None` if the user does not exist.
    GET "/user/{user_id}", query;
    fetch_user_metadata_by_user_id(FetchUserMetadataByUserId, FetchUserOptions) -> Option<UserMetadata> {
        /// The user's id.
        user_id: String,
    }
    unless uuid(user_id) => Absent;
    400 => Text, 404 => Absent;
}

endpoint! {
    /// Fetches a user by email address. Returns `None` if the user does not exist.
    GET "/user/email", query;
    fetch_user_metadata_by_email(FetchUserMetadataByEmail, FetchUserOptions) -> Option<UserMetadata> {
        /// The user's email address.
        email: String,
    }
    400 => Text, 404 => Absent;
}

endpoint! {
    /// Fetches a user by username. Returns `None` if the user does not exist.
    GET "/user/username", query;
    fetch_user_metadata_by_username(FetchUserMetadataByUsername, FetchUserOptions) -> Option<UserMetadata> {
        /// The user's username.
        username: String,
    }
    400 => Text, 404 => Absent;
}

endpoint! {
    /// Fetches users by id. The result is keyed by id and leaves out users who do not exist.
    POST "/user/user_ids?{include_orgs}", json, only_asks;
    fetch_batch_user_metadata_by_user_ids(FetchBatchUserMetadataByUserIds, FetchUserOptions)
        -> BTreeMap<String, UserMetadata>
    {
        /// The users' ids.
        user_ids: Vec<String>,
    }
    400 => Text;
    with {
        fn accepted(&self, answer: &Answer<'_>) -> Result<BTreeMap<String, UserMetadata>, ApiError> {
            by_key(answer, |user| Some(user.user_id.clone()))
        }
    }
}

endpoint! {
    /// Fetches users by email address. The result is keyed by address and leaves out users who do not exist.
    POST "/user/emails?{include_orgs}", json, only_asks;
    fetch_batch_user_metadata_by_emails(FetchBatchUserMetadataByEmails, FetchUserOptions)
        -> BTreeMap<String, UserMetadata>
    {
        /// The users' email addresses.
        emails: Vec<String>,
    }
    400 => Text;
    with {
        fn accepted(&self, answer: &Answer<'_>) -> Result<BTreeMap<String, UserMetadata>, ApiError> {
            by_key(answer, |user| Some(user.email.clone()))
        }
    }
}

endpoint! {
    /// Fetches users by username. The result is keyed by username and leaves out users who do not exist.
    POST "/user/usernames?{include_orgs}", json, only_asks;
    fetch_batch_user_metadata_by_usernames(FetchBatchUserMetadataByUsernames, FetchUserOptions)
        -> BTreeMap<String, UserMetadata>
    {
        /// The users' usernames.
        usernames: Vec<String>,
    }
    400 => Text;
    with {
        fn accepted(&self, answer: &Answer<'_>) -> Result<BTreeMap<String, UserMetadata>, ApiError> {
            by_key(answer, |user| user.username.clone())
        }
    }
}

fn by_key(
    answer: &Answer<'_>,
    key: impl Fn(&UserMetadata) -> Option<String>,
) -> Result<BTreeMap<String, UserMetadata>, ApiError> {
    let users: Vec<UserMetadata> = answer.json()?;
    Ok(users.into_iter().filter_map(|user| Some((key(&user)?, user))).collect())
}

endpoint! {
    /// Fetches a page of the environment's users.
    GET "/user/query", query;
    fetch_users_by_query(FetchUsersByQuery, FetchUsersByQueryOptions) -> UsersPage {}
    400 => Text, 426 => NotEnabled(B2b);
}

endpoint! {
    /// Fetches a page of an org's users. Returns an empty page if the org id is invalid.
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

paged!(FetchUsersByQuery, FetchUsersInOrg => UsersPage.users);

endpoint! {
    /// Fetches the query parameters of the user's sign-up link. Returns `None` if the user does not exist.
    GET "/user/{user_id}/signup_query_parameters";
    fetch_user_signup_query_params_by_user_id(FetchUserSignupQueryParamsByUserId) -> Option<UserSignupQueryParams> {
        /// The user's id.
        user_id: String,
    }
    unless uuid(user_id) => Absent;
    404 => Absent;
}

endpoint! {
    /// Fetches an employee of your company who impersonates users. Returns `None` if no employee has this id.
    GET "/employee/{employee_id}";
    fetch_employee_by_id(FetchEmployeeById) -> Option<Employee> {
        /// The employee's id: the `impersonator_user_id` of a [`VerifiedUser`](crate::VerifiedUser).
        employee_id: String,
    }
    unless uuid(employee_id) => Absent;
    404 => Absent;
}

options! {
    /// Optional arguments of the calls that fetch users by id, email address or username.
    pub struct FetchUserOptions {
        /// Whether the result includes the users' orgs.
        include_orgs: bool,
    }
}

options! {
    /// Optional arguments of `fetch_users_by_query`.
    pub struct FetchUsersByQueryOptions {
        /// Users per page, at most 100. Default 10.
        page_size: u32 = 10,
        /// The page number, from 0.
        page_number: u32,
        /// The sort order. Default: oldest first.
        order_by: UserQueryOrderBy = UserQueryOrderBy::CreatedAtAsc,
        /// Only users whose email address or username contains this.
        email_or_username: Option<String>,
        /// Whether the result includes the users' orgs.
        include_orgs: bool,
        /// Only the user who had this id in the system they were migrated from.
        legacy_user_id: Option<String>,
    }
}

options! {
    /// Optional arguments of `fetch_users_in_org`.
    pub struct FetchUsersInOrgOptions {
        /// Users per page, at most 100. Default 10.
        page_size: u32 = 10,
        /// The page number, from 0.
        page_number: u32,
        /// Whether the result includes the users' orgs.
        include_orgs: bool,
        /// Only users with this role in the org.
        role: Option<String>,
    }
}

texts! {
    /// A sort order for users.
    pub enum UserQueryOrderBy {
        /// Oldest first:
        CreatedAtAsc = "CREATED_AT_ASC",
        /// Newest first:
        CreatedAtDesc = "CREATED_AT_DESC",
        /// Least recently active first:
        LastActiveAtAsc = "LAST_ACTIVE_AT_ASC",
        /// Most recently active first:
        LastActiveAtDesc = "LAST_ACTIVE_AT_DESC",
        /// By email address:
        Email = "EMAIL",
        /// By username:
        Username = "USERNAME",
    }
}

results! {
    /// A user.
    pub struct UserMetadata {
        /// The user's id.
        pub user_id: String,
        /// The user's email address.
        pub email: String,
        /// Whether the address is confirmed.
        pub email_confirmed: bool,
        /// Whether the user has a password.
        pub has_password: bool,
        /// The user's username.
        pub username: Option<String>,
        /// The user's first name.
        pub first_name: Option<String>,
        /// The user's last name.
        pub last_name: Option<String>,
        /// The URL of the user's picture.
        pub picture_url: Option<String>,
        /// Whether the account is locked after too many failed logins.
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
        /// The user's orgs by id, if requested.
        #[serde(default, deserialize_with = "org_members")]
        pub org_id_to_org_info: Option<BTreeMap<String, OrgMemberInfo>>,
        /// The user's id in the system they were migrated from.
        pub legacy_user_id: Option<String>,
        /// The id of the impersonator, if someone acts as this user.
        pub impersonator_user_id: Option<String>,
        /// The user's metadata, superseded by properties.
        pub metadata: Option<JsonMap>,
        /// The user's properties, custom ones included.
        pub properties: Option<JsonMap>,
        /// Other members of the answer. The Python library's batch calls return them, too.
        #[serde(flatten)]
        pub other: JsonMap,
    }

    /// A page of users.
    pub struct UsersPage {
        /// The users.
        pub users: Vec<UserMetadata>,
        /// The number of users on all pages.
        pub total_users: u64,
        /// The number of this page, from 0.
        pub current_page: u32,
        /// Users per page.
        pub page_size: u32,
        /// Whether more pages follow.
        pub has_more_results: bool,
    }

    /// The result of `fetch_user_signup_query_params_by_user_id`.
    pub struct UserSignupQueryParams {
        /// The query parameters of the user's sign-up link.
        pub user_signup_query_parameters: Option<BTreeMap<String, String>>,
    }

    /// An employee of your company.
    pub struct Employee {
        /// The employee's email address.
        pub email: String,
    }
}

object! {
    [/// A membership under the API's field names, or under those of [`OrgMemberInfo`].
    ] []
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
}

impl WireOrgMemberInfo {
    /// Returns `None` if the user has no role in the org.
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

/// Deserializes one membership, or null.
pub(crate) fn org_member<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<OrgMemberInfo>, D::Error> {
    Ok(Option::<WireOrgMemberInfo>::deserialize(deserializer)?.and_then(WireOrgMemberInfo::into_info))
}
