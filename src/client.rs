//! PropelAuth's backend API: all that its Python library does, for async and for blocking programs, for Workers, and for
//! those who bring their own HTTP client.
//!
//! ```
//! use propelauth_edge::client::{ApiError, CreateUserOptions, InitOptions, RetryPolicy, init_base_auth};
//! # use propelauth_edge::client::{TransportError, TransportErrorKind};
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! # let transport = |request: http::Request<Vec<u8>>| async move {
//! #     Err::<http::Response<Vec<u8>>, TransportError>(TransportErrorKind::Connect.into())
//! # };
//! // Once, at start-up. `transport` is a `ReqwestTransport`, say.
//! let options = InitOptions { retry: Some(RetryPolicy::times(2)), ..Default::default() };
//! let auth = init_base_auth("https://auth.example.com", "the integration API key", transport, options).await?;
//!
//! // Who sends this request? No I/O.
//! let authorization_header = "Bearer eyJ...";
//! let user = auth.validate_access_token_and_get_user(authorization_header)?;
//!
//! // Calls have the names of the Python library. Required arguments come first, optional ones in a struct.
//! if let Some(user) = auth.fetch_user_metadata_by_user_id(&user.user_id, Default::default()).await? {
//!     println!("{} has been here since {}", user.email, user.created_at);
//! }
//! let options = CreateUserOptions { first_name: Some("Amélie".into()), ..Default::default() };
//! match auth.create_user("amelie@example.com", options).await {
//!     Ok(created) => println!("created {}", created.user_id),
//!     Err(ApiError::InvalidFields(errors)) => println!("{errors}"),
//!     Err(error) => return Err(error.into()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Transports
//!
//! | | async | blocking |
//! |---|---|---|
//! | | [`Auth`], [`init_base_auth`] | [`blocking::Auth`], [`blocking::init_base_auth`] |
//! | feature `reqwest` | `ReqwestTransport` | |
//! | feature `ureq` | | `UreqTransport` |
//! | feature `worker`, on wasm32 | `WorkerTransport` | |
//! | yours | [`Transport`], or a closure | [`blocking::Transport`], or a closure |
//! | none | each call is an [`Endpoint`]: a value that makes an `http::Request` and reads an `http::Response` | the same |
//!
//! They follow no redirects, which would carry the API key elsewhere; they read no more than [`MAX_RESPONSE_LEN`] and wait
//! no longer than 10 seconds. No call is repeated unless a [`RetryPolicy`] says so. Queries that give pages can be gone
//! through by [`Auth::pages`]. The integration API key, passwords and other secrets among the
//! arguments are in no `Debug` and in no error.
//!
//! # Where it departs from the Python library
//!
//! The calls are on the wire what they are there, and answers mean what they mean there, but for these:
//!
//! - A field that the published types require must be in the answer; Python makes it a `None` that its types do not have.
//!   The error is [`ApiError::UndecodableBody`], as for all that Python fails on with `JSONDecodeError`, `KeyError` and
//!   the like.
//! - Users are [`UserMetadata`] everywhere: the batch calls give raw objects in Python, the validation of API keys users
//!   whose orgs have other names. Batch calls by username leave users without one out.
//! - Ids go into the path percent-encoded. In Python, an id that is not checked can change the path. The ids `.` and `..`
//!   are [`ApiError::InvalidRequest`].
//! - Where the sync and the async client of Python differ, this is the sync one, but that it follows no redirects, and that
//!   `fetch_api_key_usage` works. Any 429 tells the wait and the text for the user if it has them.
//! - The step-up calls read what is wrong with which field wherever it is; Python finds nothing in some answers.
//! - An auth URL whose host is none by the URL standard is refused.
//! - Errors are variants of [`ApiError`], whatever the call. The id checks are Python's, and so is what they mean.
//!
//! # Methods
//!
//! | Python | here | as a value |
//! |---|---|---|
//! | `init_base_auth` | [`init_base_auth`] | [`FetchTokenVerificationMetadata`] |
//! | `fetch_user_metadata_by_user_id` | [`Auth::fetch_user_metadata_by_user_id`] | [`FetchUserMetadataByUserId`] |
//! | `fetch_user_metadata_by_email` | [`Auth::fetch_user_metadata_by_email`] | [`FetchUserMetadataByEmail`] |
//! | `fetch_user_metadata_by_username` | [`Auth::fetch_user_metadata_by_username`] | [`FetchUserMetadataByUsername`] |
//! | `fetch_batch_user_metadata_by_user_ids` | [`Auth::fetch_batch_user_metadata_by_user_ids`] | [`FetchBatchUserMetadataByUserIds`] |
//! | `fetch_batch_user_metadata_by_emails` | [`Auth::fetch_batch_user_metadata_by_emails`] | [`FetchBatchUserMetadataByEmails`] |
//! | `fetch_batch_user_metadata_by_usernames` | [`Auth::fetch_batch_user_metadata_by_usernames`] | [`FetchBatchUserMetadataByUsernames`] |
//! | `fetch_users_by_query` | [`Auth::fetch_users_by_query`] | [`FetchUsersByQuery`] |
//! | `fetch_users_in_org` | [`Auth::fetch_users_in_org`] | [`FetchUsersInOrg`] |
//! | `fetch_user_signup_query_params_by_user_id` | [`Auth::fetch_user_signup_query_params_by_user_id`] | [`FetchUserSignupQueryParamsByUserId`] |
//! | `fetch_employee_by_id` | [`Auth::fetch_employee_by_id`] | [`FetchEmployeeById`] |
//! | `create_user` | [`Auth::create_user`] | [`CreateUser`] |
//! | `update_user_metadata` | [`Auth::update_user_metadata`] | [`UpdateUserMetadata`] |
//! | `update_user_email` | [`Auth::update_user_email`] | [`UpdateUserEmail`] |
//! | `update_user_password` | [`Auth::update_user_password`] | [`UpdateUserPassword`] |
//! | `clear_user_password` | [`Auth::clear_user_password`] | [`ClearUserPassword`] |
//! | `resend_email_confirmation` | [`Auth::resend_email_confirmation`] | [`ResendEmailConfirmation`] |
//! | `delete_user` | [`Auth::delete_user`] | [`DeleteUser`] |
//! | `disable_user` | [`Auth::disable_user`] | [`DisableUser`] |
//! | `enable_user` | [`Auth::enable_user`] | [`EnableUser`] |
//! | `disable_user_2fa` | [`Auth::disable_user_2fa`] | [`DisableUser2fa`] |
//! | `enable_user_can_create_orgs` | [`Auth::enable_user_can_create_orgs`] | [`EnableUserCanCreateOrgs`] |
//! | `disable_user_can_create_orgs` | [`Auth::disable_user_can_create_orgs`] | [`DisableUserCanCreateOrgs`] |
//! | `logout_all_user_sessions` | [`Auth::logout_all_user_sessions`] | [`LogoutAllUserSessions`] |
//! | `migrate_user_from_external_source` | [`Auth::migrate_user_from_external_source`] | [`MigrateUserFromExternalSource`] |
//! | `migrate_user_password` | [`Auth::migrate_user_password`] | [`MigrateUserPassword`] |
//! | `create_magic_link` | [`Auth::create_magic_link`] | [`CreateMagicLink`] |
//! | `create_access_token` | [`Auth::create_access_token`] | [`CreateAccessToken`] |
//! | `fetch_user_oauth_tokens` | [`Auth::fetch_user_oauth_tokens`] | [`FetchUserOauthTokens`] |
//! | `fetch_fresh_token_from_provider` | [`Auth::fetch_fresh_token_from_provider`] | [`FetchFreshTokenFromProvider`] |
//! | `fetch_org` | [`Auth::fetch_org`] | [`FetchOrg`] |
//! | `fetch_org_by_query` | [`Auth::fetch_org_by_query`] | [`FetchOrgByQuery`] |
//! | `create_org` | [`Auth::create_org`] | [`CreateOrg`] |
//! | `update_org_metadata` | [`Auth::update_org_metadata`] | [`UpdateOrgMetadata`] |
//! | `delete_org` | [`Auth::delete_org`] | [`DeleteOrg`] |
//! | `fetch_custom_role_mappings` | [`Auth::fetch_custom_role_mappings`] | [`FetchCustomRoleMappings`] |
//! | `subscribe_org_to_role_mapping` | [`Auth::subscribe_org_to_role_mapping`] | [`SubscribeOrgToRoleMapping`] |
//! | `add_user_to_org` | [`Auth::add_user_to_org`] | [`AddUserToOrg`] |
//! | `change_user_role_in_org` | [`Auth::change_user_role_in_org`] | [`ChangeUserRoleInOrg`] |
//! | `remove_user_from_org` | [`Auth::remove_user_from_org`] | [`RemoveUserFromOrg`] |
//! | `invite_user_to_org` | [`Auth::invite_user_to_org`] | [`InviteUserToOrg`] |
//! | `invite_user_to_org_by_user_id` | [`Auth::invite_user_to_org_by_user_id`] | [`InviteUserToOrgByUserId`] |
//! | `fetch_pending_invites` | [`Auth::fetch_pending_invites`] | [`FetchPendingInvites`] |
//! | `revoke_pending_org_invite` | [`Auth::revoke_pending_org_invite`] | [`RevokePendingOrgInvite`] |
//! | `allow_org_to_setup_saml_connection` | [`Auth::allow_org_to_setup_saml_connection`] | [`AllowOrgToSetupSamlConnection`] |
//! | `disallow_org_to_setup_saml_connection` | [`Auth::disallow_org_to_setup_saml_connection`] | [`DisallowOrgToSetupSamlConnection`] |
//! | `create_org_saml_connection_link` | [`Auth::create_org_saml_connection_link`] | [`CreateOrgSamlConnectionLink`] |
//! | `fetch_saml_sp_metadata` | [`Auth::fetch_saml_sp_metadata`] | [`FetchSamlSpMetadata`] |
//! | `set_saml_idp_metadata` | [`Auth::set_saml_idp_metadata`] | [`SetSamlIdpMetadata`] |
//! | `saml_go_live` | [`Auth::saml_go_live`] | [`SamlGoLive`] |
//! | `delete_saml_connection` | [`Auth::delete_saml_connection`] | [`DeleteSamlConnection`] |
//! | `set_oidc_idp_metadata` | [`Auth::set_oidc_idp_metadata`] | [`SetOidcIdpMetadata`] |
//! | `fetch_org_scim_groups` | [`Auth::fetch_org_scim_groups`] | [`FetchOrgScimGroups`] |
//! | `fetch_scim_group` | [`Auth::fetch_scim_group`] | [`FetchScimGroup`] |
//! | `fetch_api_key` | [`Auth::fetch_api_key`] | [`FetchApiKey`] |
//! | `fetch_current_api_keys` | [`Auth::fetch_current_api_keys`] | [`FetchCurrentApiKeys`] |
//! | `fetch_archived_api_keys` | [`Auth::fetch_archived_api_keys`] | [`FetchArchivedApiKeys`] |
//! | `fetch_api_key_usage` | [`Auth::fetch_api_key_usage`] | [`FetchApiKeyUsage`] |
//! | `create_api_key` | [`Auth::create_api_key`] | [`CreateApiKey`] |
//! | `import_api_key` | [`Auth::import_api_key`] | [`ImportApiKey`] |
//! | `update_api_key` | [`Auth::update_api_key`] | [`UpdateApiKey`] |
//! | `delete_api_key` | [`Auth::delete_api_key`] | [`DeleteApiKey`] |
//! | `validate_api_key` | [`Auth::validate_api_key`] | [`ValidateApiKey`] |
//! | `validate_imported_api_key` | [`Auth::validate_imported_api_key`] | [`ValidateImportedApiKey`] |
//! | `validate_personal_api_key` | [`Auth::validate_personal_api_key`] | [`ValidatePersonalApiKey`] |
//! | `validate_org_api_key` | [`Auth::validate_org_api_key`] | [`ValidateOrgApiKey`] |
//! | `fetch_user_mfa_methods` | [`Auth::fetch_user_mfa_methods`] | [`FetchUserMfaMethods`] |
//! | `verify_step_up_totp_challenge` | [`Auth::verify_step_up_totp_challenge`] | [`VerifyStepUpTotpChallenge`] |
//! | `verify_step_up_grant` | [`Auth::verify_step_up_grant`] | [`VerifyStepUpGrant`] |
//! | `send_sms_mfa_code` | [`Auth::send_sms_mfa_code`] | [`SendSmsMfaCode`] |
//! | `verify_sms_challenge` | [`Auth::verify_sms_challenge`] | [`VerifySmsChallenge`] |
//! | `fetch_user_top_inviter_report` | [`Auth::fetch_user_top_inviter_report`] | [`FetchUserTopInviterReport`] |
//! | `fetch_user_champion_report` | [`Auth::fetch_user_champion_report`] | [`FetchUserChampionReport`] |
//! | `fetch_user_churn_report` | [`Auth::fetch_user_churn_report`] | [`FetchUserChurnReport`] |
//! | `fetch_user_reengagement_report` | [`Auth::fetch_user_reengagement_report`] | [`FetchUserReengagementReport`] |
//! | `fetch_org_churn_report` | [`Auth::fetch_org_churn_report`] | [`FetchOrgChurnReport`] |
//! | `fetch_org_reengagement_report` | [`Auth::fetch_org_reengagement_report`] | [`FetchOrgReengagementReport`] |
//! | `fetch_org_growth_report` | [`Auth::fetch_org_growth_report`] | [`FetchOrgGrowthReport`] |
//! | `fetch_org_attrition_report` | [`Auth::fetch_org_attrition_report`] | [`FetchOrgAttritionReport`] |
//! | `fetch_chart_metric_data` | [`Auth::fetch_chart_metric_data`] | [`FetchChartMetricData`] |
//! | `validate_access_token_and_get_user` and the others of its name | [`Auth::validate_access_token_and_get_user`] | |

mod api_keys;
mod auth;
pub mod blocking;
mod config;
mod endpoint;
mod error;
mod id;
mod insights;
mod macros;
mod members;
mod metadata;
mod mfa;
mod orgs;
mod pages;
mod redact;
mod retry;
mod secret;
mod sso;
mod tokens;
mod transport;
mod user_changes;
mod users;
// Without a clock there is nothing to verify by.
#[cfg(any(feature = "js", not(all(target_family = "wasm", target_os = "unknown"))))]
mod validate;
mod wire;

pub use api_keys::*;
pub use auth::{Auth, InitOptions, init_base_auth};
pub use config::{BASE_URL, Config, MAX_RESPONSE_LEN};
pub use endpoint::Endpoint;
pub use error::{ApiError, Feature, FieldErrors, InitError, RateLimited, Resource};
pub use insights::*;
pub use members::*;
pub use metadata::{FetchTokenVerificationMetadata, FetchedVerifierKey};
pub use mfa::*;
pub use orgs::*;
pub use pages::{Page, Paged, Pages};
pub use retry::RetryPolicy;
pub use secret::Secret;
pub use sso::*;
pub use tokens::*;
#[cfg(feature = "reqwest")]
pub use transport::reqwest::ReqwestTransport;
#[cfg(feature = "ureq")]
pub use transport::ureq::UreqTransport;
#[cfg(all(feature = "worker", target_family = "wasm"))]
pub use transport::worker::WorkerTransport;
pub use transport::{MaybeSend, MaybeSync, Transport, TransportError, TransportErrorKind, WithSleep};
pub use user_changes::*;
pub use users::*;

/// A JSON object: metadata and properties.
pub type JsonMap = serde_json::Map<std::string::String, serde_json::Value>;
