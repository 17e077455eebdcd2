//! Step 5: parses the claims and checks the registered ones (RFC 7519 section 4.1).

use crate::error::Unauthorized;
use crate::json::{JsonObject, JsonValue, Kind, Malformed, Source, Strings, UniqueNames, Validator, Value, ValueSpan};
use crate::limits::MAX_OTHER_CLAIMS;
use crate::names::Claim;
use crate::time::UnixTime;

mod expected;
mod issuer;
mod org_entry;
mod org_index;

pub(crate) use expected::Expected;
#[cfg(feature = "inspect")]
pub(crate) use issuer::check as check_issuer;
use org_entry::read_members;
pub(crate) use org_entry::{FieldOrder, LoginEntry, LoginField, OrgEntry, OrgField};
use org_index::OrgIndexBuilder;
pub(crate) use org_index::{OrgIndex, index_len};

/// The claims of a token with a valid signature, each in its slot.
pub(crate) struct Claims<'b> {
    values: [Option<Value<'b>>; Claim::COUNT],
    /// The index of `org_id_to_org_member_info`, unless one of its orgs is invalid.
    org_index: Option<OrgIndex<'b>>,
    /// The content of `org_member_info`, unless it is invalid.
    active_org: Option<OrgEntry<Value<'b>>>,
    /// The content of `login_method`, unless it is not an object or has a duplicate member.
    login_method: Option<LoginEntry<Value<'b>>>,
}

impl<'b> Claims<'b> {
    /// Validates the payload, and rejects it if a name occurs twice (RFC 7519 section 4). Builds the index of the orgs
    /// in `scratch`.
    pub(crate) fn parse(payload: &'b mut [u8], scratch: &'b mut [u8]) -> Result<Self, Unauthorized> {
        Self::read(payload, scratch).map_err(|Malformed| Unauthorized::InvalidPayload)
    }

    fn read(payload: &'b mut [u8], scratch: &'b mut [u8]) -> Result<Self, Malformed> {
        let mut json = Validator::new(payload);
        if !json.enter_object()? {
            return Err(Malformed);
        }
        let mut values = [None; Claim::COUNT];
        let mut others = UniqueNames::<MAX_OTHER_CLAIMS>::default();
        let mut org_index = OrgIndexBuilder::new(scratch);
        let mut orgs_are_good = true;
        let mut active_org = None;
        let mut login_method = None;
        while let Some(name) = json.name_span()? {
            let Some(claim) = Claim::from_name(name.of_bytes(json.text())) else {
                others.insert(name, json.text())?;
                json.value(Strings::Kept)?;
                continue;
            };
            let value = match claim {
                Claim::OrgIdToOrgMemberInfo => {
                    let (map, is_good) = org_index.read_map(&mut json)?;
                    orgs_are_good &= is_good;
                    map
                }
                Claim::OrgMemberInfo if json.is_at_object() => {
                    let start = json.position();
                    active_org = OrgEntry::read(&mut json, &mut FieldOrder::default())?.filter(OrgEntry::is_good);
                    json.object_from(start)
                }
                Claim::LoginMethod if json.is_at_object() => {
                    let start = json.position();
                    login_method = read_members(&mut json, |name| {
                        Some((LoginField::from_name(name)? as usize, Strings::Unescaped))
                    })?;
                    json.object_from(start)
                }
                Claim::Aud | Claim::Properties => json.value(Strings::Kept)?,
                _ => json.value(Strings::Unescaped)?,
            };
            let place = values.get_mut(claim as usize).ok_or(Malformed)?;
            if place.replace(value).is_some() {
                return Err(Malformed);
            }
        }
        let text = json.finish()?;
        let value = |value: ValueSpan| Value::new(value.span.of(text));
        Ok(Self {
            values: values.map(|claim| claim.map(value)),
            org_index: if orgs_are_good { Some(org_index.finish()) } else { None },
            active_org: active_org.map(|entry| entry.map(value)),
            login_method: login_method.map(|entry: LoginEntry<_>| entry.map(|member| member.map(value))),
        })
    }

    /// Returns a claim, which may be null, or `None` if it is missing.
    pub(crate) fn get(&self, claim: Claim) -> Option<Value<'b>> {
        self.values.get(claim as usize).copied().flatten()
    }

    pub(crate) fn org_index(&self) -> Option<OrgIndex<'b>> {
        self.org_index
    }

    pub(crate) fn active_org(&self) -> Option<&OrgEntry<Value<'b>>> {
        self.active_org.as_ref()
    }

    pub(crate) fn login_method(&self) -> Option<LoginEntry<Value<'b>>> {
        self.login_method
    }

    /// Returns a claim, or `None` if it is missing or null. Rejects a value of another kind.
    pub(crate) fn optional(&self, claim: Claim, kind: Kind) -> Result<Option<Value<'b>>, Unauthorized> {
        match self.get(claim).map(|value| (value.kind(), value)) {
            None | Some((Kind::Null, _)) => Ok(None),
            Some((found, value)) if found == kind => Ok(Some(value)),
            Some(_) => Err(Unauthorized::InvalidClaim(claim)),
        }
    }

    /// Returns the object as in the token, or `None` if the claim is missing or null.
    pub(crate) fn properties(&self) -> Result<Option<JsonObject<'b>>, Unauthorized> {
        let properties = self.optional(Claim::Properties, Kind::Object)?;
        Ok(properties.map(JsonValue::kept).and_then(JsonValue::as_object))
    }

    /// Returns the string, or `None` if the claim is missing or null.
    pub(crate) fn optional_str(&self, claim: Claim) -> Result<Option<&'b str>, Unauthorized> {
        Ok(self.optional(claim, Kind::String)?.and_then(Value::as_str))
    }

    /// Checks, in this order: that `exp`, `iat` and `iss` are present; `iat`, `nbf`, `exp`; `iss`; `aud`; `sub`, `jti`.
    ///
    /// A token is valid from `leeway` seconds before `iat` and `nbf`, inclusive, until `leeway` seconds after `exp`,
    /// exclusive.
    pub(crate) fn check(&self, expected: &Expected, now: UnixTime) -> Result<Issuance<'b>, Unauthorized> {
        for claim in [Claim::Exp, Claim::Iat, Claim::Iss] {
            if self.get(claim).is_none_or(|value| value.kind() == Kind::Null) {
                return Err(Unauthorized::MissingClaim(claim));
            }
        }
        let (now, leeway) = (i128::from(now.as_secs()), i128::from(expected.leeway));
        let is_to_come = |date: i64| i128::from(date) > now.saturating_add(leeway);
        let issued_at = self.numeric_date(Claim::Iat)?.unwrap_or(i64::MAX);
        if is_to_come(issued_at) || self.numeric_date(Claim::Nbf)?.is_some_and(is_to_come) {
            return Err(Unauthorized::NotYetValid);
        }
        let expires_at = self.numeric_date(Claim::Exp)?.unwrap_or(i64::MIN);
        if i128::from(expires_at) <= now.saturating_sub(leeway) {
            return Err(Unauthorized::Expired);
        }
        // Compared as one string, byte for byte: a list that contains the issuer does not match.
        let issuer = self.optional_str(Claim::Iss)?.unwrap_or_default();
        if !expected.is_issuer(issuer) {
            return Err(Unauthorized::WrongIssuer);
        }
        if let Some(audience) = expected.audience() {
            self.check_audience(audience)?;
        }
        for claim in [Claim::Sub, Claim::Jti] {
            if self.get(claim).is_some_and(|value| value.kind() != Kind::String) {
                return Err(Unauthorized::InvalidClaim(claim));
            }
        }
        Ok(Issuance { issuer, issued_at: time(issued_at), expires_at: time(expires_at) })
    }

    /// Checks the audience (RFC 7519 section 4.1.3): one string, or an array of strings that contains it. Not inlined,
    /// as it is rarely used.
    #[inline(never)]
    fn check_audience(&self, audience: &str) -> Result<(), Unauthorized> {
        let names_it = match self.get(Claim::Aud).map(|value| (value.kind(), value)) {
            None | Some((Kind::Null, _)) => return Err(Unauthorized::MissingClaim(Claim::Aud)),
            Some((Kind::String, value)) => value.as_json_str().is_some_and(|name| name == *audience),
            Some((Kind::ArrayOfStrings, value)) => {
                value.elements().filter_map(Value::as_json_str).any(|name| name == *audience)
            }
            Some(_) => return Err(Unauthorized::InvalidClaim(Claim::Aud)),
        };
        if names_it { Ok(()) } else { Err(Unauthorized::WrongAudience) }
    }

    /// Returns the NumericDate, or `None` if the claim is missing. Null is not a NumericDate.
    pub(crate) fn numeric_date(&self, claim: Claim) -> Result<Option<i64>, Unauthorized> {
        match self.get(claim) {
            None => Ok(None),
            Some(value) if value.kind() == Kind::Number => {
                whole_seconds(value.text()).map(Some).ok_or(Unauthorized::InvalidClaim(claim))
            }
            Some(_) => Err(Unauthorized::InvalidClaim(claim)),
        }
    }
}

/// The claims of a verified token that do not describe its user.
#[derive(Clone, Copy)]
pub(crate) struct Issuance<'b> {
    pub(crate) issuer: &'b str,
    pub(crate) issued_at: UnixTime,
    pub(crate) expires_at: UnixTime,
}

/// Times before 1970, which `UnixTime` cannot express, become 1970.
fn time(seconds: i64) -> UnixTime {
    UnixTime::from_secs(u64::try_from(seconds).unwrap_or(0))
}

/// Parses a JSON number, truncating its fraction like the Python library. Returns `None` if it does not fit. Exact: no
/// floating point.
pub(crate) fn whole_seconds(number: &str) -> Option<i64> {
    number.parse().ok().or_else(|| seconds_of_decimal(number))
}

/// Not inlined, as dates are whole numbers in nearly all tokens.
#[cold]
#[inline(never)]
fn seconds_of_decimal(number: &str) -> Option<i64> {
    let (negative, magnitude) = match number.strip_prefix('-') {
        Some(magnitude) => (true, magnitude),
        None => (false, number),
    };
    let (mantissa, exponent) = magnitude.split_once(['e', 'E']).unwrap_or((magnitude, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    // A larger exponent moves the point past all digits, in either direction.
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
