use clap::Args;
use propelauth_edge::inspect::TokenReport;
use propelauth_edge::{AuthError, OrgRequirement, RequiredOrg, VerifiedUser};
use serde::Serialize;

use crate::input::Verification;
use crate::inspect::{harmless, roles};
use crate::{Answer, Result, json};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    verification: Verification,
    /// The org's id
    #[arg(long, value_name = "ID", required_unless_present = "org_name", conflicts_with = "org_name")]
    org: Option<String>,
    /// The org's name
    #[arg(long, value_name = "NAME")]
    org_name: Option<String>,
    /// Requires exactly this role
    #[arg(long)]
    role: Option<String>,
    /// Requires this role or one that inherits it
    #[arg(long, value_name = "ROLE")]
    at_least_role: Option<String>,
    /// Requires this permission; can be repeated
    #[arg(long)]
    permission: Vec<String>,
}

#[derive(Serialize)]
struct Outcome {
    allowed: bool,
    /// The status with which an API would respond.
    status: u16,
    reason: Option<String>,
    /// The user's roles in the org, if they are a member.
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions: Option<Vec<String>>,
    /// The user's orgs, if they are not a member.
    #[serde(skip_serializing_if = "Option::is_none")]
    orgs: Option<Vec<String>>,
}

impl Arguments {
    pub(crate) fn answer(&self, as_json: bool) -> Result<Answer> {
        let (_, report) = self.verification.report()?;
        if let Some(problem) = self.verification.problem(&report) {
            return Err(problem.into());
        }
        let outcome = self.outcome(&report)?;
        let text = if as_json { json(&outcome)? } else { outcome.text() };
        Ok(Answer::new(text, outcome.allowed))
    }

    fn outcome(&self, report: &TokenReport) -> Result<Outcome> {
        let Some(user) = &report.user else {
            let refusal = report.refusal.as_ref().ok_or("a token is accepted or refused")?;
            let reason = Some(refusal.explanation.clone());
            return Ok(Outcome { allowed: false, status: 401, reason, roles: None, permissions: None, orgs: None });
        };
        let org = match (&self.org, &self.org_name) {
            (Some(id), _) => RequiredOrg::Id(id),
            (None, name) => RequiredOrg::Name(name.as_deref().unwrap_or_default()),
        };
        let permissions: Vec<&str> = self.permission.iter().map(String::as_str).collect();
        let mut requirements = vec![OrgRequirement::Member, OrgRequirement::AllPermissions(&permissions)];
        requirements.extend(self.role.as_deref().map(OrgRequirement::Role));
        requirements.extend(self.at_least_role.as_deref().map(OrgRequirement::AtLeastRole));
        let lacking = requirements.into_iter().find_map(|requirement| user.require_org(org, requirement).err());
        let error = lacking.map(AuthError::from);
        let member = user.require_org(org, OrgRequirement::Member).ok();
        Ok(Outcome {
            allowed: error.is_none(),
            status: error.map_or(200, AuthError::status),
            reason: error.map(|error| error.to_string()),
            roles: member.as_ref().map(roles),
            permissions: member.as_ref().map(|org| org.user_permissions.iter().map(str::to_owned).collect()),
            orgs: if member.is_none() { Some(orgs(user)) } else { None },
        })
    }
}

impl Outcome {
    /// Formats the verdict in one line, and for a refusal also what the user has.
    fn text(&self) -> String {
        let Some(reason) = &self.reason else { return String::from("allowed\n") };
        let mut text = format!("refused: {}, {reason}\n", self.status);
        let lists = [("roles", &self.roles), ("permissions", &self.permissions), ("orgs", &self.orgs)];
        for (what, list) in lists {
            if let Some(list) = list {
                let list = if list.is_empty() { "none".into() } else { list.join(", ") };
                text += &format!("the user's {what}: {}\n", harmless(&list, ""));
            }
        }
        text
    }
}

fn orgs(user: &VerifiedUser) -> Vec<String> {
    user.get_orgs().map(|org| format!("{} ({})", org.org_name, org.org_id)).collect()
}
