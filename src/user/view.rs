use serde::Serialize;

use super::login_method::LoginMethod;
use super::org::{OrgMemberInfoView, Orgs};
use crate::claims::{Claims, Issuance, OrgField};
use crate::error::Unauthorized;
use crate::json::{JsonObject, JsonValue, Kind};
use crate::names::Claim;
use crate::time::UnixTime;
use crate::user::access::{Membership, OrgRequirement, RequiredOrg, user_access_methods};

/// A verified user, borrowed from the buffer that the token was verified in.
///
/// Only a [`Verifier`](crate::Verifier) can create one. It is `Copy`, and valid as long as the buffer is not reused:
///
/// ```compile_fail,E0505
/// # use propelauth_edge::{UnixTime, Verifier};
/// # fn example(verifier: &Verifier, token: &str) {
/// let mut buffer = [0; 4096];
/// let user = verifier.validate_access_token(token, UnixTime::from_secs(0), &mut buffer).unwrap();
/// drop(buffer);
/// println!("{}", user.user_id);
/// # }
/// ```
///
/// Serializes like the Python library's `User`. A handler can respond to `/whoami` without allocation:
/// `serde_json_core::to_slice(&user, &mut out)`.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Serialize)]
pub struct UserView<'a> {
    /// The user's id. Never empty.
    pub user_id: &'a str,
    /// The user's email address.
    pub email: Option<&'a str>,
    /// The user's first name.
    pub first_name: Option<&'a str>,
    /// The user's last name.
    pub last_name: Option<&'a str>,
    /// The user's username.
    pub username: Option<&'a str>,
    /// The user's id in the system they were migrated from.
    pub legacy_user_id: Option<&'a str>,
    /// The id of the impersonator, if someone acts as this user.
    pub impersonator_user_id: Option<&'a str>,
    /// The user's properties, custom ones included.
    pub properties: Option<JsonObject<'a>>,
    /// The id of the active org, if the token has one.
    pub active_org_id: Option<&'a str>,
    /// The way the user logged in.
    pub login_method: LoginMethod<&'a str>,
    /// The user's orgs. Only the active one if the token has one.
    pub org_id_to_org_member_info: Option<Orgs<'a>>,
    // The following describe the token and are not part of Python's `User`.
    #[serde(skip)]
    pub(super) issuer: &'a str,
    #[serde(skip)]
    pub(super) issued_at: UnixTime,
    #[serde(skip)]
    pub(super) expires_at: UnixTime,
}

impl<'a> UserView<'a> {
    /// Checks every claim that describes the user: one of a wrong type rejects the token.
    pub(crate) fn from_claims(claims: &Claims<'a>, issuance: Issuance<'a>) -> Result<Self, Unauthorized> {
        let user_id = claims.optional_str(Claim::UserId)?.ok_or(Unauthorized::MissingClaim(Claim::UserId))?;
        if user_id.is_empty() {
            return Err(Unauthorized::InvalidClaim(Claim::UserId));
        }
        let (active_org_id, orgs) = read_orgs(claims)?;
        Ok(Self {
            user_id,
            email: claims.optional_str(Claim::Email)?,
            first_name: claims.optional_str(Claim::FirstName)?,
            last_name: claims.optional_str(Claim::LastName)?,
            username: claims.optional_str(Claim::Username)?,
            legacy_user_id: claims.optional_str(Claim::LegacyUserId)?,
            impersonator_user_id: claims.optional_str(Claim::ImpersonatorUserId)?,
            properties: claims.properties()?,
            active_org_id,
            login_method: LoginMethod::from_claims(claims)?,
            org_id_to_org_member_info: orgs,
            issuer: issuance.issuer,
            issued_at: issuance.issued_at,
            expires_at: issuance.expires_at,
        })
    }

    /// Returns the token's issuer: the auth URL of the user's PropelAuth environment.
    #[must_use]
    pub fn issuer(&self) -> &'a str {
        self.issuer
    }

    /// Returns when the token was issued, its `iat`.
    #[must_use]
    pub fn issued_at(&self) -> UnixTime {
        self.issued_at
    }

    /// Returns when the token expires, its `exp`. The verifier accepts it for the leeway longer.
    #[must_use]
    pub fn expires_at(&self) -> UnixTime {
        self.expires_at
    }

    user_access_methods!(OrgMemberInfoView<'a>);

    /// Returns `true` if someone else acts as this user.
    #[must_use]
    pub fn is_impersonated(&self) -> bool {
        self.impersonator_user_id.is_some()
    }

    /// Returns the id of the active org, if the token has one.
    #[must_use]
    pub fn get_active_org_id(&self) -> Option<&'a str> {
        self.active_org_id
    }

    /// Returns the membership in the org with this id, or `None` if the user is not a member.
    #[must_use]
    pub fn get_org(&self, org_id: &str) -> Option<OrgMemberInfoView<'a>> {
        self.org_id_to_org_member_info?.get(org_id)
    }

    /// Returns all memberships, in the order of the token.
    pub fn get_orgs(&self) -> impl Iterator<Item = OrgMemberInfoView<'a>> + Clone + use<'a> {
        self.org_id_to_org_member_info.into_iter().flat_map(Orgs::iter).map(|(_, org)| org)
    }

    /// Returns the user's property with this name.
    ///
    /// ```
    /// # use propelauth_edge::JsonValue;
    /// # let user = demo::ada();
    /// let color = user.get_user_property("favorite_color").and_then(JsonValue::as_str);
    /// assert!(color.is_some_and(|color| color == "teal"));
    /// ```
    #[must_use]
    pub fn get_user_property(&self, name: &str) -> Option<JsonValue<'a>> {
        self.properties?.get(name)
    }
}

/// Returns the active org's id, and the orgs. With an active org, the map is not read.
fn read_orgs<'a>(claims: &Claims<'a>) -> Result<(Option<&'a str>, Option<Orgs<'a>>), Unauthorized> {
    const ACTIVE: Claim = Claim::OrgMemberInfo;
    const ALL: Claim = Claim::OrgIdToOrgMemberInfo;
    if let Some(claim) = claims.optional(ACTIVE, Kind::Object)?.filter(|org| org.inside().name().is_some()) {
        let org = claims.active_org().ok_or(Unauthorized::InvalidClaim(ACTIVE))?;
        // It has an id, unless the user has no role in it.
        let id = org.get(OrgField::OrgId).filter(|id| id.kind() != Kind::Null);
        let id = id.map(|id| id.as_str().ok_or(Unauthorized::InvalidClaim(ACTIVE))).transpose()?;
        return Ok((id, Some(Orgs { claim, index: None })));
    }
    let Some(claim) = claims.optional(ALL, Kind::Object)? else { return Ok((None, None)) };
    let index = claims.org_index().ok_or(Unauthorized::InvalidClaim(ALL))?;
    Ok((None, Some(Orgs { claim, index: Some(index) })))
}
