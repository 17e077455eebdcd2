use serde::Serialize;

use super::login_method::LoginMethod;
use super::org::{OrgMemberInfoView, Orgs};
use crate::access::{Membership, OrgRequirement, RequiredOrg, user_access_methods};
use crate::claims::{Claims, OrgField};
use crate::error::{Claim, Unauthorized};
use crate::json::{JsonObject, JsonValue};

/// The user whom a verified token names, borrowed from the buffer that the token was verified in.
///
/// There is no way to make one but by a [`Verifier`](crate::Verifier). It is `Copy`, and its strings live as long as the
/// buffer is left alone:
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
/// It serializes as the Python library's `User` does, so that a handler can answer `/whoami` without allocation:
/// `serde_json_core::to_slice(&user, &mut out)`.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Serialize)]
pub struct UserView<'a> {
    /// The user's id; never empty.
    pub user_id: &'a str,
    /// The user's email address.
    pub email: Option<&'a str>,
    /// The user's first name.
    pub first_name: Option<&'a str>,
    /// The user's last name.
    pub last_name: Option<&'a str>,
    /// The user's username.
    pub username: Option<&'a str>,
    /// The user's id in the system that they were migrated from.
    pub legacy_user_id: Option<&'a str>,
    /// Who acts as this user, if somebody does.
    pub impersonator_user_id: Option<&'a str>,
    /// The user's properties: custom ones, and those of the sign-up page.
    pub properties: Option<JsonObject<'a>>,
    /// The id of the active org, if the token is for one.
    pub active_org_id: Option<&'a str>,
    /// How the user logged in.
    pub login_method: LoginMethod<&'a str>,
    /// The orgs that the user is a member of; only the active one if the token is for one.
    pub org_id_to_org_member_info: Option<Orgs<'a>>,
}

impl<'a> UserView<'a> {
    /// Every claim that the user is made of is checked: one of another type than PropelAuth sends refuses the token.
    pub(crate) fn from_claims(claims: &Claims<'a>) -> Result<Self, Unauthorized> {
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
            properties: claims.optional_object(Claim::Properties)?,
            active_org_id,
            login_method: LoginMethod::from_claims(claims)?,
            org_id_to_org_member_info: orgs,
        })
    }

    user_access_methods!(OrgMemberInfoView<'a>, "");

    /// The id of the active org, if the token is for one.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
    /// assert_eq!(user.get_active_org_id(), Some("7a9e4c10-2b3d-4f56-8a71-0c9d8e7f6a5b"));
    /// ```
    #[must_use]
    pub fn get_active_org_id(&self) -> Option<&'a str> {
        self.active_org_id
    }

    /// The membership in the active org, if the token is for one and the user has a role in it.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
    /// let org = user.get_active_org();
    /// assert_eq!(org.unwrap().org_name, "Globex");
    /// ```
    #[must_use]
    pub fn get_active_org(&self) -> Option<OrgMemberInfoView<'a>> {
        self.get_org(self.active_org_id?)
    }

    /// The membership in the org of this id, if the user is a member of it.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs"));
    /// # const ACME_ID: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
    /// let org = user.get_org(ACME_ID);
    /// assert_eq!(org.unwrap().org_name, "Acme");
    /// assert!(user.get_org("another-id").is_none());
    /// ```
    #[must_use]
    pub fn get_org(&self, org_id: &str) -> Option<OrgMemberInfoView<'a>> {
        self.org_id_to_org_member_info?.get(org_id)
    }

    /// The membership in the first org of this name, in the order of the token.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs"));
    /// let org = user.get_org_by_name("Acme");
    /// assert_eq!(org.unwrap().url_safe_org_name, "acme");
    /// assert!(user.get_org_by_name("acme").is_none()); // the name as displayed
    /// ```
    #[must_use]
    pub fn get_org_by_name(&self, org_name: &str) -> Option<OrgMemberInfoView<'a>> {
        self.get_orgs().find(|org| org.org_name == org_name)
    }

    /// All memberships, in the order of the token.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs"));
    /// assert!(user.get_orgs().map(|org| org.org_name).eq(["Acme"]));
    /// ```
    pub fn get_orgs(&self) -> impl Iterator<Item = OrgMemberInfoView<'a>> + Clone {
        self.org_id_to_org_member_info.into_iter().flat_map(Orgs::iter).map(|(_, org)| org)
    }

    /// The user's property of this name.
    ///
    /// ```
    /// # use propelauth_edge::JsonValue;
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs"));
    /// let color = user.get_user_property("favorite_color").and_then(JsonValue::as_str);
    /// assert!(color.is_some_and(|color| color == "teal"));
    /// ```
    #[must_use]
    pub fn get_user_property(&self, name: &str) -> Option<JsonValue<'a>> {
        self.properties?.get(name)
    }
}

/// The active org's id and the orgs. An active org wins: then it does not matter what the map holds.
fn read_orgs<'a>(claims: &Claims<'a>) -> Result<(Option<&'a str>, Option<Orgs<'a>>), Unauthorized> {
    const ACTIVE: Claim = Claim::OrgMemberInfo;
    const ALL: Claim = Claim::OrgIdToOrgMemberInfo;
    if claims.optional_object(ACTIVE)?.is_some_and(|org| org.reader().name().is_some()) {
        let invalid = Unauthorized::InvalidClaim(ACTIVE);
        let entry = claims.active_org().ok_or(invalid)?;
        let id = entry.get(OrgField::OrgId).and_then(JsonValue::as_plain_str).ok_or(invalid)?;
        return Ok((Some(id), Some(Orgs::active(OrgMemberInfoView::from_entry(entry)))));
    }
    let orgs = match claims.optional_object(ALL)? {
        Some(map) => Some(Orgs::all(map, claims.org_index().ok_or(Unauthorized::InvalidClaim(ALL))?)),
        None => None,
    };
    Ok((None, orgs))
}
