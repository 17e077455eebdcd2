//! The test kit: tokens for the tests of your handlers, without PropelAuth, network or clock.
//!
//! ```toml
//! [dependencies]
//! propelauth-edge = "0.1"
//!
//! [dev-dependencies]
//! propelauth-edge = { version = "0.1", features = ["testkit"] }
//! ```
//!
//! A [`TestIssuer`] stands in for PropelAuth. Its [`verifier`](TestIssuer::verifier) is a real one, to be put where yours
//! would be, and its [`token`](TestIssuer::token)s are for any user and orgs:
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
//! With axum, [`Fault::ALL`] included:
//!
#![cfg_attr(feature = "axum", doc = "```")]
#![cfg_attr(not(feature = "axum"), doc = "```ignore")]
//! use std::sync::Arc;
//!
//! use axum::{Router, body::Body, http::Request, routing::get};
//! use propelauth_edge::testkit::{Fault, TestIssuer};
//! use propelauth_edge::{User, Verifier};
//! use tower::ServiceExt;
//!
//! fn app(verifier: Verifier) -> Router {
//!     Router::new().route("/whoami", get(|user: User| async { user.user_id })).with_state(Arc::new(verifier))
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
//!         Ok(user) => Response::new(user.user_id),
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
//! A verifier in a `static` is another one in tests:
//!
//! ```standalone_crate
//! # use propelauth_edge::{TokenVerificationMetadata, Verifier};
//! #[cfg(not(test))]
//! static AUTH: Verifier = Verifier::embed(TokenVerificationMetadata {
//!     verifier_key: include_str!("../examples/demo/verifier_key.pem"),
//!     issuer: "https://auth.example.com",
//! });
//! #[cfg(test)]
//! static AUTH: Verifier = Verifier::embed(propelauth_edge::testkit::TestIssuer::FIXED);
//! ```
//!
//! # Not in production
//!
//! The private half of the fixed key is in this crate, so whoever trusts that key trusts everybody. Without this feature,
//! [`Verifier::new`], [`Verifier::embed`] and [`Verifier::with_additional_key`] refuse it:
//! [`MetadataError::TestKey`](crate::MetadataError::TestKey). So the feature must be off in what you release, and is if
//! only `[dev-dependencies]` name it: Cargo leaves their features out of a build without tests, unless your workspace
//! says `resolver = "1"`. `cargo tree --edges normal,features --invert propelauth-edge` shows who turns it on.
//!
//! # Speed
//!
//! RSA is slow without optimization: a token takes 35 ms, a new key a second. This, in your `Cargo.toml`, makes it 2.5 ms
//! and a tenth of a second:
//!
//! ```toml
//! [profile.dev.package."*"]
//! opt-level = 2
//! ```

// What fails here is a test.
#![allow(clippy::expect_used)]

mod fault;
mod org;
mod token;

use std::borrow::Cow;
use std::prelude::v1::*;

use rsa::PrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding, Signer};

pub use self::fault::Fault;
pub use self::org::TestOrg;
pub use self::token::TestToken;
use crate::metadata::TokenVerificationMetadata;
use crate::verifier::Verifier;

/// Stands in for PropelAuth: a key that signs tokens, and an issuer that they name.
///
/// ```
/// use propelauth_edge::testkit::TestIssuer;
///
/// let issuer = TestIssuer::generate().with_issuer("https://auth.acme-example.com");
/// let metadata = issuer.metadata(); // for code that makes its verifier itself
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

/// Without the private key.
impl core::fmt::Debug for TestIssuer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("TestIssuer").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl TestIssuer {
    /// What verifies the tokens of [`TestIssuer::fixed`], for [`Verifier::embed`].
    pub const FIXED: TokenVerificationMetadata<'static> = TokenVerificationMetadata {
        verifier_key: include_str!("testkit/verifier_key.pem"),
        issuer: "https://auth.example.com",
    };

    /// With the built-in key: nothing is generated, and the same token is the same text on every run. A verifier takes
    /// this key only where feature `testkit` is on.
    ///
    /// ```
    /// # use propelauth_edge::testkit::TestIssuer;
    /// let token = TestIssuer::fixed().token("ada").access_token();
    /// assert_eq!(TestIssuer::fixed().token("ada").access_token(), token); // may stand in a snapshot
    /// ```
    #[must_use]
    pub fn fixed() -> Self {
        Self {
            signing_key: signing_key(include_str!("testkit/private_key.pem")),
            verifier_key: Self::FIXED.verifier_key.into(),
            issuer: Self::FIXED.issuer.into(),
        }
    }

    /// With a new RSA key of 2048 bits, which any verifier takes, also that of another process. Not on
    /// wasm32-unknown-unknown, which has no random numbers of its own.
    ///
    /// # Panics
    ///
    /// If the system has no random numbers.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{Unauthorized, UnixTime};
    /// # use propelauth_edge::testkit::TestIssuer;
    /// let issuer = TestIssuer::generate();
    /// let token = TestIssuer::fixed().token("ada").access_token();
    /// let refused = issuer.verifier().validate_access_token(&token, UnixTime::now(), &mut [0; 1024]).unwrap_err();
    /// assert_eq!(refused, Unauthorized::InvalidSignature); // it has a key of its own
    /// ```
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    #[must_use]
    pub fn generate() -> Self {
        use rsa::pkcs8::{EncodePublicKey, LineEnding};

        let key = PrivateKey::new(&mut getrandom::SysRng, 2048).expect("random numbers");
        let verifier_key = key.as_public_key().to_public_key_pem(LineEnding::LF).expect("a public key");
        Self { signing_key: SigningKey::new(key), verifier_key: verifier_key.into(), issuer: Self::FIXED.issuer.into() }
    }

    /// Another issuer than `https://auth.example.com`.
    ///
    /// ```
    /// # use propelauth_edge::testkit::TestIssuer;
    /// let issuer = TestIssuer::fixed().with_issuer("https://auth.acme-example.com");
    /// assert_eq!(issuer.verifier().issuer(), "https://auth.acme-example.com");
    /// ```
    #[must_use]
    pub fn with_issuer(mut self, issuer: &str) -> Self {
        self.issuer = issuer.to_owned().into();
        self
    }

    /// What PropelAuth's dashboard would show under "Backend Integration".
    ///
    /// ```
    /// # use propelauth_edge::testkit::TestIssuer;
    /// let issuer = TestIssuer::fixed();
    /// // For a server that runs as a process of its own.
    /// let mut server = std::process::Command::new("target/debug/server");
    /// server.env("PROPELAUTH_VERIFIER_KEY", issuer.metadata().verifier_key);
    /// server.env("PROPELAUTH_ISSUER", issuer.metadata().issuer);
    /// ```
    #[must_use]
    pub fn metadata(&self) -> TokenVerificationMetadata<'_> {
        TokenVerificationMetadata { verifier_key: &self.verifier_key, issuer: &self.issuer }
    }

    /// The verifier of this issuer's tokens.
    ///
    /// # Panics
    ///
    /// If the issuer is empty or too long.
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
        Verifier::new(self.metadata()).expect("an issuer that can be one")
    }

    /// A token for the user of this id, which is good at all times: see [`TestToken`].
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

fn signing_key(private_key: &str) -> SigningKey<Sha256> {
    SigningKey::new(PrivateKey::from_pkcs8_pem(private_key).expect("a private key"))
}
