//! Users: creating, changing and deleting them.

use std::prelude::v1::*;

use super::JsonMap;
use super::macros::{endpoint, options, results};

endpoint! {
    /// Creates a user.
    POST "/user/", json;
    create_user(CreateUser, CreateUserOptions) -> CreatedUser {
        /// The user's email address.
        email: String,
    }
    400 => FieldErrors;
}

options! {
    /// Optional arguments of `create_user`.
    pub struct CreateUserOptions {
        /// Whether the address counts as known to be the user's.
        email_confirmed: bool,
        /// Whether the user is sent an email to confirm the address. Default true.
        send_email_to_confirm_email_address: bool = true,
        /// Whether the user must choose another password at the first login.
        ask_user_to_update_password_on_login: bool,
        /// The user's password. Without one, the user logs in by other means.
        password: Option<String>,
        /// The user's username.
        username: Option<String>,
        /// The user's first name.
        first_name: Option<String>,
        /// The user's last name.
        last_name: Option<String>,
        /// The user's properties.
        properties: Option<JsonMap>,
        /// Whether the domain of the address may be one that the environment excludes.
        ignore_domain_restrictions: bool,
    }
}

results! {
    /// What creates a user gives.
    pub struct CreatedUser {
        /// The user's id.
        pub user_id: String,
    }
}

endpoint! {
    /// Changes what is known of a user: what is `None` stays as it is. `false`: there is no such user.
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
        /// The user's metadata, which is superseded by the properties.
        metadata: Option<JsonMap>,
        /// The user's properties.
        properties: Option<JsonMap>,
        /// Where the user's picture is.
        picture_url: Option<String>,
        /// Whether the user must choose another password at the next login.
        update_password_required: Option<bool>,
        /// The user's id in the system that they were migrated from.
        legacy_user_id: Option<String>,
    }
}

endpoint! {
    /// Changes a user's email address. `false`: there is no such user.
    PUT "/user/{user_id}/email", json;
    update_user_email(UpdateUserEmail) -> bool {
        /// The user's id.
        user_id: String,
        /// The new address.
        new_email: String,
        /// Whether the address changes only when the user has confirmed the new one.
        require_email_confirmation: bool,
    }
    unless uuid(user_id) => Absent;
    400 => FieldErrors, 404 => Absent;
}

endpoint! {
    /// Changes a user's password. `false`: there is no such user.
    PUT "/user/{user_id}/password", json;
    update_user_password(UpdateUserPassword, UpdateUserPasswordOptions) -> bool {
        /// The user's id.
        user_id: String,
        /// The new password.
        password: String,
    }
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
    /// Takes a user's password away. `false`: there is no such user.
    PUT "/user/{user_id}/clear_password";
    clear_user_password(ClearUserPassword) -> bool {
        /// The user's id.
        user_id: String,
    }
    unless uuid(user_id) => Absent;
    400 => FieldErrors, 404 => Absent;
}

endpoint! {
    /// Sends the email to confirm the address again. `false`: there is no such user.
    POST "/resend_email_confirmation", json;
    resend_email_confirmation(ResendEmailConfirmation) -> bool {
        /// The user's id.
        user_id: String,
    }
    unless uuid(user_id) => Absent;
    400 => UserFacingError, 404 => Absent;
}

/// The calls that have the user's id and nothing else.
macro_rules! switches {
    ($($(#[$doc:meta])* $verb:ident $path:literal => $method:ident($name:ident);)*) => { $(
        endpoint! {
            $(#[$doc])*
            ///
            /// `false`: there is no such user.
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
    /// Blocks a user: no more logins, and the sessions end.
    POST "/user/{user_id}/disable" => disable_user(DisableUser);
    /// Unblocks a user.
    POST "/user/{user_id}/enable" => enable_user(EnableUser);
    /// Takes a user's MFA away.
    POST "/user/{user_id}/disable_2fa" => disable_user_2fa(DisableUser2fa);
    /// Lets a user create orgs.
    PUT "/user/{user_id}/can_create_orgs/enable" => enable_user_can_create_orgs(EnableUserCanCreateOrgs);
    /// Lets a user no longer create orgs.
    PUT "/user/{user_id}/can_create_orgs/disable" => disable_user_can_create_orgs(DisableUserCanCreateOrgs);
    /// Ends all sessions of a user. Access tokens stay good until they expire.
    POST "/user/{user_id}/logout_all_sessions" => logout_all_user_sessions(LogoutAllUserSessions);
}

endpoint! {
    /// Creates a user with what another system knows of them.
    POST "/migrate_user/", json;
    migrate_user_from_external_source(MigrateUserFromExternalSource, MigrateUserOptions) -> CreatedUser {
        /// The user's email address.
        email: String,
        /// Whether the address is known to be the user's.
        email_confirmed: bool,
    }
    400 => FieldErrors;
    with {
        fn wire_arguments(&self) -> Result<super::wire::Arguments, super::ApiError> {
            // All are sent, if as null, but the properties.
            let mut arguments = super::wire::Arguments::of(self)?;
            arguments.rename("ask_user_to_update_password_on_login", "update_password_required");
            arguments.drop_null("properties");
            Ok(arguments)
        }
    }
}

options! {
    /// Optional arguments of `migrate_user_from_external_source`.
    pub struct MigrateUserOptions {
        /// The user's id in the other system: their `legacy_user_id`.
        existing_user_id: Option<String>,
        /// The hash of the user's password.
        existing_password_hash: Option<String>,
        /// The secret of the user's TOTP authenticator, in base32.
        existing_mfa_base32_encoded_secret: Option<String>,
        /// Whether the user must choose another password at the first login.
        ask_user_to_update_password_on_login: bool,
        /// Whether the user may log in.
        enabled: Option<bool>,
        /// The user's first name.
        first_name: Option<String>,
        /// The user's last name.
        last_name: Option<String>,
        /// The user's username.
        username: Option<String>,
        /// Where the user's picture is.
        picture_url: Option<String>,
        /// The user's properties.
        properties: Option<JsonMap>,
    }
}

endpoint! {
    /// Gives a user the password that they have in another system, by its hash. `false`: there can be no such user.
    POST "/migrate_user/password", json;
    migrate_user_password(MigrateUserPassword) -> bool {
        /// The user's id.
        user_id: String,
        /// The hash of the password.
        password_hash: String,
    }
    unless uuid(user_id) => Absent;
    400 => FieldErrors;
}
