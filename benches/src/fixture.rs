//! Keys and tokens. The keys are those of the tests. The tokens are minted on each run, as some peers read the clock.

use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use base64ct::{Base64UrlUnpadded, Encoding};
use rsa::PrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding, Signer};

pub const ISSUER: &str = "https://auth.acme-example.com";

/// A fixed time for candidates that take the time as an argument, so that every run is identical.
pub const NOW: u64 = 1_767_225_600;

pub struct Key {
    pub bits: usize,
    pub public_pem: &'static str,
    private_pem: &'static str,
}

macro_rules! key {
    ($bits:literal) => {
        Key {
            bits: $bits,
            public_pem: include_str!(concat!("../../tests/data/keys/rsa", $bits, ".pem")),
            private_pem: include_str!(concat!("../../tests/data/keys/private/rsa", $bits, ".pem")),
        }
    };
}

pub static RSA_2048: Key = key!(2048);
pub static RSA_4096: Key = key!(4096);

impl Key {
    pub fn private(&self) -> PrivateKey {
        PrivateKey::from_pkcs8_pem(self.private_pem).expect("a key of the tests")
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        SigningKey::<Sha256>::new(self.private()).sign(message).to_vec()
    }

    /// Returns an `Authorization` header with a token of a user with this many orgs, issued at `now`.
    pub fn header(&self, orgs: usize, now: u64) -> String {
        let input = signing_input(orgs, now);
        format!("Bearer {input}.{}", Base64UrlUnpadded::encode_string(&self.sign(input.as_bytes())))
    }
}

/// Returns header and payload of the token, the text to sign.
pub fn signing_input(orgs: usize, now: u64) -> String {
    let header = r#"{"alg":"RS256","typ":"JWT","kid":"5f1c2a7e-93d4-4b60"}"#;
    let [header, payload] = [header, &claims(orgs, now)].map(|part| Base64UrlUnpadded::encode_string(part.as_bytes()));
    format!("{header}.{payload}")
}

/// Returns the header with one character in the middle of the payload changed.
pub fn tampered(header: &str) -> String {
    let at = header.find('.').expect("a token") + 100;
    let other = if header.as_bytes()[at] == b'A' { "B" } else { "A" };
    format!("{}{other}{}", &header[..at], &header[at + 1..])
}

pub fn system_time() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs()
}

/// Returns the id of an org by its number.
pub fn org_id(i: usize) -> String {
    format!("{:08x}-0d5b-4b8e-9a53-{:012x}", i.wrapping_mul(0x9e37_79b1) & 0xffff_ffff, i)
}

/// A user with one org has it as the active org, `org_member_info`; a user with more has the map.
pub fn claims(orgs: usize, now: u64) -> String {
    let mut json = format!(
        r#"{{"sub":"9b2e8f64-3c1d-4f7a-8e5b-6a7c8d9e0f1a","iss":"{ISSUER}","iat":{now},"exp":{},"user_id":"9b2e8f64-3c1d-4f7a-8e5b-6a7c8d9e0f1a","email":"ada@acme-example.com","first_name":"Ada","last_name":"Lovelace","username":"ada","properties":{{"favorite_color":"teal"}},"login_method":{{"login_method":"password"}}"#,
        now + 86_400
    );
    if orgs == 1 {
        json += r#","org_member_info":"#;
        org(&mut json, 0);
    } else {
        json += r#","org_id_to_org_member_info":{"#;
        for i in 0..orgs {
            let comma = if i == 0 { "" } else { "," };
            write!(json, r#"{comma}"{}":"#, org_id(i)).expect("memory");
            org(&mut json, i);
        }
        json += "}";
    }
    json + "}"
}

fn org(json: &mut String, i: usize) {
    let id = org_id(i);
    write!(
        json,
        r#"{{"org_id":"{id}","org_name":"Acme {i}","url_safe_org_name":"acme-{i}","org_metadata":{{"plan":"pro","seats":5}},"user_role":"Admin","inherited_user_roles_plus_current_role":["Admin","Member"],"org_role_structure":"single_role_in_hierarchy","additional_roles":[],"user_permissions":["billing::view","billing::edit","reports::view","members::invite"]}}"#
    )
    .expect("memory");
}
