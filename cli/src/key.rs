use std::path::PathBuf;

use clap::Args;
use propelauth_edge::inspect::{KeyForm, inspect_key};

use crate::inspect::{facts, refused};
use crate::{Answer, Result, input, json};

#[derive(Args)]
pub(crate) struct Arguments {
    /// The file of the key, or `-` for standard input; defaults to the key in PROPELAUTH_VERIFIER_KEY
    file: Option<PathBuf>,
}

impl Arguments {
    pub(crate) fn answer(&self, as_json: bool) -> Result<Answer> {
        let text = input::key(self.file.as_deref(), input::VERIFIER_KEY)?.ok_or(input::NO_KEY)?;
        let report = inspect_key(&text);
        let text = match &report.refusal {
            _ if as_json => json(&report)?,
            Some(refusal) => refused(refusal)?,
            None => format!("accepted\n\n{}\n{}", facts(&report), form(report.form)),
        };
        Ok(Answer::new(text, report.refusal.is_none()))
    }
}

/// Names the form of an accepted key, if it is not a plain PEM.
fn form(form: KeyForm) -> &'static str {
    match form {
        KeyForm::EscapedPem => "PEM with escaped line breaks\n",
        KeyForm::RewrappedPem => "PEM with other line breaks\n",
        KeyForm::MarkedPem => "PEM after a byte order mark\n",
        KeyForm::Quoted => "PEM in quotation marks\n",
        KeyForm::Base64 => "base64 of PEM or DER\n",
        _ => "",
    }
}
