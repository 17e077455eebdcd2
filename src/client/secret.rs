//! Text that is not to be shown.

use core::fmt;
use core::ops::Deref;
use std::prelude::v1::*;

use serde::{Deserialize, Serialize};

/// A text of the API that lets in whoever has it: a token, a key, a link. It is used like a `str`; `Debug` does not show
/// it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text.
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
