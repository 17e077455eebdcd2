//! Magic links, access tokens, and tokens of other providers.

use std::collections::BTreeMap;
use std::prelude::v1::*;

use crate::client::endpoint::declare::{endpoint, options, results};
use crate::client::endpoint::route::is_blank;
use crate::client::secret::Secret;

endpoint! {
    /// Creates a magic link: a link that logs a user in.
    POST "/magic_link", json;
    create_magic_link(CreateMagicLink, CreateMagicLinkOptions) -> MagicLink {
        /// The user's email address.
        email: String,
    }
    400 => FieldErrors;
}

options! {
    /// Optional arguments of `create_magic_link`.
    pub struct CreateMagicLinkOptions {
        /// The URL to redirect to after the login.
        redirect_to_url: Option<String>,
        /// The lifetime of the link, in hours.
        expires_in_hours: Option<u32>,
        /// Creates the user if none has this address.
        create_new_user_if_one_doesnt_exist: Option<bool>,
        /// Query parameters to store with the user if one is created.
        user_signup_query_parameters: Option<BTreeMap<String, String>>,
        /// Whether the link expires when it is first used.
        expire_after_first_use: Option<bool>,
        /// Whether the link first shows a page with a button, so that mail scanners do not use it up.
        requires_interstitial: Option<bool>,
    }
}

endpoint! {
    /// Creates an access token of a user, for tests or to act as this user. Returns
    /// [`NotFound`](crate::client::ApiError::NotFound) if the user does not exist.
    POST "/access_token", json;
    create_access_token(CreateAccessToken, CreateAccessTokenOptions) -> AccessToken {
        /// The user's id.
        user_id: String,
        /// The lifetime of the token, in minutes.
        duration_in_minutes: u32,
    }
    unless uuid(user_id) => NotFound(User);
    400 => FieldErrors, 403 => NotFound(User), 404 => NotEnabled(AccessTokenCreation);
}

options! {
    /// Optional arguments of `create_access_token`.
    pub struct CreateAccessTokenOptions {
        /// The active org in the token.
        #[serde(skip_serializing_if = "is_blank")]
        active_org_id: Option<String>,
    }
}

endpoint! {
    /// Fetches the tokens that a user's login providers issued. Returns `None` if the user does not exist.
    ///
    /// Keys are providers: `google`, `github`, `slack` and so on.
    GET "/user/{user_id}/oauth_token";
    fetch_user_oauth_tokens(FetchUserOauthTokens) -> Option<BTreeMap<String, OauthToken>> {
        /// The user's id.
        user_id: String,
    }
    400 => Text, 404 => Absent;
}

endpoint! {
    /// Fetches a valid token of a login provider, refreshed if necessary. Returns `None` if there is none.
    GET "/user/{user_id}/{provider}/fresh_token";
    fetch_fresh_token_from_provider(FetchFreshTokenFromProvider) -> Option<OauthToken> {
        /// The user's id.
        user_id: String,
        /// The provider: `google`, `github`, `slack` and so on.
        provider: String,
    }
    400 => Text, 404 => Absent;
}

results! {
    /// A magic link.
    pub struct MagicLink {
        /// The link.
        pub url: Secret,
    }

    /// An access token.
    pub struct AccessToken {
        /// The token.
        pub access_token: Secret,
    }

    /// A token of a login provider.
    pub struct OauthToken {
        /// The provider's access token.
        pub access_token: Secret,
        /// The provider.
        pub token_provider: Option<String>,
        /// The provider's refresh token.
        pub refresh_token: Option<Secret>,
        /// When the access token expires, in seconds since 1970.
        pub token_expiration: Option<i64>,
        /// The scopes of the token.
        pub authorized_scopes: Option<Vec<String>>,
    }
}
