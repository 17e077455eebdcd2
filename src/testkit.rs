//! The test kit: tokens for testing your handlers, without PropelAuth, network or clock.
//!
//! ```toml
//! [dependencies]
//! propelauth-edge = "0.1"
//!
//! [dev-dependencies]
//! propelauth-edge = { version = "0.1", features = ["testkit"] }
//! ```
//!
//! A [`TestIssuer`] replaces PropelAuth. It issues [`token`](TestIssuer::token)s for any user and orgs, and its
//! [`verifier`](TestIssuer::verifier), a real one, replaces yours:
//!
//! ```
//! use propelauth_edge::testkit::{TestIssuer, TestOrg};
//! use propelauth_edge::{OrgRequirement, RequiredOrg, UnixTime, Verifier};
//!
//! fn may_see_the_bill(verifier: &Verifier, header: &str) -> u16 {
//!     let (org, requirement) = (RequiredOrg::Id("acme-id"), OrgRequirement::Permission("billing::view"));
//!     let mut buffer = [0; 4096];
//!     match verifier.validate_access_token_and_get_user_with_org(header, org, requirement, UnixTime::now(), &mut buffer) {
//!         Ok(_) => 200,
//!         Err(error) => error.status(),
//!     }
//! }
//!
//! let issuer = TestIssuer::fixed();
//! let acme = TestOrg::new("acme-id", "Acme").user_permissions(&["billing::view"]);
//! let member = issuer.token("ada").org(acme);
//! let stranger = issuer.token("eve");
//! assert_eq!(may_see_the_bill(&issuer.verifier(), &member.authorization_header()), 200);
//! assert_eq!(may_see_the_bill(&issuer.verifier(), &stranger.authorization_header()), 403);
//! ```
//!
//! With axum, and with every [`Fault`]:
//!
#![cfg_attr(feature = "axum", doc = "```")]
#![cfg_attr(not(feature = "axum"), doc = "```ignore")]
//! use std::sync::Arc;
//!
//! use axum::{Router, body::Body, http::Request, routing::get};
//! use propelauth_edge::testkit::{Fault, TestIssuer};
//! use propelauth_edge::{VerifiedUser, Verifier};
//! use tower::ServiceExt;
//!
//! fn app(verifier: Verifier) -> Router {
//!     Router::new().route("/whoami", get(|user: VerifiedUser| async move { user.user_id().to_owned() })).with_state(Arc::new(verifier))
//! }
//!
//! async fn whoami(app: &Router, authorization: String) -> u16 {
//!     let request = Request::get("/whoami").header("Authorization", authorization).body(Body::empty()).unwrap();
//!     app.clone().oneshot(request).await.unwrap().status().as_u16()
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let issuer = TestIssuer::fixed();
//! let app = app(issuer.verifier());
//! let ada = issuer.token("ada");
//! assert_eq!(whoami(&app, ada.authorization_header()).await, 200);
//! for fault in Fault::ALL {
//!     assert_eq!(whoami(&app, ada.clone().fault(fault).authorization_header()).await, 401, "{fault:?}");
//! }
//! # }
//! ```
//!
//! A function on Lambda:
//!
#![cfg_attr(feature = "lambda", doc = "```")]
#![cfg_attr(not(feature = "lambda"), doc = "```ignore")]
//! use http::{Request, Response};
//! use propelauth_edge::testkit::{Fault, TestIssuer};
//! use propelauth_edge::{UnixTime, Verifier, lambda};
//!
//! fn whoami(verifier: &Verifier, request: &Request<()>) -> Response<String> {
//!     match lambda::user(request.headers(), verifier, UnixTime::now()) {
//!         Ok(user) => Response::new(user.user_id().into()),
//!         Err(error) => lambda::refusal(error),
//!     }
//! }
//!
//! let issuer = TestIssuer::fixed();
//! let ask = |authorization| {
//!     whoami(&issuer.verifier(), &Request::get("/whoami").header("Authorization", authorization).body(()).unwrap())
//! };
//! assert_eq!(ask(issuer.token("ada").authorization_header()).body(), "ada");
//! assert_eq!(ask(issuer.token("ada").fault(Fault::Expired).authorization_header()).status(), 401);
//! ```
//!
//! Replace a verifier in a `static` with another one in tests:
//!
//! ```standalone_crate
//! # use propelauth_edge::{TokenVerificationMetadata, Verifier};
//! # use propelauth_edge::testkit::TestIssuer;
//! #[cfg(not(test))]
//! static AUTH: Verifier = Verifier::embed(TokenVerificationMetadata {
//!     verifier_key: include_str!("../examples/demo/verifier_key.pem"),
//!     issuer: "https://auth.example.com",
//! });
//! #[cfg(test)]
//! static AUTH: Verifier = TestIssuer::fixed_verifier();
//! ```
//!
//! # Not in production
//!
//! The private half of the fixed key is in this crate, so trusting that key means trusting anyone. [`Verifier::new`],
//! [`Verifier::embed`] and [`Verifier::with_additional_key`] reject it with
//! [`MetadataError::TestKey`], unless both of these are true of the build of this crate:
//!
//! - feature `testkit` is on, and
//! - `debug_assertions` are on, as in the profiles `dev` and `test`.
//!
//! So a release build rejects it, unless its profile sets `debug-assertions = true`. A debug build accepts it if Cargo
//! turns the feature on. With `testkit` in `[dev-dependencies]` only, and `resolver = "2"` or later:
//!
//! | command | the program accepts the fixed key |
//! |---|---|
//! | `cargo build`, `cargo run` | no |
//! | `cargo test`, `cargo build --all-targets` | yes; they also overwrite the program in `target/debug` |
//! | `cargo build --workspace`, if another member names `testkit` in `[dependencies]` | yes |
//! | any of these with `--release` | no |
//!
//! [`TestIssuer::verifier`] and [`TestIssuer::fixed_verifier`] work in every build with the feature, so tests pass with
//! `--release` too. To test a release build of a server from outside, give it the key of `TestIssuer::generate`.
//!
//! # Speed
//!
//! RSA is slow without optimization: a token takes 35 ms, a new key a second. With these lines in your `Cargo.toml`,
//! they take 2.5 ms and a tenth of a second:
//!
//! ```toml
//! [profile.dev.package."*"]
//! opt-level = 2
//! ```

// A failure here fails a test.
#![allow(clippy::expect_used)]

mod fault;
mod org;
mod token;

use core::error::Error;
use core::fmt;
use std::borrow::Cow;
use std::prelude::v1::*;

use rsa::PrivateKey;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, LineEnding};
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding, Signer};

pub use self::fault::Fault;
pub use self::org::TestOrg;
pub use self::token::TestToken;
use crate::error::MetadataError;
use crate::metadata::TokenVerificationMetadata;
use crate::rsa::VerifyingKey;
use crate::verifier::Verifier;

/// A test replacement for PropelAuth: an issuer and the key that signs its tokens.
///
/// ```
/// use propelauth_edge::testkit::TestIssuer;
///
/// let issuer = TestIssuer::generate().with_issuer("https://auth.acme-example.com");
/// let metadata = issuer.metadata(); // for code that creates its own verifier
/// assert!(metadata.verifier_key.starts_with("-----BEGIN PUBLIC KEY-----"));
/// assert_eq!(metadata.issuer, "https://auth.acme-example.com");
/// assert_eq!(issuer.verifier().issuer(), metadata.issuer);
/// assert_eq!(TestIssuer::fixed().metadata(), TestIssuer::FIXED);
/// ```
#[derive(Clone)]
pub struct TestIssuer {
    signing_key: SigningKey<Sha256>,
    verifier_key: Cow<'static, str>,
    issuer: Cow<'static, str>,
}

/// Does not show the private key.
impl fmt::Debug for TestIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestIssuer").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl TestIssuer {
    /// The verifier metadata of [`TestIssuer::fixed`], for code that creates its own verifier. Works in debug builds
    /// only.
    pub const FIXED: TokenVerificationMetadata<'static> = TokenVerificationMetadata {
        verifier_key: include_str!("testkit/verifier_key.pem"),
        issuer: "https://auth.example.com",
    };

    /// Creates an issuer with the built-in key. No key is generated, and equal tokens have equal text on every run.
    /// Except through [`TestIssuer::verifier`], verifiers accept this key in debug builds only.
    ///
    /// ```
    /// # use propelauth_edge::testkit::TestIssuer;
    /// let token = TestIssuer::fixed().token("ada").access_token();
    /// assert_eq!(TestIssuer::fixed().token("ada").access_token(), token); // stable in a snapshot
    /// ```
    #[must_use]
    pub fn fixed() -> Self {
        Self {
            signing_key: signing_key(include_str!("testkit/private_key.pem")),
            verifier_key: Self::FIXED.verifier_key.into(),
            issuer: Self::FIXED.issuer.into(),
        }
    }

    /// Creates an issuer with a new 2048-bit RSA key, which every verifier accepts, including one in another process.
    /// Not available on wasm32-unknown-unknown, which has no source of random numbers.
    ///
    /// # Panics
    ///
    /// Panics if the system has no source of random numbers.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{Unauthorized, UnixTime};
    /// # use propelauth_edge::testkit::TestIssuer;
    /// let issuer = TestIssuer::generate();
    /// let token = TestIssuer::fixed().token("ada").access_token();
    /// let refused = issuer.verifier().validate_access_token(&token, UnixTime::now(), &mut [0; 1024]).unwrap_err();
    /// assert_eq!(refused, Unauthorized::InvalidSignature); // it has its own key
    /// ```
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    #[must_use]
    pub fn generate() -> Self {
        let key = PrivateKey::new(&mut getrandom::SysRng, 2048).expect("random numbers");
        Self::of(key).expect("a key that a verifier accepts")
    }

    /// Creates an issuer with your own RSA key, in PEM: PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE
    /// KEY`). Unlike the built-in key, every build of a verifier accepts it.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not such a key, or if a verifier rejects its public key.
    ///
    /// # Examples
    ///
    /// ```
    /// use propelauth_edge::testkit::{PrivateKeyError, TestIssuer};
    ///
    /// let private_key = TestIssuer::generate().private_key_pem();
    /// let (one, other) = (TestIssuer::from_private_key_pem(&private_key)?, TestIssuer::from_private_key_pem(&private_key)?);
    /// assert_eq!(one.metadata(), other.metadata());
    ///
    /// let public_key = one.metadata().verifier_key;
    /// assert_eq!(TestIssuer::from_private_key_pem(public_key).unwrap_err(), PrivateKeyError::Unreadable);
    /// # Ok::<(), PrivateKeyError>(())
    /// ```
    pub fn from_private_key_pem(pem: &str) -> Result<Self, PrivateKeyError> {
        let key = PrivateKey::from_pkcs8_pem(pem).ok().or_else(|| PrivateKey::from_pkcs1_pem(pem).ok());
        Self::of(key.ok_or(PrivateKeyError::Unreadable)?)
    }

    fn of(key: PrivateKey) -> Result<Self, PrivateKeyError> {
        let verifier_key = key.as_public_key().to_public_key_pem(LineEnding::LF);
        let verifier_key = verifier_key.map_err(|_| PrivateKeyError::Unreadable)?;
        VerifyingKey::from_public_key_pem(&verifier_key).map_err(PrivateKeyError::VerifierKey)?;
        Ok(Self {
            signing_key: SigningKey::new(key),
            verifier_key: verifier_key.into(),
            issuer: Self::FIXED.issuer.into(),
        })
    }

    /// Returns the private key, for [`TestIssuer::from_private_key_pem`] in another process. Treat it as a secret if
    /// its verifier protects anything.
    #[must_use]
    pub fn private_key_pem(&self) -> String {
        let key: &PrivateKey = self.signing_key.as_ref();
        key.to_pkcs8_pem(LineEnding::LF).expect("a private key").to_string()
    }

    /// Sets the issuer. Defaults to `https://auth.example.com`. The key does not change.
    ///
    /// ```
    /// # use propelauth_edge::UnixTime;
    /// # use propelauth_edge::testkit::TestIssuer;
    /// // A token from before a move to another domain.
    /// let former = TestIssuer::fixed().with_issuer("https://auth.12345.propelauthtest.com");
    /// let verifier = TestIssuer::fixed().verifier().with_additional_issuer(former.metadata().issuer)?;
    /// let token = former.token("ada").access_token();
    /// let mut buffer = [0; 1024];
    /// let user = verifier.validate_access_token(&token, UnixTime::now(), &mut buffer).expect("a valid token");
    /// assert_eq!(user.issuer(), "https://auth.12345.propelauthtest.com");
    /// # Ok::<(), propelauth_edge::MetadataError>(())
    /// ```
    #[must_use]
    pub fn with_issuer(mut self, issuer: &str) -> Self {
        self.issuer = issuer.to_owned().into();
        self
    }

    /// Returns the metadata that PropelAuth's dashboard would show under "Backend Integration".
    ///
    /// ```
    /// # use propelauth_edge::testkit::TestIssuer;
    /// let issuer = TestIssuer::fixed();
    /// // For a server in a separate process.
    /// let mut server = std::process::Command::new("target/debug/server");
    /// server.env("PROPELAUTH_VERIFIER_KEY", issuer.metadata().verifier_key);
    /// server.env("PROPELAUTH_ISSUER", issuer.metadata().issuer);
    /// ```
    #[must_use]
    pub fn metadata(&self) -> TokenVerificationMetadata<'_> {
        TokenVerificationMetadata { verifier_key: &self.verifier_key, issuer: &self.issuer }
    }

    /// Returns the verifier of this issuer's tokens.
    ///
    /// # Panics
    ///
    /// Panics if the issuer is invalid; see [`MetadataError`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::UnixTime;
    /// # use propelauth_edge::testkit::TestIssuer;
    /// let issuer = TestIssuer::fixed();
    /// let header = issuer.token("ada").authorization_header();
    /// let mut buffer = [0; 1024];
    /// let user = issuer.verifier().validate_access_token_and_get_user(&*header, UnixTime::now(), &mut buffer)?;
    /// assert_eq!(user.user_id, "ada");
    /// # Ok::<(), propelauth_edge::Unauthorized>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn verifier(&self) -> Verifier {
        Verifier::of_test_issuer(self.metadata()).expect("a valid issuer")
    }

    /// Returns the verifier of [`TestIssuer::fixed`], created at compile time: for a `static`.
    ///
    /// ```
    /// # use propelauth_edge::Verifier;
    /// # use propelauth_edge::testkit::TestIssuer;
    /// static AUTH: Verifier = TestIssuer::fixed_verifier();
    /// assert_eq!(AUTH.issuer(), TestIssuer::FIXED.issuer);
    /// ```
    #[must_use]
    #[allow(clippy::panic)] // at compile time, or never
    pub const fn fixed_verifier() -> Verifier {
        match Verifier::of_test_issuer(Self::FIXED) {
            Ok(verifier) => verifier,
            Err(error) => core::panic!("{}", error.message()),
        }
    }

    /// Creates a token for the user with this id. It never expires: see [`TestToken`].
    ///
    /// ```
    /// # use propelauth_edge::testkit::{TestIssuer, TestToken};
    /// fn admin(issuer: &TestIssuer) -> TestToken<'_> {
    ///     issuer.token("ada").email("ada@example.com").property("is_staff", true)
    /// }
    ///
    /// assert!(admin(&TestIssuer::fixed()).access_token().starts_with("eyJ"));
    /// ```
    pub fn token(&self, user_id: &str) -> TestToken<'_> {
        TestToken::new(self, user_id)
    }

    fn sign(&self, message: &str) -> Vec<u8> {
        self.signing_key.sign(message.as_bytes()).to_vec()
    }
}

/// The error of parsing a private key for a [`TestIssuer`].
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivateKeyError {
    /// The text is not an RSA private key in PEM, or the numbers of the key do not match.
    Unreadable,
    /// A verifier rejects the key's public key.
    VerifierKey(MetadataError),
}

impl fmt::Display for PrivateKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable => f.write_str("not an RSA private key in PEM"),
            Self::VerifierKey(error) => error.fmt(f),
        }
    }
}

impl Error for PrivateKeyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unreadable => None,
            // This error displays it, so its source comes next.
            Self::VerifierKey(error) => error.source(),
        }
    }
}

fn signing_key(private_key: &str) -> SigningKey<Sha256> {
    SigningKey::new(PrivateKey::from_pkcs8_pem(private_key).expect("a private key"))
}
