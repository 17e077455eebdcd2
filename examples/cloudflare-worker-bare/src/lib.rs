//! The WebAssembly module of `worker.js`: verifies the token in an `Authorization` header.

use std::cell::RefCell;

use propelauth_edge::{UnixTime, Verifier};

static AUTH: Verifier = propelauth_edge::verifier_from_env!();

thread_local! {
    /// The header's value, then the answer that replaces it.
    static TEXT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Reserves `len` bytes for the header's value and returns their address.
#[unsafe(no_mangle)]
extern "C" fn room(len: usize) -> *mut u8 {
    TEXT.with_borrow_mut(|text| {
        *text = vec![0; len];
        text.as_mut_ptr()
    })
}

/// Verifies the token, replaces the header with the answer and returns its status. The answer is the user as JSON if
/// the status is 200, else three lines: the value of `WWW-Authenticate`, the error's code for the log, and the message
/// for the client.
#[unsafe(no_mangle)]
extern "C" fn whoami(now: f64) -> u16 {
    TEXT.with_borrow_mut(|text| {
        let user =
            AUTH.validate_access_token_and_get_owned_user(str::from_utf8(text).ok(), UnixTime::from_secs(now as u64));
        let (status, answer) = match &user {
            Ok(user) => (200, serde_json::to_vec(user).expect("a user has a JSON form")),
            Err(error) => {
                let challenge = error.www_authenticate().unwrap_or_default();
                let lines = format!("{challenge}\n{}\n{}", error.code(), error.public_message());
                (error.status(), lines.into_bytes())
            }
        };
        *text = answer;
        status
    })
}

/// Returns the length of the answer in bytes.
#[unsafe(no_mangle)]
extern "C" fn answer_len() -> usize {
    TEXT.with_borrow(Vec::len)
}

/// Returns the address of the answer.
#[unsafe(no_mangle)]
extern "C" fn answer() -> *const u8 {
    TEXT.with_borrow(|text| text.as_ptr())
}
