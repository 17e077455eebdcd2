//! What the JavaScript in `js/` calls: a verifier in the module's memory, without imports.
//!
//! JavaScript writes texts to `input`, calls a function with their lengths, and reads what is in `output`. The module
//! holds one verifier. JavaScript copies its octets out and in, so that there can be any number of them and each is freed
//! with the object that it belongs to.
#![no_std]

mod json;

use core::cell::UnsafeCell;
use core::fmt::{Debug, Display};

use propelauth_edge::limits::MAX_TOKEN_LEN;
use propelauth_edge::{MetadataError, TokenVerificationMetadata, Unauthorized, UnixTime, UserView, Verifier};
use serde::{Serialize, Serializer};

/// Room for `Bearer `, the longest token, and a character more, so that a token which is cut off here is too long.
const INPUT_LEN: usize = MAX_TOKEN_LEN + 16;

/// A user may be longer as JSON than in the token, as JavaScript's names are longer and an org has all of them, but no org
/// gets to twice its length.
const OUTPUT_LEN: usize = 2 * MAX_TOKEN_LEN;

struct OneThread<T>(UnsafeCell<T>);

// SAFETY: a module without threads.
unsafe impl<T> Sync for OneThread<T> {}

impl<T> OneThread<T> {
    const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// # Safety
    ///
    /// The caller is an exported function, which nothing here calls, and asks once for each.
    #[allow(clippy::mut_from_ref)]
    unsafe fn borrow(&self) -> &mut T {
        // SAFETY: the caller's promise.
        unsafe { &mut *self.0.get() }
    }
}

static INPUT: OneThread<[u8; INPUT_LEN]> = OneThread::new([0; INPUT_LEN]);
static BUFFER: OneThread<[u8; MAX_TOKEN_LEN]> = OneThread::new([0; MAX_TOKEN_LEN]);
static OUTPUT: OneThread<[u8; OUTPUT_LEN]> = OneThread::new([0; OUTPUT_LEN]);
static VERIFIER: OneThread<Option<Verifier>> = OneThread::new(None);

#[unsafe(no_mangle)]
pub extern "C" fn input() -> *const u8 {
    INPUT.0.get().cast()
}

#[unsafe(no_mangle)]
pub extern "C" fn input_len() -> usize {
    INPUT_LEN
}

#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    OUTPUT.0.get().cast()
}

#[unsafe(no_mangle)]
pub extern "C" fn verifier() -> *const u8 {
    VERIFIER.0.get().cast()
}

#[unsafe(no_mangle)]
pub extern "C" fn verifier_len() -> usize {
    size_of::<Option<Verifier>>()
}

/// Makes the verifier from the issuer and, behind it, the key. Gives the length of the error's text, or 0.
#[unsafe(no_mangle)]
pub extern "C" fn new_verifier(issuer_len: usize, key_len: usize) -> usize {
    configure(issuer_len + key_len, |input, _| {
        let (issuer, verifier_key) = input.split_at_checked(issuer_len)?;
        Some(Verifier::new(TokenVerificationMetadata { verifier_key, issuer }))
    })
}

/// Gives the verifier another key. Gives the length of the error's text, or 0.
#[unsafe(no_mangle)]
pub extern "C" fn with_additional_key(key_len: usize) -> usize {
    configure(key_len, |verifier_key, verifier| Some(verifier?.with_additional_key(verifier_key)))
}

#[unsafe(no_mangle)]
pub extern "C" fn with_leeway(seconds: u32) {
    configure(0, |_, verifier| Some(Ok(verifier?.with_leeway(seconds))));
}

fn configure(
    len: usize,
    change: impl FnOnce(&str, Option<Verifier>) -> Option<Result<Verifier, MetadataError>>,
) -> usize {
    // SAFETY: called by exported functions.
    let (input, output, verifier) = unsafe { (INPUT.borrow(), OUTPUT.borrow(), VERIFIER.borrow()) };
    match change(text(input, len), verifier.take()).transpose() {
        Ok(made) => {
            *verifier = made;
            0
        }
        Err(error) => serde_json_core::to_slice(error.message(), output).unwrap_or_default(),
    }
}

/// Verifies a token. Gives the length of the user's JSON, or less than 0 for that of a [`Refusal`].
#[unsafe(no_mangle)]
pub extern "C" fn validate_access_token(len: usize, now: f64) -> isize {
    validate(len, |verifier, token, buffer| verifier.validate_access_token(token, time(now), buffer))
}

/// Verifies the value of an `Authorization` header, of which an empty one is none. The result is that of
/// [`validate_access_token`].
#[unsafe(no_mangle)]
pub extern "C" fn validate_access_token_and_get_user(len: usize, now: f64) -> isize {
    validate(len, |verifier, header, buffer| verifier.validate_access_token_and_get_user(header, time(now), buffer))
}

/// Before 1970, and when the time is no number, it is 1970: every token is from the future then.
fn time(now: f64) -> UnixTime {
    UnixTime::from_secs(now as u64)
}

fn validate(
    len: usize,
    validate: impl for<'b> FnOnce(&Verifier, &str, &'b mut [u8]) -> Result<UserView<'b>, Unauthorized>,
) -> isize {
    // SAFETY: called by exported functions.
    let (input, buffer, output) = unsafe { (INPUT.borrow(), BUFFER.borrow(), OUTPUT.borrow()) };
    // SAFETY: likewise.
    let Some(verifier) = (unsafe { VERIFIER.borrow() }) else { return 0 };
    let written = validate(verifier, text(input, len), buffer)
        .and_then(|user| json::write(&user, output).ok_or(Unauthorized::TokenTooLong));
    match written {
        Ok(len) => len.cast_signed(),
        Err(error) => -serde_json_core::to_slice(&Refusal::from(error), output).unwrap_or_default().cast_signed(),
    }
}

/// The first `len` octets, which JavaScript has encoded.
fn text(input: &[u8], len: usize) -> &str {
    input.get(..len).and_then(|octets| str::from_utf8(octets).ok()).unwrap_or_default()
}

/// An [`Unauthorized`] for JavaScript.
#[derive(Serialize)]
struct Refusal {
    /// The name of the variant, and what it holds.
    #[serde(serialize_with = "debug")]
    code: Unauthorized,
    #[serde(serialize_with = "display")]
    reason: Unauthorized,
    message: &'static str,
}

impl From<Unauthorized> for Refusal {
    fn from(error: Unauthorized) -> Self {
        Self { code: error, reason: error, message: error.public_message() }
    }
}

fn debug<S: Serializer>(value: &impl Debug, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{value:?}"))
}

fn display<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
