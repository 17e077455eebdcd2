//! The verifier and nothing else, to measure its size.
#![no_std]
#![no_main]

use core::hint::black_box;

use propelauth_edge::{UnixTime, Verifier};

static AUTH: Verifier = propelauth_edge::verifier_from_env!();

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut BUFFER: [u8; 4096] = [0; 4096];
    loop {
        let user = AUTH.validate_access_token(black_box(""), UnixTime::from_secs(black_box(0)), BUFFER);
        black_box(user.is_ok_and(|user| user.has_permission_in_org("", "")));
    }
}

/// Calls everything in the core. Linked but not run.
#[cfg(feature = "cannot-panic")]
#[path = "../../../../tests/platforms/wasm/src/all_of_it.rs"]
mod all_of_it;

#[cfg(feature = "cannot-panic")]
#[unsafe(no_mangle)]
#[used]
static ALL_OF_IT: fn() = || {
    static TEXT: &str = "";
    let mut buffer = [0; 64];
    let mut cache = propelauth_edge::TokenCache::new();
    all_of_it::call(black_box(TEXT), black_box(&[]), black_box(0), &mut buffer, &mut cache);
    #[cfg(feature = "panics")]
    assert!(black_box(0) != 1);
};

#[cfg(not(feature = "cannot-panic"))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

/// The handler calls a function that does not exist, so the program links only if nothing in it can panic.
#[cfg(feature = "cannot-panic")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        safe fn is_reachable() -> !;
    }
    is_reachable()
}
