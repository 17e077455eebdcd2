//! Creating, changing and deleting users.

use std::prelude::v1::*;

use crate::client::endpoint::declare::{endpoint, options, results};
use crate::client::json::JsonMap;

endpoint! {
    /// Creates a user.
    POST "/user/", json;
    create_user(CreateUser, CreateUserOptions) -> CreatedUser {
        /// The user's email address.
        email: String,
    }
    secret options.password;
    400 => FieldErrors;
}

options! {
    /// Optional arguments of `create_user`.
    pub struct CreateUserOptions {
        /// Whether the address counts as confirmed.
        email_confirmed: bool,
        /// Sends an email to confirm the address. Default true.
        send_email_to_confirm_email_address: bool = true,
        /// Whether the user must choose another password at the first login.
        ask_user_to_update_password_on_login: bool,
        /// The user's password. Without one, the user has to log in another way.
        password: Option<String>,
        /// The user's username.
        username: Option<String>,
        /// The user's first name.
        first_name: Option<String>,
        /// The user's last name.
        last_name: Option<String>,
        /// The user's properties.
        properties: Option<JsonMap>,
        /// Accepts an address in a domain that the environment excludes.
        ignore_domain_restrictions: bool,
    }
}

results! {
    /// The result of `create_user` and `migrate_user_from_external_source`.
    pub struct CreatedUser {
        /// The user's id.
        pub user_id: String,
    }
}

endpoint! {
    /// Updates a user. Fields that are `None` stay unchanged. Returns `false` if the user does not exist.
    PUT "/user/{user_id}", json;
    update_user_metadata(UpdateUserMetadata, UpdateUserMetadataOptions) -> bool {
        /// The user's id.
        user_id: String,
    }
    unless uuid(user_id) => Absent;
    400 => FieldErrors, 404 => Absent;
}

options! {
    /// Optional arguments of `update_user_metadata`.
    pub struct UpdateUserMetadataOptions {
        /// The user's username.
        username: Option<String>,
        /// The user's first name.
        first_name: Option<String>,
        /// The user's last name.
        last_name: Option<String>,
        /// The user's metadata, superseded by properties.
        metadata: Option<JsonMap>,
        /// The user's properties.
        properties: Option<JsonMap>,
        /// The URL of the user's picture.
        picture_url: Option<String>,
        /// Whether the user must choose another password at the next login.
        update_password_required: Option<bool>,
        /// The user's id in the system they were migrated from.
        legacy_user_id: Option<String>,
    }
}

endpoint! {
    /// Changes a user's email address. Returns `false` if the user does not exist.
    PUT "/user/{user_id}/email", json;
    update_user_email(UpdateUserEmail) -> bool {
        /// The user's id.
        user_id: String,
        /// The new address.
        new_email: String,
        /// Whether the user has to confirm the new address before it replaces the old one.
        require_email_confirmation: bool,
    }
    unless uuid(user_id) => Absent;
    400 => FieldErrors, 404 => Absent;
}

endpoint! {
    /// Changes a user's password. Returns `false` if the user does not exist.
    PUT "/user/{user_id}/password", json;
    update_user_password(UpdateUserPassword, UpdateUserPasswordOptions) -> bool {
        /// The user's id.
        user_id: String,
        /// The new password.
        password: String,
    }
    secret password;
    unless uuid(user_id) => Absent;
    400 => FieldErrors, 404 => Absent;
}

options! {
    /// Optional arguments of `update_user_password`.
    pub struct UpdateUserPasswordOptions {
        /// Whether the user must choose another password at the next login.
        ask_user_to_update_password_on_login: bool,
    }
}

endpoint! {
    /// Removes a user's password. Returns `false` if the user does not exist.
    PUT "/user/{user_id}/clear_password";
    clear_user_password(ClearUserPassword) -> bool {
        /// The user's id.
        user_id: String,
    }
    unless uuid(user_id) => Absent;
    400 => FieldErrors, 404 => Absent;
}

endpoint! {
    /// Sends the confirmation email again. Returns `false` if the user does not exist.
    POST "/resend_email_confirmation", json;
    resend_email_confirmation(ResendEmailConfirmation) -> bool {
        /// The user's id.
        user_id: String,
    }
    unless uuid(user_id) => Absent;
    400 => UserFacingError, 404 => Absent;
}

/// Declares the calls whose only argument is the user's id.
macro_rules! switches {
    ($($(#[$doc:meta])* $verb:ident $path:literal => $method:ident($name:ident);)*) => { $(
        endpoint! {
            $(#[$doc])*
            ///
            /// Returns `false` if the user does not exist.
            $verb $path;
            $method($name) -> bool {
                /// The user's id.
                user_id: String,
            }
            unless uuid(user_id) => Absent;
            404 => Absent;
        }
    )* };
}

switches! {
    /// Deletes a user.
    DELETE "/user/{user_id}" => delete_user(DeleteUser);
    /// Blocks a user from logging in and ends their sessions.
    POST "/user/{user_id}/disable" => disable_user(DisableUser);
    /// Unblocks a user.
    POST "/user/{user_id}/enable" => enable_user(EnableUser);
    /// Removes a user's MFA.
    POST "/user/{user_id}/disable_2fa" => disable_user_2fa(DisableUser2fa);
    /// Allows a user to create orgs.
    PUT "/user/{user_id}/can_create_orgs/enable" => enable_user_can_create_orgs(EnableUserCanCreateOrgs);
    /// Prevents a user from creating orgs.
    PUT "/user/{user_id}/can_create_orgs/disable" => disable_user_can_create_orgs(DisableUserCanCreateOrgs);
    /// Ends all sessions of a user. Access tokens stay valid until they expire.
    POST "/user/{user_id}/logout_all_sessions" => logout_all_user_sessions(LogoutAllUserSessions);
}

endpoint! {
    /// Creates a user from another system's data.
    POST "/migrate_user/", json, with_nulls;
    migrate_user_from_external_source(MigrateUserFromExternalSource, MigrateUserOptions) -> CreatedUser {
        /// The user's email address.
        email: String,
        /// Whether the address is confirmed.
        email_confirmed: bool,
    }
    secret options.existing_password_hash, options.existing_mfa_base32_encoded_secret;
    400 => FieldErrors;
}

options! {
    /// Optional arguments of `migrate_user_from_external_source`.
    pub struct MigrateUserOptions {
        /// The user's id in the other system, which becomes their `legacy_user_id`.
        existing_user_id: Option<String>,
        /// The hash of the user's password.
        existing_password_hash: Option<String>,
        /// The secret of the user's TOTP authenticator, in base32.
        existing_mfa_base32_encoded_secret: Option<String>,
        /// Whether the user must choose another password at the first login.
        #[serde(rename = "update_password_required", alias = "ask_user_to_update_password_on_login")]
        ask_user_to_update_password_on_login: bool,
        /// Whether the user may log in.
        enabled: Option<bool>,
        /// The user's first name.
        first_name: Option<String>,
        /// The user's last name.
        last_name: Option<String>,
        /// The user's username.
        username: Option<String>,
        /// The URL of the user's picture.
        picture_url: Option<String>,
        /// The user's properties.
        #[serde(skip_serializing_if = "Option::is_none")]
        properties: Option<JsonMap>,
    }
}

endpoint! {
    /// Sets a user's password to the one with this hash, from another system. Returns `false` if the user id is
    /// invalid.
    POST "/migrate_user/password", json;
    migrate_user_password(MigrateUserPassword) -> bool {
        /// The user's id.
        user_id: String,
        /// The hash of the password.
        password_hash: String,
    }
    secret password_hash;
    unless uuid(user_id) => Absent;
    400 => FieldErrors;
}
