use std::format;
use std::prelude::v1::*;

use hmac::{Hmac, KeyInit, Mac};
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding, Signer};

use super::signing_key;
use super::token::{END_OF_TIME, TestToken};
use crate::error::{Claim, Unauthorized};
use crate::time::UnixTime;

/// What is wrong with a [`TestToken`]: each of them makes it one that has to be answered with 401.
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
    /// It is good from the end of the year 9999 on.
    NotYetValid,
    /// It names another issuer, one that begins like the right one.
    WrongIssuer,
    /// It does not say who the user is.
    MissingUserId,
    /// Another key signed it.
    WrongKey,
    /// It was changed after it was signed.
    Tampered,
    /// The end of it is lost, where a cookie or a proxy has a limit: there is no signature.
    Truncated,
    /// `none` for its algorithm, and no signature (RFC 7519 section 6).
    AlgorithmNone,
    /// HMAC with the verifier key as the secret: what a verifier that asks the token for the algorithm falls for.
    AlgorithmHs256,
}

impl Fault {
    /// All of them.
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

    /// What the verifier says to it, at any time but the first hours of 1970.
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

    /// The token with this fault, which has none yet.
    pub(super) fn commit(self, token: TestToken<'_>) -> String {
        let issuer = token.issuer;
        match self {
            Self::Expired => token.expires_at(UnixTime::from_secs(60 * 60)).access_token(),
            Self::NotYetValid => token.not_before(END_OF_TIME).access_token(),
            Self::WrongIssuer => {
                let other = format!("{}.example.net", issuer.metadata().issuer);
                token.claim("iss", other).access_token()
            }
            Self::MissingUserId => token.without_claim("user_id").access_token(),
            Self::WrongKey => {
                let other = signing_key(include_str!("other_private_key.pem"));
                token.sign("RS256", |input| other.sign(input.as_bytes()).to_vec())
            }
            Self::Tampered => {
                let mut signature = Vec::new();
                token.sign("RS256", |input| {
                    signature = issuer.sign(input);
                    Vec::new()
                });
                token.claim("tampered", true).sign("RS256", |_| signature)
            }
            Self::Truncated => {
                let mut text = token.access_token();
                text.truncate(text.rfind('.').unwrap_or_default());
                text
            }
            Self::AlgorithmNone => token.sign("none", |_| Vec::new()),
            Self::AlgorithmHs256 => token.sign("HS256", |input| {
                let secret = issuer.metadata().verifier_key.as_bytes();
                let mac = Hmac::<Sha256>::new_from_slice(secret).expect("a secret of any length");
                mac.chain_update(input).finalize().into_bytes().to_vec()
            }),
        }
    }
}
