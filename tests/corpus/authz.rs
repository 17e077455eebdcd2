//! Questions about orgs, roles and permissions, with the answers of PropelAuth's Python library.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use common::corpus::{self, AuthorizationRow, Checks, Verifiers};
use common::tally::Tally;
use common::values;
use propelauth_edge::{
    AuthError, Forbidden, OrgMemberInfoView, OrgRequirement, RequiredOrg, UnixTime, UserView, Verifier,
};
use serde_json::{Map, Value, json};

/// Rows in this repository's data.
const ORG_ROWS: usize = 479;
const USER_ROWS: usize = 31;

/// Calls `ask` with every row of this kind, the verifier and the user. `least` is as in [`Tally::finish`].
fn for_each_user(
    test: &'static str,
    kind: Checks,
    least: usize,
    mut ask: impl FnMut(&AuthorizationRow, &Verifier, &UserView<'_>, &mut Tally),
) {
    let mut tally = Tally::new(test);
    let mut verifiers = Verifiers::load();
    for row in corpus::rows::<AuthorizationRow>("authz").into_iter().filter(|row| row.kind == kind) {
        let verifier = verifiers.get(&row.key, &row.issuer).unwrap_or_else(|refused| panic!("{}: {refused:?}", row.id));
        let mut buffer = vec![0; Verifier::buffer_len(&row.token)];
        match verifier.validate_access_token(&row.token, UnixTime::from_secs(row.now), &mut buffer) {
            Ok(user) => ask(&row, verifier, &user, &mut tally),
            Err(error) => tally.fail(&row.id, error),
        }
    }
    tally.finish(least);
}

/// Compares the answers with the row's by name; none may be missing.
fn compare(
    row: &AuthorizationRow,
    who: &str,
    answers: &[(&str, Value)],
    expected: &Map<String, Value>,
    tally: &mut Tally,
) {
    for (question, expected) in expected {
        match answers.iter().find(|(name, _)| name == question) {
            Some((_, answer)) if values::same(answer, expected) => {}
            Some((_, answer)) => tally.fail(&row.id, format!("{who}: {question}: got {answer}, expected {expected}")),
            None => tally.fail(&row.id, format!("{who}: {question}: not asked")),
        }
    }
}

/// A question about one org. `None` for role and permission asks about membership only.
struct Question<'a> {
    org_id: &'a str,
    org_name: &'a str,
    role: Option<&'a str>,
    permission: Option<&'a str>,
    permissions: Option<Vec<&'a str>>,
}

impl<'a> Question<'a> {
    /// Returns `None` if no org is named, which cannot be asked here.
    fn of(row: &'a AuthorizationRow) -> Option<Self> {
        let permissions = row.permissions.as_ref();
        Some(Self {
            org_id: row.org_id.as_deref()?,
            org_name: row.org_name.as_deref()?,
            role: row.role.as_deref(),
            permission: row.permission.as_deref(),
            permissions: permissions.map(|permissions| permissions.iter().map(String::as_str).collect()),
        })
    }

    /// Returns the requirements by the names of the Python library's functions.
    fn requirements(&self) -> [(&'static str, OrgRequirement<'_>); 5] {
        let or_member = |requirement: Option<_>| requirement.unwrap_or(OrgRequirement::Member);
        [
            ("validate_org_access_and_get_org_member_info", OrgRequirement::Member),
            ("validate_minimum_org_role_and_get_org", or_member(self.role.map(OrgRequirement::AtLeastRole))),
            ("validate_exact_org_role_and_get_org", or_member(self.role.map(OrgRequirement::Role))),
            ("validate_permission_and_get_org", or_member(self.permission.map(OrgRequirement::Permission))),
            (
                "validate_all_permissions_and_get_org",
                or_member(self.permissions.as_deref().map(OrgRequirement::AllPermissions)),
            ),
        ]
    }
}

/// Asks all questions about one org of a user, borrowed or owned. Rows without a role or a permission have no answers
/// for the methods that need one.
macro_rules! ask_about_org {
    ($user:expr, $question:expr) => {{
        let (user, question) = ($user, $question);
        let org = user.get_org(question.org_id);
        let (role, permission) = (question.role, question.permission);
        let permissions = question.permissions.as_deref();
        let mut answers = vec![
            ("get_org", json!(org)),
            ("get_org_by_name", json!(user.get_org_by_name(question.org_name))),
            ("is_role_in_org", json!(role.is_some_and(|role| user.is_role_in_org(question.org_id, role)))),
            (
                "is_at_least_role_in_org",
                json!(role.is_some_and(|role| user.is_at_least_role_in_org(question.org_id, role))),
            ),
            (
                "has_permission_in_org",
                json!(permission.is_some_and(|one| user.has_permission_in_org(question.org_id, one))),
            ),
            (
                "has_all_permissions_in_org",
                json!(permissions.is_some_and(|all| user.has_all_permissions_in_org(question.org_id, all))),
            ),
            (
                "org_member_info",
                json!(org.map(|org| json!({
                    "user_is_role": role.is_some_and(|role| org.user_is_role(role)),
                    "user_is_at_least_role": role.is_some_and(|role| org.user_is_at_least_role(role)),
                    "user_has_permission": permission.is_some_and(|one| org.user_has_permission(one)),
                    "user_has_all_permissions": permissions.is_some_and(|all| org.user_has_all_permissions(all)),
                }))),
            ),
        ];
        for (name, requirement) in question.requirements() {
            let result = user.require_org(RequiredOrg::Id(question.org_id), requirement);
            answers.push((name, outcome(result.map(|org| org.org_id.to_string()))));
        }
        answers
    }};
}

/// Formats the outcome like the corpus, without the org's name in the message.
fn outcome(result: Result<String, Forbidden>) -> Value {
    match result {
        Ok(org_id) => json!({ "ok": true, "org_id": org_id }),
        Err(forbidden) => {
            assert_eq!(forbidden.status(), 403);
            json!({ "ok": false, "forbidden": match forbidden {
                Forbidden::NotMemberOfOrg => "User is not a member of org",
                Forbidden::MissingRole => "User doesn't have required role",
                Forbidden::MissingPermission => "User doesn't have required permission",
                other => panic!("a refusal that the tests do not know: {other:?}"),
            }})
        }
    }
}

/// Returns the expected answers, with the org's name removed from "User is not a member of org …".
fn without_org_names(results: &Map<String, Value>) -> Map<String, Value> {
    let mut results = results.clone();
    for result in results.values_mut() {
        let message = result.get("forbidden").and_then(Value::as_str);
        if message.is_some_and(|message| message.starts_with("User is not a member of org")) {
            result["forbidden"] = json!("User is not a member of org");
        }
    }
    results
}

#[test]
fn orgs() {
    for_each_user("org checks", Checks::OfOrg, ORG_ROWS, |row, verifier, user, tally| {
        let Some(question) = Question::of(row) else {
            // "Required org is unspecified" in the reference; `RequiredOrg` makes this impossible.
            return tally.set_aside();
        };
        tally.run();
        let expected = without_org_names(&row.results);
        compare(row, "view", &ask_about_org!(user, &question), &expected, tally);
        #[cfg(feature = "alloc")]
        compare(row, "owned", &ask_about_org!(&user.to_owned(), &question), &expected, tally);
        compare_accessors(row, user.get_org(question.org_id), "get_org", tally);
        compare_accessors(row, user.get_org_by_name(question.org_name), "get_org_by_name", tally);

        let by_header = by_header(row, verifier, &question);
        compare(row, "header", &by_header, &validations(&expected), tally);
        for (name, requirement) in question.requirements() {
            let by_name = user.require_org(RequiredOrg::Name(question.org_name), requirement).map(|org| org.org_id);
            let org = user.get_org_by_name(question.org_name).map(|org| org.org_id);
            match by_name {
                Ok(org_id) => tally.same(&row.id, name, Some(org_id), org),
                Err(Forbidden::NotMemberOfOrg) => tally.same(&row.id, name, None, org),
                Err(_) => tally.same(&row.id, name, org.is_some(), true),
            }
        }
    });
}

fn compare_accessors(row: &AuthorizationRow, org: Option<OrgMemberInfoView<'_>>, question: &str, tally: &mut Tally) {
    let got = org.as_ref().map_or(Value::Null, values::org);
    let expected = row.results.get(question).unwrap_or(&got);
    if !values::same(&got, expected) {
        tally.fail(&row.id, format!("{question}: got {got}, expected {expected}"));
    }
}

/// Returns only the `validate_*` answers.
fn validations(results: &Map<String, Value>) -> Map<String, Value> {
    let validations = results.iter().filter(|(name, _)| name.starts_with("validate_"));
    validations.map(|(name, result)| (name.clone(), result.clone())).collect()
}

/// Asks the `validate_*` questions together with the verification of the header.
fn by_header<'q>(row: &AuthorizationRow, verifier: &Verifier, question: &'q Question<'_>) -> Vec<(&'q str, Value)> {
    let header = format!("Bearer {}", row.token);
    let mut buffer = vec![0; Verifier::buffer_len(&row.token)];
    let mut answers = Vec::new();
    for (name, requirement) in question.requirements() {
        let result = verifier.validate_access_token_and_get_user_with_org(
            header.as_str(),
            RequiredOrg::Id(question.org_id),
            requirement,
            UnixTime::from_secs(row.now),
            &mut buffer,
        );
        let result = result.map(|(user, org)| {
            assert_eq!(user.get_org(question.org_id).map(|org| org.org_id), Some(org.org_id));
            org.org_id.to_owned()
        });
        answers.push((
            name,
            outcome(result.map_err(|error| match error {
                AuthError::Forbidden(forbidden) => forbidden,
                AuthError::Unauthorized(error) => panic!("{}: {error}", row.id),
            })),
        ));
    }
    answers
}

/// Asks all questions about a user, borrowed or owned.
macro_rules! ask_about_user {
    ($user:expr, $expected:expr) => {{
        let (user, expected) = ($user, $expected);
        let properties = expected["get_user_property"].as_object().unwrap();
        let orgs = user.org_id_to_org_member_info.as_ref();
        [
            ("is_impersonated", json!(user.is_impersonated())),
            ("get_active_org_id", json!(user.get_active_org_id())),
            ("get_active_org", json!(user.get_active_org())),
            ("get_orgs", user.get_orgs().map(|org| json!(org.org_id)).collect()),
            ("org_map_keys", json!(orgs.map(|orgs| orgs.iter().map(|(key, _)| key.to_owned()).collect::<Vec<_>>()))),
            (
                "get_user_property",
                properties.keys().map(|name| (name.clone(), json!(user.get_user_property(name)))).collect(),
            ),
        ]
    }};
}

#[test]
fn users() {
    for_each_user("user checks", Checks::OfUser, USER_ROWS, |row, _, user, tally| {
        tally.run();
        compare(row, "view", &ask_about_user!(user, &row.results), &row.results, tally);
        #[cfg(feature = "alloc")]
        compare(row, "owned", &ask_about_user!(&user.to_owned(), &row.results), &row.results, tally);
    });
}
