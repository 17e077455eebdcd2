use std::fmt::Write;

use clap::Args;
use propelauth_edge::inspect::{KeyReport, Position, Refusal, Signature, TokenReport};
use propelauth_edge::{OrgMemberInfo, User};

use crate::input::Verification;
use crate::{Answer, Result, json};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    verification: Verification,
    /// Prints the signature as well, with which the output has all that is needed to act as the user
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
        Ok(Answer { text, is_yes: report.user.is_some() })
    }
}

fn with_signature(report: &TokenReport, signature: &str) -> Result<String> {
    let mut report = serde_json::to_value(report)?;
    report["signature_segment"] = signature.into();
    json(&report)
}

/// The verdict, the reason, and whom and what it is about.
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
        Signature::Bad => "not made by this key: anybody may have written what follows",
        Signature::NotChecked => "not checked: anybody may have written what follows",
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

/// `refused`, the reason, what is the matter, where, and what would help.
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

/// Size, exponent and fingerprint, as far as they are known.
pub(crate) fn facts(key: &KeyReport) -> String {
    let mut facts = Vec::new();
    facts.extend(key.modulus_bits.map(|bits| format!("RSA, {bits} bits")));
    facts.extend(key.exponent.as_ref().map(|exponent| format!("exponent {exponent}")));
    facts.extend(key.fingerprint.clone());
    if facts.is_empty() { String::from("cannot be read") } else { facts.join(", ") }
}

fn describe_user(text: &mut String, user: &User) -> Result<()> {
    writeln!(text, "\nuser         {}", harmless(&user.user_id, ""))?;
    let name = [&user.first_name, &user.last_name].map(|part| part.as_deref().unwrap_or_default()).join(" ");
    let rows = [
        ("email", user.email.as_deref()),
        ("name", Some(name.trim()).filter(|name| !name.is_empty())),
        ("username", user.username.as_deref()),
        ("legacy id", user.legacy_user_id.as_deref()),
        ("impersonator", user.impersonator_user_id.as_deref()),
        ("active org", user.active_org_id.as_deref()),
    ];
    for (name, value) in rows {
        if let Some(value) = value {
            writeln!(text, "{name:<12} {}", harmless(value, ""))?;
        }
    }
    let orgs: Vec<&OrgMemberInfo> = user.get_orgs().collect();
    if !orgs.is_empty() {
        text.push('\n');
        text.push_str(&table(&orgs));
    }
    Ok(())
}

/// The text with escapes for the characters that a terminal obeys, or that turn the direction of writing: anybody may
/// have written it. Those in `except` stay.
fn harmless(text: &str, except: &str) -> String {
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

/// A line an org. Of the roles, first the assigned one, then what it inherits or is beside it.
fn table(orgs: &[&OrgMemberInfo]) -> String {
    let mut rows = vec![["org", "id", "roles", "permissions"].map(String::from)];
    for org in orgs {
        let mut roles = vec![org.user_assigned_role.as_str()];
        let others = org.user_inherited_roles_plus_current_role.iter().chain(&org.assigned_additional_roles);
        roles.extend(others.map(String::as_str).filter(|role| *role != org.user_assigned_role));
        let row = [&org.org_name, &org.org_id, &roles.join(", "), &org.user_permissions.join(", ")];
        rows.push(row.map(|cell| harmless(cell, "")));
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let [name, id, roles] = [width(0), width(1), width(2)];
    let line = |row: &[String; 4]| format!("{:name$}  {:id$}  {:roles$}  {}", row[0], row[1], row[2], row[3]);
    rows.iter().map(|row| format!("{}\n", line(row).trim_end())).collect()
}
