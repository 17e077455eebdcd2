//! Explains why the claims of a token with a valid signature are rejected. Uses the verifier's own parser.

use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use super::explanation::{Explanation, wrong_kind};
use super::input::Members;
use super::orgs;
use super::words::{date, duration, quoted};
use crate::claims::Claims;
use crate::error::Unauthorized;
use crate::json::Kind;
use crate::names::Claim;
use crate::time::UnixTime;

/// The values that the claims are compared with.
pub(super) struct Expected<'a> {
    pub(super) issuers: [Option<&'a str>; 2],
    pub(super) now: UnixTime,
    pub(super) leeway: u32,
}

/// `members` has all claims, including those that the verifier does not read.
pub(super) fn explain(
    error: Unauthorized,
    claims: &Claims<'_>,
    members: Option<&Members>,
    expected: &Expected<'_>,
) -> Explanation {
    match error {
        Unauthorized::MissingClaim(claim) => missing(claim, claims, members),
        Unauthorized::InvalidClaim(claim) => invalid(claim, claims),
        Unauthorized::Expired => expired(claims, expected),
        Unauthorized::NotYetValid => not_yet_valid(claims, expected),
        Unauthorized::WrongIssuer => wrong_issuer(claims, expected),
        other => Explanation::new(format!("The claims are rejected: {other}."), NEW_TOKEN),
    }
}

const NEW_TOKEN: &str = "Get a new access token from PropelAuth.";
const ISSUER_IS_WRONG: &str = "Use an access token that PropelAuth issued. The signature is valid, so this one was made by someone with the private key.";

fn missing(claim: Claim, claims: &Claims<'_>, members: Option<&Members>) -> Explanation {
    let name = claim.name();
    let what = if claims.get(claim).is_some() { "is null" } else { "is missing" };
    let explanation = format!("The claim `{name}` {what}, but every PropelAuth access token has it.");
    let has = |name: &str| members.is_some_and(|members| members.contains_key(name));
    let id_token = ["nonce", "at_hash", "auth_time", "email_verified"].into_iter().find(|name| has(name));
    match id_token {
        Some(other) if claim == Claim::UserId => Explanation::new(
            format!("{explanation} It has `{other}`, like an OpenID Connect ID token."),
            "Send the access token, not the ID token.",
        ),
        _ => Explanation::new(explanation, ISSUER_IS_WRONG),
    }
}

fn invalid(claim: Claim, claims: &Claims<'_>) -> Explanation {
    let found = claims.get(claim);
    let what = match (claim, found.map(|value| (value.kind(), value))) {
        (Claim::OrgMemberInfo | Claim::OrgIdToOrgMemberInfo, Some((Kind::Object, value))) => orgs::fault(claim, value),
        (Claim::LoginMethod, Some((Kind::Object, value))) => orgs::login_method_fault(value),
        (Claim::UserId, Some((Kind::String, _))) => "The claim `user_id` is empty.".to_string(),
        (Claim::Exp | Claim::Iat | Claim::Nbf, Some((Kind::Number, value))) => {
            format!("The claim `{}` is {}, which does not fit 64 bits.", claim.name(), quoted(value.text()))
        }
        _ => wrong_kind(&format!("The claim `{}`", claim.name()), found, wanted(claim)),
    };
    Explanation::new(what, ISSUER_IS_WRONG)
}

const fn wanted(claim: Claim) -> &'static str {
    match claim {
        Claim::Exp | Claim::Iat | Claim::Nbf => "a number of seconds since 1970",
        Claim::Properties | Claim::LoginMethod | Claim::OrgMemberInfo | Claim::OrgIdToOrgMemberInfo => "an object",
        Claim::Aud => "a string, or an array of strings",
        _ => "a string",
    }
}

fn seconds(claims: &Claims<'_>, claim: Claim) -> Option<i64> {
    claims.numeric_date(claim).ok().flatten()
}

/// Returns the seconds from one time to a later one.
fn apart(earlier: i64, later: i64) -> u64 {
    u64::try_from(i128::from(later).saturating_sub(i128::from(earlier))).unwrap_or(0)
}

fn expired(claims: &Claims<'_>, expected: &Expected<'_>) -> Explanation {
    let exp = seconds(claims, Claim::Exp).unwrap_or_default();
    let now = expected.now();
    let leeway = match expected.leeway {
        0 => "there is no leeway".to_string(),
        leeway => format!("the leeway of {} has passed, too", duration(u64::from(leeway))),
    };
    let explanation = format!(
        "The token expired {} ago by the local clock: `exp` is {}, now is {}, and {leeway}.",
        duration(apart(exp, now)),
        date(exp),
        date(now)
    );
    let remedy = "Get a new access token: PropelAuth's clients do this automatically before one expires. \
                  If this one was just issued, the local clock is fast: set it.";
    Explanation::new(explanation, remedy)
}

fn not_yet_valid(claims: &Claims<'_>, expected: &Expected<'_>) -> Explanation {
    let now = expected.now();
    let latest = now.saturating_add(i64::from(expected.leeway));
    let is_to_come = |claim| seconds(claims, claim).filter(|&date| date > latest).map(|date| (claim, date));
    let (claim, at) = is_to_come(Claim::Iat).or_else(|| is_to_come(Claim::Nbf)).unwrap_or((Claim::Iat, now));
    let what = if claim == Claim::Iat { "was issued" } else { "becomes valid" };
    let explanation = format!(
        "The token {what} {} from now by the local clock: `{}` is {}, now is {}, and the leeway is {}.",
        duration(apart(now, at)),
        claim.name(),
        date(at),
        date(now),
        duration(u64::from(expected.leeway))
    );
    const TEN_YEARS: u64 = 10 * 365 * 86_400;
    if (at / 1000).abs_diff(now) < TEN_YEARS {
        let sentence = format!("In milliseconds it would be {}.", date(at / 1000));
        return Explanation::new(explanation, "Use seconds: this token's times are in milliseconds.")
            .and(Some(sentence));
    }
    let remedy = "Set the local clock: it is slow, unless the issuer's is fast. \
                  If both are right, wait until the token is valid.";
    Explanation::new(explanation, remedy)
}

impl Expected<'_> {
    fn now(&self) -> i64 {
        i64::try_from(self.now.as_secs()).unwrap_or(i64::MAX)
    }
}

fn wrong_issuer(claims: &Claims<'_>, expected: &Expected<'_>) -> Explanation {
    let issuer = claims.optional_str(Claim::Iss).ok().flatten().unwrap_or_default();
    let explanation =
        format!("The token was issued by {}; the verifier expects {}.", quoted(issuer), either(expected.issuers));
    let mut expected = expected.issuers.into_iter().flatten();
    let Some((expected, difference)) = expected.find_map(|one| Some((one, issuer_difference(issuer, one)?))) else {
        return Explanation::new(
            explanation,
            "If the token is from the right environment, correct the verifier's issuer: the signature is valid, \
             so the key is correct. If the project is moving to another domain, configure both issuers. \
             If the token is from another environment, use a token and a key from one environment.",
        );
    };
    Explanation::new(explanation, format!("Configure the issuer as the token spells it: {}.", quoted(issuer)))
        .and(Some(format!("It differs from {} only in {difference}.", quoted(expected))))
}

/// Joins the expected issuers by "or".
pub(super) fn either(issuers: [Option<&str>; 2]) -> String {
    issuers.into_iter().flatten().map(quoted).collect::<Vec<_>>().join(" or ")
}

/// Returns how two issuers with the same host differ.
pub(super) fn issuer_difference(a: &str, b: &str) -> Option<String> {
    let (a, b) = (Address::of(a), Address::of(b));
    if a.host.is_empty() || !a.host.eq_ignore_ascii_case(b.host) {
        return None;
    }
    let scheme = match (a.scheme, b.scheme) {
        ("", other) | (other, "") => format!("`{other}://` at the start"),
        _ => "`http` or `https`".to_string(),
    };
    let differences = [
        (a.is_spaced != b.is_spaced, "white space"),
        (!a.scheme.eq_ignore_ascii_case(b.scheme), scheme.as_str()),
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
            ("auth.example.com", Some("`https://` at the start")),
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
