//! Creates a verifier from settings with PropelAuth's names.

use super::Verifier;
use crate::error::{MetadataError, SettingsError};
use crate::metadata::TokenVerificationMetadata;

const VERIFIER_KEY: &str = "PROPELAUTH_VERIFIER_KEY";
const ISSUER: &str = "PROPELAUTH_ISSUER";

type Add = fn(Verifier, &str) -> Result<Verifier, MetadataError>;
const ADDITIONAL: [(&str, Add); 2] = [
    ("PROPELAUTH_ADDITIONAL_VERIFIER_KEY", Verifier::with_additional_key),
    ("PROPELAUTH_ADDITIONAL_ISSUER", Verifier::with_additional_issuer),
];

impl Verifier {
    /// Creates a verifier from environment variables: see [`Verifier::from_settings`].
    ///
    /// # Errors
    ///
    /// Returns the variable that is missing or invalid.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use propelauth_edge::{SettingsError, Verifier};
    ///
    /// fn main() -> Result<(), SettingsError> {
    ///     let verifier = Verifier::from_env()?;
    ///     println!("accepting tokens of {}", verifier.issuer());
    ///     Ok(())
    /// }
    /// ```
    #[cfg(feature = "std")]
    pub fn from_env() -> Result<Self, SettingsError> {
        Self::from_texts(|name| std::env::var_os(name).map(|value| value.into_string().ok()))
    }

    /// Creates a verifier from settings, which `get` returns by name.
    ///
    /// | setting | value |
    /// |---|---|
    /// | `PROPELAUTH_VERIFIER_KEY` | the Public (Verifier) Key |
    /// | `PROPELAUTH_ISSUER` | the Auth URL |
    /// | `PROPELAUTH_ADDITIONAL_VERIFIER_KEY` | optional: a second key; see [`Verifier::with_additional_key`] |
    /// | `PROPELAUTH_ADDITIONAL_ISSUER` | optional: a second issuer; see [`Verifier::with_additional_issuer`] |
    ///
    /// # Errors
    ///
    /// Returns the setting that is missing or invalid. An optional setting that is empty is invalid.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::collections::HashMap;
    /// use propelauth_edge::{SettingsError, Verifier};
    ///
    /// # let mut settings = HashMap::from([("PROPELAUTH_VERIFIER_KEY", demo::VERIFIER_KEY)]);
    /// let verifier = Verifier::from_settings(|name| settings.get(name));
    /// assert_eq!(verifier.err(), Some(SettingsError::Missing("PROPELAUTH_ISSUER")));
    ///
    /// settings.insert("PROPELAUTH_ISSUER", "https://auth.example.com");
    /// let verifier = Verifier::from_settings(|name| settings.get(name))?;
    /// # Ok::<(), SettingsError>(())
    /// ```
    pub fn from_settings<S: AsRef<str>>(mut get: impl FnMut(&'static str) -> Option<S>) -> Result<Self, SettingsError> {
        Self::from_texts(|name| get(name).map(Some))
    }

    /// Creates a verifier from settings. `get` returns `Some(None)` for one that is not text.
    pub(crate) fn from_texts<S: AsRef<str>>(
        mut get: impl FnMut(&'static str) -> Option<Option<S>>,
    ) -> Result<Self, SettingsError> {
        let mut get = |name| get(name).map(|text| text.ok_or(SettingsError::NotText(name))).transpose();
        let mut required = |name| get(name)?.ok_or(SettingsError::Missing(name));
        let (verifier_key, issuer) = (required(VERIFIER_KEY)?, required(ISSUER)?);
        let metadata = TokenVerificationMetadata { verifier_key: verifier_key.as_ref(), issuer: issuer.as_ref() };
        let name_of = |error: MetadataError| if error.is_of_issuer() { ISSUER } else { VERIFIER_KEY };
        let verifier = Self::new(metadata).map_err(|error| SettingsError::Invalid(name_of(error), error))?;
        ADDITIONAL.into_iter().try_fold(verifier, |verifier, (name, add)| match get(name)? {
            Some(value) => add(verifier, value.as_ref()).map_err(|error| SettingsError::Invalid(name, error)),
            None => Ok(verifier),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::format;

    use super::*;

    #[test]
    fn a_setting_that_is_not_text_is_named() {
        for not_text in [VERIFIER_KEY, ISSUER, ADDITIONAL[0].0, ADDITIONAL[1].0] {
            let verifier = Verifier::from_texts(|name| match name {
                name if name == not_text => Some(None),
                VERIFIER_KEY => Some(Some(demo::VERIFIER_KEY)),
                ISSUER => Some(Some("https://auth.example.com")),
                _ => None,
            });
            let error = verifier.err().unwrap();
            assert_eq!(error, SettingsError::NotText(not_text));
            assert_eq!(format!("{error}"), format!("{not_text} is not text"));
        }
    }
}
