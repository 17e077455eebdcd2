//! Step 5: the registered claims (RFC 7519 section 4.1), and finding the claims by name.

use crate::error::{Claim, Unauthorized};
use crate::json::{JsonObject, JsonValue, Kind, Malformed, Source, Span, Strings, Typed, UniqueNames, Validator};
use crate::limits::MAX_OTHER_CLAIMS;
use crate::time::UnixTime;

mod org_entry;
mod org_index;

use org_entry::read_members;
pub(crate) use org_entry::{LoginEntry, LoginField, OrgEntry, OrgField};
use org_index::OrgIndexBuilder;
pub(crate) use org_index::{OrgIndex, index_len};

/// The claims of a token whose signature is good, each at its place.
pub(crate) struct Claims<'b> {
    values: [Option<Typed<JsonValue<'b>>>; Claim::COUNT],
    /// Of `org_id_to_org_member_info`, unless an org in it is no good.
    org_index: Option<OrgIndex<'b>>,
    /// What `org_member_info` holds, unless it is no good.
    active_org: Option<OrgEntry<JsonValue<'b>>>,
    /// What `login_method` holds, unless it is no object or has a member twice.
    login_method: Option<LoginEntry<JsonValue<'b>>>,
}

impl<'b> Claims<'b> {
    /// Validates the payload, and refuses it when a name occurs twice (RFC 7519 section 4). The index of the orgs is
    /// built in `scratch`.
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
            let Some(claim) = Claim::from_name(name.of_octets(json.text())) else {
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
                    active_org = OrgEntry::read(&mut json)?.filter(OrgEntry::is_good);
                    json.object_from(start)
                }
                Claim::LoginMethod if json.is_at_object() => {
                    let start = json.position();
                    login_method = read_members(&mut json, |name| {
                        Some((LoginField::from_name(name)? as usize, Strings::Unescaped))
                    })?;
                    json.object_from(start)
                }
                Claim::Properties => json.value(Strings::Kept)?,
                _ => json.value(Strings::Unescaped)?,
            };
            let place = values.get_mut(claim as usize).ok_or(Malformed)?;
            if place.replace(value).is_some() {
                return Err(Malformed);
            }
        }
        let text = json.finish()?;
        let value = |typed: Typed<Span>| JsonValue::new(typed.value.of(text));
        Ok(Self {
            values: values.map(|typed| typed.map(|typed| Typed { kind: typed.kind, value: value(typed) })),
            org_index: if orgs_are_good { Some(org_index.finish()) } else { None },
            active_org: active_org.map(|entry| entry.map(value)),
            login_method: login_method.map(|entry: LoginEntry<_>| entry.map(|member| member.map(value))),
        })
    }

    /// The claim, if it is there; it may be null.
    pub(crate) fn get(&self, claim: Claim) -> Option<Typed<JsonValue<'b>>> {
        self.values.get(claim as usize).copied().flatten()
    }

    pub(crate) fn org_index(&self) -> Option<OrgIndex<'b>> {
        self.org_index
    }

    pub(crate) fn active_org(&self) -> Option<&OrgEntry<JsonValue<'b>>> {
        self.active_org.as_ref()
    }

    pub(crate) fn login_method(&self) -> Option<LoginEntry<JsonValue<'b>>> {
        self.login_method
    }

    /// The claim, if it is there and not null; refused if it is of another kind.
    fn optional(&self, claim: Claim, kind: Kind) -> Result<Option<JsonValue<'b>>, Unauthorized> {
        match self.get(claim) {
            None | Some(Typed { kind: Kind::Null, .. }) => Ok(None),
            Some(typed) if typed.kind == kind => Ok(Some(typed.value)),
            Some(_) => Err(Unauthorized::InvalidClaim(claim)),
        }
    }

    /// The object, or nothing if the claim is null or not there.
    pub(crate) fn optional_object(&self, claim: Claim) -> Result<Option<JsonObject<'b>>, Unauthorized> {
        Ok(self.optional(claim, Kind::Object)?.and_then(JsonValue::as_object))
    }

    /// The string, or nothing if the claim is null or not there.
    pub(crate) fn optional_str(&self, claim: Claim) -> Result<Option<&'b str>, Unauthorized> {
        Ok(self.optional(claim, Kind::String)?.and_then(JsonValue::as_plain_str))
    }

    /// Checks, in this order: that `exp`, `iat` and `iss` are there; `iat`, `nbf`, `exp`; `iss`; `sub`, `jti`.
    ///
    /// A token is good until `leeway` seconds after `exp`, that second excluded, and from `leeway` seconds before `iat`
    /// and `nbf`, that second included.
    pub(crate) fn check(&self, issuer: &str, now: UnixTime, leeway: u32) -> Result<(), Unauthorized> {
        for claim in [Claim::Exp, Claim::Iat, Claim::Iss] {
            if self.get(claim).is_none_or(|value| value.kind == Kind::Null) {
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
        if self.optional_str(Claim::Iss)? != Some(issuer) {
            return Err(Unauthorized::WrongIssuer);
        }
        for claim in [Claim::Sub, Claim::Jti] {
            if self.get(claim).is_some_and(|value| value.kind != Kind::String) {
                return Err(Unauthorized::InvalidClaim(claim));
            }
        }
        Ok(())
    }

    /// The NumericDate, if the claim is there; null is no NumericDate.
    fn numeric_date(&self, claim: Claim) -> Result<Option<i64>, Unauthorized> {
        match self.get(claim) {
            None => Ok(None),
            Some(Typed { kind: Kind::Number, value }) => {
                whole_seconds(value.raw()).map(Some).ok_or(Unauthorized::InvalidClaim(claim))
            }
            Some(_) => Err(Unauthorized::InvalidClaim(claim)),
        }
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
