//! The reasons why a setting is invalid.

use core::fmt;

use crate::limits::MAX_MODULUS_BITS;

/// The reason why a key, an issuer or an audience is rejected. A configuration error, which never depends on a request.
///
/// `Debug` prints the same sentence as `Display`, so that a `main` that returns this error prints it.
#[non_exhaustive]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum MetadataError {
    /// The issuer is empty.
    IssuerMissing,
    /// The issuer is longer than [`MAX_ISSUER_LEN`](crate::limits::MAX_ISSUER_LEN).
    IssuerTooLong,
    /// The issuer contains white space, another invisible character, or typographic punctuation.
    IssuerHasWhiteSpace,
    /// The issuer does not begin with `https://`. `http://` is accepted for `localhost`, `127.0.0.1` and `[::1]`.
    IssuerNotHttps,
    /// The issuer ends in a slash.
    IssuerEndsInSlash,
    /// The issuer has more than a host and a port: a path, a query, a fragment or another issuer.
    IssuerHasPath,
    /// The issuer's host is missing or contains invalid characters.
    IssuerInvalidHost,
    /// The verifier already has [`MAX_ISSUERS`](crate::limits::MAX_ISSUERS) issuers.
    TooManyIssuers,
    /// Both issuers and the audience together are longer than [`MAX_ISSUER_LEN`](crate::limits::MAX_ISSUER_LEN).
    AdditionalIssuerTooLong,
    /// The audience is empty.
    AudienceMissing,
    /// Issuers and audience together are longer than [`MAX_ISSUER_LEN`](crate::limits::MAX_ISSUER_LEN).
    AudienceTooLong,
    /// The key is empty.
    KeyMissing,
    /// The key is longer than [`MAX_PEM_LEN`](crate::limits::MAX_PEM_LEN), or than any key within the limits.
    KeyTooLong,
    /// The verifier already has [`MAX_KEYS`](crate::limits::MAX_KEYS) keys.
    TooManyKeys,
    /// The text begins neither with `-----BEGIN PUBLIC KEY-----` nor with `-----BEGIN RSA PUBLIC KEY-----`.
    NotAPublicKeyPem,
    /// A certificate instead of a public key.
    CertificateGiven,
    /// A private key instead of a public key.
    PrivateKeyGiven,
    /// Other text before or after the PEM: a second key, an explanation or an unmatched quotation mark.
    TextAroundPem,
    /// The key's base64 or its last line is malformed (RFC 7468).
    InvalidPem,
    /// The bytes are not the DER of such a key.
    InvalidDer,
    /// A public key for another algorithm than rsaEncryption.
    NotAnRsaKey,
    /// The parameters of rsaEncryption are not NULL (RFC 3279 section 2.3.1).
    InvalidAlgorithmParameters,
    /// Fewer than 2048 bits (RFC 7518 section 3.3).
    ModulusTooSmall,
    /// More than [`MAX_MODULUS_BITS`](crate::limits::MAX_MODULUS_BITS).
    ModulusTooLarge,
    /// The modulus is even, so it is not a product of two odd primes.
    ModulusEven,
    /// The exponent is even, less than 3, or longer than 64 bits.
    InvalidExponent,
    /// The built-in key of the test kit, whose private key is public. Only debug builds with feature `testkit` accept
    /// it.
    TestKey,
}

impl MetadataError {
    /// Returns the variant's name, for logs and programs. Stable, unlike the output of `Debug`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::IssuerMissing => "IssuerMissing",
            Self::IssuerTooLong => "IssuerTooLong",
            Self::IssuerHasWhiteSpace => "IssuerHasWhiteSpace",
            Self::IssuerNotHttps => "IssuerNotHttps",
            Self::IssuerEndsInSlash => "IssuerEndsInSlash",
            Self::IssuerHasPath => "IssuerHasPath",
            Self::IssuerInvalidHost => "IssuerInvalidHost",
            Self::TooManyIssuers => "TooManyIssuers",
            Self::AdditionalIssuerTooLong => "AdditionalIssuerTooLong",
            Self::AudienceMissing => "AudienceMissing",
            Self::AudienceTooLong => "AudienceTooLong",
            Self::KeyMissing => "KeyMissing",
            Self::KeyTooLong => "KeyTooLong",
            Self::TooManyKeys => "TooManyKeys",
            Self::NotAPublicKeyPem => "NotAPublicKeyPem",
            Self::CertificateGiven => "CertificateGiven",
            Self::PrivateKeyGiven => "PrivateKeyGiven",
            Self::TextAroundPem => "TextAroundPem",
            Self::InvalidPem => "InvalidPem",
            Self::InvalidDer => "InvalidDer",
            Self::NotAnRsaKey => "NotAnRsaKey",
            Self::InvalidAlgorithmParameters => "InvalidAlgorithmParameters",
            Self::ModulusTooSmall => "ModulusTooSmall",
            Self::ModulusTooLarge => "ModulusTooLarge",
            Self::ModulusEven => "ModulusEven",
            Self::InvalidExponent => "InvalidExponent",
            Self::TestKey => "TestKey",
        }
    }

    /// Returns `true` for errors of the first issuer, and `false` for those of a key.
    pub(crate) const fn is_of_issuer(self) -> bool {
        matches!(
            self,
            Self::IssuerMissing
                | Self::IssuerTooLong
                | Self::IssuerHasWhiteSpace
                | Self::IssuerNotHttps
                | Self::IssuerEndsInSlash
                | Self::IssuerHasPath
                | Self::IssuerInvalidHost
        )
    }

    /// Returns `true` for errors that `propelauth-edge key` explains.
    const fn is_of_key_text(self) -> bool {
        matches!(self, Self::NotAPublicKeyPem | Self::TextAroundPem | Self::InvalidPem | Self::InvalidDer)
    }

    /// Returns the broken rule in words. `const`, so that it can be the text of a compile error.
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
            Self::IssuerHasWhiteSpace => {
                "the issuer contains white space or typographic characters; write it like https://auth.example.com"
            }
            Self::IssuerNotHttps => {
                "the issuer does not begin with https:// (http:// is for localhost); write it like https://auth.example.com"
            }
            Self::IssuerEndsInSlash => "the issuer ends in a slash; write it like https://auth.example.com",
            Self::IssuerHasPath => "the issuer has more than a host; write it like https://auth.example.com",
            Self::IssuerInvalidHost => "the issuer has no valid host; write it like https://auth.example.com",
            Self::TooManyIssuers => "the verifier already has the maximum number of issuers",
            Self::AdditionalIssuerTooLong => {
                "the additional issuer, together with the issuer and the audience, is too long"
            }
            Self::AudienceMissing => "the audience is empty",
            Self::AudienceTooLong => "the audience, together with the issuer, is too long",
            Self::KeyMissing => "the verifier key is empty",
            Self::KeyTooLong => "the verifier key is too long",
            Self::TooManyKeys => "the verifier already has the maximum number of keys",
            Self::NotAPublicKeyPem => "the verifier key does not begin with -----BEGIN PUBLIC KEY-----",
            Self::CertificateGiven => "the verifier key is a certificate; expected the public key",
            Self::PrivateKeyGiven => "the verifier key is a private key; expected the public key",
            Self::TextAroundPem => "the verifier key has other text before or after its PEM",
            Self::InvalidPem => "the verifier key is not well-formed PEM",
            Self::InvalidDer => "the verifier key is not well-formed DER",
            Self::NotAnRsaKey => "the verifier key is not an RSA key",
            Self::InvalidAlgorithmParameters => "the verifier key has algorithm parameters other than NULL",
            Self::ModulusTooSmall => "the verifier key has fewer than 2048 bits",
            Self::ModulusTooLarge if MAX_MODULUS_BITS == 2048 => "the verifier key has more than 2048 bits",
            Self::ModulusTooLarge => "the verifier key has more than 4096 bits",
            Self::ModulusEven => "the verifier key has an even modulus",
            Self::InvalidExponent => "the verifier key has an exponent that is even, below 3 or above 64 bits",
            Self::TestKey => {
                "the verifier key is the built-in key of the test kit, which only debug builds with feature `testkit` accept"
            }
        }
    }
}

impl fmt::Display for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())?;
        if self.is_of_key_text() {
            f.write_str("; run `propelauth-edge key` to see what it is")?;
        }
        Ok(())
    }
}

impl fmt::Debug for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for MetadataError {}

/// The setting from which no verifier can be created, by name.
///
/// `Debug` prints the same sentence as `Display`.
///
/// ```
/// use propelauth_edge::{MetadataError, SettingsError};
///
/// let error = SettingsError::Invalid("PROPELAUTH_ISSUER", MetadataError::IssuerMissing);
/// assert_eq!(error.to_string(), "PROPELAUTH_ISSUER: the issuer is empty");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum SettingsError {
    /// The setting is not set.
    Missing(&'static str),
    /// The setting is not text: an environment variable that is not Unicode, or another kind of a Worker's binding.
    NotText(&'static str),
    /// The setting is not valid.
    Invalid(&'static str, MetadataError),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "{name} is not set"),
            Self::NotText(name) => write!(f, "{name} is not text"),
            Self::Invalid(name, error) => write!(f, "{name}: {error}"),
        }
    }
}

impl fmt::Debug for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for SettingsError {}
