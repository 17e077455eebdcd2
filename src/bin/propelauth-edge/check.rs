use clap::Args;
use propelauth_edge::inspect::{TokenReport, Verdict};
use propelauth_edge::{AuthError, OrgMemberInfo, OrgRequirement, RequiredOrg};
use serde::Serialize;

use crate::input::Verification;
use crate::{Answer, Result, json};

#[derive(Args)]
#[command(after_help = "Exit code: 0 if the user may, 1 if not (401 or 403), 2 if the key or the issuer is no good.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    verification: Verification,
    /// The org, by its id
    #[arg(long, value_name = "ID", required_unless_present = "org_name", conflicts_with = "org_name")]
    org: Option<String>,
    /// The org, by its name
    #[arg(long, value_name = "NAME")]
    org_name: Option<String>,
    /// Exactly this role
    #[arg(long)]
    role: Option<String>,
    /// This role or one that inherits it
    #[arg(long, value_name = "ROLE")]
    at_least_role: Option<String>,
    /// This permission; may be given more than once
    #[arg(long)]
    permission: Vec<String>,
}

#[derive(Serialize)]
struct Outcome {
    allowed: bool,
    /// What an API would answer.
    status: u16,
    reason: Option<String>,
}

impl Arguments {
    pub(crate) fn answer(&self, as_json: bool) -> Result<Answer> {
        let (_, report) = self.verification.report()?;
        let outcome = self.outcome(&report)?;
        let text = match &outcome {
            outcome if as_json => json(outcome)?,
            Outcome { reason: Some(reason), status, .. } => format!("refused: {status}, {reason}\n"),
            Outcome { .. } => String::from("allowed\n"),
        };
        Ok(Answer { text, is_yes: outcome.allowed })
    }

    fn outcome(&self, report: &TokenReport) -> Result<Outcome> {
        let Some(user) = &report.user else {
            let refusal = report.refusal.as_ref().ok_or("a token is accepted or refused")?;
            let has_verifier = report.key.as_ref().is_some_and(|key| key.verdict == Verdict::Accepted)
                && report.expected_issuer.as_ref().is_some_and(|issuer| !issuer.is_empty());
            if !has_verifier {
                return Err(format!("{} {}", refusal.explanation, refusal.remedy).into());
            }
            return Ok(Outcome { allowed: false, status: 401, reason: Some(refusal.explanation.clone()) });
        };
        let org = match (&self.org, &self.org_name) {
            (Some(id), _) => RequiredOrg::Id(id),
            (None, name) => RequiredOrg::Name(name.as_deref().unwrap_or_default()),
        };
        let permissions: Vec<&str> = self.permission.iter().map(String::as_str).collect();
        let mut requirements = vec![OrgRequirement::Member, OrgRequirement::AllPermissions(&permissions)];
        requirements.extend(self.role.as_deref().map(OrgRequirement::Role));
        requirements.extend(self.at_least_role.as_deref().map(OrgRequirement::AtLeastRole));
        let met: std::result::Result<Vec<&OrgMemberInfo>, _> =
            requirements.into_iter().map(|requirement| user.require_org(org, requirement)).collect();
        let error = met.err().map(AuthError::from);
        Ok(Outcome {
            allowed: error.is_none(),
            status: error.map_or(200, AuthError::status),
            reason: error.map(|error| error.to_string()),
        })
    }
}
