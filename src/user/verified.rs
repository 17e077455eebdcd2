use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use serde::{Serialize, Serializer};

use super::login_method::LoginMethod;
use super::org::{OrgMemberInfoView, Orgs};
use super::owned::User;
use super::view::UserView;
use crate::claims::OrgIndex;
use crate::error::Unauthorized;
use crate::json::{JsonObject, JsonValue, Span, Value};
use crate::time::UnixTime;
use crate::user::access::{Membership, OrgRequirement, RequiredOrg, user_access_methods};

/// A verified user, together with the buffer that the token was verified in: a [`UserView`] that can be kept, sent and
/// cloned.
///
/// Only a [`Verifier`](crate::Verifier) can create one. Creating and cloning take one allocation, a little smaller than
/// the token; with many orgs and many clones, share it in an `Arc`. It has the methods of [`UserView`] and one for each
/// of its fields, and serializes like it.
///
/// ```
/// # use propelauth_edge::{AuthError, OrgRequirement, RequiredOrg, VerifiedUser};
/// # let (verifier, token, now, _) = demo::given();
/// # let header = &*format!("Bearer {token}");
/// let user: VerifiedUser = verifier.validate_access_token_and_get_owned_user(header, now)?;
/// assert_eq!((user.user_id(), user.email()), ("9b2e8f64-3c1d-4f7a-8e5b-6a7c8d9e0f1a", Some("ada@example.com")));
///
/// let acme = user.require_org(RequiredOrg::Name("Acme"), OrgRequirement::Permission("billing::view"))?;
/// assert_eq!(acme.user_assigned_role, "Admin");
/// # Ok::<(), AuthError>(())
/// ```
#[derive(Clone)]
pub struct VerifiedUser {
    /// The payload as verification left it, followed by the index of its orgs.
    buffer: Box<str>,
    parts: Parts,
}

/// A [`UserView`] with positions in the buffer instead of references.
#[derive(Clone)]
struct Parts {
    user_id: Span,
    email: Option<Span>,
    first_name: Option<Span>,
    last_name: Option<Span>,
    username: Option<Span>,
    legacy_user_id: Option<Span>,
    impersonator_user_id: Option<Span>,
    properties: Option<Span>,
    active_org_id: Option<Span>,
    login_method: LoginMethod<Span>,
    /// The claim and the index of [`Orgs`].
    orgs: Option<(Span, Option<Span>)>,
    issuer: Span,
    issued_at: UnixTime,
    expires_at: UnixTime,
}

impl Parts {
    /// Returns `None` if the user borrows from outside the buffer, which has these addresses.
    fn of(user: UserView<'_>, buffer: Range<usize>) -> Option<Self> {
        let mut all_found = true;
        let mut find = |part: &[u8]| {
            let start = part.as_ptr().addr().checked_sub(buffer.start);
            let span = start.and_then(|start| Some((start, start.checked_add(part.len())?)));
            let span = span.filter(|(_, end)| *end <= buffer.len());
            all_found &= span.is_some() || part.is_empty();
            let (start, end) = span.unwrap_or_default();
            Span::new(start, end)
        };
        let orgs = user
            .org_id_to_org_member_info
            .map(|orgs| (find(orgs.claim.text().as_bytes()), orgs.index.map(|index| find(index.as_bytes()))));
        let mut text = |part: &str| find(part.as_bytes());
        let parts = Self {
            user_id: text(user.user_id),
            email: user.email.map(&mut text),
            first_name: user.first_name.map(&mut text),
            last_name: user.last_name.map(&mut text),
            username: user.username.map(&mut text),
            legacy_user_id: user.legacy_user_id.map(&mut text),
            impersonator_user_id: user.impersonator_user_id.map(&mut text),
            properties: user.properties.map(|properties| text(properties.raw())),
            active_org_id: user.active_org_id.map(&mut text),
            login_method: user.login_method.map(&mut text),
            orgs,
            issuer: text(user.issuer),
            issued_at: user.issued_at,
            expires_at: user.expires_at,
        };
        all_found.then_some(parts)
    }

    fn view<'a>(&self, buffer: &'a str) -> UserView<'a> {
        let text = |span: Span| span.of(buffer);
        let value = |span| Value::new(text(span));
        UserView {
            user_id: text(self.user_id),
            email: self.email.map(text),
            first_name: self.first_name.map(text),
            last_name: self.last_name.map(text),
            username: self.username.map(text),
            legacy_user_id: self.legacy_user_id.map(text),
            impersonator_user_id: self.impersonator_user_id.map(text),
            properties: self.properties.map(value).and_then(|value| JsonValue::kept(value).as_object()),
            active_org_id: self.active_org_id.map(text),
            login_method: self.login_method.map(text),
            org_id_to_org_member_info: self.orgs.map(|(orgs, index)| Orgs {
                claim: value(orgs),
                index: index.map(|index| OrgIndex::from_text(text(index))),
            }),
            issuer: text(self.issuer),
            issued_at: self.issued_at,
            expires_at: self.expires_at,
        }
    }
}

impl VerifiedUser {
    /// Keeps the buffer that `verify` finds the user in.
    pub(crate) fn new(
        mut buffer: Vec<u8>,
        verify: impl for<'b> FnOnce(&'b mut [u8]) -> Result<UserView<'b>, Unauthorized>,
    ) -> Result<Self, Unauthorized> {
        let start = buffer.as_ptr().addr();
        let addresses = start..start.saturating_add(buffer.len());
        // Cannot fail: payload and index are UTF-8, and the user borrows from them.
        let parts = Parts::of(verify(&mut buffer)?, addresses).ok_or(Unauthorized::InvalidPayload)?;
        let buffer = String::from_utf8(buffer).map_err(|_| Unauthorized::InvalidPayload)?.into_boxed_str();
        Ok(Self { buffer, parts })
    }

    /// Returns a view of this user. Cheap.
    #[inline]
    #[must_use]
    pub fn view(&self) -> UserView<'_> {
        self.parts.view(&self.buffer)
    }

    /// Copies everything into a [`User`], which has public fields and can be stored.
    #[must_use]
    pub fn to_user(&self) -> User {
        self.view().to_owned()
    }

    /// Returns the user's id. Never empty.
    #[must_use]
    pub fn user_id(&self) -> &str {
        self.view().user_id
    }

    /// Returns the user's email address.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.view().email
    }

    /// Returns the user's first name.
    #[must_use]
    pub fn first_name(&self) -> Option<&str> {
        self.view().first_name
    }

    /// Returns the user's last name.
    #[must_use]
    pub fn last_name(&self) -> Option<&str> {
        self.view().last_name
    }

    /// Returns the user's username.
    #[must_use]
    pub fn username(&self) -> Option<&str> {
        self.view().username
    }

    /// Returns the user's id in the system they were migrated from.
    #[must_use]
    pub fn legacy_user_id(&self) -> Option<&str> {
        self.view().legacy_user_id
    }

    /// Returns the id of the impersonator, if someone acts as this user.
    #[must_use]
    pub fn impersonator_user_id(&self) -> Option<&str> {
        self.view().impersonator_user_id
    }

    /// Returns the user's properties, custom ones included.
    #[must_use]
    pub fn properties(&self) -> Option<JsonObject<'_>> {
        self.view().properties
    }

    /// Returns the id of the active org, if the token has one.
    #[must_use]
    pub fn active_org_id(&self) -> Option<&str> {
        self.view().active_org_id
    }

    /// Returns how the user logged in.
    #[must_use]
    pub fn login_method(&self) -> LoginMethod<&str> {
        self.view().login_method
    }

    /// Returns the user's orgs. Only the active one if the token has one.
    #[must_use]
    pub fn org_id_to_org_member_info(&self) -> Option<Orgs<'_>> {
        self.view().org_id_to_org_member_info
    }

    /// Returns the token's issuer: the auth URL of the user's PropelAuth environment.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.view().issuer
    }

    /// Returns when the token was issued, its `iat`.
    #[must_use]
    pub fn issued_at(&self) -> UnixTime {
        self.parts.issued_at
    }

    /// Returns when the token expires, its `exp`. The verifier accepts it for the leeway longer.
    #[must_use]
    pub fn expires_at(&self) -> UnixTime {
        self.parts.expires_at
    }

    /// Returns `true` if someone else acts as this user.
    #[must_use]
    pub fn is_impersonated(&self) -> bool {
        self.view().is_impersonated()
    }

    /// Returns the id of the active org, if the token has one.
    #[must_use]
    pub fn get_active_org_id(&self) -> Option<&str> {
        self.active_org_id()
    }

    /// Returns the membership in the org with this id, or `None` if the user is not a member.
    #[must_use]
    pub fn get_org(&self, org_id: &str) -> Option<OrgMemberInfoView<'_>> {
        self.view().get_org(org_id)
    }

    /// Returns all memberships, in the order of the token.
    pub fn get_orgs(&self) -> impl Iterator<Item = OrgMemberInfoView<'_>> + Clone {
        self.view().get_orgs()
    }

    /// Returns the user's property with this name.
    #[must_use]
    pub fn get_user_property(&self, name: &str) -> Option<JsonValue<'_>> {
        self.view().get_user_property(name)
    }

    user_access_methods!(OrgMemberInfoView<'_>);
}

impl fmt::Debug for VerifiedUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VerifiedUser").field(&self.view()).finish()
    }
}

impl Serialize for VerifiedUser {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.view().serialize(serializer)
    }
}
