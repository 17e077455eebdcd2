//! propelauth-edge as a WebAssembly module. The peer in `rsa` has the same functions.
#![no_std]

use core::cell::UnsafeCell;

use propelauth_edge::{OrgRequirement, RequiredOrg, TokenCache, TokenVerificationMetadata, UnixTime, Verifier};

const ISSUER: &str = "https://auth.acme-example.com";

static AUTH: Verifier = Verifier::embed(TokenVerificationMetadata {
    verifier_key: include_str!("../../../../tests/data/keys/rsa2048.pem"),
    issuer: ISSUER,
});

const PERMISSION: OrgRequirement<'_> = OrgRequirement::Permission("billing::view");
const LEN: usize = 64 * 1024;

struct OneThread<T>(UnsafeCell<T>);

// SAFETY: the module has no threads.
unsafe impl<T> Sync for OneThread<T> {}

static INPUT: OneThread<[u8; LEN]> = OneThread(UnsafeCell::new([0; LEN]));
static BUFFER: OneThread<[u8; LEN]> = OneThread(UnsafeCell::new([0; LEN]));
static CACHE: OneThread<TokenCache<4>> = OneThread(UnsafeCell::new(TokenCache::new()));

/// Returns the address for the org id, followed directly by the value of the `Authorization` header.
#[unsafe(no_mangle)]
pub extern "C" fn input() -> *mut u8 {
    INPUT.0.get().cast()
}

/// Returns whether the token is valid and its user has the permission in the org.
#[unsafe(no_mangle)]
pub extern "C" fn check(org_len: usize, len: usize, now: f64) -> bool {
    with(org_len, len, |org, header, buffer, _| {
        let org = RequiredOrg::Id(org);
        AUTH.validate_access_token_and_get_user_with_org(header, org, PERMISSION, time(now), buffer).is_ok()
    })
}

/// Like `check`, with a key from the host: its PEM text is before the org.
#[cfg(feature = "key-from-host")]
#[unsafe(no_mangle)]
pub extern "C" fn check_by_key(key_len: usize, org_len: usize, len: usize, now: f64) -> bool {
    with(key_len, len, |verifier_key, rest, buffer, _| {
        let Some((org, header)) = rest.split_at_checked(org_len) else { return false };
        let Ok(verifier) = Verifier::new(TokenVerificationMetadata { verifier_key, issuer: ISSUER }) else {
            return false;
        };
        let org = RequiredOrg::Id(org);
        verifier.validate_access_token_and_get_user_with_org(header, org, PERMISSION, time(now), buffer).is_ok()
    })
}

/// Like `check`, with the cache.
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
    // SAFETY: no other reference exists outside this function, which is not recursive.
    let (input, buffer, cache) = unsafe { (&*INPUT.0.get(), &mut *BUFFER.0.get(), &mut *CACHE.0.get()) };
    let Some(Ok(input)) = input.get(..len).map(str::from_utf8) else { return false };
    input.split_at_checked(org_len).is_some_and(|(org, header)| run(org, header, buffer, cache))
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
