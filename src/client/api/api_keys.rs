//! The API keys of your users and their orgs.

use std::prelude::v1::*;

use serde::Serializer;

use super::users::{UserMetadata, org_member};
use crate::client::endpoint::answer::Answer;
use crate::client::endpoint::declare::{endpoint, options, results};
use crate::client::endpoint::redact::without_bearer;
use crate::client::error::{ApiError, FieldErrors};
use crate::client::json::JsonMap;
use crate::client::pages::paged;
use crate::client::secret::Secret;
use crate::user::OrgMemberInfo;

endpoint! {
    /// Fetches an API key. Returns [`NotFound`](crate::client::ApiError::NotFound) if no key has this id.
    GET "/end_user_api_keys/{api_key_id}";
    fetch_api_key(FetchApiKey) -> EndUserApiKey {
        /// The API key's id, in hexadecimal.
        api_key_id: String,
    }
    unless hex(api_key_id) => NotFound(EndUserApiKey);
    400 => FieldErrors, 404 => NotFound(EndUserApiKey);
}

endpoint! {
    /// Fetches a page of the active API keys.
    GET "/end_user_api_keys", query, without_falsy;
    fetch_current_api_keys(FetchCurrentApiKeys, FetchApiKeysOptions) -> EndUserApiKeysPage {}
    400 => FieldErrors;
}

endpoint! {
    /// Fetches a page of the API keys that have expired or were deleted.
    GET "/end_user_api_keys/archived", query, without_falsy;
    fetch_archived_api_keys(FetchArchivedApiKeys, FetchApiKeysOptions) -> EndUserApiKeysPage {}
    400 => FieldErrors;
}

paged!(FetchCurrentApiKeys, FetchArchivedApiKeys => EndUserApiKeysPage.api_keys);

options! {
    /// Optional arguments of the calls that fetch pages of API keys. Empty strings and zeros are ignored.
    pub struct FetchApiKeysOptions {
        /// Only keys of this org.
        org_id: Option<String>,
        /// Only keys of this user.
        user_id: Option<String>,
        /// Only keys of the user with this email address.
        user_email: Option<String>,
        /// API keys per page, at most 100.
        page_size: Option<u32>,
        /// The page number, from 0.
        page_number: Option<u32>,
        /// Only keys of this type.
        api_key_type: Option<String>,
    }
}

endpoint! {
    /// Fetches how often API keys were validated on a day.
    GET "/end_user_api_keys/usage", query, without_falsy;
    fetch_api_key_usage(FetchApiKeyUsage, FetchApiKeyUsageOptions) -> ApiKeyUsage {
        /// The day: `YYYY-MM-DD`.
        date: String,
    }
    400 => FieldErrors, 404 => NotFound(EndUserApiKey);
}

options! {
    /// Optional arguments of `fetch_api_key_usage`. Empty strings are ignored.
    pub struct FetchApiKeyUsageOptions {
        /// Only keys of this org.
        org_id: Option<String>,
        /// Only keys of this user.
        user_id: Option<String>,
        /// Only the key with this id.
        api_key_id: Option<String>,
    }
}

endpoint! {
    /// Creates an API key, for a user, an org, both or neither. Only this response contains the key's token.
    POST "/end_user_api_keys", json, without_falsy;
    create_api_key(CreateApiKey, CreateApiKeyOptions) -> CreatedApiKey {}
    400 => FieldErrors;
}

endpoint! {
    /// Imports an API key from another system. Validate it with `validate_imported_api_key`.
    POST "/end_user_api_keys/import", json, without_falsy;
    import_api_key(ImportApiKey, CreateApiKeyOptions) -> ImportedApiKey {
        /// The API key's token, as handed to its owner.
        #[serde(rename = "imported_api_key", alias = "api_key_token")]
        api_key_token: String,
    }
    secret api_key_token;
    400 => FieldErrors;
}

options! {
    /// Optional arguments of `create_api_key` and `import_api_key`. Empty strings, zeros and empty metadata are
    /// ignored.
    pub struct CreateApiKeyOptions {
        /// The org that owns the API key.
        org_id: Option<String>,
        /// The user who owns the API key.
        user_id: Option<String>,
        /// When it expires, in seconds since 1970. `None` if never.
        expires_at_seconds: Option<u64>,
        /// Its metadata.
        metadata: Option<JsonMap>,
        /// Its name.
        display_name: Option<String>,
    }
}

endpoint! {
    /// Updates an API key. Fields that are `None` stay unchanged.
    ///
    /// Returns `false` if the id is invalid, and [`NotFound`](crate::client::ApiError::NotFound) if no key has it.
    PATCH "/end_user_api_keys/{api_key_id}", json, without_falsy;
    update_api_key(UpdateApiKey, UpdateApiKeyOptions) -> bool {
        /// The API key's id, in hexadecimal.
        api_key_id: String,
    }
    unless hex(api_key_id) => Absent;
    400 => FieldErrors, 404 => NotFound(EndUserApiKey);
}

options! {
    /// Optional arguments of `update_api_key`. Zero, `false` and empty metadata are ignored.
    pub struct UpdateApiKeyOptions {
        /// When it expires, in seconds since 1970.
        expires_at_seconds: Option<u64>,
        /// Its metadata.
        metadata: Option<JsonMap>,
        /// Removes the expiry.
        set_to_never_expire: bool,
    }
}

endpoint! {
    /// Deletes an API key.
    ///
    /// Returns `false` if the id is invalid, and [`NotFound`](crate::client::ApiError::NotFound) if no key has it.
    DELETE "/end_user_api_keys/{api_key_id}";
    delete_api_key(DeleteApiKey) -> bool {
        /// The API key's id, in hexadecimal.
        api_key_id: String,
    }
    unless hex(api_key_id) => Absent;
    400 => FieldErrors, 404 => NotFound(EndUserApiKey);
}

endpoint! {
    /// Validates an API key and returns its user and org.
    ///
    /// A `Bearer ` prefix is removed, whatever its case, so the value of an `Authorization` header can be passed. Returns
    /// [`NotFound`](crate::client::ApiError::NotFound) if the API key is invalid.
    POST "/end_user_api_keys/validate", json, only_asks;
    validate_api_key(ValidateApiKey) -> ApiKeyValidation {
        /// The API key's token, as handed to its owner.
        #[serde(serialize_with = "bare")]
        api_key_token: String,
    }
    secret api_key_token;
    400 => FieldErrors, 404 => NotFound(EndUserApiKey);
}

endpoint! {
    /// Validates an API key that was imported from another system, and returns its user and org.
    ///
    /// A `Bearer ` prefix is removed, whatever its case, so the value of an `Authorization` header can be passed. Returns
    /// [`NotFound`](crate::client::ApiError::NotFound) if the API key is invalid.
    POST "/end_user_api_keys/validate_imported", json, only_asks;
    validate_imported_api_key(ValidateImportedApiKey) -> ApiKeyValidation {
        /// The API key's token, as handed to its owner.
        #[serde(serialize_with = "bare")]
        api_key_token: String,
    }
    secret api_key_token;
    400 => FieldErrors, 404 => NotFound(EndUserApiKey);
}

endpoint! {
    /// Validates a personal API key: one for a user, not for an org. Returns
    /// [`InvalidFields`](crate::client::ApiError::InvalidFields) for any other.
    ///
    /// A `Bearer ` prefix is removed, whatever its case, so the value of an `Authorization` header can be passed. Returns
    /// [`NotFound`](crate::client::ApiError::NotFound) if the API key is invalid.
    POST "/end_user_api_keys/validate", json, only_asks;
    validate_personal_api_key(ValidatePersonalApiKey) -> PersonalApiKeyValidation {
        /// The API key's token, as handed to its owner.
        #[serde(serialize_with = "bare")]
        api_key_token: String,
    }
    secret api_key_token;
    400 => FieldErrors, 404 => NotFound(EndUserApiKey);
    with {
        fn accepted(&self, answer: &Answer<'_>) -> Result<PersonalApiKeyValidation, ApiError> {
            let key: ApiKeyValidation = answer.json()?;
            match key {
                ApiKeyValidation { user: Some(user), org: None, metadata, .. } => {
                    Ok(PersonalApiKeyValidation { metadata, user })
                }
                _ => Err(of_other_kind("Not a personal API Key")),
            }
        }
    }
}

endpoint! {
    /// Validates an org's API key. Returns [`InvalidFields`](crate::client::ApiError::InvalidFields) for any other.
    ///
    /// A `Bearer ` prefix is removed, whatever its case, so the value of an `Authorization` header can be passed. Returns
    /// [`NotFound`](crate::client::ApiError::NotFound) if the API key is invalid.
    POST "/end_user_api_keys/validate", json, only_asks;
    validate_org_api_key(ValidateOrgApiKey) -> OrgApiKeyValidation {
        /// The API key's token, as handed to its owner.
        #[serde(serialize_with = "bare")]
        api_key_token: String,
    }
    secret api_key_token;
    400 => FieldErrors, 404 => NotFound(EndUserApiKey);
    with {
        fn accepted(&self, answer: &Answer<'_>) -> Result<OrgApiKeyValidation, ApiError> {
            let key: ApiKeyValidation = answer.json()?;
            let org = key.org.ok_or_else(|| of_other_kind("Not an org API Key"))?;
            Ok(OrgApiKeyValidation { metadata: key.metadata, org, user: key.user, user_in_org: key.user_in_org })
        }
    }
}

/// Returns the error for a valid API key of another kind, in the wording of the Python library.
fn of_other_kind(message: &str) -> ApiError {
    ApiError::InvalidFields(FieldErrors::of("api_key_token", message))
}

fn bare<S: Serializer>(api_key: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(without_bearer(api_key))
}

results! {
    /// An API key.
    pub struct EndUserApiKey {
        /// Its id.
        pub api_key_id: String,
        /// When it was created, in seconds since 1970.
        pub created_at: i64,
        /// When it expires, in seconds since 1970. `None` if never.
        pub expires_at_seconds: Option<i64>,
        /// Its metadata.
        pub metadata: Option<JsonMap>,
        /// The user who owns it.
        pub user_id: Option<String>,
        /// The org that owns it.
        pub org_id: Option<String>,
        /// Its name.
        pub display_name: Option<String>,
    }

    /// A page of API keys.
    pub struct EndUserApiKeysPage {
        /// The API keys.
        pub api_keys: Vec<EndUserApiKey>,
        /// How many API keys there are on all pages.
        pub total_api_keys: u64,
        /// The number of this page, from 0.
        pub current_page: u32,
        /// API keys per page.
        pub page_size: u32,
        /// Whether more pages follow.
        pub has_more_results: bool,
    }

    /// The result of `fetch_api_key_usage`.
    pub struct ApiKeyUsage {
        /// How often API keys were validated on that day.
        pub count: u64,
    }

    /// The result of `create_api_key`.
    pub struct CreatedApiKey {
        /// The API key's id.
        pub api_key_id: String,
        /// The API key's token, to hand to its owner.
        pub api_key_token: Secret,
    }

    /// The result of `import_api_key`.
    pub struct ImportedApiKey {
        /// The API key's id.
        pub api_key_id: String,
    }

    /// The owner of a validated API key.
    pub struct ApiKeyValidation {
        /// The API key's metadata.
        pub metadata: Option<JsonMap>,
        /// The user who owns it.
        pub user: Option<UserMetadata>,
        /// The org that owns it.
        pub org: Option<ApiKeyOrg>,
        /// The user's role and permissions in the org.
        #[serde(default, deserialize_with = "org_member")]
        pub user_in_org: Option<OrgMemberInfo>,
    }

    /// The owner of a validated personal API key.
    pub struct PersonalApiKeyValidation {
        /// The API key's metadata.
        pub metadata: Option<JsonMap>,
        /// The user.
        pub user: UserMetadata,
    }

    /// The owner of a validated org API key.
    pub struct OrgApiKeyValidation {
        /// The API key's metadata.
        pub metadata: Option<JsonMap>,
        /// The org.
        pub org: ApiKeyOrg,
        /// The user, if the API key is for a member of the org.
        pub user: Option<UserMetadata>,
        /// The user's role and permissions in the org.
        #[serde(default, deserialize_with = "org_member")]
        pub user_in_org: Option<OrgMemberInfo>,
    }

    /// The org of an API key.
    pub struct ApiKeyOrg {
        /// The org's id.
        pub org_id: String,
        /// The org's name, as displayed.
        pub org_name: String,
        /// The maximum number of users in the org. `None` if unlimited.
        pub max_users: Option<u64>,
        /// Whether SAML is set up.
        pub is_saml_configured: Option<bool>,
        /// The org's id in the system it was migrated from.
        pub legacy_org_id: Option<String>,
        /// The org's metadata.
        #[serde(default = "no_metadata")]
        pub metadata: Option<JsonMap>,
        /// The org's custom role mapping, if it has one.
        pub custom_role_mapping_name: Option<String>,
    }
}

/// Missing metadata is empty; null stays null.
#[allow(clippy::unnecessary_wraps)] // serde requires the type of the field
fn no_metadata() -> Option<JsonMap> {
    Some(JsonMap::new())
}
