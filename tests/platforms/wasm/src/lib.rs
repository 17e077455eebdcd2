//! The whole core as a WebAssembly module without imports: `verify` on a token in the module's memory.
#![no_std]

use core::cell::UnsafeCell;

use propelauth_edge::{TokenVerificationMetadata, UnixTime, Verifier};

static AUTH: Verifier = Verifier::embed(TokenVerificationMetadata {
    verifier_key: include_str!("../../../../examples/demo/verifier_key.pem"),
    issuer: "https://auth.example.com",
});

const LEN: usize = propelauth_edge::limits::MAX_TOKEN_LEN;

struct Memory(UnsafeCell<[u8; LEN]>);

// SAFETY: the module has no threads.
unsafe impl Sync for Memory {}

static TOKEN: Memory = Memory(UnsafeCell::new([0; LEN]));
static BUFFER: Memory = Memory(UnsafeCell::new([0; LEN]));

/// Returns the address for the token, with `LEN` bytes.
#[unsafe(no_mangle)]
pub extern "C" fn token() -> *mut u8 {
    TOKEN.0.get().cast()
}

/// Verifies the first `len` bytes of the token. Returns the number of the user's orgs, or -1.
#[unsafe(no_mangle)]
pub extern "C" fn verify(len: usize, now: u64) -> i32 {
    // SAFETY: no other reference exists outside this function, which is not recursive.
    let (token, buffer) = unsafe { (&*TOKEN.0.get(), &mut *BUFFER.0.get()) };
    #[cfg(feature = "panics")]
    assert!(len != 1);
    let Some(Ok(token)) = token.get(..len).map(str::from_utf8) else { return -1 };
    match AUTH.validate_access_token(token, UnixTime::from_secs(now), buffer) {
        Ok(user) => i32::try_from(user.get_orgs().count()).unwrap_or(i32::MAX),
        Err(_) => -1,
    }
}

#[cfg(feature = "cannot-panic")]
mod all_of_it;

/// Calls [`all_of_it`] with the content of both memories.
#[cfg(feature = "cannot-panic")]
#[unsafe(no_mangle)]
pub extern "C" fn all(len: usize, now: u64) {
    static mut CACHE: propelauth_edge::TokenCache<4, 1024> = propelauth_edge::TokenCache::new();
    // SAFETY: as for `verify`.
    let (token, buffer, cache) = unsafe { (&*TOKEN.0.get(), &mut *BUFFER.0.get(), &mut *(&raw mut CACHE)) };
    let bytes = token.get(..len).unwrap_or_default();
    all_of_it::call(str::from_utf8(bytes).unwrap_or_default(), bytes, now, buffer, cache);
}

// Nothing defines the function that the handler calls: if anything can panic, it is an import of the module.
#[cfg(feature = "cannot-panic")]
#[link(wasm_import_module = "panic")]
unsafe extern "C" {
    safe fn is_reachable() -> !;
}

#[cfg(not(feature = "cannot-panic"))]
fn is_reachable() -> ! {
    core::arch::wasm32::unreachable()
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    is_reachable()
}
