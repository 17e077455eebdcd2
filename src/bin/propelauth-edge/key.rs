use std::path::PathBuf;

use clap::Args;
use propelauth_edge::inspect::inspect_key;

use crate::inspect::{facts, refused};
use crate::{Answer, Result, input, json};

#[derive(Args)]
pub(crate) struct Arguments {
    /// The file of the key, `-` for standard input; or else the key is in PROPELAUTH_VERIFIER_KEY
    file: Option<PathBuf>,
}

impl Arguments {
    pub(crate) fn answer(&self, as_json: bool) -> Result<Answer> {
        let text = input::key(self.file.as_deref())?.ok_or("no key: neither a file nor PROPELAUTH_VERIFIER_KEY")?;
        let report = inspect_key(&text);
        let text = match &report.refusal {
            _ if as_json => json(&report)?,
            Some(refusal) => refused(refusal)?,
            None => format!("accepted\n\n{}\n", facts(&report)),
        };
        Ok(Answer { text, is_yes: report.refusal.is_none() })
    }
}
