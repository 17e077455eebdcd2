//! Why something was refused. All are `Copy`, hold nothing of the token, and print a reason for the log; what may be
//! sent to the client is [`Unauthorized::public_message`] and its like.

use core::fmt;

use crate::limits::MAX_MODULUS_BITS;
use crate::names::names;

/// Why the token does not name a user. The answer is 401.
///
/// A token may have several faults. The checks run in this order, and the first fault is the one reported:
///
/// 1. the header: `MissingHeader`, `MalformedHeader`;
/// 2. the token's length and its three segments, none of them empty: `TokenTooLong`, `MalformedToken`;
/// 3. the buffer: `BufferTooSmall`;
/// 4. the JOSE header, its base64url and its JSON first: `MalformedToken`; then `alg`: `UnsupportedAlgorithm`; then
///    `crit` and `b64`: `UnsupportedCritical`;
/// 5. the signature: `InvalidSignature` if it is longer than any, `MalformedToken` for its base64url, then
///    `InvalidSignature`;
/// 6. the payload, its base64url first: `MalformedToken`, `InvalidPayload`;
/// 7. that `exp`, `iat` and `iss` are there; `iat`; `nbf`; `exp`; `iss`; `sub`; `jti`: `MissingClaim`, `InvalidClaim`,
///    `NotYetValid`, `Expired`, `WrongIssuer`;
/// 8. `user_id`, the orgs, and the user's other claims: `MissingClaim`, `InvalidClaim`.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unauthorized {
    /// There is no `Authorization` header, or it is empty.
    MissingHeader,
    /// The header is not the word `Bearer` in any case, one space and a token (RFC 6750 section 2.1).
    MalformedHeader,
    /// The token is longer than [`MAX_TOKEN_LEN`](crate::limits::MAX_TOKEN_LEN).
    TokenTooLong,
    /// The token is not three segments of canonical unpadded base64url, or the first is not the JSON object of a JOSE
    /// header (RFC 7515 sections 2, 4 and 7.1): with unique names, of which there are at most
    /// [`MAX_HEADER_PARAMETERS`](crate::limits::MAX_HEADER_PARAMETERS), and with strings for `typ` and `kid`.
    MalformedToken,
    /// The header's `alg` is not `RS256`.
    UnsupportedAlgorithm,
    /// The header demands an extension: `crit` (RFC 7515 section 4.1.11), or `b64` other than true (RFC 7797).
    UnsupportedCritical,
    /// None of the verifier's keys made the signature.
    InvalidSignature,
    /// The claims are not a JSON object in UTF-8 with unique names, are nested too deeply, or are more than
    /// [`MAX_OTHER_CLAIMS`](crate::limits::MAX_OTHER_CLAIMS) that are not read.
    InvalidPayload,
    /// A claim that must be there is not, or is null.
    MissingClaim(Claim),
    /// A claim has a type or a value that it cannot have.
    InvalidClaim(Claim),
    /// The token was issued for another PropelAuth environment.
    WrongIssuer,
    /// `exp` is past, by the leeway or more.
    Expired,
    /// `iat` or `nbf` is to come, by more than the leeway.
    NotYetValid,
    /// The buffer is too small for this token.
    BufferTooSmall {
        /// Octets that it must have: what [`Verifier::buffer_len`](crate::Verifier::buffer_len) gives.
        needed: usize,
    },
}

impl Unauthorized {
    /// The HTTP status, 401.
    ///
    /// ```
    /// # use propelauth_edge::Unauthorized;
    /// assert_eq!(Unauthorized::Expired.status(), 401);
    /// ```
    #[must_use]
    pub const fn status(self) -> u16 {
        401
    }

    /// A text that is safe to send to the client: the words of PropelAuth's Python library.
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
            Self::MalformedHeader => "Invalid authorization header. Expected: Bearer {accessToken}",
            Self::MissingClaim(Claim::UserId) => "Invalid payload in token",
            _ => "Invalid access token",
        }
    }

    /// The value of the answer's `WWW-Authenticate` header (RFC 6750 section 3): it names an error if there was a token,
    /// and none if there was not.
    ///
    /// ```
    /// # use propelauth_edge::Unauthorized;
    /// assert_eq!(Unauthorized::Expired.www_authenticate(), r#"Bearer error="invalid_token""#);
    /// assert_eq!(Unauthorized::MissingHeader.www_authenticate(), "Bearer");
    /// ```
    #[must_use]
    pub const fn www_authenticate(self) -> &'static str {
        match self {
            Self::MissingHeader | Self::MalformedHeader => "Bearer",
            _ => r#"Bearer error="invalid_token""#,
        }
    }
}

impl fmt::Display for Unauthorized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::MissingHeader => f.write_str("no Authorization header"),
            Self::MalformedHeader => f.write_str("Authorization header that is not `Bearer`, one space and a token"),
            Self::TokenTooLong => f.write_str("access token longer than the limit"),
            Self::MalformedToken => f.write_str("malformed access token"),
            Self::UnsupportedAlgorithm => f.write_str("signature algorithm other than RS256"),
            Self::UnsupportedCritical => f.write_str("unsupported critical extension"),
            Self::InvalidSignature => f.write_str("invalid signature"),
            Self::InvalidPayload => f.write_str("claims that are not a well-formed JSON object"),
            Self::MissingClaim(claim) => write!(f, "missing claim `{}`", claim.name()),
            Self::InvalidClaim(claim) => write!(f, "invalid claim `{}`", claim.name()),
            Self::WrongIssuer => f.write_str("access token of another issuer"),
            Self::Expired => f.write_str("expired access token"),
            Self::NotYetValid => f.write_str("access token that is not yet valid"),
            Self::BufferTooSmall { needed } => {
                write!(f, "buffer too small for the access token, {needed} octets needed")
            }
        }
    }
}

impl core::error::Error for Unauthorized {}

names! {
    /// A claim of PropelAuth's access tokens that this crate reads.
    #[non_exhaustive]
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum Claim {
        Exp = "exp",
        Iat = "iat",
        Nbf = "nbf",
        Iss = "iss",
        Sub = "sub",
        Jti = "jti",
        UserId = "user_id",
        Email = "email",
        FirstName = "first_name",
        LastName = "last_name",
        Username = "username",
        LegacyUserId = "legacy_user_id",
        ImpersonatorUserId = "impersonator_user_id",
        Properties = "properties",
        LoginMethod = "login_method",
        OrgMemberInfo = "org_member_info",
        OrgIdToOrgMemberInfo = "org_id_to_org_member_info",
    }
}

impl Claim {
    /// The claim's name in the token.
    ///
    /// ```
    /// # use propelauth_edge::{Claim, Unauthorized};
    /// if let Unauthorized::MissingClaim(claim) = Unauthorized::MissingClaim(Claim::UserId) {
    ///     assert_eq!(claim.name(), "user_id");
    /// }
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.get(self as usize).copied().unwrap_or_default()
    }
}

/// Why a user may not do what was asked for. The answer is 403.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Forbidden {
    /// The user is not a member of the org.
    NotMemberOfOrg,
    /// The user does not have the role in the org.
    MissingRole,
    /// The user does not have the permission, or one of the permissions, in the org.
    MissingPermission,
}

impl Forbidden {
    /// The HTTP status, 403.
    ///
    /// ```
    /// # use propelauth_edge::Forbidden;
    /// assert_eq!(Forbidden::MissingRole.status(), 403);
    /// ```
    #[must_use]
    pub const fn status(self) -> u16 {
        403
    }

    /// A text that is safe to send to the client.
    ///
    /// The Python library's words, less the id of the org that it adds to the first.
    ///
    /// ```
    /// # use propelauth_edge::Forbidden;
    /// assert_eq!(Forbidden::MissingRole.public_message(), "User doesn't have required role");
    /// ```
    #[must_use]
    pub const fn public_message(self) -> &'static str {
        match self {
            Self::NotMemberOfOrg => "User is not a member of org",
            Self::MissingRole => "User doesn't have required role",
            Self::MissingPermission => "User doesn't have required permission",
        }
    }

    /// The value of the answer's `WWW-Authenticate` header (RFC 6750 section 3.1): another token of the same user may
    /// do.
    ///
    /// ```
    /// # use propelauth_edge::Forbidden;
    /// assert_eq!(Forbidden::MissingRole.www_authenticate(), r#"Bearer error="insufficient_scope""#);
    /// ```
    #[must_use]
    pub const fn www_authenticate(self) -> &'static str {
        r#"Bearer error="insufficient_scope""#
    }
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotMemberOfOrg => "user who is not a member of the org",
            Self::MissingRole => "user without the role in the org",
            Self::MissingPermission => "user without the permission in the org",
        })
    }
}

impl core::error::Error for Forbidden {}

/// Why a request is refused: the token is no good, or the user may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthError {
    /// 401
    Unauthorized(Unauthorized),
    /// 403
    Forbidden(Forbidden),
}

impl AuthError {
    /// The HTTP status, 401 or 403.
    ///
    /// ```
    /// # use propelauth_edge::{AuthError, Forbidden, Unauthorized};
    /// assert_eq!(AuthError::from(Unauthorized::Expired).status(), 401);
    /// assert_eq!(AuthError::from(Forbidden::MissingRole).status(), 403);
    /// ```
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Unauthorized(error) => error.status(),
            Self::Forbidden(error) => error.status(),
        }
    }

    /// A text that is safe to send to the client.
    ///
    /// ```
    /// # use propelauth_edge::{AuthError, Forbidden};
    /// let error = AuthError::from(Forbidden::NotMemberOfOrg);
    /// assert_eq!(error.public_message(), "User is not a member of org");
    /// ```
    #[must_use]
    pub const fn public_message(self) -> &'static str {
        match self {
            Self::Unauthorized(error) => error.public_message(),
            Self::Forbidden(error) => error.public_message(),
        }
    }

    /// The value of the answer's `WWW-Authenticate` header.
    ///
    /// ```
    /// # use propelauth_edge::{AuthError, Unauthorized};
    /// let error = AuthError::from(Unauthorized::Expired);
    /// assert_eq!(error.www_authenticate(), r#"Bearer error="invalid_token""#);
    /// ```
    #[must_use]
    pub const fn www_authenticate(self) -> &'static str {
        match self {
            Self::Unauthorized(error) => error.www_authenticate(),
            Self::Forbidden(error) => error.www_authenticate(),
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
        match self {
            Self::Unauthorized(error) => Some(error),
            Self::Forbidden(error) => Some(error),
        }
    }
}

/// The key did not make this signature over this message. RFC 8017 section 8.2.2 wants no reasons told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InvalidSignature;

impl fmt::Display for InvalidSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid signature")
    }
}

impl core::error::Error for InvalidSignature {}

/// Why a key or an issuer cannot be used. It is a fault of the configuration, never of a request.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MetadataError {
    /// The issuer is empty.
    IssuerMissing,
    /// The issuer is longer than [`MAX_ISSUER_LEN`](crate::limits::MAX_ISSUER_LEN).
    IssuerTooLong,
    /// The key is empty.
    KeyMissing,
    /// The key is longer than [`MAX_PEM_LEN`](crate::limits::MAX_PEM_LEN), or than any key within the limits.
    KeyTooLong,
    /// The verifier has [`MAX_KEYS`](crate::limits::MAX_KEYS) keys already.
    TooManyKeys,
    /// The text begins neither with `-----BEGIN PUBLIC KEY-----` nor with `-----BEGIN RSA PUBLIC KEY-----`.
    NotAPublicKeyPem,
    /// A certificate in place of a public key.
    CertificateGiven,
    /// A private key in place of a public key.
    PrivateKeyGiven,
    /// Something stands before or after the PEM text: quotation marks, a second key, an explanation.
    TextAroundPem,
    /// The PEM text breaks RFC 7468: its lines, its base64, or its last line.
    InvalidPem,
    /// The octets are not the DER of such a key.
    InvalidDer,
    /// A public key of another algorithm than rsaEncryption.
    NotAnRsaKey,
    /// The parameters of rsaEncryption are not NULL (RFC 3279 section 2.3.1).
    InvalidAlgorithmParameters,
    /// Fewer than 2048 bits (RFC 7518 section 3.3).
    ModulusTooSmall,
    /// More than [`MAX_MODULUS_BITS`](crate::limits::MAX_MODULUS_BITS).
    ModulusTooLarge,
    /// An even modulus is no product of two odd primes.
    ModulusEven,
    /// The exponent is even, less than 3, or does not fit into 64 bits.
    InvalidExponent,
    /// The built-in key of the test kit, whose private half everybody has, and feature `testkit` is off.
    TestKey,
}

impl MetadataError {
    /// What is wrong, in words; `const`, so that it can be the text of a compile error.
    ///
    /// ```
    /// # use propelauth_edge::VerifyingKey;
    /// let error = VerifyingKey::from_public_key_pem("ssh-rsa AAAAB3NzaC1yc2E").unwrap_err();
    /// assert_eq!(error.message(), "the verifier key does not begin with -----BEGIN PUBLIC KEY-----");
    /// ```
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::IssuerMissing => "the issuer is empty",
            Self::IssuerTooLong => "the issuer is too long",
            Self::KeyMissing => "the verifier key is empty",
            Self::KeyTooLong => "the verifier key is too long",
            Self::TooManyKeys => "the verifier has as many keys as it can hold",
            Self::NotAPublicKeyPem => "the verifier key does not begin with -----BEGIN PUBLIC KEY-----",
            Self::CertificateGiven => "the verifier key is a certificate; the public key is wanted",
            Self::PrivateKeyGiven => "the verifier key is a private key; the public key is wanted",
            Self::TextAroundPem => "the verifier key has other text, or quotation marks, before or after its PEM",
            Self::InvalidPem => "the verifier key is not well-formed PEM",
            Self::InvalidDer => "the verifier key is not well-formed DER",
            Self::NotAnRsaKey => "the verifier key is not an RSA key",
            Self::InvalidAlgorithmParameters => "the verifier key has algorithm parameters other than NULL",
            Self::ModulusTooSmall => "the verifier key has fewer than 2048 bits",
            Self::ModulusTooLarge if MAX_MODULUS_BITS == 2048 => "the verifier key has more than 2048 bits",
            Self::ModulusTooLarge => "the verifier key has more than 4096 bits",
            Self::ModulusEven => "the verifier key has an even modulus",
            Self::InvalidExponent => "the verifier key has an exponent that is even, below 3 or above 64 bits",
            Self::TestKey => "the verifier key is the built-in key of the test kit",
        }
    }
}

impl fmt::Display for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl core::error::Error for MetadataError {}
