use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::claims::{Claims, LoginEntry};
use crate::error::Unauthorized;
use crate::json::{Kind, Value};
use crate::names::Claim;

/// The way the user logged in. `S` is `&str` in a view and `String` in an owned user.
///
/// This is informational and grants nothing. A provider or a method unknown to this crate is kept as text, so that its
/// users are not locked out.
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
        /// The org of the SAML connection.
        org_id: Option<S>,
    },
    /// `impersonation`
    Impersonation,
    /// `generated_from_backend_api`
    GeneratedFromBackendApi,
    /// `unknown`, or missing in the token.
    Unknown,
    /// A method unknown to this crate, as the token names it. Serializes as `unknown`, which is how the Python library
    /// reads it.
    Other(S),
}

impl<S> LoginMethod<S> {
    /// Returns the name, provider and org id for serialization.
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

    /// Converts the texts of a method.
    #[cfg(feature = "alloc")]
    pub(super) fn map<T>(self, mut map: impl FnMut(S) -> T) -> LoginMethod<T> {
        match self {
            Self::Other(method) => LoginMethod::Other(map(method)),
            Self::SocialSso { provider } => LoginMethod::SocialSso { provider: map(provider) },
            Self::SamlSso { provider, org_id } => {
                LoginMethod::SamlSso { provider: map(provider), org_id: org_id.map(map) }
            }
            Self::Password => LoginMethod::Password,
            Self::MagicLink => LoginMethod::MagicLink,
            Self::EmailConfirmationLink => LoginMethod::EmailConfirmationLink,
            Self::Impersonation => LoginMethod::Impersonation,
            Self::GeneratedFromBackendApi => LoginMethod::GeneratedFromBackendApi,
            Self::Unknown => LoginMethod::Unknown,
        }
    }

    /// Creates a method from its texts. Returns `None` if it requires a provider and has none.
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

    /// Returns `None` if a type is wrong or a required member is missing: a provider for both kinds of single sign-on,
    /// and for SAML also an org id, which may be null.
    fn from_entry([method, provider, org_id]: LoginEntry<Value<'a>>) -> Option<Self> {
        let text = |value: Option<Value<'a>>| match value {
            Some(value) if value.kind() != Kind::Null => value.as_str().map(Some),
            _ => Some(None),
        };
        let method = text(method)?;
        match method {
            Some("social_sso") => Self::from_parts(method, text(provider)?, None),
            Some("saml_sso") => Self::from_parts(method, text(provider)?, text(Some(org_id?))?),
            _ => Self::from_parts(method, None, None),
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_method_has_its_name() {
        use LoginMethod::*;
        let methods = [
            (Password, "password"),
            (MagicLink, "magic_link"),
            (SocialSso { provider: "Google" }, "social_sso"),
            (EmailConfirmationLink, "email_confirmation_link"),
            (SamlSso { provider: "Google", org_id: Some("id") }, "saml_sso"),
            (Impersonation, "impersonation"),
            (GeneratedFromBackendApi, "generated_from_backend_api"),
            (Unknown, "unknown"),
        ];
        for (method, name) in methods {
            assert_eq!(method.parts().0, name);
            assert_eq!(LoginMethod::from_parts(Some(name), Some("Google"), Some("id")).unwrap(), method);
        }
        assert_eq!(LoginMethod::from_parts(Some("passkey"), None, None), Some(Other("passkey")));
        assert_eq!(LoginMethod::<&str>::from_parts(None, None, None), Some(Unknown));
    }
}
