use crate::error::Unauthorized;
use crate::names::Claim;

/// A fault of a [`TestToken`](super::TestToken). The response to a request with any of them must be 401.
///
/// ```
/// use propelauth_edge::testkit::{Fault, TestIssuer};
/// use propelauth_edge::UnixTime;
///
/// let issuer = TestIssuer::fixed();
/// let (verifier, mut buffer) = (issuer.verifier(), [0; 1024]);
/// for fault in Fault::ALL {
///     let token = issuer.token("ada").fault(fault).access_token();
///     let refused = verifier.validate_access_token(&token, UnixTime::now(), &mut buffer).unwrap_err();
///     assert_eq!(refused, fault.unauthorized(), "{fault:?}");
/// }
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// It expired in 1970.
    Expired,
    /// It is not valid before the end of the year 9999.
    NotYetValid,
    /// It names another issuer, which begins with the right one.
    WrongIssuer,
    /// It does not name the user.
    MissingUserId,
    /// Another key signed it.
    WrongKey,
    /// It was changed after it was signed.
    Tampered,
    /// Its signature was cut off, as by a cookie or a proxy with a size limit.
    Truncated,
    /// Its algorithm is `none`, and it has no signature (RFC 7519 section 6).
    AlgorithmNone,
    /// It is signed with HMAC under the verifier key, which fools a verifier that trusts the token's algorithm.
    AlgorithmHs256,
}

impl Fault {
    /// All faults.
    pub const ALL: [Self; 9] = [
        Self::Expired,
        Self::NotYetValid,
        Self::WrongIssuer,
        Self::MissingUserId,
        Self::WrongKey,
        Self::Tampered,
        Self::Truncated,
        Self::AlgorithmNone,
        Self::AlgorithmHs256,
    ];

    /// Returns the verifier's error for this fault, at any time after the first hours of 1970.
    ///
    /// ```
    /// # use propelauth_edge::{Claim, Unauthorized, testkit::Fault};
    /// assert_eq!(Fault::AlgorithmHs256.unauthorized(), Unauthorized::UnsupportedAlgorithm);
    /// assert_eq!(Fault::MissingUserId.unauthorized(), Unauthorized::MissingClaim(Claim::UserId));
    /// ```
    #[must_use]
    pub const fn unauthorized(self) -> Unauthorized {
        match self {
            Self::Expired => Unauthorized::Expired,
            Self::NotYetValid => Unauthorized::NotYetValid,
            Self::WrongIssuer => Unauthorized::WrongIssuer,
            Self::MissingUserId => Unauthorized::MissingClaim(Claim::UserId),
            Self::WrongKey | Self::Tampered => Unauthorized::InvalidSignature,
            Self::Truncated | Self::AlgorithmNone => Unauthorized::MalformedToken,
            Self::AlgorithmHs256 => Unauthorized::UnsupportedAlgorithm,
        }
    }
}
