//! Reads tokens, keys and settings.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use propelauth_edge::UnixTime;
use propelauth_edge::inspect::{Configuration, Signature, TokenReport, Verdict, inspect_key, inspect_token};

use crate::Result;

/// The variables with the keys themselves, named as in a deployment.
pub(crate) const VERIFIER_KEY: &str = "PROPELAUTH_VERIFIER_KEY";
const ADDITIONAL_VERIFIER_KEY: &str = "PROPELAUTH_ADDITIONAL_VERIFIER_KEY";

pub(crate) const NO_KEY: &str = "no verifier key: pass its file, or set PROPELAUTH_VERIFIER_KEY";

/// A token and the settings to verify it with.
#[derive(Args)]
pub(crate) struct Verification {
    /// The token, or the whole `Authorization` header; read from standard input if it is `-` or missing
    #[arg(allow_hyphen_values = true)]
    token: Option<String>,
    /// The file of the Public (Verifier) Key, or `-` for standard input; defaults to the key in PROPELAUTH_VERIFIER_KEY
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The file of a second key to accept, as during a rotation; defaults to the key in PROPELAUTH_ADDITIONAL_VERIFIER_KEY
    #[arg(long, value_name = "FILE")]
    additional_key: Option<PathBuf>,
    /// The Auth URL
    #[arg(long, value_name = "URL", env = "PROPELAUTH_ISSUER")]
    issuer: Option<String>,
    /// A second Auth URL to accept, as during a move to another domain
    #[arg(long, value_name = "URL", env = "PROPELAUTH_ADDITIONAL_ISSUER")]
    additional_issuer: Option<String>,
    /// The allowed clock skew
    #[arg(long, value_name = "SECONDS", default_value_t = Configuration::default().leeway)]
    leeway: u32,
    /// Verifies at this time, in seconds since 1970, instead of now
    #[arg(long, value_name = "SECONDS")]
    now: Option<u64>,
}

impl Verification {
    /// Returns the token as given, and the report on it.
    pub(crate) fn report(&self) -> Result<(String, TokenReport)> {
        let is_input = |file: &Option<PathBuf>| file.as_deref() == Some(Path::new("-"));
        if is_input(&self.key) && is_input(&self.additional_key) {
            return Err("standard input can be one key, not both".into());
        }
        let verifier_key = key(self.key.as_deref(), VERIFIER_KEY)?;
        let additional_key = key(self.additional_key.as_deref(), ADDITIONAL_VERIFIER_KEY)?;
        let token = match self.token.as_deref() {
            Some(token) if is_file_name(token) => {
                return Err(format!("`{token}` is a file name; to read the token from it, use < {token}").into());
            }
            Some(token) if token != "-" => token.to_owned(),
            _ if is_input(&self.key) || is_input(&self.additional_key) => {
                return Err("standard input can be the key or the token, not both".into());
            }
            _ => standard_input()?,
        };
        // A file or a pipe usually ends with a line break.
        let token = token.strip_suffix('\n').map_or(token.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
        let configuration = Configuration {
            verifier_key: verifier_key.as_deref(),
            issuer: self.issuer.as_deref(),
            additional_issuer: self.additional_issuer.as_deref(),
            leeway: self.leeway,
        };
        let now = self.now.map_or_else(UnixTime::now, UnixTime::from_secs);
        let mut report = inspect_token(token, &configuration, now);
        if let Some(additional_key) = &additional_key {
            if let Some(refusal) = inspect_key(additional_key).refusal {
                let source = if self.additional_key.is_some() { "--additional-key" } else { ADDITIONAL_VERIFIER_KEY };
                return Err(format!("{source}: {}", refusal.reason).into());
            }
            // A verifier with both keys accepts what a verifier with one of them accepts; this also tells which one.
            if report.signature == Signature::Bad {
                let configuration = Configuration { verifier_key: Some(additional_key), ..configuration };
                let other = inspect_token(token, &configuration, now);
                if other.signature == Signature::Good {
                    report = other;
                } else if let Some(refusal) = &mut report.refusal {
                    refusal.explanation += " The additional key did not sign it either.";
                }
            }
        }
        Ok((token.to_owned(), report))
    }

    /// Returns an error if a setting is missing or invalid, so that no verifier can be created.
    pub(crate) fn problem(&self, report: &TokenReport) -> Option<String> {
        let Some(key) = &report.key else {
            return Some("no verifier key: pass --key FILE, or set PROPELAUTH_VERIFIER_KEY".into());
        };
        if let (Verdict::Refused, Some(refusal)) = (key.verdict, &key.refusal) {
            let source = if self.key.is_some() { "--key" } else { VERIFIER_KEY };
            return Some(format!("{source}: {}", refusal.reason));
        }
        if self.issuer.as_deref().is_none_or(str::is_empty) {
            return Some("no issuer: pass --issuer URL, or set PROPELAUTH_ISSUER".into());
        }
        let is_of_issuer = |code: &str| code.starts_with("Issuer") || code.starts_with("AdditionalIssuer");
        let refusal = report.refusal.as_ref().filter(|refusal| is_of_issuer(refusal.code))?;
        let is_additional = refusal.reason.starts_with("the additional issuer");
        Some(format!("{}: {}", if is_additional { "--additional-issuer" } else { "--issuer" }, refusal.reason))
    }
}

/// Returns `true` for the name of a file, which was passed by mistake instead of a token.
fn is_file_name(text: &str) -> bool {
    let ends_like_one = [".jwt", ".token", ".txt", ".json"].iter().any(|ending| text.ends_with(ending));
    ends_like_one || text.len() < 256 && text != "-" && Path::new(text).is_file()
}

/// Reads a key from a file or, without one, from the variable. Returns `None` if it is not set.
pub(crate) fn key(file: Option<&Path>, variable: &str) -> Result<Option<String>> {
    match file {
        Some(file) if file == Path::new("-") => standard_input().map(Some),
        Some(file) => match std::fs::read_to_string(file) {
            Ok(key) => Ok(Some(key)),
            Err(error) => Err(format!("{}: {error}", file.display()).into()),
        },
        None => Ok(std::env::var(variable).ok()),
    }
}

fn standard_input() -> Result<String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text)
}
