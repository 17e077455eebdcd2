//! The best other crates for WebAssembly, combined by hand: rsa, base64ct and serde_json. JWT crates take two to three
//! times as long, and need JavaScript for their clocks.

use std::cell::{LazyCell, UnsafeCell};
use std::collections::HashMap;
use std::hint::black_box;

use base64ct::{Base64UrlUnpadded, Encoding};
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::pkcs8::DecodePublicKey;
use rsa::sha2::Sha256;
use rsa::signature::Verifier;
use serde::Deserialize;

use claims::{LoginMethod, OrgMemberInfo};

#[allow(dead_code)] // unread fields
#[path = "../../../src/peers/claims.rs"]
mod claims;

const PEM: &str = include_str!("../../../../tests/data/keys/rsa2048.pem");
const ISSUER: &str = "https://auth.acme-example.com";
const LEEWAY: u64 = 60;
const LEN: usize = 64 * 1024;

struct OneThread(UnsafeCell<[u8; LEN]>);

// SAFETY: the module has no threads.
unsafe impl Sync for OneThread {}

static INPUT: OneThread = OneThread(UnsafeCell::new([0; LEN]));

thread_local! {
    static KEY: LazyCell<VerifyingKey<Sha256>> =
        LazyCell::new(|| VerifyingKey::from_public_key_pem(PEM).expect("a valid key"));
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

/// The fields of `claims::User` and the registered claims, without `#[serde(flatten)]`, which is slow.
#[allow(dead_code)] // unread fields
#[derive(Deserialize)]
struct Claims {
    iss: String,
    exp: u64,
    iat: u64,
    user_id: String,
    email: String,
    first_name: Option<String>,
    last_name: Option<String>,
    username: Option<String>,
    legacy_user_id: Option<String>,
    impersonator_user_id: Option<String>,
    properties: Option<HashMap<String, serde_json::Value>>,
    login_method: Option<LoginMethod>,
    org_member_info: Option<OrgMemberInfo>,
    org_id_to_org_member_info: Option<HashMap<String, OrgMemberInfo>>,
}

/// Returns the address for the org id, followed directly by the value of the `Authorization` header.
#[unsafe(no_mangle)]
pub extern "C" fn input() -> *mut u8 {
    INPUT.0.get().cast()
}

/// Returns whether the token is valid and its user has the permission in the org.
#[unsafe(no_mangle)]
pub extern "C" fn check(org_len: usize, len: usize, now: f64) -> bool {
    // SAFETY: no other reference exists outside this function, which is not recursive.
    let input = unsafe { &*INPUT.0.get() };
    let Some(Ok(input)) = input.get(..len).map(str::from_utf8) else { return false };
    let Some((org, header)) = input.split_at_checked(org_len) else { return false };
    may(header, org, now as u64).unwrap_or(false)
}

fn may(header: &str, org: &str, now: u64) -> Option<bool> {
    let (signing_input, signature) = header.strip_prefix("Bearer ")?.rsplit_once('.')?;
    let (header, payload) = signing_input.split_once('.')?;
    let header: Header = serde_json::from_slice(&Base64UrlUnpadded::decode_vec(header).ok()?).ok()?;
    let signature = Base64UrlUnpadded::decode_vec(signature).ok()?;
    let signature = Signature::try_from(signature.as_slice()).ok()?;
    KEY.with(|key| key.verify(signing_input.as_bytes(), &signature)).ok()?;
    let claims: Claims = serde_json::from_slice(&Base64UrlUnpadded::decode_vec(payload).ok()?).ok()?;
    let claims = black_box(claims); // a handler may use all of it
    let is_valid =
        header.alg == "RS256" && claims.iss == ISSUER && now < claims.exp + LEEWAY && claims.iat <= now + LEEWAY;
    let of_one = claims.org_member_info.filter(|info| info.org_id == org);
    let info = of_one.or_else(|| claims.org_id_to_org_member_info?.remove(org))?;
    Some(is_valid && info.user_permissions.iter().any(|permission| permission == "billing::view"))
}
