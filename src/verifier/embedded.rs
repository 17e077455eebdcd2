//! Embeds a verifier from the build's environment variables.

use super::Verifier;
use crate::error::MetadataError;
use crate::metadata::TokenVerificationMetadata;

/// Embeds a [`Verifier`] at build time, from the environment variables `PROPELAUTH_VERIFIER_KEY` and
/// `PROPELAUTH_ISSUER`. If one is missing or invalid, the build fails with the reason.
///
/// During a key rotation, set `PROPELAUTH_ADDITIONAL_VERIFIER_KEY` to the second key; during a move to another domain,
/// set `PROPELAUTH_ADDITIONAL_ISSUER` to the second issuer. Unset them afterwards: an empty one fails the build.
///
/// ```no_run
/// # use propelauth_edge::Verifier;
/// # #[cfg(any())] // the build of the examples has no such variables
/// static AUTH: Verifier = propelauth_edge::verifier_from_env!();
/// ```
#[macro_export]
macro_rules! verifier_from_env {
    () => {
        // An inline constant, so that an invalid setting is a compile error outside of statics, too.
        const {
            $crate::Verifier::__embed_settings(
                $crate::TokenVerificationMetadata {
                    verifier_key: ::core::env!("PROPELAUTH_VERIFIER_KEY"),
                    issuer: ::core::env!("PROPELAUTH_ISSUER"),
                },
                ::core::option_env!("PROPELAUTH_ADDITIONAL_VERIFIER_KEY"),
                ::core::option_env!("PROPELAUTH_ADDITIONAL_ISSUER"),
            )
        }
    };
}

impl Verifier {
    /// The expansion of [`verifier_from_env!`](crate::verifier_from_env). Not public API.
    #[doc(hidden)]
    #[must_use]
    #[track_caller]
    pub const fn __embed_settings(
        metadata: TokenVerificationMetadata<'_>,
        additional_key: Option<&str>,
        additional_issuer: Option<&str>,
    ) -> Self {
        let mut verifier = Self::embed(metadata);
        if let Some(key) = additional_key {
            verifier = match verifier.with_additional_key(key) {
                Ok(verifier) => verifier,
                Err(error) => refuse("PROPELAUTH_ADDITIONAL_VERIFIER_KEY: ", error),
            };
        }
        if let Some(issuer) = additional_issuer {
            verifier = match verifier.with_additional_issuer(issuer) {
                Ok(verifier) => verifier,
                Err(error) => refuse("PROPELAUTH_ADDITIONAL_ISSUER: ", error),
            };
        }
        verifier
    }
}

/// Fails the build with the setting and the reason, joined first: at compile time, `panic!` takes a single `&str`.
#[track_caller]
#[allow(clippy::panic, clippy::arithmetic_side_effects)] // the compile error
const fn refuse(setting: &str, error: MetadataError) -> ! {
    let message = error.message();
    let mut text = [0; 256];
    let (before, after) = text.split_at_mut(setting.len());
    before.copy_from_slice(setting.as_bytes());
    after.split_at_mut(message.len()).0.copy_from_slice(message.as_bytes());
    match core::str::from_utf8(text.split_at(setting.len() + message.len()).0) {
        Ok(text) => panic!("{}", text),
        Err(_) => panic!("a setting is unusable"),
    }
}
