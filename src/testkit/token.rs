use std::format;
use std::prelude::v1::*;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{Fault, TestIssuer, TestOrg};
use crate::error::Claim;
use crate::time::UnixTime;
use crate::user::LoginMethod;

/// The end of the year 9999.
pub(super) const END_OF_TIME: UnixTime = UnixTime::from_secs(253_402_300_799);

/// A token to be: what it says of the user, its orgs, its times, and what is wrong with it.
///
/// Unless said otherwise it was issued in 1970 and expires in 9999, so that it is good by the clock of every test. The
/// names are those of [`User`](crate::User) and of the claims.
///
/// ```
/// use propelauth_edge::testkit::{TestIssuer, TestOrg};
/// use propelauth_edge::{LoginMethod, UnixTime};
///
/// let now = UnixTime::from_secs(1_767_225_600);
/// let issuer = TestIssuer::fixed();
/// let token = issuer
///     .token("9b2e8f64") // the user's id, also as `sub`
///     .email("ada@example.com")
///     .first_name("Ada")
///     .last_name("Lovelace")
///     .username("ada")
///     .legacy_user_id("1815")
///     .impersonator_user_id("5c1d7e90") // somebody of the support acts as her
///     .login_method(LoginMethod::SocialSso { provider: "Google" })
///     .property("favorite_color", "teal")
///     .active_org(TestOrg::new("acme-id", "Acme"))
///     .issued_at(now)
///     .not_before(now)
///     .expires_at(UnixTime::from_secs(now.as_secs() + 30 * 60))
///     .claim("jti", "1")
///     .without_claim("sub");
///
/// let header = token.authorization_header(); // "Bearer eyJ…", and by itself: token.access_token()
/// let mut buffer = [0; 4096];
/// let user = issuer.verifier().validate_access_token_and_get_user(header.as_str(), now, &mut buffer)?;
/// assert_eq!((user.user_id, user.first_name), ("9b2e8f64", Some("Ada")));
/// assert!(user.is_impersonated() && user.get_active_org().is_some());
/// # Ok::<(), propelauth_edge::Unauthorized>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct TestToken<'i> {
    pub(super) issuer: &'i TestIssuer,
    claims: Map<String, Value>,
    /// A JSON object would forget their order.
    orgs: Vec<TestOrg>,
    fault: Option<Fault>,
}

/// Methods that set a claim of their name.
macro_rules! string_claims {
    ($($(#[$doc:meta])* $name:ident)*) => {
        $(
            $(#[$doc])*
            pub fn $name(self, $name: &str) -> Self {
                self.claim(stringify!($name), $name)
            }
        )*
    };
}

impl<'i> TestToken<'i> {
    pub(super) fn new(issuer: &'i TestIssuer, user_id: &str) -> Self {
        Self { issuer, claims: Map::new(), orgs: Vec::new(), fault: None }
            .claim("iss", issuer.metadata().issuer)
            .claim("user_id", user_id)
            .claim("sub", user_id)
            .issued_at(UnixTime::from_secs(0))
            .expires_at(END_OF_TIME)
    }

    string_claims! {
        /// The user's email address.
        email
        /// The user's first name.
        first_name
        /// The user's last name.
        last_name
        /// The user's username.
        username
        /// The user's id in the system that they were migrated from.
        legacy_user_id
        /// Who acts as this user.
        impersonator_user_id
    }

    /// One of the user's properties.
    ///
    /// # Panics
    ///
    /// If the value is none that JSON has.
    #[track_caller]
    pub fn property(mut self, name: &str, value: impl Serialize) -> Self {
        self.claims.entry("properties").or_insert(Value::Null)[name] = json(value);
        self
    }

    /// How the user logged in. Without it, the token does not say.
    pub fn login_method(self, login_method: LoginMethod<&str>) -> Self {
        match login_method {
            LoginMethod::Other(name) => self.claim("login_method", json!({ "login_method": name })),
            known => self.claim("login_method", known),
        }
    }

    /// An org that the user is a member of. It replaces one of the same id.
    pub fn org(mut self, org: TestOrg) -> Self {
        self.orgs.retain(|other| other.org_id != org.org_id);
        self.orgs.push(org);
        self
    }

    /// The active org. With one, the token is for it alone: of the others, the user shows nothing.
    pub fn active_org(self, org: TestOrg) -> Self {
        self.claim("org_member_info", org)
    }

    /// `iat`
    pub fn issued_at(self, time: UnixTime) -> Self {
        self.claim("iat", time.as_secs())
    }

    /// `nbf`
    pub fn not_before(self, time: UnixTime) -> Self {
        self.claim("nbf", time.as_secs())
    }

    /// `exp`
    pub fn expires_at(self, time: UnixTime) -> Self {
        self.claim("exp", time.as_secs())
    }

    /// Any claim, in place of what it was.
    ///
    /// # Panics
    ///
    /// If the value is none that JSON has.
    #[track_caller]
    pub fn claim(mut self, name: &str, value: impl Serialize) -> Self {
        self.claims.insert(name.into(), json(value));
        self
    }

    /// Leaves a claim out.
    pub fn without_claim(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    /// Makes the token one that is refused.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.fault = Some(fault);
        self
    }

    /// The token.
    #[must_use]
    pub fn access_token(&self) -> String {
        match self.fault {
            Some(fault) => fault.commit(Self { fault: None, ..self.clone() }),
            None => self.sign("RS256", |input| self.issuer.sign(input)),
        }
    }

    /// The value of the `Authorization` header: `Bearer`, a space, the token.
    #[must_use]
    pub fn authorization_header(&self) -> String {
        format!("Bearer {}", self.access_token())
    }

    /// The compact serialization (RFC 7515 section 7.1), with what `sign` makes of header and payload as the signature.
    pub(super) fn sign(&self, alg: &str, sign: impl FnOnce(&str) -> Vec<u8>) -> String {
        let header = json!({ "alg": alg, "typ": "JWT" }).to_string();
        let are_orgs_replaced = self.claims.contains_key(Claim::OrgIdToOrgMemberInfo.name());
        let orgs = if are_orgs_replaced { &[][..] } else { &self.orgs };
        let payload = Payload { claims: &self.claims, org_id_to_org_member_info: orgs };
        let payload = serde_json::to_string(&payload).expect("names are strings");
        let [header, payload] = [header, payload].map(|part| Base64UrlUnpadded::encode_string(part.as_bytes()));
        let input = format!("{header}.{payload}");
        let signature = Base64UrlUnpadded::encode_string(&sign(&input));
        format!("{input}.{signature}")
    }
}

#[derive(Serialize)]
struct Payload<'a> {
    #[serde(flatten)]
    claims: &'a Map<String, Value>,
    #[serde(serialize_with = "by_id", skip_serializing_if = "<[_]>::is_empty")]
    org_id_to_org_member_info: &'a [TestOrg],
}

fn by_id<S: Serializer>(orgs: &&[TestOrg], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(orgs.iter().map(|org| (&org.org_id, org)))
}

#[track_caller]
pub(super) fn json(value: impl Serialize) -> Value {
    serde_json::to_value(value).expect("a value that JSON has")
}
