//! The page's interface to the crate: a question in JSON in, an answer in JSON out, without imports.
//!
//! JavaScript writes a question to the address that [`reserve`] returns, calls [`answer`], and reads [`answer_len`]
//! bytes.

use std::cell::RefCell;

use propelauth_edge::inspect::{Configuration, TokenReport, inspect_token};
use propelauth_edge::{OrgRequirement, RequiredOrg, UnixTime, VerifiedUser};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Default)]
struct Page {
    /// The question, later replaced by the answer.
    text: Vec<u8>,
    /// The user of the last accepted token.
    user: Option<VerifiedUser>,
}

thread_local! {
    static PAGE: RefCell<Page> = RefCell::default();
}

/// Reserves space for a question of this many bytes.
#[unsafe(no_mangle)]
pub extern "C" fn reserve(len: usize) -> *mut u8 {
    PAGE.with_borrow_mut(|page| {
        page.text.clear();
        page.text.resize(len, 0);
        page.text.as_mut_ptr()
    })
}

/// Answers the question and returns the address of the answer.
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> *const u8 {
    PAGE.with_borrow_mut(|page| {
        let answer = serde_json::from_slice(&page.text).and_then(|question| page.answer(question));
        // An invalid question gets an empty answer, which JavaScript rejects.
        page.text = answer.unwrap_or_default();
        page.text.as_ptr()
    })
}

/// Returns the length of the answer in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn answer_len() -> usize {
    PAGE.with_borrow(|page| page.text.len())
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Question {
    /// Inspects a token.
    Inspect { token: String, key: String, issuer: String, now: u64, leeway: u32 },
    /// Checks a user. An empty role or permission is not checked.
    Check { org: String, role: String, permission: String },
    /// Returns an example token.
    Example,
}

#[derive(Serialize)]
struct Inspection {
    #[serde(flatten)]
    report: TokenReport,
    /// Header and claims as JSON text, with all digits of their numbers.
    header_text: Option<String>,
    claims_text: Option<String>,
}

#[derive(Serialize)]
struct Check {
    /// The check as a call in Rust.
    call: String,
    granted: bool,
    /// The message for the client if the check fails.
    forbidden: Option<&'static str>,
}

#[derive(Serialize)]
struct Example {
    token: &'static str,
    key: &'static str,
    issuer: &'static str,
    issued_at: u64,
}

impl Page {
    fn answer(&mut self, question: Question) -> serde_json::Result<Vec<u8>> {
        match question {
            Question::Inspect { token, key, issuer, now, leeway } => {
                let configuration = Configuration {
                    verifier_key: given(&key),
                    issuer: given(&issuer),
                    leeway,
                    ..Configuration::default()
                };
                let report = inspect_token(token.as_str(), &configuration, UnixTime::from_secs(now));
                self.user.clone_from(&report.user);
                serde_json::to_vec(&Inspection {
                    header_text: pretty(report.header.as_ref()),
                    claims_text: pretty(report.claims.as_ref()),
                    report,
                })
            }
            Question::Check { org, role, permission } => {
                let checks = self.user.as_ref().map(|user| checks(user, &org, &role, &permission));
                serde_json::to_vec(&checks.unwrap_or_default())
            }
            Question::Example => serde_json::to_vec(&Example {
                token: include_str!("../../demo/access_token.jwt").trim_ascii(),
                key: include_str!("../../demo/verifier_key.pem"),
                issuer: "https://auth.example.com",
                issued_at: 1_767_225_600,
            }),
        }
    }
}

fn given(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn pretty(object: Option<&Map<String, Value>>) -> Option<String> {
    object.and_then(|object| serde_json::to_string_pretty(object).ok())
}

/// Finds the org by its id, or else by its name.
fn checks(user: &VerifiedUser, org: &str, role: &str, permission: &str) -> Vec<Check> {
    let (required, id) = match user.get_org(org).or_else(|| user.get_org_by_name(org)) {
        Some(org) => (RequiredOrg::Id(org.org_id), org.org_id),
        None => (RequiredOrg::Id(org), org),
    };
    let mut asked = vec![(format!("get_org({id:?})"), OrgRequirement::Member)];
    if !role.is_empty() {
        asked.push((format!("is_role_in_org({id:?}, {role:?})"), OrgRequirement::Role(role)));
        asked.push((format!("is_at_least_role_in_org({id:?}, {role:?})"), OrgRequirement::AtLeastRole(role)));
    }
    if !permission.is_empty() {
        let call = format!("has_permission_in_org({id:?}, {permission:?})");
        asked.push((call, OrgRequirement::Permission(permission)));
    }
    let check = |(call, requirement)| {
        let forbidden = user.require_org(required, requirement).err().map(|error| error.public_message());
        Check { call, granted: forbidden.is_none(), forbidden }
    };
    asked.into_iter().map(check).collect()
}
