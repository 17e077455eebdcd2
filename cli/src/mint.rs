use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use propelauth_edge::UnixTime;
use propelauth_edge::testkit::{Fault, TestIssuer, TestOrg, TestToken};
use serde::Serialize;

use crate::{Answer, Result, json};

/// The faults by their names on the command line.
const FAULTS: [(&str, Fault, &str); 9] = [
    ("expired", Fault::Expired, "It expired an hour ago"),
    ("not-yet-valid", Fault::NotYetValid, "It is not valid before the end of the year 9999"),
    ("wrong-issuer", Fault::WrongIssuer, "It names another issuer"),
    ("missing-user-id", Fault::MissingUserId, "It does not name a user"),
    ("wrong-key", Fault::WrongKey, "Another key signed it"),
    ("tampered", Fault::Tampered, "It was changed after it was signed"),
    ("truncated", Fault::Truncated, "Its signature is cut off"),
    ("algorithm-none", Fault::AlgorithmNone, "Its algorithm is `none`"),
    ("algorithm-hs256", Fault::AlgorithmHs256, "It is signed by HMAC with the verifier key as the secret"),
];

#[derive(Args)]
pub(crate) struct Arguments {
    /// The user's id
    #[arg(default_value = "test-user")]
    user_id: String,
    /// Creates a private key and its verifier key in this folder, and signs with it
    #[arg(long, value_name = "DIR", conflicts_with = "key")]
    new_key: Option<PathBuf>,
    /// The file of the private RSA key to sign with, in PEM. Without this and --new-key, signs with the test kit's key,
    /// which only debug builds with feature `testkit` accept
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The user's email address
    #[arg(long)]
    email: Option<String>,
    /// The Auth URL in the token
    #[arg(long, value_name = "URL", default_value = TestIssuer::FIXED.issuer)]
    issuer: String,
    /// The id of an org that the user is a member of
    #[arg(long, value_name = "ID")]
    org: Option<String>,
    /// The org's name
    #[arg(long, value_name = "NAME", default_value = "Test Org", requires = "org")]
    org_name: String,
    /// The user's role in the org
    #[arg(long, default_value = "Member", requires = "org")]
    role: String,
    /// A role that the user's role inherits; can be repeated
    #[arg(long, value_name = "ROLE", requires = "org")]
    inherits: Vec<String>,
    /// A permission of the user in the org; can be repeated
    #[arg(long, requires = "org")]
    permission: Vec<String>,
    /// Makes the org the active one
    #[arg(long, requires = "org")]
    active: bool,
    /// Seconds until the token expires; negative for an expired token
    #[arg(long, value_name = "SECONDS", default_value_t = 30 * 60, allow_negative_numbers = true)]
    expires_in: i64,
    /// A fault to put into the token
    #[arg(long, value_parser = fault())]
    fault: Option<Fault>,
    /// Prints the verifier key instead of a token
    #[arg(long)]
    print_key: bool,
}

#[derive(Serialize)]
struct Minted<'a> {
    access_token: String,
    issuer: &'a str,
    verifier_key: &'a str,
}

impl Arguments {
    pub(crate) fn answer(&self, as_json: bool) -> Result<Answer> {
        let issuer = self.issuer()?.with_issuer(&self.issuer);
        let metadata = issuer.metadata();
        let text = if as_json {
            let access_token = self.token(&issuer).access_token();
            json(&Minted { access_token, issuer: metadata.issuer, verifier_key: metadata.verifier_key })?
        } else if self.print_key {
            metadata.verifier_key.to_owned()
        } else {
            self.token(&issuer).access_token() + "\n"
        };
        Ok(Answer::new(text, true))
    }

    fn issuer(&self) -> Result<TestIssuer> {
        if let Some(folder) = &self.new_key {
            let issuer = TestIssuer::generate();
            fs::create_dir_all(folder).map_err(|error| in_file(folder, &error))?;
            write_new(&folder.join("private_key.pem"), &issuer.private_key_pem(), true)?;
            write_new(&folder.join("verifier_key.pem"), issuer.metadata().verifier_key, false)?;
            return Ok(issuer);
        }
        let Some(file) = &self.key else { return Ok(TestIssuer::fixed()) };
        let pem = fs::read_to_string(file).map_err(|error| in_file(file, &error))?;
        TestIssuer::from_private_key_pem(&pem).map_err(|error| in_file(file, &error).into())
    }

    fn token<'i>(&self, issuer: &'i TestIssuer) -> TestToken<'i> {
        let now = UnixTime::now().as_secs();
        // `Fault::Expired` expires in 1970; an hour ago is more realistic.
        let (fault, expires_in) = match self.fault {
            Some(Fault::Expired) => (None, -60 * 60),
            fault => (fault, self.expires_in),
        };
        let expires_at = now.saturating_add_signed(expires_in);
        let issued_at = if expires_in < 0 { expires_at.saturating_sub(30 * 60) } else { now };
        let mut token = issuer.token(&self.user_id);
        token = token.issued_at(UnixTime::from_secs(issued_at)).expires_at(UnixTime::from_secs(expires_at));
        if let Some(email) = &self.email {
            token = token.email(email);
        }
        if let Some(id) = &self.org {
            let org = TestOrg::new(id, &self.org_name)
                .single_role_in_hierarchy(&self.role, &texts(&self.inherits))
                .user_permissions(&texts(&self.permission));
            token = if self.active { token.active_org(org) } else { token.org(org) };
        }
        match fault {
            Some(fault) => token.fault(fault),
            None => token,
        }
    }
}

/// Creates a file, and fails if it exists. Only the owner can read a secret.
fn write_new(file: &Path, text: &str, is_secret: bool) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if is_secret { 0o600 } else { 0o644 });
    let written = options.open(file).and_then(|mut opened| opened.write_all(text.as_bytes()));
    if let Err(error) = written {
        let hint = match error.kind() {
            ErrorKind::AlreadyExists if is_secret => {
                format!("; to sign with this key, use --key {}", file.display())
            }
            _ => String::new(),
        };
        return Err((in_file(file, &error) + &hint).into());
    }
    eprintln!("wrote {}", file.display());
    Ok(())
}

fn in_file(file: &Path, error: &dyn std::error::Error) -> String {
    format!("{}: {error}", file.display())
}

fn texts(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

fn fault() -> impl TypedValueParser<Value = Fault> {
    let names = FAULTS.map(|(name, _, help)| PossibleValue::new(name).help(help));
    PossibleValuesParser::new(names).try_map(|name| {
        let fault = FAULTS.into_iter().find(|(known, ..)| *known == name);
        fault.map(|(_, fault, _)| fault).ok_or("no such fault")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_have_names() {
        assert_eq!(FAULTS.map(|(_, fault, _)| fault), Fault::ALL);
    }
}
