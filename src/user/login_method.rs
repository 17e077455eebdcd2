use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::claims::{Claims, LoginEntry};
use crate::error::{Claim, Unauthorized};
use crate::json::JsonValue;

/// How the user logged in. `S` is `&str` in a view and `String` in an owned user.
///
/// It informs and authorizes nothing, so a provider or a method that this crate does not know is kept as text and
/// does not lock its users out.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoginMethod<S> {
    /// `password`
    Password,
    /// `magic_link`
    MagicLink,
    /// `social_sso`
    SocialSso {
        /// `Google`, `GitHub`, `Microsoft`, `Slack`, `LinkedIn`, `Salesforce`, `Xero`, `QuickBooks Online`, or another.
        provider: S,
    },
    /// `email_confirmation_link`
    EmailConfirmationLink,
    /// `saml_sso`
    SamlSso {
        /// `Google`, `Rippling`, `OneLogin`, `JumpCloud`, `Okta`, `Azure`, `Duo`, `Generic`, or another.
        provider: S,
        /// The org whose connection it was.
        org_id: Option<S>,
    },
    /// `impersonation`
    Impersonation,
    /// `generated_from_backend_api`
    GeneratedFromBackendApi,
    /// `unknown`, or the token does not say.
    Unknown,
    /// A method that this crate does not know, as the token names it. Serialized as `unknown`, like the Python library
    /// reads it.
    Other(S),
}

impl<S> LoginMethod<S> {
    /// The name, provider and org id that it is serialized as.
    fn parts(&self) -> (&'static str, Option<&S>, Option<&S>) {
        match self {
            Self::Password => ("password", None, None),
            Self::MagicLink => ("magic_link", None, None),
            Self::SocialSso { provider } => ("social_sso", Some(provider), None),
            Self::EmailConfirmationLink => ("email_confirmation_link", None, None),
            Self::SamlSso { provider, org_id } => ("saml_sso", Some(provider), org_id.as_ref()),
            Self::Impersonation => ("impersonation", None, None),
            Self::GeneratedFromBackendApi => ("generated_from_backend_api", None, None),
            Self::Unknown | Self::Other(_) => ("unknown", None, None),
        }
    }

    /// From the three texts. Nothing if the method needs a provider and has none.
    pub(super) fn from_parts(method: Option<S>, provider: Option<S>, org_id: Option<S>) -> Option<Self>
    where
        S: AsRef<str>,
    {
        let Some(method) = method else {
            return Some(Self::Unknown);
        };
        Some(match method.as_ref() {
            "password" => Self::Password,
            "magic_link" => Self::MagicLink,
            "social_sso" => Self::SocialSso { provider: provider? },
            "email_confirmation_link" => Self::EmailConfirmationLink,
            "saml_sso" => Self::SamlSso { provider: provider?, org_id },
            "impersonation" => Self::Impersonation,
            "generated_from_backend_api" => Self::GeneratedFromBackendApi,
            "unknown" => Self::Unknown,
            _ => Self::Other(method),
        })
    }
}

impl<'a> LoginMethod<&'a str> {
    pub(super) fn from_claims(claims: &Claims<'a>) -> Result<Self, Unauthorized> {
        if claims.get(Claim::LoginMethod).is_none() {
            return Ok(Self::Unknown);
        }
        claims.login_method().and_then(Self::from_entry).ok_or(Unauthorized::InvalidClaim(Claim::LoginMethod))
    }

    /// Nothing if a type is wrong, or what a method needs is missing: a provider for both kinds of single sign-on, and
    /// for SAML an org id, which may be null.
    fn from_entry([method, provider, org_id]: LoginEntry<JsonValue<'a>>) -> Option<Self> {
        let text = |value: Option<JsonValue<'a>>| match value {
            Some(value) if !value.is_null() => value.as_plain_str().map(Some),
            _ => Some(None),
        };
        let method = text(method)?;
        match method {
            Some("social_sso") => Self::from_parts(method, text(provider)?, None),
            Some("saml_sso") => Self::from_parts(method, text(provider)?, text(Some(org_id?))?),
            _ => Self::from_parts(method, None, None),
        }
    }

    #[cfg(feature = "alloc")]
    pub(super) fn to_owned(self) -> LoginMethod<alloc::string::String> {
        match self {
            Self::Other(method) => LoginMethod::Other(method.into()),
            Self::SocialSso { provider } => LoginMethod::SocialSso { provider: provider.into() },
            Self::SamlSso { provider, org_id } => {
                LoginMethod::SamlSso { provider: provider.into(), org_id: org_id.map(Into::into) }
            }
            Self::Password => LoginMethod::Password,
            Self::MagicLink => LoginMethod::MagicLink,
            Self::EmailConfirmationLink => LoginMethod::EmailConfirmationLink,
            Self::Impersonation => LoginMethod::Impersonation,
            Self::GeneratedFromBackendApi => LoginMethod::GeneratedFromBackendApi,
            Self::Unknown => LoginMethod::Unknown,
        }
    }
}

impl<S: Serialize> Serialize for LoginMethod<S> {
    fn serialize<T: Serializer>(&self, serializer: T) -> Result<T::Ok, T::Error> {
        let (login_method, provider, org_id) = self.parts();
        let mut parts = serializer.serialize_struct("LoginMethod", 3)?;
        parts.serialize_field("login_method", login_method)?;
        parts.serialize_field("provider", &provider)?;
        parts.serialize_field("org_id", &org_id)?;
        parts.end()
    }
}
