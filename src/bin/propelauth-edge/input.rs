//! Where tokens, keys and settings come from.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use propelauth_edge::UnixTime;
use propelauth_edge::inspect::{Configuration, TokenReport, inspect_token};

use crate::Result;

/// Holds the key itself, as in a deployment.
const VERIFIER_KEY: &str = "PROPELAUTH_VERIFIER_KEY";

/// A token, and what it is verified by.
#[derive(Args)]
pub(crate) struct Verification {
    /// The token, or the whole `Authorization` header; from standard input if it is `-` or not there
    #[arg(allow_hyphen_values = true)]
    token: Option<String>,
    /// The file of the Public (Verifier) Key, `-` for standard input; or else the key is in PROPELAUTH_VERIFIER_KEY
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The Auth URL
    #[arg(long, value_name = "URL", env = "PROPELAUTH_ISSUER")]
    issuer: Option<String>,
    /// How far clocks may be apart
    #[arg(long, value_name = "SECONDS", default_value_t = Configuration::default().leeway)]
    leeway: u32,
    /// Verifies as of this time, in seconds since 1970, instead of now
    #[arg(long, value_name = "SECONDS")]
    now: Option<u64>,
}

impl Verification {
    /// The token as it was given, and what becomes of it.
    pub(crate) fn report(&self) -> Result<(String, TokenReport)> {
        let key = key(self.key.as_deref())?;
        let token = match self.token.as_deref() {
            Some(token) if token != "-" => token.to_owned(),
            _ if self.key.as_deref() == Some(Path::new("-")) => {
                return Err("standard input can be the key or the token, not both".into());
            }
            _ => standard_input()?,
        };
        // The line end that comes with a file or a pipe.
        let token = token.strip_suffix('\n').map_or(token.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
        let configuration =
            Configuration { verifier_key: key.as_deref(), issuer: self.issuer.as_deref(), leeway: self.leeway };
        let now = self.now.map_or_else(UnixTime::now, UnixTime::from_secs);
        Ok((token.to_owned(), inspect_token(token, &configuration, now)))
    }
}

/// The text of a key from a file or, without one, from the environment, if it is there.
pub(crate) fn key(file: Option<&Path>) -> Result<Option<String>> {
    match file {
        Some(file) if file == Path::new("-") => standard_input().map(Some),
        Some(file) => match std::fs::read_to_string(file) {
            Ok(key) => Ok(Some(key)),
            Err(error) => Err(format!("{}: {error}", file.display()).into()),
        },
        None => Ok(std::env::var(VERIFIER_KEY).ok()),
    }
}

fn standard_input() -> Result<String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text)
}
