//! The documented differences, by their names in `src/guide/from_python.md`.

use propelauth_edge::limits::{MAX_HEADER_LEN, MAX_HEADER_PARAMETERS, MAX_JSON_DEPTH, MAX_OTHER_CLAIMS};
use propelauth_edge::{Claim, Unauthorized};
use serde_json::{Value, json};

use super::json::Json;
use super::tokens::{Case, Encoding};

/// Declares documented differences by their names in the page.
macro_rules! classes {
    ($($class:ident = $name:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub enum Class { $($class,)* }

        impl Class {
            pub const ALL: &[Self] = &[$(Self::$class,)*];

            pub fn name(self) -> &'static str {
                match self { $(Self::$class => $name,)* }
            }
        }
    };
}
classes! {
    OtherType = "other-type",
    NameTwice = "name-twice",
    OddDate = "odd-date",
    RoundedDate = "rounded-date",
    NotJson = "not-json",
    Padding = "padding",
    HeaderParameter = "header-parameter",
    Limits = "limits",
    EmptyUserId = "empty-user-id",
    OrderOfChecks = "order-of-checks",
    UnknownProvider = "unknown-provider",
    ManyDigits = "many-digits",
    NullList = "null-list",
    NumberRange = "number-range",
    KeyForm = "key-form",
    TextAroundKey = "text-around-key",
    KeySpace = "key-space",
    OtherKey = "other-key",
}
use Class::*;

/// The result of a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    Same,
    Documented(Class),
    /// The place of the difference.
    Undocumented(String),
}

/// Classifies the answers to a case. Returns a class only if the case has the class's feature and this crate gave the
/// promised answer.
pub fn sort(case: &Case, library: &Value, here: &Result<Value, Unauthorized>) -> Finding {
    let message = library.get("unauthorized");
    let class = match (message, here) {
        (None, Ok(here)) => match difference(library, here, "") {
            None => return Finding::Same,
            Some(_) => class_of_answers(case, library, here),
        },
        (Some(message), Err(error)) if message == error.public_message() => return Finding::Same,
        (Some(_), Err(error)) => why_refused(case, *error).or(why_accepted(case)).map(|_| OrderOfChecks),
        (None, Err(error)) => why_refused(case, *error),
        (Some(_), Ok(_)) => why_accepted(case),
    };
    class.map_or_else(|| Finding::Undocumented(describe(library, here)), Finding::Documented)
}

fn describe(library: &Value, here: &Result<Value, Unauthorized>) -> String {
    match (library.get("unauthorized"), here) {
        (Some(message), Err(error)) => {
            format!("the library says {message}, this crate {:?} ({error:?})", error.public_message())
        }
        (Some(message), Ok(_)) => format!("the library refuses it ({message}), this crate accepts it"),
        (None, Err(error)) => format!("the library accepts it, this crate refuses it: {error:?}"),
        (None, Ok(here)) => difference(library, here, "").unwrap_or_default(),
    }
}

/// Returns the first difference. Numbers are compared by value.
fn difference(library: &Value, here: &Value, place: &str) -> Option<String> {
    let same = match (library, here) {
        (Value::Number(a), Value::Number(b)) if a.is_f64() || b.is_f64() => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            return a.iter().zip(b).enumerate().find_map(|(i, (a, b))| difference(a, b, &format!("{place}[{i}]")));
        }
        (Value::Object(a), Value::Object(b)) => {
            let missing = b.keys().find(|name| !a.contains_key(*name)).map(|name| format!("{place}.{name}: only here"));
            let member =
                |(name, a)| difference(a, b.get(name).unwrap_or(&json!("(not there)")), &format!("{place}.{name}"));
            return a.iter().find_map(member).or(missing);
        }
        _ => library == here,
    };
    (!same).then(|| format!("{place}: the library says {library}, this crate {here}"))
}

/// Returns why this crate rejects what the library accepts.
fn why_refused(case: &Case, error: Unauthorized) -> Option<Class> {
    let (header, claims) = (&case.header, &case.claims);
    match error {
        Unauthorized::MalformedToken => first([
            (NameTwice, header.has_name_twice()),
            (NotJson, header.any(&is_no_json)),
            (HeaderParameter, header.get("typ").is_some_and(|typ| !typ.is_text())),
            (Padding, case.authorization_header().is_some_and(|header| header.contains('='))),
            (Limits, is_beyond_limits(header, MAX_HEADER_PARAMETERS) || header_len(case) > MAX_HEADER_LEN),
        ]),
        Unauthorized::UnsupportedCritical => first([(
            HeaderParameter,
            header.get("crit").is_some() || header.get("b64").is_some_and(|b64| b64.to_text() != "true"),
        )]),
        Unauthorized::InvalidPayload => first([
            (NotJson, matches!(case.encoding, Encoding::Utf8WithMark | Encoding::Utf16 | Encoding::Utf32)),
            (NameTwice, claims.has_name_twice()),
            (NotJson, claims.any(&is_no_json)),
            (Limits, is_beyond_limits(claims, MAX_OTHER_CLAIMS)),
        ]),
        Unauthorized::InvalidClaim(claim) => {
            let value = claims.get(claim.name())?;
            match claim {
                Claim::Exp | Claim::Iat | Claim::Nbf => first([(OddDate, is_odd_date(value))]),
                Claim::UserId if value.is_text() => first([(EmptyUserId, value.to_text() == "\"\"")]),
                Claim::UserId => Some(OtherType),
                _ => first([(NameTwice, has_name_twice(claim, value)), (OtherType, is_of_other_type(claim, value))]),
            }
        }
        Unauthorized::Expired | Unauthorized::NotYetValid => first([(RoundedDate, has_rounded_date(claims))]),
        _ => None,
    }
}

/// Returns why this crate accepts what the library rejects.
fn why_accepted(case: &Case) -> Option<Class> {
    let method = case.claims.get("login_method");
    let provider = method.and_then(|method| method.get("provider"));
    first([
        (RoundedDate, has_rounded_date(&case.claims)),
        (UnknownProvider, provider.is_some_and(Json::is_text)),
        (ManyDigits, case.claims.any(&has_many_digits) || case.header.any(&has_many_digits)),
    ])
}

/// Returns why the answers about a user differ.
fn class_of_answers(case: &Case, library: &Value, here: &Value) -> Option<Class> {
    if library.get("not_json").is_some() || here["user"].is_null() {
        return first([(NumberRange, case.claims.any(&is_beyond_f64))]);
    }
    let mut without_null_lists = library.clone();
    replace_null_lists(&mut without_null_lists);
    first([(NullList, difference(&without_null_lists, here, "").is_none())])
}

/// Null lists and objects of an org are returned as null by the library and are empty here.
fn replace_null_lists(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                match (name.as_str(), &member) {
                    ("assigned_additional_roles", Value::Null) => *member = json!([]),
                    ("org_metadata", Value::Null) => *member = json!({}),
                    _ => replace_null_lists(member),
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(replace_null_lists),
        _ => {}
    }
}

fn first<const N: usize>(classes: [(Class, bool); N]) -> Option<Class> {
    classes.into_iter().find(|(_, holds)| *holds).map(|(class, _)| class)
}

/// Returns whether Python's parser accepts the value although it is not JSON: literals, and lone surrogates.
fn is_no_json(value: &Json) -> bool {
    let text = value.to_text();
    let is_literal = ["NaN", "Infinity", "-Infinity"].contains(&text.as_str());
    is_literal || matches!(value, Json::Raw(_)) && has_lone_surrogate(&text)
}

fn has_lone_surrogate(text: &str) -> bool {
    let mut units =
        text.split("\\u").skip(1).map(|rest| u16::from_str_radix(rest.get(..4).unwrap_or(""), 16).unwrap_or(0));
    let units: Vec<u16> = units.by_ref().collect();
    char::decode_utf16(units).any(|character| character.is_err())
}

fn is_beyond_f64(value: &Json) -> bool {
    value.is_number() && value.to_text().parse::<f64>().is_ok_and(f64::is_infinite)
}

fn has_many_digits(value: &Json) -> bool {
    /// Python's limit on the digits of whole numbers.
    const MAX_DIGITS: usize = 4300;
    value.is_number() && value.to_text().len() > MAX_DIGITS
}

/// Returns whether the value is neither a 64-bit number nor missing.
fn is_odd_date(value: &Json) -> bool {
    let text = value.to_text();
    !value.is_number() || !text.parse::<f64>().is_ok_and(|date| date.abs() < 9.2e18)
}

/// Returns whether a date is so close below a whole second that the nearest `f64` is that second.
fn has_rounded_date(claims: &Json) -> bool {
    let dates = [Claim::Exp, Claim::Iat, Claim::Nbf].map(|claim| claims.get(claim.name()).map(Json::to_text));
    dates.into_iter().flatten().any(|date| {
        let whole = date.split_once('.').and_then(|(whole, _)| whole.parse::<i64>().ok());
        whole.is_some_and(|whole| date.parse::<f64>().is_ok_and(|date| date.trunc() != whole as f64))
    })
}

fn header_len(case: &Case) -> usize {
    case.token().split('.').next().map_or(0, str::len)
}

/// Returns whether the value nests too deeply, or is an object with more unread members than this.
fn is_beyond_limits(json: &Json, members: usize) -> bool {
    depth(&json.to_text()) > MAX_JSON_DEPTH || json.members().len() > members
}

fn depth(text: &str) -> usize {
    let (mut now, mut deepest) = (0usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => now += 1,
            b']' | b'}' => now = now.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(now);
    }
    deepest
}

/// Returns whether an org, a field of an org or a member of the login method is duplicate.
fn has_name_twice(claim: Claim, value: &Json) -> bool {
    let in_orgs = || value.members().iter().any(|(_, org)| org.has_name_twice());
    match claim {
        Claim::OrgMemberInfo | Claim::LoginMethod => value.has_name_twice(),
        Claim::OrgIdToOrgMemberInfo => value.has_name_twice() || in_orgs(),
        _ => false,
    }
}

/// Returns whether the claim, or a value in it that authorizes, has another type than PropelAuth sends.
fn is_of_other_type(claim: Claim, value: &Json) -> bool {
    let is_object = |value: &Json| matches!(value, Json::Object(_));
    match claim {
        Claim::Properties => !is_object(value) && !value.is_null() && value.to_text() != "{}",
        Claim::LoginMethod => !is_object(value) || !value.members().iter().all(|(_, member)| member.is_text()),
        Claim::OrgMemberInfo => !is_org(value),
        Claim::OrgIdToOrgMemberInfo => !is_object(value) || !value.members().iter().all(|(_, org)| is_org(org)),
        _ => !value.is_text() && !value.is_null(),
    }
}

fn is_org(org: &Json) -> bool {
    let is = |name: &str, may: &dyn Fn(&Json) -> bool| org.get(name).is_none_or(may);
    matches!(org, Json::Object(_))
        && ["org_id", "org_name", "url_safe_org_name", "org_role_structure"].iter().all(|name| is(name, &Json::is_text))
        && ["user_role", "legacy_org_id"].iter().all(|name| is(name, &|value| value.is_text() || value.is_null()))
        && ["inherited_user_roles_plus_current_role", "user_permissions"]
            .iter()
            .all(|name| is(name, &Json::is_array_of_texts))
        && is("additional_roles", &|value| value.is_array_of_texts() || value.is_null())
        && is("org_metadata", &|value| matches!(value, Json::Object(_)) || value.is_null())
}

#[cfg(test)]
mod tests {
    use super::super::grammar::cases;
    use super::super::json::{member, null, raw, text, texts};
    use super::super::library::Library;
    use super::super::tokens::{Carrier, Change, Fault};
    use super::super::{here, keys, smallest};
    use super::*;

    fn claim(path: &[&'static str], change: Change) -> Case {
        let mut case = Case::plain();
        Fault { path: path.to_vec(), change }.apply(&mut case.claims);
        case
    }

    fn header(name: &'static str, value: Json) -> Case {
        let mut case = Case::plain();
        Fault { path: vec![name], change: Change::Set(value) }.apply(&mut case.header);
        case
    }

    /// Returns the simplest token of each class.
    fn example(class: Class) -> Case {
        match class {
            KeyForm | TextAroundKey | KeySpace | OtherKey => unreachable!("see `keys::example`"),
            OtherType => claim(&["email"], Change::Set(raw(1))),
            NameTwice => claim(&["user_id"], Change::Repeat(text("v"))),
            OddDate => claim(&["exp"], Change::Set(text("1760001800"))),
            RoundedDate => claim(&["iat"], Change::Set(raw("1760000060.99999999999"))),
            NotJson => claim(&["properties"], Change::Set(raw_object(&[("p", raw("NaN"))]))),
            Padding => Case { carrier: Carrier { scheme: Some("Bearer "), end: "==" }, ..Case::plain() },
            HeaderParameter => header("typ", raw(1)),
            Limits => claim(&["another"], Change::Crowd(MAX_OTHER_CLAIMS + 1)),
            EmptyUserId => claim(&["user_id"], Change::Set(text(""))),
            OrderOfChecks => {
                let mut case = claim(&["nbf"], Change::Set(text("0")));
                Fault { path: vec!["user_id"], change: Change::Remove }.apply(&mut case.claims);
                case
            }
            UnknownProvider => claim(
                &["login_method"],
                Change::Set(raw_object(&[("login_method", text("social_sso")), ("provider", text("New"))])),
            ),
            ManyDigits => claim(&["another"], Change::Set(raw("7".repeat(4301)))),
            NullList => claim(&["org_id_to_org_member_info"], Change::Set(raw_object(&[("o", org())]))),
            NumberRange => claim(&["properties"], Change::Set(raw_object(&[("p", raw("1e400"))]))),
        }
    }

    fn raw_object(members: &[(&str, Json)]) -> Json {
        Json::Object(members.iter().map(|(name, value)| member(name, value.clone())).collect())
    }

    /// Returns an org with a null list.
    fn org() -> Json {
        raw_object(&[
            ("org_id", text("o")),
            ("org_name", text("O")),
            ("url_safe_org_name", text("o")),
            ("org_metadata", raw("{}")),
            ("user_role", text("Admin")),
            ("inherited_user_roles_plus_current_role", texts(&["Admin"])),
            ("user_permissions", texts(&[])),
            ("additional_roles", null()),
        ])
    }

    #[test]
    fn each_class_is_in_the_page_and_has_an_example() {
        let page = include_str!("../../../src/guide/from_python.md");
        let named = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |").map(|(name, _)| name));
        let named: Vec<_> = named.skip_while(|name| *name != Class::ALL[0].name()).collect();
        assert_eq!(named, Class::ALL.iter().map(|class| class.name()).collect::<Vec<_>>());
        let (mut library, verifier) = (Library::start(), here::verifier());
        for class in Class::ALL {
            if let Some(case) = keys::example(*class) {
                let token = Case::plain();
                let found = keys::sort(&case, &library.ask(&case.question(&token)), keys::here(&case, &token));
                assert_eq!(found, Finding::Documented(*class), "{}", case.describe());
                continue;
            }
            let case = example(*class);
            let found = sort(&case, &library.ask(&case.question()), &here::about_token(&verifier, &case));
            assert_eq!(found, Finding::Documented(*class), "{}", case.describe());
        }
    }

    /// Only the token's content excuses a difference: the plain token excuses nothing.
    #[test]
    fn nothing_excuses_a_wrong_answer_about_a_plain_token() {
        let case = Case::plain();
        let here = here::about_token(&here::verifier(), &case);
        let library = here.clone().unwrap();
        assert_eq!(sort(&case, &library, &here), Finding::Same);
        let is_found = |library: &Value, here| matches!(sort(&case, library, &here), Finding::Undocumented(_));
        let claims = [Claim::Exp, Claim::Email, Claim::UserId, Claim::OrgMemberInfo, Claim::LoginMethod];
        let refusals = claims.map(Unauthorized::InvalidClaim).into_iter().chain([
            Unauthorized::MalformedToken,
            Unauthorized::UnsupportedCritical,
            Unauthorized::InvalidPayload,
            Unauthorized::InvalidSignature,
            Unauthorized::Expired,
            Unauthorized::NotYetValid,
            Unauthorized::TokenTooLong,
        ]);
        for refusal in refusals {
            assert!(is_found(&library, Err(refusal)), "{refusal:?}");
        }
        assert!(is_found(&json!({ "unauthorized": "Invalid access token" }), here.clone()));
        assert!(is_found(&json!({ "not_json": true }), here.clone()));
        for answer in ["user", "is_impersonated", "get_orgs", "of_org", "by_header"] {
            let mut other = library.clone();
            other[answer] = json!("another");
            assert!(is_found(&other, here.clone()), "{answer}");
        }
    }

    /// A faulty comparison is noticed, and its token minimized.
    #[test]
    fn a_wrong_answer_is_found_and_made_small() {
        let verifier = here::verifier();
        // As if the library said that nobody is an admin.
        let check = |case: &Case| {
            let here = here::about_token(&verifier, case);
            let Ok(mut library) = here.clone() else { return Finding::Same };
            if library["of_org"]["is_role_in_org"] == true && case.ask.role == "Admin" {
                library["of_org"]["is_role_in_org"] = json!(false);
            }
            sort(case, &library, &here)
        };
        let found =
            (0..2000).map(|seed| smallest(seed, &cases(), check)).find(|(_, finding)| *finding != Finding::Same);
        let (case, finding) = found.expect("an admin among so many");
        let wanted = ".of_org.is_role_in_org: the library says false, this crate true";
        assert_eq!(finding, Finding::Undocumented(wanted.to_owned()));
        let names: Vec<_> = case.claims.members().iter().map(|((name, _), _)| name.as_str()).collect();
        assert!(names.len() <= 5, "{names:?}");
    }
}
