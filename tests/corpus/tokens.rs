//! Tokens and `Authorization` headers with the verdicts of PropelAuth's Python library, through the public API.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::sync::LazyLock;

use common::corpus::{self, Refused, TokenRow, Verdict, Verifiers};
use common::tally::Tally;
use common::{model, reasons, values};
use propelauth_edge::{TokenCache, Unauthorized, UnixTime, UserView, Verifier};
use serde_json::Value;

/// Rows in this repository's data.
const ROWS: usize = 1557 + 254;

static TABLE: LazyLock<Vec<TokenRow>> = LazyLock::new(|| {
    let mut rows = corpus::rows::<TokenRow>("tokens");
    rows.extend(corpus::rows::<TokenRow>("json_testsuite"));
    rows
});

/// Calls `check` with every row and its verifier, if its key and issuer make one.
fn for_each_row(mut check: impl FnMut(&TokenRow, Result<&Verifier, Refused>)) {
    let mut verifiers = Verifiers::load();
    for row in TABLE.iter() {
        check(row, verifiers.get(&row.key, &row.issuer));
    }
}

/// Calls `check` with every token that has a verifier.
fn for_each_token(mut check: impl FnMut(&TokenRow, &Verifier, &str)) {
    for_each_row(|row, verifier| {
        if let (Ok(verifier), Some(token)) = (verifier, &row.token) {
            check(row, verifier, token);
        }
    });
}

/// Calls `check` with the user of every accepted row.
fn for_each_user(test: &'static str, mut check: impl FnMut(&TokenRow, &UserView<'_>, &mut Tally)) {
    let mut tally = Tally::new(test);
    for_each_row(|row, verifier| {
        let Ok(verifier) = verifier else { return };
        if let Ok(user) = row.validate(verifier, &mut row.buffer()) {
            tally.run();
            check(row, &user, &mut tally);
        }
    });
    tally.finish(TABLE.iter().filter(|row| row.expect == Verdict::Accept && !row.either).count());
}

#[test]
fn verdicts() {
    let mut tally = Tally::new("verdicts");
    for_each_row(|row, verifier| {
        let verdict = match verifier {
            Ok(verifier) => Verdict::of(&row.validate(verifier, &mut row.buffer())),
            Err(refused) if refused.either && row.expect == Verdict::Accept => {
                return tally.set_aside();
            }
            Err(_) => Verdict::Unauthorized,
        };
        if row.either {
            return tally.set_aside();
        }
        tally.run();
        tally.same(&row.id, "verdict", verdict, row.expect);
    });
    tally.finish(ROWS);
}

#[test]
fn reasons_of_refusals() {
    let mut tally = Tally::new("reasons of refusals");
    for_each_row(|row, verifier| {
        let error = match verifier {
            Err(refused) => {
                tally.run();
                return reasons::check_no_verifier(row, refused, &mut tally);
            }
            Ok(verifier) => match row.validate(verifier, &mut row.buffer()) {
                Ok(_) => return,
                Err(error) => error,
            },
        };
        tally.run();
        tally.same(&row.id, "status", error.status(), 401);
        if row.expect == Verdict::Unauthorized {
            reasons::check(row, error, &mut tally);
        }
        let agreed = row.expect == Verdict::Unauthorized && row.oracle == Verdict::Unauthorized;
        if agreed && !reasons::refused_before_the_oracle_does(row) {
            tally.same(&row.id, "message", Some(error.public_message()), row.oracle_message.as_deref());
        }
    });
    tally.finish(TABLE.iter().filter(|row| row.expect == Verdict::Unauthorized && !row.either).count());
}

#[test]
fn users() {
    for_each_user("users", |row, user, tally| {
        let serialized = serde_json::to_value(user);
        let Some(expected) = row.user.clone().map(without_null_lists) else {
            // The reference's user is not strict JSON, or nests too deeply.
            return tally.set_aside();
        };
        match serialized {
            Ok(serialized) => same_user(row, "serialized", &serialized, &expected, tally),
            Err(error) => tally.fail(&row.id, error),
        }
        same_user(row, "accessors", &values::user(user), &expected, tally);
        let orgs = user.org_id_to_org_member_info;
        tally.same(&row.id, "number of orgs", orgs.map(|orgs| orgs.len()), org_keys(&expected).map(|keys| keys.len()));
        for key in org_keys(&expected).unwrap_or_default() {
            let org = user.get_org(key).map(|org| values::org(&org));
            let expected = &expected["org_id_to_org_member_info"][key];
            if !org.as_ref().is_some_and(|org| values::same(org, expected)) {
                tally.fail(&row.id, format!("get_org({key:?}): got {org:?}, expected {expected}"));
            }
        }
    });
}

/// The reference returns `additional_roles: null` unchanged. Here it is the empty list.
fn without_null_lists(mut user: Value) -> Value {
    for org in user["org_id_to_org_member_info"].as_object_mut().into_iter().flat_map(|orgs| orgs.values_mut()) {
        if org["assigned_additional_roles"].is_null() {
            org["assigned_additional_roles"] = Value::Array(Vec::new());
        }
    }
    user
}

/// Returns the orgs' keys, in order.
fn org_keys(user: &Value) -> Option<Vec<&String>> {
    user["org_id_to_org_member_info"].as_object().map(|orgs| orgs.keys().collect())
}

fn same_user(row: &TokenRow, how: &str, got: &Value, expected: &Value, tally: &mut Tally) {
    let (Some(got_fields), Some(fields)) = (got.as_object(), expected.as_object()) else {
        return tally.fail(&row.id, format!("{how}: no object"));
    };
    tally.same(&row.id, how, got_fields.len(), fields.len());
    for (name, expected) in fields {
        let got = got_fields.get(name).unwrap_or(&Value::Null);
        if !values::same(got, expected) {
            tally.fail(&row.id, format!("{how}: {name}: got {got}, expected {expected}"));
        }
    }
    tally.same(&row.id, how, org_keys(got), org_keys(expected));
}

#[test]
fn buffers_of_other_sizes() {
    let mut tally = Tally::new("buffers of other sizes");
    for_each_token(|row, verifier, token| {
        tally.run();
        let now = UnixTime::from_secs(row.now);
        let needed = Verifier::buffer_len(token);
        let verdict = |len: usize, fill: u8| {
            let mut buffer = vec![fill; len];
            verifier.validate_access_token(token, now, &mut buffer).map(|user| values::user(&user))
        };
        let exact = verdict(needed, 0xa5);
        tally.same(&row.id, "larger buffer", verdict(needed + 1, b'"'), exact.clone());
        tally.same(&row.id, "much larger buffer", verdict(2 * needed + 100, 0), exact.clone());
        if needed == 0 {
            return;
        }
        for len in [needed - 1, needed / 2, 1, 0] {
            let smaller = verdict(len, 0x5a);
            match (&exact, smaller) {
                (Ok(_), smaller) => {
                    tally.same(&row.id, "smaller buffer", smaller, Err(Unauthorized::BufferTooSmall { needed }));
                }
                (Err(_), Err(Unauthorized::BufferTooSmall { needed: reported })) => {
                    tally.same(&row.id, "bytes needed", reported, needed);
                }
                (Err(error), smaller) => tally.same(&row.id, "smaller buffer", smaller, Err(*error)),
            }
        }
    });
    tally.finish(1500);
}

#[test]
fn cached_verdicts() {
    let mut tally = Tally::new("cached verdicts");
    // One cache for all rows: a hit of one row must not help another, and few slots cause evictions.
    let mut cache = TokenCache::<8>::new();
    for_each_token(|row, verifier, token| {
        tally.run();
        let now = UnixTime::from_secs(row.now);
        let plain = verifier.validate_access_token(token, now, &mut row.buffer()).map(|user| values::user(&user));
        for time in ["first", "second", "third"] {
            let mut buffer = row.buffer();
            let cached = verifier.validate_access_token_cached(token, now, &mut buffer, &mut cache);
            tally.same(&row.id, time, cached.map(|user| values::user(&user)), plain.clone());
        }
    });
    tally.finish(1500);
}

#[test]
fn serialized_without_allocation() {
    for_each_user("serialized by serde-json-core", |row, user, tally| {
        let Ok(expected) = serde_json::to_string(user) else {
            // A number outside the range of f64.
            return if !row.either {
                tally.fail(&row.id, "not serialized")
            };
        };
        let mut out = vec![0; 2 * expected.len() + 64];
        match serde_json_core::to_slice(user, &mut out) {
            Ok(len) => {
                let got: Value = model::parse_json(&out[..len]).unwrap();
                let expected: Value = model::parse_json(expected.as_bytes()).unwrap();
                if !values::same(&got, &expected) {
                    tally.fail(&row.id, format!("got {got}, expected {expected}"));
                }
            }
            Err(error) => tally.fail(&row.id, format!("{error:?}")),
        }
    });
}

#[cfg(feature = "alloc")]
#[test]
fn owned_users() {
    use propelauth_edge::{StoredUser, User};

    for_each_user("owned users", |row, view, tally| {
        let owned: User = view.to_owned();
        let (Ok(from_view), Ok(from_owned)) = (serde_json::to_value(view), serde_json::to_value(&owned)) else {
            return if !row.either {
                tally.fail(&row.id, "not serialized")
            };
        };
        if !values::same(&from_view, &from_owned) {
            tally.fail(&row.id, format!("view {from_view}, owned {from_owned}"));
        }
        tally.same(&row.id, "order of orgs", org_keys(&from_owned), org_keys(&from_view));
        let text = serde_json::to_string(&owned).unwrap();
        match model::parse_json::<StoredUser>(text.as_bytes()) {
            // An unknown method is serialized as `unknown`, and read back as such.
            Ok(again) => tally.same(&row.id, "read again", serde_json::to_string(&again.trust()).unwrap(), text),
            Err(error) => tally.fail(&row.id, error),
        }
    });
}

#[cfg(feature = "alloc")]
#[test]
fn verified_users() {
    let mut tally = Tally::new("verified users");
    for_each_row(|row, verifier| {
        let Ok(verifier) = verifier else { return };
        tally.run();
        match (row.validate_owned(verifier), row.validate(verifier, &mut row.buffer())) {
            (Ok(owned), Ok(view)) => common::owned::check(&owned, &view),
            (owned, view) => tally.same(&row.id, "error", owned.err(), view.err()),
        }
    });
    tally.finish(ROWS - 40);
}
