//! A token and the questions about it.

use proptest::sample::Index;
use serde_json::json;

use super::json::{Json, Member, Spelling, member, raw, text};
use super::signer::{ISSUER, Key, NOW, base64url, sign};

/// A token, its header, and the questions about its user.
#[derive(Clone, Debug)]
pub struct Case {
    pub header: Json,
    pub claims: Json,
    pub encoding: Encoding,
    pub signature: Signature,
    pub damage: Option<Damage>,
    pub carrier: Carrier,
    pub ask: Ask,
}

/// The encoding of the claims.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Encoding {
    Utf8,
    Utf8WithMark,
    Utf16,
    Utf32,
    /// With spaces around and inside.
    Spaced,
    NotUtf8,
    /// Without the last character.
    CutShort,
    /// Followed by another object.
    Twice,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Signature {
    Good,
    OfAnotherKey,
    OfOtherText,
    FlippedBit,
    Empty,
    ByteShort,
    ByteLong,
}

/// Damage to the finished token: at a position, a character is inserted, removed or replaced.
#[derive(Clone, Debug)]
pub struct Damage {
    pub place: Index,
    pub removed: usize,
    pub inserted: &'static str,
}

/// The `Authorization` header around the token, or none without a scheme.
#[derive(Clone, Debug)]
pub struct Carrier {
    pub scheme: Option<&'static str>,
    pub end: &'static str,
}

#[derive(Clone, Debug)]
pub struct Ask {
    pub org_id: &'static str,
    pub org_name: &'static str,
    pub role: &'static str,
    pub permission: &'static str,
    pub permissions: Vec<&'static str>,
    pub property: &'static str,
    /// The requirement checked together with the token: only one, since each verifies the token again.
    pub by_header: &'static str,
}

impl Case {
    /// Returns a valid token of a user without orgs.
    pub fn plain() -> Self {
        let claims = [("user_id", text("u")), ("iss", text(ISSUER)), ("iat", raw(NOW)), ("exp", raw(NOW + 1800))];
        Self {
            header: Json::Object(vec![member("alg", text("RS256"))]),
            claims: Json::Object(claims.map(|(name, value)| member(name, value)).to_vec()),
            encoding: Encoding::Utf8,
            signature: Signature::Good,
            damage: None,
            carrier: Carrier { scheme: Some("Bearer "), end: "" },
            ask: Ask {
                org_id: "",
                org_name: "",
                role: "",
                permission: "",
                permissions: vec![],
                property: "",
                by_header: "member",
            },
        }
    }

    pub fn payload(&self) -> Vec<u8> {
        let text = self.claims.to_text();
        match self.encoding {
            Encoding::Utf8 => text.into_bytes(),
            Encoding::Utf8WithMark => format!("\u{feff}{text}").into_bytes(),
            Encoding::Utf16 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf32 => text.chars().flat_map(|character| u32::from(character).to_be_bytes()).collect(),
            Encoding::Spaced => format!(" \r\n\t{} \n", text.replacen("{\"", "{ \t\"", 1)).into_bytes(),
            Encoding::NotUtf8 => [text.trim_end_matches('}').as_bytes(), b",\"x\":\"\xff\"}"].concat(),
            Encoding::CutShort => text.as_bytes()[..text.len() - 1].to_vec(),
            Encoding::Twice => format!("{text}{{}}").into_bytes(),
        }
    }

    pub fn token(&self) -> String {
        let input = format!("{}.{}", base64url(self.header.to_text().as_bytes()), base64url(&self.payload()));
        let mut signature = match self.signature {
            Signature::OfAnotherKey => sign(Key::Other, input.as_bytes()),
            Signature::OfOtherText => sign(Key::Own, input.to_lowercase().as_bytes()),
            _ => sign(Key::Own, input.as_bytes()),
        };
        match self.signature {
            Signature::FlippedBit => signature[100] ^= 1,
            Signature::Empty => signature.clear(),
            Signature::ByteShort => drop(signature.pop()),
            Signature::ByteLong => signature.insert(0, 0),
            Signature::Good | Signature::OfAnotherKey | Signature::OfOtherText => {}
        }
        let mut token = format!("{input}.{}", base64url(&signature));
        if let Some(Damage { place, removed, inserted }) = &self.damage {
            let place = place.index(token.len());
            token.replace_range(place..token.len().min(place + removed), inserted);
        }
        token
    }

    pub fn authorization_header(&self) -> Option<String> {
        self.carrier.scheme.map(|scheme| format!("{scheme}{}{}", self.token(), self.carrier.end))
    }

    pub fn question(&self) -> serde_json::Value {
        json!({ "about": "token", "key": Key::Own.pem(), "issuer": ISSUER, "now": NOW,
            "header": self.authorization_header(), "ask": self.ask.to_json() })
    }

    /// Describes the case as text.
    pub fn describe(&self) -> String {
        format!(
            "JOSE header: {}\nclaims: {}\n{:?}, {:?}, {:?}, {:?}\nasked: {:?}\nAuthorization: {:?}",
            self.header.to_text(),
            self.claims.to_text(),
            self.encoding,
            self.signature,
            self.damage,
            self.carrier,
            self.ask,
            self.authorization_header(),
        )
    }
}

impl Ask {
    fn to_json(&self) -> serde_json::Value {
        json!({ "org_id": self.org_id, "org_name": self.org_name, "role": self.role, "permission": self.permission,
            "permissions": self.permissions, "property": self.property, "by_header": self.by_header })
    }
}

/// A change to one member.
#[derive(Clone, Debug)]
pub struct Fault {
    pub path: Vec<&'static str>,
    pub change: Change,
}

#[derive(Clone, Debug)]
pub enum Change {
    Remove,
    Set(Json),
    /// A duplicate with this value.
    Repeat(Json),
    Respell(Spelling),
    /// This many additional members in the object.
    Crowd(usize),
}

impl Fault {
    pub fn apply(&self, json: &mut Json) {
        let Some((members, name)) = json.parent_of(&self.path) else { return };
        let is_it = |((other, _), _): &Member| name == "*" || other == name;
        match &self.change {
            Change::Remove => members.retain(|one| !is_it(one)),
            Change::Set(value) => match members.iter_mut().find(|one| is_it(one)) {
                Some((_, old)) => *old = value.clone(),
                None => members.push(member(name, value.clone())),
            },
            Change::Repeat(value) => {
                let again = members.iter().find(|one| is_it(one)).map(|(name, _)| name.clone());
                members.extend(again.map(|name| (name, value.clone())));
            }
            Change::Crowd(count) => members.extend((0..*count).map(|i| member(&format!("c{i}"), raw(i)))),
            Change::Respell(spelling) => {
                members.iter_mut().filter(|one| is_it(one)).for_each(|((_, old), _)| *old = *spelling)
            }
        }
    }
}
