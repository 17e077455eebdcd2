//! What the page asks of the crate: a question as JSON in, an answer as JSON out, without imports.
//!
//! JavaScript writes a question to where [`reserve`] says, calls [`answer`], and reads as much there as [`answer_len`]
//! says.

use std::cell::RefCell;

use propelauth_edge::inspect::{Configuration, TokenReport, inspect_token};
use propelauth_edge::{OrgRequirement, RequiredOrg, UnixTime, User};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Default)]
struct Page {
    /// The question, and then the answer.
    text: Vec<u8>,
    /// Whom the last accepted token named.
    user: Option<User>,
}

thread_local! {
    static PAGE: RefCell<Page> = RefCell::default();
}

/// Room for a question of so many octets.
#[unsafe(no_mangle)]
pub extern "C" fn reserve(len: usize) -> *mut u8 {
    PAGE.with_borrow_mut(|page| {
        page.text.clear();
        page.text.resize(len, 0);
        page.text.as_mut_ptr()
    })
}

/// Answers the question, and gives where the answer is.
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> *const u8 {
    PAGE.with_borrow_mut(|page| {
        let answer = serde_json::from_slice(&page.text).and_then(|question| page.answer(question));
        // To what is no question, nothing: JavaScript does not take that for an answer.
        page.text = answer.unwrap_or_default();
        page.text.as_ptr()
    })
}

/// Octets of the answer.
#[unsafe(no_mangle)]
pub extern "C" fn answer_len() -> usize {
    PAGE.with_borrow(|page| page.text.len())
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Question {
    /// What becomes of a token.
    Inspect { token: String, key: String, issuer: String, now: u64, leeway: u32 },
    /// What the user may do. An empty role or permission is not asked for.
    Check { org: String, role: String, permission: String },
    /// A token to try.
    Example,
}

#[derive(Serialize)]
struct Inspection {
    #[serde(flatten)]
    report: TokenReport,
    /// Header and claims as JSON for people, in which numbers are as long as they were.
    header_text: Option<String>,
    claims_text: Option<String>,
}

#[derive(Serialize)]
struct Check {
    /// The same question in Rust.
    call: String,
    granted: bool,
    /// What a client is told who asks for this.
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
                let configuration = Configuration { verifier_key: given(&key), issuer: given(&issuer), leeway };
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

/// The org goes by its id, or by its name if there is none of that id.
fn checks(user: &User, org: &str, role: &str, permission: &str) -> Vec<Check> {
    let (required, id) = match user.get_org(org).or_else(|| user.get_org_by_name(org)) {
        Some(org) => (RequiredOrg::Id(&org.org_id), org.org_id.as_str()),
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
