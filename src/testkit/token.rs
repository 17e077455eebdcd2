use std::format;
use std::prelude::v1::*;

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding, Signer};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::org::json;
use super::{Fault, TestIssuer, TestOrg, signing_key};
use crate::names::Claim;
use crate::time::UnixTime;
use crate::user::LoginMethod;

/// The end of the year 9999.
const END_OF_TIME: UnixTime = UnixTime::from_secs(253_402_300_799);

/// A builder of tokens: the user, their orgs, the times, and a fault.
///
/// By default, a token was issued in 1970 and expires in 9999, so it is valid by any clock. Names are those of
/// [`UserView`](crate::UserView) and of the claims.
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
///     .impersonator_user_id("5c1d7e90") // a support employee acts as her
///     .login_method(LoginMethod::SocialSso { provider: "Google" })
///     .property("favorite_color", "teal")
///     .active_org(TestOrg::new("acme-id", "Acme"))
///     .issued_at(now)
///     .not_before(now)
///     .expires_at(UnixTime::from_secs(now.as_secs() + 30 * 60))
///     .claim("jti", "1")
///     .without_claim("sub");
///
/// let header = token.authorization_header(); // "Bearer eyJ…"; the token alone: token.access_token()
/// let mut buffer = [0; 4096];
/// let user = issuer.verifier().validate_access_token_and_get_user(header.as_str(), now, &mut buffer)?;
/// assert_eq!((user.user_id, user.first_name), ("9b2e8f64", Some("Ada")));
/// assert!(user.is_impersonated() && user.get_active_org().is_some());
/// # Ok::<(), propelauth_edge::Unauthorized>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct TestToken<'i> {
    issuer: &'i TestIssuer,
    claims: Map<String, Value>,
    /// A list, since a JSON object would lose their order.
    orgs: Vec<TestOrg>,
    fault: Option<Fault>,
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

    /// Sets the user's email address.
    pub fn email(self, email: &str) -> Self {
        self.claim("email", email)
    }

    /// Sets the user's first name.
    pub fn first_name(self, first_name: &str) -> Self {
        self.claim("first_name", first_name)
    }

    /// Sets the user's last name.
    pub fn last_name(self, last_name: &str) -> Self {
        self.claim("last_name", last_name)
    }

    /// Sets the user's username.
    pub fn username(self, username: &str) -> Self {
        self.claim("username", username)
    }

    /// Sets the user's id in the system they were migrated from.
    pub fn legacy_user_id(self, legacy_user_id: &str) -> Self {
        self.claim("legacy_user_id", legacy_user_id)
    }

    /// Sets the id of the impersonator, who acts as this user.
    pub fn impersonator_user_id(self, impersonator_user_id: &str) -> Self {
        self.claim("impersonator_user_id", impersonator_user_id)
    }

    /// Sets one of the user's properties.
    ///
    /// # Panics
    ///
    /// Panics if the value cannot be written as JSON.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{UnixTime, testkit::TestIssuer};
    /// # let issuer = TestIssuer::fixed();
    /// let token = issuer.token("ada").property("favorite_color", "teal").property("is_staff", true);
    /// # let (token, mut buffer) = (token.access_token(), [0; 4096]);
    /// # let user = issuer.verifier().validate_access_token(&token, UnixTime::now(), &mut buffer).unwrap();
    /// assert_eq!(user.get_user_property("is_staff").and_then(|value| value.as_bool()), Some(true));
    /// ```
    #[track_caller]
    pub fn property(mut self, name: &str, value: impl Serialize) -> Self {
        self.claims.entry("properties").or_insert(Value::Null)[name] = json(value);
        self
    }

    /// Sets how the user logged in. Without this, the token has no login method.
    ///
    /// ```
    /// # use propelauth_edge::{LoginMethod, UnixTime, testkit::TestIssuer};
    /// # let issuer = TestIssuer::fixed();
    /// let token = issuer.token("ada").login_method(LoginMethod::SocialSso { provider: "Google" });
    /// # let (token, mut buffer) = (token.access_token(), [0; 4096]);
    /// # let user = issuer.verifier().validate_access_token(&token, UnixTime::now(), &mut buffer).unwrap();
    /// assert_eq!(user.login_method, LoginMethod::SocialSso { provider: "Google" });
    /// ```
    pub fn login_method(self, login_method: LoginMethod<&str>) -> Self {
        match login_method {
            LoginMethod::Other(name) => self.claim("login_method", json!({ "login_method": name })),
            known => self.claim("login_method", known),
        }
    }

    /// Adds an org that the user is a member of, or replaces the one with its id.
    ///
    /// ```
    /// # use propelauth_edge::{UnixTime, testkit::{TestIssuer, TestOrg}};
    /// # let issuer = TestIssuer::fixed();
    /// let member = issuer.token("ada").org(TestOrg::new("acme-id", "Acme"));
    /// let token = member.org(TestOrg::new("globex-id", "Globex"));
    /// # let (token, mut buffer) = (token.access_token(), [0; 4096]);
    /// # let user = issuer.verifier().validate_access_token(&token, UnixTime::now(), &mut buffer).unwrap();
    /// assert_eq!(user.get_orgs().count(), 2);
    /// ```
    pub fn org(mut self, org: TestOrg) -> Self {
        self.orgs.retain(|other| other.org_id != org.org_id);
        self.orgs.push(org);
        self
    }

    /// Sets the active org. The verified user then has this org only.
    ///
    /// ```
    /// # use propelauth_edge::{UnixTime, testkit::{TestIssuer, TestOrg}};
    /// # let issuer = TestIssuer::fixed();
    /// let member = issuer.token("ada").org(TestOrg::new("acme-id", "Acme"));
    /// let token = member.active_org(TestOrg::new("globex-id", "Globex"));
    /// # let (token, mut buffer) = (token.access_token(), [0; 4096]);
    /// # let user = issuer.verifier().validate_access_token(&token, UnixTime::now(), &mut buffer).unwrap();
    /// assert_eq!(user.get_active_org_id(), Some("globex-id"));
    /// assert!(user.get_org("acme-id").is_none());
    /// ```
    pub fn active_org(self, org: TestOrg) -> Self {
        self.claim("org_member_info", org)
    }

    /// Sets `iat`, the time of issue.
    ///
    /// ```
    /// # use propelauth_edge::{Unauthorized, UnixTime, testkit::TestIssuer};
    /// # let issuer = TestIssuer::fixed();
    /// # let (verifier, mut buffer) = (issuer.verifier(), [0; 1024]);
    /// let token = issuer.token("ada").issued_at(UnixTime::from_secs(1_767_225_600)).access_token();
    /// let a_day_before = UnixTime::from_secs(1_767_139_200);
    /// let refused = verifier.validate_access_token(&token, a_day_before, &mut buffer).unwrap_err();
    /// assert_eq!(refused, Unauthorized::NotYetValid);
    /// ```
    pub fn issued_at(self, time: UnixTime) -> Self {
        self.claim("iat", time.as_secs())
    }

    /// Sets `nbf`, the time from which the token is valid.
    ///
    /// ```
    /// # use propelauth_edge::{Unauthorized, UnixTime, testkit::TestIssuer};
    /// # let issuer = TestIssuer::fixed();
    /// # let (verifier, mut buffer) = (issuer.verifier(), [0; 1024]);
    /// let token = issuer.token("ada").not_before(UnixTime::from_secs(1_767_225_600)).access_token();
    /// let early = UnixTime::from_secs(1_767_225_600 - 61); // the leeway is 60 seconds
    /// let refused = verifier.validate_access_token(&token, early, &mut buffer).unwrap_err();
    /// assert_eq!(refused, Unauthorized::NotYetValid);
    /// ```
    pub fn not_before(self, time: UnixTime) -> Self {
        self.claim("nbf", time.as_secs())
    }

    /// Sets `exp`, the time of expiry.
    ///
    /// ```
    /// # use propelauth_edge::{Unauthorized, UnixTime, testkit::TestIssuer};
    /// # let issuer = TestIssuer::fixed();
    /// # let (verifier, mut buffer) = (issuer.verifier(), [0; 1024]);
    /// let token = issuer.token("ada").expires_at(UnixTime::from_secs(1_767_225_600)).access_token();
    /// let just_in_time = UnixTime::from_secs(1_767_225_600 + 59); // the leeway is 60 seconds
    /// assert!(verifier.validate_access_token(&token, just_in_time, &mut buffer).is_ok());
    /// let refused = verifier.validate_access_token(&token, UnixTime::now(), &mut buffer).unwrap_err();
    /// assert_eq!(refused, Unauthorized::Expired);
    /// ```
    pub fn expires_at(self, time: UnixTime) -> Self {
        self.claim("exp", time.as_secs())
    }

    /// Sets any claim, or replaces it.
    ///
    /// # Panics
    ///
    /// Panics if the value cannot be written as JSON.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::{Claim, Unauthorized, UnixTime, testkit::TestIssuer};
    /// # let issuer = TestIssuer::fixed();
    /// # let (verifier, mut buffer) = (issuer.verifier(), [0; 1024]);
    /// // Not what PropelAuth sends.
    /// let token = issuer.token("ada").claim("email", 1).access_token();
    /// let refused = verifier.validate_access_token(&token, UnixTime::now(), &mut buffer).unwrap_err();
    /// assert_eq!(refused, Unauthorized::InvalidClaim(Claim::Email));
    /// ```
    #[track_caller]
    pub fn claim(mut self, name: &str, value: impl Serialize) -> Self {
        self.claims.insert(name.into(), json(value));
        self
    }

    /// Removes a claim.
    ///
    /// ```
    /// # use propelauth_edge::{Claim, Unauthorized, UnixTime, testkit::TestIssuer};
    /// # let issuer = TestIssuer::fixed();
    /// # let (verifier, mut buffer) = (issuer.verifier(), [0; 1024]);
    /// let token = issuer.token("ada").without_claim("exp").access_token();
    /// let refused = verifier.validate_access_token(&token, UnixTime::now(), &mut buffer).unwrap_err();
    /// assert_eq!(refused, Unauthorized::MissingClaim(Claim::Exp));
    /// ```
    pub fn without_claim(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    /// Adds a fault, so that the token is rejected.
    ///
    /// ```
    /// # use propelauth_edge::{Unauthorized, UnixTime, testkit::{Fault, TestIssuer}};
    /// # let issuer = TestIssuer::fixed();
    /// # let (verifier, mut buffer) = (issuer.verifier(), [0; 1024]);
    /// let token = issuer.token("ada").fault(Fault::WrongKey).access_token();
    /// let refused = verifier.validate_access_token(&token, UnixTime::now(), &mut buffer).unwrap_err();
    /// assert_eq!(refused, Unauthorized::InvalidSignature);
    /// ```
    pub fn fault(mut self, fault: Fault) -> Self {
        self.fault = Some(fault);
        self
    }

    /// Returns the token.
    #[must_use]
    pub fn access_token(&self) -> String {
        match self.fault {
            Some(fault) => Self { fault: None, ..self.clone() }.with_fault(fault),
            None => self.sign("RS256", |input| self.issuer.sign(input)),
        }
    }

    /// Returns the value of the `Authorization` header: `Bearer`, a space, the token.
    #[must_use]
    pub fn authorization_header(&self) -> String {
        format!("Bearer {}", self.access_token())
    }

    /// Returns the token with a fault. It has none yet.
    fn with_fault(self, fault: Fault) -> String {
        let issuer = self.issuer;
        match fault {
            Fault::Expired => self.expires_at(UnixTime::from_secs(60 * 60)).access_token(),
            Fault::NotYetValid => self.not_before(END_OF_TIME).access_token(),
            Fault::WrongIssuer => {
                let other = format!("{}.example.net", issuer.metadata().issuer);
                self.claim("iss", other).access_token()
            }
            Fault::MissingUserId => self.without_claim("user_id").access_token(),
            Fault::WrongKey => {
                let other = signing_key(include_str!("other_private_key.pem"));
                self.sign("RS256", |input| other.sign(input.as_bytes()).to_vec())
            }
            Fault::Tampered => {
                let mut signature = Vec::new();
                self.sign("RS256", |input| {
                    signature = issuer.sign(input);
                    Vec::new()
                });
                self.claim("tampered", true).sign("RS256", |_| signature)
            }
            Fault::Truncated => {
                let mut text = self.access_token();
                text.truncate(text.rfind('.').unwrap_or_default());
                text
            }
            Fault::AlgorithmNone => self.sign("none", |_| Vec::new()),
            Fault::AlgorithmHs256 => self.sign("HS256", |input| {
                let secret = issuer.metadata().verifier_key.as_bytes();
                let mac = Hmac::<Sha256>::new_from_slice(secret).expect("a secret of any length");
                mac.chain_update(input).finalize().into_bytes().to_vec()
            }),
        }
    }

    /// Returns the compact serialization (RFC 7515 section 7.1). `sign` signs header and payload.
    fn sign(&self, alg: &str, sign: impl FnOnce(&str) -> Vec<u8>) -> String {
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
