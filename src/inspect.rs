//! Explains why a token, an `Authorization` header or a key is rejected, in plain words: for command lines, web pages
//! and the messages of failed tests.
//!
//! This module decides nothing. The verdict comes from a [`Verifier`](crate::Verifier), created and called as in
//! production; the rest is explanation. Header and claims of an unverified token are returned as JSON and never as a
//! [`User`](crate::User): show them to people, and base no decision on them.
//!
//! A report serializes to the output of `propelauth-edge inspect --json`. It contains the claims, and so the user's
//! data, but nothing of the signature: it cannot be turned back into a token.
//!
//! ```standalone_crate
//! use propelauth_edge::UnixTime;
//! use propelauth_edge::inspect::{Configuration, inspect_token};
//!
//! let header = "Bearer  eyJhbGciOiJSUzI1NiJ9.e30.AA";
//! let configuration = Configuration {
//!     verifier_key: Some(include_str!("../examples/demo/verifier_key.pem")),
//!     issuer: Some("https://auth.example.com"),
//!     ..Configuration::default()
//! };
//! let report = inspect_token(header, &configuration, UnixTime::from_secs(1_767_225_660));
//! let refusal = report.refusal.expect("two spaces are one too many");
//! assert_eq!(refusal.code, "MalformedHeader");
//! assert_eq!(refusal.explanation, "There is more than one space between `Bearer` and the token.");
//! assert_eq!(refusal.position.map(|position| position.offset), Some(7));
//! ```

mod claims;
mod encoding;
mod explanation;
mod header;
mod input;
mod key;
mod key_form;
mod orgs;
mod pem;
mod public_key;
mod report;
mod token;
mod words;

pub use input::Input;
pub use key::inspect_key;
pub use report::{KeyForm, KeyReport, Position, Refusal, Segment, Signature, Times, TokenReport, Verdict};
pub use token::inspect_token;

/// The configuration of the verifier. Without a key or an issuer, the token is refused and the rest is still shown.
///
/// ```
/// use propelauth_edge::inspect::Configuration;
///
/// let configuration = Configuration { issuer: Some("https://auth.example.com"), ..Configuration::default() };
/// assert_eq!(configuration.leeway, 60);
/// ```
#[derive(Clone, Copy)]
pub struct Configuration<'a> {
    /// The *Public (Verifier) Key*; see [`TokenVerificationMetadata`](crate::TokenVerificationMetadata).
    pub verifier_key: Option<&'a str>,
    /// The *Auth URL*.
    pub issuer: Option<&'a str>,
    /// The second issuer; see [`Verifier::with_additional_issuer`](crate::Verifier::with_additional_issuer).
    pub additional_issuer: Option<&'a str>,
    /// The leeway in seconds; see [`Verifier::with_leeway`](crate::Verifier::with_leeway).
    pub leeway: u32,
}

/// Leaves out the key, since another secret may have been passed by mistake.
impl<'a> core::fmt::Debug for Configuration<'a> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Configuration")
            .field("issuer", &self.issuer)
            .field("additional_issuer", &self.additional_issuer)
            .field("leeway", &self.leeway)
            .finish_non_exhaustive()
    }
}

/// No key, no issuers, and the default leeway of a [`Verifier`](crate::Verifier), 60 seconds.
impl Default for Configuration<'_> {
    fn default() -> Self {
        Self { verifier_key: None, issuer: None, additional_issuer: None, leeway: crate::verifier::DEFAULT_LEEWAY }
    }
}
