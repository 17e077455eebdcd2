//! Why a token, an `Authorization` header or a key is refused, in plain words: for command lines, pages and the
//! messages of failed tests.
//!
//! Nothing is decided here. The verdict is what a [`Verifier`](crate::Verifier) says that is made and called as in
//! production; what comes after is only the explanation. Header and claims of a token that was not verified are handed
//! out as JSON and never as a [`User`](crate::User): show them to people and let nothing depend on them.
//!
//! A report serializes as the command line `propelauth-edge inspect --json` prints it. It holds the claims, and so what
//! they say of the user, but nothing of the signature: what it shows cannot be used as a token.
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
mod fault;
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

/// What the verifier is configured with. A part that is not there is a reason to refuse, and the rest is shown.
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
    /// The *Auth URL*, without a slash at its end.
    pub issuer: Option<&'a str>,
    /// See [`Verifier::with_leeway`](crate::Verifier::with_leeway).
    pub leeway: u32,
}

/// Without the key, which may be another text than a key, with secrets in it.
impl<'a> core::fmt::Debug for Configuration<'a> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Configuration")
            .field("issuer", &self.issuer)
            .field("leeway", &self.leeway)
            .finish_non_exhaustive()
    }
}

/// No key, no issuer, and the leeway of a [`Verifier`](crate::Verifier), 60 seconds.
impl Default for Configuration<'_> {
    fn default() -> Self {
        Self { verifier_key: None, issuer: None, leeway: crate::verifier::DEFAULT_LEEWAY }
    }
}
