//! propelauth-edge as a WebAssembly module. `rsa` beside it is the peer, with the same functions.
#![no_std]

use core::cell::UnsafeCell;

use propelauth_edge::{OrgRequirement, RequiredOrg, TokenCache, TokenVerificationMetadata, UnixTime, Verifier};

static AUTH: Verifier = Verifier::embed(TokenVerificationMetadata {
    verifier_key: include_str!("../../../../tests/data/keys/rsa2048.pem"),
    issuer: "https://auth.acme-example.com",
});

const PERMISSION: OrgRequirement<'_> = OrgRequirement::Permission("billing::view");
const LEN: usize = 64 * 1024;

struct OneThread<T>(UnsafeCell<T>);

// SAFETY: a module without threads.
unsafe impl<T> Sync for OneThread<T> {}

static INPUT: OneThread<[u8; LEN]> = OneThread(UnsafeCell::new([0; LEN]));
static BUFFER: OneThread<[u8; LEN]> = OneThread(UnsafeCell::new([0; LEN]));
static CACHE: OneThread<TokenCache<4>> = OneThread(UnsafeCell::new(TokenCache::new()));

/// Where to put the id of an org and, right after it, the value of the `Authorization` header.
#[unsafe(no_mangle)]
pub extern "C" fn input() -> *mut u8 {
    INPUT.0.get().cast()
}

/// Whether the token is good and its user has the permission in the org.
#[unsafe(no_mangle)]
pub extern "C" fn check(org_len: usize, len: usize, now: f64) -> bool {
    with(org_len, len, |org, header, buffer, _| {
        let org = RequiredOrg::Id(org);
        AUTH.validate_access_token_and_get_user_with_org(header, org, PERMISSION, time(now), buffer).is_ok()
    })
}

/// The same with the cache.
#[unsafe(no_mangle)]
pub extern "C" fn check_cached(org_len: usize, len: usize, now: f64) -> bool {
    with(org_len, len, |org, header, buffer, cache| {
        let Some(token) = header.strip_prefix("Bearer ") else { return false };
        let user = AUTH.validate_access_token_cached(token, time(now), buffer, cache);
        user.is_ok_and(|user| user.require_org(RequiredOrg::Id(org), PERMISSION).is_ok())
    })
}

fn time(now: f64) -> UnixTime {
    UnixTime::from_secs(now as u64)
}

fn with(org_len: usize, len: usize, run: impl FnOnce(&str, &str, &mut [u8], &mut TokenCache<4>) -> bool) -> bool {
    // SAFETY: no other reference lives outside of this function, which does not call itself.
    let (input, buffer, cache) = unsafe { (&*INPUT.0.get(), &mut *BUFFER.0.get(), &mut *CACHE.0.get()) };
    let Some(Ok(input)) = input.get(..len).map(str::from_utf8) else { return false };
    input.split_at_checked(org_len).is_some_and(|(org, header)| run(org, header, buffer, cache))
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
