//! The API keys of your users and their orgs.

use std::prelude::v1::*;

use super::JsonMap;
use super::endpoint::Answer;
use super::error::{ApiError, FieldErrors};
use super::macros::{endpoint, options, results};
use super::pages::{page, paged};
use super::secret::Secret;
use super::users::{UserMetadata, org_member};
use super::wire::Arguments;
use crate::user::OrgMemberInfo;

endpoint! {
    /// An API key. [`NotFound`](super::ApiError::NotFound): there is none of this id.
    GET "/end_user_api_keys/{api_key_id}";
    fetch_api_key(FetchApiKey) -> EndUserApiKey {
        /// The API key's id, in hexadecimal.
        api_key_id: String,
    }
    unless hex(api_key_id) => NotFound(EndUserApiKey);
    400 => FieldErrors, 404 => NotFound(EndUserApiKey);
}

endpoint! {
    /// A page of the API keys that are good.
    GET "/end_user_api_keys", query, without_falsy;
    fetch_current_api_keys(FetchCurrentApiKeys, FetchApiKeysOptions) -> EndUserApiKeysPage {}
    400 => FieldErrors;
}

endpoint! {
    /// A page of the API keys that expired or were deleted.
    GET "/end_user_api_keys/archived", query, without_falsy;
    fetch_archived_api_keys(FetchArchivedApiKeys, FetchApiKeysOptions) -> EndUserApiKeysPage {}
    400 => FieldErrors;
}

paged!(FetchCurrentApiKeys, FetchArchivedApiKeys);
page!(EndUserApiKeysPage.api_keys);

options! {
    /// Optional arguments of the calls that fetch pages of API keys. Empty texts and zeros count as not given.
    pub struct FetchApiKeysOptions {
        /// Only those of this org.
        org_id: Option<String>,
        /// Only those of this user.
        user_id: Option<String>,
        /// Only those of the user of this email address.
        user_email: Option<String>,
        /// API keys a page, at most 100.
        page_size: Option<u32>,
        /// Which page, from 0.
        page_number: Option<u32>,
        /// Only those of this type.
        api_key_type: Option<String>,
    }
}

endpoint! {
    /// How often API keys were validated on a day.
    GET "/end_user_api_keys/usage", query, without_falsy;
    fetch_api_key_usage(FetchApiKeyUsage, FetchApiKeyUsageOptions) -> ApiKeyUsage {
        /// The day: `YYYY-MM-DD`.
        date: String,
    }
    400 => FieldErrors, 404 => NotFound(EndUserApiKey);
}

options! {
    /// Optional arguments of `fetch_api_key_usage`. Empty texts count as not given.
    pub struct FetchApiKeyUsageOptions {
        /// Only those of this org.
        org_id: Option<String>,
        /// Only those of this user.
        user_id: Option<String>,
        /// Only this one.
        api_key_id: Option<String>,
    }
}

endpoint! {
    /// Creates an API key, for a user, an org, both or neither. Only this once is its token known.
    POST "/end_user_api_keys", json, without_falsy;
    create_api_key(CreateApiKey, CreateApiKeyOptions) -> CreatedApiKey {}
    400 => FieldErrors;
}

endpoint! {
    /// Takes over an API key of another system. It is validated by `validate_imported_api_key`.
    POST "/end_user_api_keys/import", json, without_falsy;
    import_api_key(ImportApiKey, CreateApiKeyOptions) -> ImportedApiKey {
        /// The API key as its owner has it.
        api_key_token: String,
    }
    400 => FieldErrors;
    with {
        fn wire_arguments(&self) -> Result<Arguments, ApiError> {
            let mut arguments = Self::ROUTE.prune(Arguments::of(self)?);
            arguments.rename("api_key_token", "imported_api_key");
            Ok(arguments)
        }
    }
}

options! {
    /// Optional arguments of `create_api_key` and `import_api_key`. Empty texts, zeros and empty metadata count as not
    /// given.
    pub struct CreateApiKeyOptions {
        /// The org that the API key is for.
        org_id: Option<String>,
        /// The user whom the API key is for.
        user_id: Option<String>,
        /// When it expires, in seconds since 1970. `None`: never.
        expires_at_seconds: Option<u64>,
        /// Its metadata.
        metadata: Option<JsonMap>,
        /// Its name.
        display_name: Option<String>,
    }
}

endpoint! {
    /// Changes an API key: what is not given stays as it is. `false`: there can be none of this id.
    /// [`NotFound`](super::ApiError::NotFound): there is none.
    PATCH "/end_user_api_keys/{api_key_id}", json, without_falsy;
    update_api_key(UpdateApiKey, UpdateApiKeyOptions) -> bool {
        /// The API key's id, in hexadecimal.
        api_key_id: String,
    }
    unless hex(api_key_id) => Absent;
    400 => FieldErrors, 404 => NotFound(EndUserApiKey);
}

options! {
    /// Optional arguments of `update_api_key`. Zero, `false` and empty metadata count as not given.
    pub struct UpdateApiKeyOptions {
        /// When it expires, in seconds since 1970.
        expires_at_seconds: Option<u64>,
        /// Its metadata.
        metadata: Option<JsonMap>,
        /// Whether it no longer expires.
        set_to_never_expire: bool,
    }
}

endpoint! {
    /// Deletes an API key. `false`: there can be none of this id.
    /// [`NotFound`](super::ApiError::NotFound): there is none.
    DELETE "/end_user_api_keys/{api_key_id}";
    delete_api_key(DeleteApiKey) -> bool {
        /// The API key's id, in hexadecimal.
        api_key_id: String,
    }
    unless hex(api_key_id) => Absent;
    400 => FieldErrors, 404 => NotFound(EndUserApiKey);
}

/// The four calls that validate an API key.
macro_rules! validations {
    ($(
        $(#[$doc:meta])*
        $path:literal => $method:ident($name:ident) -> $output:ident $(by $convert:expr)?;
    )*) => { $(
        endpoint! {
            $(#[$doc])*
            ///
            /// One `Bearer ` before the token, in any case, is ignored, so the value of an `Authorization` header will
            /// do. [`NotFound`](super::ApiError::NotFound): the API key is not good.
            POST $path, json, only_asks;
            $method($name) -> $output {
                /// The API key as its owner has it.
                api_key_token: String,
            }
            400 => FieldErrors, 404 => NotFound(EndUserApiKey);
            with {
                fn wire_arguments(&self) -> Result<Arguments, ApiError> {
                    Arguments::of(&$name { api_key_token: without_bearer(&self.api_key_token).into() })
                }

                $(
                    fn accepted(&self, answer: &Answer<'_>) -> Result<$output, ApiError> {
                        let convert: fn(ApiKeyValidation) -> Option<$output> = $convert;
                        let refusal = || ApiError::InvalidFields(FieldErrors::of("api_key_token", $output::ELSE));
                        convert(answer.json()?).ok_or_else(refusal)
                    }
                )?
            }
        }
    )* };
}

validations! {
    /// Validates an API key and gives whom it is for.
    "/end_user_api_keys/validate" => validate_api_key(ValidateApiKey) -> ApiKeyValidation;

    /// Validates an API key that was imported from another system and gives whom it is for.
    "/end_user_api_keys/validate_imported" => validate_imported_api_key(ValidateImportedApiKey) -> ApiKeyValidation;

    /// Validates an API key that must be for a user and not for an org.
    /// [`InvalidFields`](super::ApiError::InvalidFields): it is another one.
    "/end_user_api_keys/validate" => validate_personal_api_key(ValidatePersonalApiKey) -> PersonalApiKeyValidation
        by |key| Some(PersonalApiKeyValidation {
            metadata: key.metadata,
            user: key.user.filter(|_| key.org.is_none())?,
        });

    /// Validates an API key that must be for an org.
    /// [`InvalidFields`](super::ApiError::InvalidFields): it is another one.
    "/end_user_api_keys/validate" => validate_org_api_key(ValidateOrgApiKey) -> OrgApiKeyValidation
        by |key| Some(OrgApiKeyValidation {
            metadata: key.metadata,
            org: key.org?,
            user: key.user,
            user_in_org: key.user_in_org,
        });
}

pub(super) fn without_bearer(token: &str) -> &str {
    match token.split_at_checked("Bearer ".len()) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("Bearer ") => token,
        _ => token,
    }
}

impl PersonalApiKeyValidation {
    const ELSE: &str = "Not a personal API Key";
}

impl OrgApiKeyValidation {
    const ELSE: &str = "Not an org API Key";
}

results! {
    /// An API key.
    pub struct EndUserApiKey {
        /// Its id.
        pub api_key_id: String,
        /// When it was created, in seconds since 1970.
        pub created_at: i64,
        /// When it expires, in seconds since 1970. `None`: never.
        pub expires_at_seconds: Option<i64>,
        /// Its metadata.
        pub metadata: Option<JsonMap>,
        /// The user whom it is for.
        pub user_id: Option<String>,
        /// The org that it is for.
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
        /// Which page this is, from 0.
        pub current_page: u32,
        /// API keys a page.
        pub page_size: u32,
        /// Whether there are pages after this one.
        pub has_more_results: bool,
    }

    /// How often API keys were validated.
    pub struct ApiKeyUsage {
        /// How often.
        pub count: u64,
    }

    /// What `create_api_key` gives.
    pub struct CreatedApiKey {
        /// The API key's id.
        pub api_key_id: String,
        /// The API key as its owner needs it.
        pub api_key_token: Secret,
    }

    /// What `import_api_key` gives.
    pub struct ImportedApiKey {
        /// The API key's id.
        pub api_key_id: String,
    }

    /// Whom an API key is for.
    pub struct ApiKeyValidation {
        /// The API key's metadata.
        pub metadata: Option<JsonMap>,
        /// The user whom it is for.
        pub user: Option<UserMetadata>,
        /// The org that it is for.
        pub org: Option<ApiKeyOrg>,
        /// What the user is in the org.
        #[serde(default, deserialize_with = "org_member")]
        pub user_in_org: Option<OrgMemberInfo>,
    }

    /// The user whom an API key is for.
    pub struct PersonalApiKeyValidation {
        /// The API key's metadata.
        pub metadata: Option<JsonMap>,
        /// The user.
        pub user: UserMetadata,
    }

    /// The org that an API key is for.
    pub struct OrgApiKeyValidation {
        /// The API key's metadata.
        pub metadata: Option<JsonMap>,
        /// The org.
        pub org: ApiKeyOrg,
        /// The user, if the API key is for one in the org.
        pub user: Option<UserMetadata>,
        /// What the user is in the org.
        #[serde(default, deserialize_with = "org_member")]
        pub user_in_org: Option<OrgMemberInfo>,
    }

    /// The org that an API key is for.
    pub struct ApiKeyOrg {
        /// The org's id.
        pub org_id: String,
        /// The org's name, as displayed.
        pub org_name: String,
        /// How many users the org can have. `None`: any number.
        pub max_users: Option<u64>,
        /// Whether SAML is set up.
        pub is_saml_configured: Option<bool>,
        /// The org's id in the system that it was migrated from.
        pub legacy_org_id: Option<String>,
        /// The org's metadata.
        #[serde(default = "no_metadata")]
        pub metadata: Option<JsonMap>,
        /// How roles work in the org, if not as in the others.
        pub custom_role_mapping_name: Option<String>,
    }
}

/// Metadata that is not there is empty; null stays null.
#[allow(clippy::unnecessary_wraps)] // serde wants the type of the field
fn no_metadata() -> Option<JsonMap> {
    Some(JsonMap::new())
}
