//! Why the claims of a token whose signature is good are refused. They are read by what the verifier reads them by.

use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use super::fault::Fault;
use super::input::Members;
use super::orgs;
use super::words::{self, date, duration, quoted};
use crate::claims::Claims;
use crate::error::{Claim, Unauthorized};
use crate::json::{JsonValue, Kind, Typed};
use crate::time::UnixTime;

/// What the claims were held against.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) now: UnixTime,
    pub(super) leeway: u32,
}

/// `members` are the same claims, those that the verifier does not read among them.
pub(super) fn explain(
    error: Unauthorized,
    claims: &Claims<'_>,
    members: Option<&Members>,
    expected: &Expected<'_>,
) -> Fault {
    match error {
        Unauthorized::MissingClaim(claim) => missing(claim, claims, members),
        Unauthorized::InvalidClaim(claim) => invalid(claim, claims),
        Unauthorized::Expired => expired(claims, expected),
        Unauthorized::NotYetValid => not_yet_valid(claims, expected),
        Unauthorized::WrongIssuer => wrong_issuer(claims, expected),
        other => Fault::new(format!("The claims are refused: {other}."), NEW_TOKEN),
    }
}

const NEW_TOKEN: &str = "Get a new access token from PropelAuth.";
const ISSUER_IS_WRONG: &str =
    "Use an access token that PropelAuth issued. The signature is good, so whoever has the private key made this one.";

fn missing(claim: Claim, claims: &Claims<'_>, members: Option<&Members>) -> Fault {
    let name = claim.name();
    let what = if claims.get(claim).is_some() { "is null" } else { "is missing" };
    let explanation = format!("The claim `{name}` {what}, and every access token of PropelAuth has it.");
    let has = |name: &str| members.is_some_and(|members| members.contains_key(name));
    let id_token = ["nonce", "at_hash", "auth_time", "email_verified"].into_iter().find(|name| has(name));
    match id_token {
        Some(other) if claim == Claim::UserId => Fault::new(
            format!("{explanation} It has `{other}`, as an ID token of OpenID Connect has."),
            "Send the access token, not the ID token.",
        ),
        _ => Fault::new(explanation, ISSUER_IS_WRONG),
    }
}

fn invalid(claim: Claim, claims: &Claims<'_>) -> Fault {
    let found = claims.get(claim);
    let what = match (claim, found) {
        (Claim::OrgMemberInfo | Claim::OrgIdToOrgMemberInfo, Some(Typed { kind: Kind::Object, value })) => {
            orgs::fault(claim, value)
        }
        (Claim::LoginMethod, Some(Typed { kind: Kind::Object, value })) => orgs::login_method_fault(value),
        (Claim::UserId, Some(Typed { kind: Kind::String, .. })) => "The claim `user_id` is empty.".to_string(),
        (Claim::Exp | Claim::Iat | Claim::Nbf, Some(Typed { kind: Kind::Number, value })) => {
            format!("The claim `{}` is {}, a time that no 64 bits hold.", claim.name(), quoted(value.raw()))
        }
        _ => wrong_kind(&format!("The claim `{}`", claim.name()), found, wanted(claim)),
    };
    Fault::new(what, ISSUER_IS_WRONG)
}

const fn wanted(claim: Claim) -> &'static str {
    match claim {
        Claim::Exp | Claim::Iat | Claim::Nbf => "a number of seconds since 1970",
        Claim::Properties | Claim::LoginMethod | Claim::OrgMemberInfo | Claim::OrgIdToOrgMemberInfo => "an object",
        _ => "a string",
    }
}

/// A sentence about a value that is of another type than wanted, or not there.
pub(super) fn wrong_kind(subject: &str, found: Option<Typed<JsonValue<'_>>>, wanted: &str) -> String {
    let Some(Typed { kind, value }) = found else {
        return format!("{subject} is missing, and {wanted} is wanted.");
    };
    let shown = match kind {
        Kind::Number | Kind::String => serde_json::to_string(&value).unwrap_or_else(|_| value.raw().to_string()),
        _ => return format!("{subject} is {}, and {wanted} is wanted.", words::kind(kind)),
    };
    format!("{subject} is {}, {}, and {wanted} is wanted.", words::kind(kind), quoted(&shown))
}

fn seconds(claims: &Claims<'_>, claim: Claim) -> Option<i64> {
    claims.numeric_date(claim).ok().flatten()
}

/// How long the one is before the other.
fn apart(earlier: i64, later: i64) -> u64 {
    u64::try_from(i128::from(later).saturating_sub(i128::from(earlier))).unwrap_or(0)
}

fn expired(claims: &Claims<'_>, expected: &Expected<'_>) -> Fault {
    let exp = seconds(claims, Claim::Exp).unwrap_or_default();
    let now = expected.now();
    let leeway = match expected.leeway {
        0 => "there is no leeway".to_string(),
        leeway => format!("the leeway of {} is over as well", duration(u64::from(leeway))),
    };
    let explanation = format!(
        "The token expired {} ago by the clock here: `exp` is {}, now is {}, and {leeway}.",
        duration(apart(exp, now)),
        date(exp),
        date(now)
    );
    let remedy = "Get a new access token: PropelAuth's clients do so by themselves before one expires. \
                  If this one was issued just now, the clock here is fast: set it.";
    Fault::new(explanation, remedy)
}

fn not_yet_valid(claims: &Claims<'_>, expected: &Expected<'_>) -> Fault {
    let now = expected.now();
    let latest = now.saturating_add(i64::from(expected.leeway));
    let is_to_come = |claim| seconds(claims, claim).filter(|&date| date > latest).map(|date| (claim, date));
    let (claim, at) = is_to_come(Claim::Iat).or_else(|| is_to_come(Claim::Nbf)).unwrap_or((Claim::Iat, now));
    let what = if claim == Claim::Iat { "was issued" } else { "becomes valid" };
    let explanation = format!(
        "The token {what} {} from now by the clock here: `{}` is {}, now is {}, and the leeway is {}.",
        duration(apart(now, at)),
        claim.name(),
        date(at),
        date(now),
        duration(u64::from(expected.leeway))
    );
    const TEN_YEARS: u64 = 10 * 365 * 86_400;
    if (at / 1000).abs_diff(now) < TEN_YEARS {
        let sentence = format!("As milliseconds it would be {}.", date(at / 1000));
        return Fault::new(explanation, "Give times in seconds: this token has them in milliseconds.")
            .and(Some(sentence));
    }
    let remedy = "Set the clock here: it is slow, unless that of the issuer is fast. \
                  If both are right, wait until the token is valid.";
    Fault::new(explanation, remedy)
}

impl Expected<'_> {
    fn now(&self) -> i64 {
        i64::try_from(self.now.as_secs()).unwrap_or(i64::MAX)
    }
}

fn wrong_issuer(claims: &Claims<'_>, expected: &Expected<'_>) -> Fault {
    let issuer = claims.optional_str(Claim::Iss).ok().flatten().unwrap_or_default();
    let explanation =
        format!("The token was issued by {}, and the verifier expects {}.", quoted(issuer), quoted(expected.issuer));
    let Some(difference) = issuer_difference(issuer, expected.issuer) else {
        return Fault::new(
            explanation,
            "If the token is of the right environment, correct the issuer that the verifier is given: the signature is good, \
             so the key is the right one. If not, use a token and a key of the same environment.",
        );
    };
    Fault::new(explanation, format!("Give the verifier the issuer as the token spells it: {}.", quoted(issuer)))
        .and(Some(format!("They differ in {difference} only.")))
}

/// In what two issuers of the same host differ.
pub(super) fn issuer_difference(a: &str, b: &str) -> Option<String> {
    let (a, b) = (Address::of(a), Address::of(b));
    if a.host.is_empty() || !a.host.eq_ignore_ascii_case(b.host) {
        return None;
    }
    let differences = [
        (a.is_spaced != b.is_spaced, "white space"),
        (!a.scheme.eq_ignore_ascii_case(b.scheme), "`http` or `https`"),
        (a.host != b.host || a.scheme != b.scheme && a.scheme.eq_ignore_ascii_case(b.scheme), "capital letters"),
        (a.port != b.port, "the port"),
        (a.path != b.path && a.path.trim_end_matches('/') == b.path.trim_end_matches('/'), "a slash at the end"),
        (a.path.trim_end_matches('/') != b.path.trim_end_matches('/'), "the path"),
    ];
    let differences: Vec<_> = differences.into_iter().filter(|(differ, _)| *differ).map(|(_, what)| what).collect();
    if differences.is_empty() { None } else { Some(differences.join(" and ")) }
}

struct Address<'a> {
    scheme: &'a str,
    host: &'a str,
    port: &'a str,
    path: &'a str,
    is_spaced: bool,
}

impl<'a> Address<'a> {
    fn of(text: &'a str) -> Self {
        let trimmed = text.trim();
        let (scheme, rest) = trimmed.split_once("://").unwrap_or(("", trimmed));
        let (authority, path) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len())).unwrap_or((rest, ""));
        let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
        Self { scheme, host, port, path, is_spaced: trimmed != text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuers_of_one_host() {
        let expected = "https://auth.example.com";
        let cases = [
            ("https://auth.example.com/", Some("a slash at the end")),
            ("http://auth.example.com", Some("`http` or `https`")),
            ("auth.example.com", Some("`http` or `https`")),
            ("https://Auth.example.com", Some("capital letters")),
            ("HTTPS://auth.example.com", Some("capital letters")),
            ("https://auth.example.com:443", Some("the port")),
            (" https://auth.example.com", Some("white space")),
            ("https://auth.example.com/auth", Some("the path")),
            ("http://auth.example.com:80/", Some("`http` or `https` and the port and a slash at the end")),
            ("https://auth.example.org", None),
            ("https://example.com", None),
            (expected, None),
            ("", None),
        ];
        for (issuer, difference) in cases {
            assert_eq!(issuer_difference(issuer, expected).as_deref(), difference, "{issuer}");
        }
    }
}
