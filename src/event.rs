//! Logging of verification. With feature `tracing`, each outcome is an event. Events contain no part of a token.

use crate::claims::Expected;
use crate::error::{AuthError, Unauthorized};
use crate::user::UserView;

#[cfg(feature = "tracing")]
const TARGET: &str = "propelauth_edge";

/// Logs the outcome of a verification and returns it.
#[inline]
pub(crate) fn outcome<'b>(
    expected: &Expected,
    outcome: Result<UserView<'b>, Unauthorized>,
) -> Result<UserView<'b>, Unauthorized> {
    #[cfg(feature = "tracing")]
    if let Ok(user) = &outcome {
        tracing::event!(
            target: TARGET,
            tracing::Level::DEBUG,
            { propelauth.issuer = user.issuer() }, // one of the expected ones
            "accepted an access token"
        );
    }
    refusal(expected, outcome)
}

/// Logs an error in finding the token, and returns the result.
#[inline]
#[cfg_attr(not(feature = "tracing"), allow(unused_variables))]
pub(crate) fn refusal<T>(expected: &Expected, outcome: Result<T, Unauthorized>) -> Result<T, Unauthorized> {
    #[cfg(feature = "tracing")]
    if let Err(error) = &outcome {
        Refusal::new((*error).into()).expecting(expected).log();
    }
    outcome
}

/// A rejected request, for the log.
#[derive(Clone, Copy)]
#[allow(dead_code)] // used by other features
pub(crate) struct Refusal<'a> {
    pub(crate) code: &'static str,
    pub(crate) reason: Reason,
    pub(crate) status: u16,
    pub(crate) claim: Option<&'static str>,
    /// The expected issuer, if known.
    pub(crate) issuer: Option<&'a str>,
    /// The second expected issuer, if there is one.
    pub(crate) additional_issuer: Option<&'a str>,
}

/// The reason in words.
#[derive(Clone, Copy)]
#[allow(dead_code)] // used by other features
pub(crate) enum Reason {
    Error(AuthError),
    Text(&'static str),
}

#[allow(dead_code)] // used by other features
impl<'a> Refusal<'a> {
    pub(crate) fn new(error: AuthError) -> Self {
        let claim = match error {
            AuthError::Unauthorized(error) => error.claim().map(crate::Claim::name),
            AuthError::Forbidden(_) => None,
        };
        Self { claim, ..Self::of(error.status(), error.code(), Reason::Error(error)) }
    }

    /// Adds the expected issuers.
    pub(crate) fn expecting(self, expected: &'a Expected) -> Self {
        Self { issuer: Some(expected.issuer()), additional_issuer: expected.additional_issuer(), ..self }
    }

    /// Creates a refusal that is not due to the user or the token.
    pub(crate) fn other(status: u16, code: &'static str, reason: &'static str) -> Self {
        Self::of(status, code, Reason::Text(reason))
    }

    fn of(status: u16, code: &'static str, reason: Reason) -> Self {
        Self { code, reason, status, claim: None, issuer: None, additional_issuer: None }
    }

    #[cfg_attr(not(feature = "tracing"), allow(clippy::unused_self))]
    pub(crate) fn log(self) {
        #[cfg(feature = "tracing")]
        {
            macro_rules! event {
                ($level:ident) => {
                    tracing::event!(
                        target: TARGET,
                        tracing::Level::$level,
                        {
                            error.code = self.code,
                            error.message = %self.reason,
                            http.response.status_code = self.status,
                            propelauth.claim = self.claim,
                            propelauth.issuer = self.issuer,
                            propelauth.additional_issuer = self.additional_issuer,
                        },
                        "refused a request"
                    )
                };
            }
            if self.status < 500 { event!(INFO) } else { event!(ERROR) }
        }
    }
}

impl core::fmt::Display for Reason {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Error(error) => error.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}
