use clap::Args;
use propelauth_edge::UnixTime;
use propelauth_edge::testkit::{Fault, TestIssuer, TestOrg, TestToken};
use serde::Serialize;

use crate::{Answer, Result, json};

#[derive(Args)]
pub(crate) struct Arguments {
    /// The user's id
    #[arg(default_value = "test-user")]
    user_id: String,
    /// The user's email address
    #[arg(long)]
    email: Option<String>,
    /// The Auth URL that the token names
    #[arg(long, value_name = "URL", default_value = TestIssuer::FIXED.issuer)]
    issuer: String,
    /// An org that the user is a member of, by its id
    #[arg(long, value_name = "ID")]
    org: Option<String>,
    /// The org's name
    #[arg(long, value_name = "NAME", default_value = "Test Org", requires = "org")]
    org_name: String,
    /// The user's role in the org
    #[arg(long, default_value = "Member", requires = "org")]
    role: String,
    /// A role that it inherits; may be given more than once
    #[arg(long, value_name = "ROLE", requires = "org")]
    inherits: Vec<String>,
    /// A permission of the user in the org; may be given more than once
    #[arg(long, requires = "org")]
    permission: Vec<String>,
    /// Makes it the active org
    #[arg(long, requires = "org")]
    active: bool,
    /// Seconds from now until the token expires
    #[arg(long, value_name = "SECONDS", default_value_t = 30 * 60)]
    expires_in: u64,
    /// What is wrong with it, such as `expired` or `wrong-key`
    #[arg(long, value_parser = fault)]
    fault: Option<Fault>,
    /// Prints the key that verifies such tokens, instead of a token
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
        let issuer = TestIssuer::fixed().with_issuer(&self.issuer);
        let metadata = issuer.metadata();
        let text = if as_json {
            let access_token = self.token(&issuer).access_token();
            json(&Minted { access_token, issuer: metadata.issuer, verifier_key: metadata.verifier_key })?
        } else if self.print_key {
            metadata.verifier_key.to_owned()
        } else {
            self.token(&issuer).access_token() + "\n"
        };
        Ok(Answer { text, is_yes: true })
    }

    fn token<'i>(&self, issuer: &'i TestIssuer) -> TestToken<'i> {
        let now = UnixTime::now();
        let expires_at = UnixTime::from_secs(now.as_secs().saturating_add(self.expires_in));
        let mut token = issuer.token(&self.user_id).issued_at(now).expires_at(expires_at);
        if let Some(email) = &self.email {
            token = token.email(email);
        }
        if let Some(id) = &self.org {
            let org = TestOrg::new(id, &self.org_name)
                .single_role_in_hierarchy(&self.role, &texts(&self.inherits))
                .user_permissions(&texts(&self.permission));
            token = if self.active { token.active_org(org) } else { token.org(org) };
        }
        match self.fault {
            Some(fault) => token.fault(fault),
            None => token,
        }
    }
}

fn texts(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

/// The fault of this name, `wrong-key` for `WrongKey`.
fn fault(name: &str) -> std::result::Result<Fault, String> {
    let kebab = |fault: &Fault| {
        let name = format!("{fault:?}");
        let words = name.chars().map(|c| if c.is_uppercase() { format!("-{c}") } else { c.into() });
        words.collect::<String>().to_lowercase().trim_start_matches('-').to_owned()
    };
    let known = || Fault::ALL.iter().map(kebab).collect::<Vec<_>>().join(", ");
    Fault::ALL.into_iter().find(|fault| kebab(fault) == name).ok_or_else(|| format!("it is one of {}", known()))
}
