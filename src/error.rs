//! Errors. All are `Copy`, contain no part of the token, and display a reason for the log.
//! [`Unauthorized::public_message`] and its counterparts are safe to send to the client.

use core::fmt;

use crate::names::Claim;

mod settings;

pub use settings::{MetadataError, SettingsError};

/// The reason why a token is rejected. Respond with 401, except for `BufferTooSmall`, a server-side error, with 500.
///
/// A token may break several rules. The checks run in this order, and the first error is returned:
///
/// 1. the place of the token: `MissingHeader`, `MalformedHeader`; elsewhere `RepeatedToken`, `MissingToken`;
/// 2. the token's length, its three segments, none of them empty, and the length of the first: `TokenTooLong`,
///    `MalformedToken`;
/// 3. the buffer: `BufferTooSmall`;
/// 4. the JOSE header: `MalformedToken` for its base64url and its JSON; then `UnsupportedAlgorithm` for `alg`; then
///    `UnsupportedCritical` for `crit` and `b64`;
/// 5. the signature: `InvalidSignature` if it is longer than any valid one, `MalformedToken` for its base64url, then
///    `InvalidSignature`; a wrong length is found before the token is hashed;
/// 6. the payload: `MalformedToken` for its base64url, then `InvalidPayload`;
/// 7. `exp`, `iat` and `iss` are present; `iat`; `nbf`; `exp`; `iss`; `aud`, if an audience is required; `sub`; `jti`:
///    `MissingClaim`, `InvalidClaim`, `NotYetValid`, `Expired`, `WrongIssuer`, `WrongAudience`;
/// 8. `user_id`, the orgs, and the user's other claims: `MissingClaim`, `InvalidClaim`.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unauthorized {
    /// The `Authorization` header is missing or empty.
    MissingHeader,
    /// The request has no access token: the cookie, WebSocket protocol or query parameter is missing or empty.
    MissingToken,
    /// The request has several access tokens, such as two cookies with the same name.
    RepeatedToken,
    /// The header is not `Bearer` (in upper or lower case), one space and a token (RFC 6750 section 2.1).
    MalformedHeader,
    /// The token is longer than [`MAX_TOKEN_LEN`](crate::limits::MAX_TOKEN_LEN), or than
    /// [`Verifier::with_max_token_len`](crate::Verifier::with_max_token_len) allows.
    TokenTooLong,
    /// The token is not three segments of canonical unpadded base64url, or the first is not the JSON object of a JOSE
    /// header (RFC 7515 sections 2, 4 and 7.1). The header has at most
    /// [`MAX_HEADER_LEN`](crate::limits::MAX_HEADER_LEN) characters and
    /// [`MAX_HEADER_PARAMETERS`](crate::limits::MAX_HEADER_PARAMETERS) parameters with unique names; `typ` and `kid`
    /// are strings.
    MalformedToken,
    /// The header's `alg` is not `RS256`.
    UnsupportedAlgorithm,
    /// The header requires an extension: `crit` (RFC 7515 section 4.1.11), or `b64` other than true (RFC 7797).
    UnsupportedCritical,
    /// None of the verifier's keys made the signature.
    InvalidSignature,
    /// The claims are not a JSON object in UTF-8 with unique names, are nested too deeply, or include more than
    /// [`MAX_OTHER_CLAIMS`](crate::limits::MAX_OTHER_CLAIMS) that this crate does not read.
    InvalidPayload,
    /// A required claim is missing or null.
    MissingClaim(Claim),
    /// A claim has an invalid type or value.
    InvalidClaim(Claim),
    /// The token was issued for another PropelAuth environment.
    WrongIssuer,
    /// The token's `aud` does not name the audience that
    /// [`Verifier::with_audience`](crate::Verifier::with_audience) requires.
    WrongAudience,
    /// `exp` passed at least the leeway ago.
    Expired,
    /// `iat` or `nbf` is in the future by more than the leeway.
    NotYetValid,
    /// The buffer is too small for this token. This is an error in the program and not in the token: the status is 500,
    /// and the response does not tell the client to discard a valid token.
    BufferTooSmall {
        /// The required size in bytes, as returned by [`Verifier::buffer_len`](crate::Verifier::buffer_len).
        needed: usize,
    },
}

impl Unauthorized {
    /// Returns the HTTP status: 401, or 500 for `BufferTooSmall`.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::BufferTooSmall { .. } => 500,
            _ => 401,
        }
    }

    /// Returns the variant's name, for logs, metrics and machine-readable responses. Stable, unlike the output of
    /// `Debug`. Does not include the claim: see [`Unauthorized::claim`].
    ///
    /// ```
    /// # use propelauth_edge::{Claim, Unauthorized};
    /// assert_eq!(Unauthorized::Expired.code(), "Expired");
    /// assert_eq!(Unauthorized::MissingClaim(Claim::UserId).code(), "MissingClaim");
    /// ```
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::MissingHeader => "MissingHeader",
            Self::MissingToken => "MissingToken",
            Self::RepeatedToken => "RepeatedToken",
            Self::MalformedHeader => "MalformedHeader",
            Self::TokenTooLong => "TokenTooLong",
            Self::MalformedToken => "MalformedToken",
            Self::UnsupportedAlgorithm => "UnsupportedAlgorithm",
            Self::UnsupportedCritical => "UnsupportedCritical",
            Self::InvalidSignature => "InvalidSignature",
            Self::InvalidPayload => "InvalidPayload",
            Self::MissingClaim(_) => "MissingClaim",
            Self::InvalidClaim(_) => "InvalidClaim",
            Self::WrongIssuer => "WrongIssuer",
            Self::WrongAudience => "WrongAudience",
            Self::Expired => "Expired",
            Self::NotYetValid => "NotYetValid",
            Self::BufferTooSmall { .. } => "BufferTooSmall",
        }
    }

    /// Returns `true` if the request has no token: `MissingHeader` or `MissingToken`.
    ///
    /// ```
    /// # use propelauth_edge::Unauthorized;
    /// assert!(Unauthorized::MissingToken.is_missing());
    /// assert!(!Unauthorized::Expired.is_missing());
    /// ```
    #[must_use]
    pub const fn is_missing(self) -> bool {
        matches!(self, Self::MissingHeader | Self::MissingToken)
    }

    /// Returns the missing or invalid claim, if the error is about one.
    ///
    /// ```
    /// # use propelauth_edge::{Claim, Unauthorized};
    /// assert_eq!(Unauthorized::MissingClaim(Claim::UserId).claim(), Some(Claim::UserId));
    /// assert_eq!(Unauthorized::Expired.claim(), None);
    /// ```
    #[must_use]
    pub const fn claim(self) -> Option<Claim> {
        match self {
            Self::MissingClaim(claim) | Self::InvalidClaim(claim) => Some(claim),
            _ => None,
        }
    }

    /// Returns a text that is safe to send to the client, in the wording of PropelAuth's Python library.
    ///
    /// ```
    /// # use propelauth_edge::Unauthorized;
    /// let error = Unauthorized::Expired;
    /// assert_eq!(error.public_message(), "Invalid access token"); // for the client
    /// assert_eq!(error.to_string(), "expired access token"); // for the log
    /// ```
    #[must_use]
    pub const fn public_message(self) -> &'static str {
        match self {
            Self::MissingHeader => "No authorization header found",
            Self::MissingToken => "No access token found",
            Self::RepeatedToken => "More than one access token found",
            Self::MalformedHeader => "Invalid authorization header. Expected: Bearer {accessToken}",
            Self::MissingClaim(Claim::UserId) => "Invalid payload in token",
            Self::BufferTooSmall { .. } => "Internal error",
            _ => "Invalid access token",
        }
    }

    /// Returns the value of the response's `WWW-Authenticate` header (RFC 6750 section 3). It names an error only if
    /// there was a token. Returns `None` for a server-side error, which has no such header.
    ///
    /// ```
    /// # use propelauth_edge::Unauthorized;
    /// assert_eq!(Unauthorized::Expired.www_authenticate(), Some(r#"Bearer error="invalid_token""#));
    /// assert_eq!(Unauthorized::MissingHeader.www_authenticate(), Some("Bearer"));
    /// assert_eq!(Unauthorized::BufferTooSmall { needed: 4096 }.www_authenticate(), None);
    /// ```
    #[must_use]
    pub const fn www_authenticate(self) -> Option<&'static str> {
        match self {
            Self::MissingHeader | Self::MissingToken | Self::RepeatedToken | Self::MalformedHeader => Some("Bearer"),
            Self::BufferTooSmall { .. } => None,
            _ => Some(r#"Bearer error="invalid_token""#),
        }
    }
}

impl fmt::Display for Unauthorized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::MissingHeader => f.write_str("no Authorization header"),
            Self::MissingToken => f.write_str("no access token in the request"),
            Self::RepeatedToken => f.write_str("more than one access token in the request"),
            Self::MalformedHeader => f.write_str("Authorization header is not `Bearer`, one space and a token"),
            Self::TokenTooLong => f.write_str("access token is longer than the limit"),
            Self::MalformedToken => f.write_str("malformed access token"),
            Self::UnsupportedAlgorithm => f.write_str("signature algorithm is not RS256"),
            Self::UnsupportedCritical => f.write_str("unsupported critical extension"),
            Self::InvalidSignature => f.write_str("invalid signature"),
            Self::InvalidPayload => f.write_str("claims are not a well-formed JSON object"),
            Self::MissingClaim(claim) => write!(f, "missing claim `{}`", claim.name()),
            Self::InvalidClaim(claim) => write!(f, "invalid claim `{}`", claim.name()),
            Self::WrongIssuer => f.write_str("access token from another issuer"),
            Self::WrongAudience => f.write_str("access token for another audience"),
            Self::Expired => f.write_str("expired access token"),
            Self::NotYetValid => f.write_str("access token not yet valid"),
            Self::BufferTooSmall { needed } => {
                write!(f, "buffer too small for the access token: {needed} bytes needed")
            }
        }
    }
}

impl core::error::Error for Unauthorized {}

impl From<InvalidSignature> for Unauthorized {
    fn from(InvalidSignature: InvalidSignature) -> Self {
        Self::InvalidSignature
    }
}

/// The reason why a user lacks access to an org. Respond with 403.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Forbidden {
    /// The user is not a member of the org.
    NotMemberOfOrg,
    /// The user lacks the required role in the org.
    MissingRole,
    /// The user lacks a required permission in the org.
    MissingPermission,
}

impl Forbidden {
    /// Returns the HTTP status, 403.
    #[must_use]
    pub const fn status(self) -> u16 {
        403
    }

    /// Returns the variant's name, for logs, metrics and machine-readable responses. Stable, unlike the output of
    /// `Debug`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotMemberOfOrg => "NotMemberOfOrg",
            Self::MissingRole => "MissingRole",
            Self::MissingPermission => "MissingPermission",
        }
    }

    /// Returns a text that is safe to send to the client.
    ///
    /// The wording is the Python library's, without the org id that it adds to the first message.
    #[must_use]
    pub const fn public_message(self) -> &'static str {
        match self {
            Self::NotMemberOfOrg => "User is not a member of org",
            Self::MissingRole => "User doesn't have required role",
            Self::MissingPermission => "User doesn't have required permission",
        }
    }

    /// Returns the value of the response's `WWW-Authenticate` header (RFC 6750 section 3.1). It tells the client that
    /// another token may be accepted.
    #[must_use]
    pub const fn www_authenticate(self) -> &'static str {
        r#"Bearer error="insufficient_scope""#
    }
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotMemberOfOrg => "user is not a member of the org",
            Self::MissingRole => "user does not have the role in the org",
            Self::MissingPermission => "user does not have the permission in the org",
        })
    }
}

impl core::error::Error for Forbidden {}

/// The reason why a request is rejected: an invalid token, or a missing permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthError {
    /// 401, or 500 for a server-side error.
    Unauthorized(Unauthorized),
    /// 403
    Forbidden(Forbidden),
}

impl AuthError {
    /// Returns the HTTP status: 401 or 403, or 500 for a server-side error.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Unauthorized(error) => error.status(),
            Self::Forbidden(error) => error.status(),
        }
    }

    /// Returns the name of the inner error's variant.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unauthorized(error) => error.code(),
            Self::Forbidden(error) => error.code(),
        }
    }

    /// Returns a text that is safe to send to the client.
    #[must_use]
    pub const fn public_message(self) -> &'static str {
        match self {
            Self::Unauthorized(error) => error.public_message(),
            Self::Forbidden(error) => error.public_message(),
        }
    }

    /// Returns the value of the response's `WWW-Authenticate` header, or `None` for a server-side error.
    #[must_use]
    pub const fn www_authenticate(self) -> Option<&'static str> {
        match self {
            Self::Unauthorized(error) => error.www_authenticate(),
            Self::Forbidden(error) => Some(error.www_authenticate()),
        }
    }
}

impl From<Unauthorized> for AuthError {
    fn from(error: Unauthorized) -> Self {
        Self::Unauthorized(error)
    }
}

impl From<Forbidden> for AuthError {
    fn from(error: Forbidden) -> Self {
        Self::Forbidden(error)
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthorized(error) => error.fmt(f),
            Self::Forbidden(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for AuthError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        // Displays as the inner error, so the source is that of the inner error.
        match self {
            Self::Unauthorized(error) => error.source(),
            Self::Forbidden(error) => error.source(),
        }
    }
}

/// The signature does not match the key and the message. RFC 8017 section 8.2.2 does not distinguish reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InvalidSignature;

impl fmt::Display for InvalidSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid signature")
    }
}

impl core::error::Error for InvalidSignature {}
