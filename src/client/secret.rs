//! Text that must not be shown.

use core::fmt;
use core::ops::Deref;
use std::prelude::v1::*;

use serde::{Deserialize, Serialize};

/// The text shown in place of a secret.
pub(crate) const REDACTED: &str = "[redacted]";

/// A secret from the API: a token, a key or a link. It derefs to `str`; `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Returns the text.
    ///
    /// ```
    /// # use propelauth_edge::client::Secret;
    /// let token = Secret::from(String::from("eyJ..."));
    /// assert_eq!(format!("{token:?}"), "[secret]");
    /// assert!(token.starts_with("eyJ"));
    /// assert_eq!(token.into_string(), "eyJ...");
    /// ```
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl Deref for Secret {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}
