use std::fmt::Write;

use clap::Args;
use propelauth_edge::inspect::{KeyReport, Position, Refusal, Signature, TokenReport};
use propelauth_edge::{OrgMemberInfoView, VerifiedUser};

use crate::input::Verification;
use crate::{Answer, Result, json};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    verification: Verification,
    /// Also prints the signature, which makes the output as sensitive as the token
    #[arg(long)]
    show_signature: bool,
}

impl Arguments {
    pub(crate) fn answer(&self, as_json: bool) -> Result<Answer> {
        let (token, report) = self.verification.report()?;
        let mut text = if as_json { json(&report)? } else { describe(&report)? };
        if self.show_signature {
            let signature = token.rsplit('.').next().unwrap_or_default();
            if as_json {
                text = with_signature(&report, signature)?
            } else {
                writeln!(text, "\nsignature {signature}")?
            }
        }
        Ok(Answer { text, is_yes: report.user.is_some(), problem: self.verification.problem(&report) })
    }
}

fn with_signature(report: &TokenReport, signature: &str) -> Result<String> {
    let mut report = serde_json::to_value(report)?;
    report["signature_segment"] = signature.into();
    json(&report)
}

/// Formats the verdict, the reason, the user and the issuer.
fn describe(report: &TokenReport) -> Result<String> {
    let mut text = match &report.refusal {
        Some(refusal) => refused(refusal)?,
        None => String::from("accepted\n"),
    };
    text.push('\n');
    if let Some(key) = &report.key {
        writeln!(text, "key          {}", facts(key))?;
    }
    let signature = match report.signature {
        Signature::Good => "made by this key",
        Signature::Bad => "not made by this key: anyone may have written the following",
        Signature::NotChecked => "not checked: anyone may have written the following",
    };
    writeln!(text, "signature    {signature}")?;
    writeln!(text, "times        {}", report.times)?;
    match (&report.user, &report.claims) {
        (Some(user), _) => describe_user(&mut text, user)?,
        (None, Some(claims)) => write!(text, "\nclaims       {}", harmless(&json(claims)?, "\n"))?,
        (None, None) => {}
    }
    Ok(text)
}

/// Formats a refusal: the reason, the explanation, the position and the remedy.
pub(crate) fn refused(refusal: &Refusal) -> Result<String> {
    let mut text = format!("refused: {}\n\n{}\n", refusal.reason, refusal.explanation);
    if let Some(Position { segment, offset, line, excerpt, .. }) = &refusal.position {
        write!(text, "At character {}", offset + 1)?;
        if let Some(line) = line {
            write!(text, ", in line {line}")?;
        }
        if let Some(segment) = segment {
            write!(text, ", in the {}", format!("{segment:?}").to_lowercase())?;
        }
        writeln!(text, "{}", if excerpt.is_empty() { ".".into() } else { format!(": {excerpt:?}") })?;
    }
    writeln!(text, "{}", refusal.remedy)?;
    Ok(text)
}

/// Formats size, exponent and fingerprint, if known.
pub(crate) fn facts(key: &KeyReport) -> String {
    let mut facts = Vec::new();
    facts.extend(key.modulus_bits.map(|bits| format!("RSA, {bits} bits")));
    facts.extend(key.exponent.as_ref().map(|exponent| format!("exponent {exponent}")));
    facts.extend(key.fingerprint.clone());
    if facts.is_empty() { String::from("unreadable") } else { facts.join(", ") }
}

fn describe_user(text: &mut String, user: &VerifiedUser) -> Result<()> {
    writeln!(text, "\nuser         {}", harmless(user.user_id(), ""))?;
    let name = [user.first_name(), user.last_name()].map(Option::unwrap_or_default).join(" ");
    let rows = [
        ("email", user.email()),
        ("name", Some(name.trim()).filter(|name| !name.is_empty())),
        ("username", user.username()),
        ("legacy id", user.legacy_user_id()),
        ("impersonator", user.impersonator_user_id()),
        ("active org", user.active_org_id()),
    ];
    for (name, value) in rows {
        if let Some(value) = value {
            writeln!(text, "{name:<12} {}", harmless(value, ""))?;
        }
    }
    let orgs: Vec<OrgMemberInfoView<'_>> = user.get_orgs().collect();
    if !orgs.is_empty() {
        text.push('\n');
        text.push_str(&table(&orgs));
    }
    Ok(())
}

/// Escapes characters that control a terminal or change the direction of text, as the input is untrusted. Characters in
/// `except` are kept.
pub(crate) fn harmless(text: &str, except: &str) -> String {
    let obeyed = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut shown = String::new();
    for character in text.chars() {
        if obeyed(character) && !except.contains(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Returns the user's roles: the assigned one, then the inherited or additional ones.
pub(crate) fn roles(org: &OrgMemberInfoView<'_>) -> Vec<String> {
    let others = org.user_inherited_roles_plus_current_role.iter().chain(org.assigned_additional_roles.iter());
    let others = others.filter(|role| *role != org.user_assigned_role);
    [org.user_assigned_role].into_iter().chain(others).map(str::to_owned).collect()
}

/// Formats one line per org.
fn table(orgs: &[OrgMemberInfoView<'_>]) -> String {
    let mut rows = vec![["org", "id", "roles", "permissions"].map(String::from)];
    for org in orgs {
        let permissions: Vec<_> = org.user_permissions.iter().collect();
        let row = [org.org_name, org.org_id, &roles(org).join(", "), &permissions.join(", ")];
        rows.push(row.map(|cell| harmless(cell, "")));
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let [name, id, roles] = [width(0), width(1), width(2)];
    let line = |row: &[String; 4]| format!("{:name$}  {:id$}  {:roles$}  {}", row[0], row[1], row[2], row[3]);
    rows.iter().map(|row| format!("{}\n", line(row).trim_end())).collect()
}
