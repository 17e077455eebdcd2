//! Step 5: the registered claims (RFC 7519 section 4.1), and finding the claims by name.

use crate::error::{Claim, Unauthorized};
use crate::json::{self, JsonValue, Schema};
use crate::limits::MAX_OTHER_CLAIMS;
use crate::time::UnixTime;

/// The claims of a token whose signature is good, each at its place.
pub(crate) struct Claims<'b>([Option<JsonValue<'b>>; Claim::ALL.len()]);

impl<'b> Claims<'b> {
    /// Validates the payload, and refuses it when a name occurs twice (RFC 7519 section 4).
    pub(crate) fn parse(payload: &'b mut [u8]) -> Result<Self, Unauthorized> {
        let claims = json::parse_object::<{ Claim::ALL.len() }, MAX_OTHER_CLAIMS>(payload, ClaimsSchema::default());
        claims.map(Self).map_err(|_| Unauthorized::InvalidPayload)
    }

    /// The claim, if it is there; it may be null.
    pub(crate) fn get(&self, claim: Claim) -> Option<JsonValue<'b>> {
        self.0.get(claim as usize).copied().flatten()
    }

    /// The string, or nothing if the claim is null or not there.
    pub(crate) fn optional_str(&self, claim: Claim) -> Result<Option<&'b str>, Unauthorized> {
        match self.get(claim) {
            Some(value) if !value.is_null() => value.as_plain_str().map(Some).ok_or(Unauthorized::InvalidClaim(claim)),
            _ => Ok(None),
        }
    }

    /// Checks, in this order: that `exp`, `iat` and `iss` are there; `iat`, `nbf`, `exp`; `iss`; `sub`, `jti`.
    ///
    /// A token is good until `leeway` seconds after `exp`, that second excluded, and from `leeway` seconds before `iat`
    /// and `nbf`, that second included.
    pub(crate) fn check(&self, issuer: &str, now: UnixTime, leeway: u32) -> Result<(), Unauthorized> {
        for claim in [Claim::Exp, Claim::Iat, Claim::Iss] {
            if self.get(claim).is_none_or(JsonValue::is_null) {
                return Err(Unauthorized::MissingClaim(claim));
            }
        }
        let (now, leeway) = (i128::from(now.as_secs()), i128::from(leeway));
        for claim in [Claim::Iat, Claim::Nbf] {
            if self.numeric_date(claim)?.is_some_and(|date| i128::from(date) > now.saturating_add(leeway)) {
                return Err(Unauthorized::NotYetValid);
            }
        }
        if self.numeric_date(Claim::Exp)?.is_none_or(|date| i128::from(date) <= now.saturating_sub(leeway)) {
            return Err(Unauthorized::Expired);
        }
        // One string, octet for octet: a list that names the issuer among others does not match.
        let iss = self.get(Claim::Iss).and_then(JsonValue::as_plain_str);
        if iss.ok_or(Unauthorized::InvalidClaim(Claim::Iss))? != issuer {
            return Err(Unauthorized::WrongIssuer);
        }
        for claim in [Claim::Sub, Claim::Jti] {
            if self.get(claim).is_some_and(|value| !value.is_string()) {
                return Err(Unauthorized::InvalidClaim(claim));
            }
        }
        Ok(())
    }

    /// The NumericDate, if the claim is there; null is none.
    fn numeric_date(&self, claim: Claim) -> Result<Option<i64>, Unauthorized> {
        let Some(value) = self.get(claim) else {
            return Ok(None);
        };
        let date = value.number().and_then(whole_seconds);
        date.map(Some).ok_or(Unauthorized::InvalidClaim(claim))
    }
}

/// A JSON number, its fraction cut off as in the Python library, if it fits. Exact: no floating point.
fn whole_seconds(number: &str) -> Option<i64> {
    if let Ok(seconds) = number.parse() {
        return Some(seconds);
    }
    let (negative, magnitude) = match number.strip_prefix('-') {
        Some(magnitude) => (true, magnitude),
        None => (false, number),
    };
    let (mantissa, exponent) = magnitude.split_once(['e', 'E']).unwrap_or((magnitude, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    // An exponent that does not fit moves the point beyond all digits, in one direction or the other.
    let exponent = exponent.parse().unwrap_or(if exponent.starts_with('-') { i64::MIN } else { i64::MAX });
    let mut places = i64::try_from(whole.len()).ok()?.saturating_add(exponent);
    let mut seconds = 0i64;
    for digit in whole.bytes().chain(fraction.bytes()) {
        if places <= 0 {
            break;
        }
        places = places.saturating_sub(1);
        let digit = i64::from(digit.wrapping_sub(b'0'));
        seconds = seconds.checked_mul(10)?;
        seconds = if negative { seconds.checked_sub(digit)? } else { seconds.checked_add(digit)? };
    }
    while places > 0 && seconds != 0 {
        places = places.saturating_sub(1);
        seconds = seconds.checked_mul(10)?;
    }
    Some(seconds)
}

/// Free-form are `properties` of the user and `org_metadata` of each org.
#[derive(Default)]
struct ClaimsSchema {
    /// Depth at which `org_metadata` is the org's, in the claim at hand.
    org_depth: Option<usize>,
}

impl Schema for ClaimsSchema {
    fn place(&self, name: &[u8]) -> Option<usize> {
        Claim::from_name(name).map(|claim| claim as usize)
    }

    fn is_free_form(&mut self, depth: usize, name: &[u8]) -> bool {
        if depth == 1 {
            self.org_depth = match name {
                b"org_member_info" => Some(2),
                b"org_id_to_org_member_info" => Some(3),
                _ => None,
            };
            return name == b"properties";
        }
        self.org_depth == Some(depth) && name == b"org_metadata"
    }
}
