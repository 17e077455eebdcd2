//! What lets a user in: magic links, access tokens, and the tokens of other providers.

use std::collections::BTreeMap;
use std::prelude::v1::*;

use super::macros::{endpoint, options, results};
use super::secret::Secret;

endpoint! {
    /// Creates a link that logs a user in.
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
        /// Where the link leads to.
        redirect_to_url: Option<String>,
        /// For how long the link is good, in hours.
        expires_in_hours: Option<u32>,
        /// Whether the user is created if there is none of this address.
        create_new_user_if_one_doesnt_exist: Option<bool>,
        /// Query parameters that are kept with the user if they are created.
        user_signup_query_parameters: Option<BTreeMap<String, String>>,
        /// Whether the link is good only once.
        expire_after_first_use: Option<bool>,
        /// Whether the link leads to a page with a button first, so that mail scanners do not use it up.
        requires_interstitial: Option<bool>,
    }
}

endpoint! {
    /// Creates an access token, for a test or for acting as a user.
    /// [`NotFound`](super::ApiError::NotFound): there is no such user.
    POST "/access_token", json;
    create_access_token(CreateAccessToken, CreateAccessTokenOptions) -> AccessToken {
        /// The user's id.
        user_id: String,
        /// For how long the token is good, in minutes.
        duration_in_minutes: u32,
    }
    unless uuid(user_id) => NotFound(User);
    400 => FieldErrors, 403 => NotFound(User), 404 => NotEnabled(AccessTokenCreation);
    with {
        fn wire_arguments(&self) -> Result<super::wire::Arguments, super::ApiError> {
            Ok(super::wire::Arguments::of(self)?.without_falsy(|name| name == "active_org_id"))
        }
    }
}

options! {
    /// Optional arguments of `create_access_token`.
    pub struct CreateAccessTokenOptions {
        /// The org that is to be active in the token.
        active_org_id: Option<String>,
    }
}

endpoint! {
    /// The tokens that other providers, by which the user logged in, gave for them. `None`: there is no such user.
    ///
    /// The key is the provider: `google`, `github`, `slack` and so on.
    GET "/user/{user_id}/oauth_token";
    fetch_user_oauth_tokens(FetchUserOauthTokens) -> Option<BTreeMap<String, OauthToken>> {
        /// The user's id.
        user_id: String,
    }
    400 => Text, 404 => Absent;
}

endpoint! {
    /// A token of another provider that is still good, refreshed if need be. `None`: there is none.
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
    /// A link that logs a user in.
    pub struct MagicLink {
        /// The link.
        pub url: Secret,
    }

    /// An access token.
    pub struct AccessToken {
        /// The token.
        pub access_token: Secret,
    }

    /// What another provider gave for a user.
    pub struct OauthToken {
        /// The provider's access token.
        pub access_token: Secret,
        /// The provider.
        pub token_provider: Option<String>,
        /// The provider's refresh token.
        pub refresh_token: Option<Secret>,
        /// When the access token expires, in seconds since 1970.
        pub token_expiration: Option<i64>,
        /// What the token is good for.
        pub authorized_scopes: Option<Vec<String>>,
    }
}
