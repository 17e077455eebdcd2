//! Verifies access tokens on a Cortex-M with 64 KB of RAM.
//!
//! Reads lines from the debugger's console: the time in seconds since the epoch, a space, and a token. Prints the
//! user's id, or the reason why the token is rejected. An empty line ends the program.
#![no_std]
#![no_main]

mod stack;

use propelauth_edge::{UnixTime, Verifier};
use semihosting::io::{self, Read};
use semihosting::{println, process};

static AUTH: Verifier = propelauth_edge::verifier_from_env!();

/// The longest token in bytes. A token with one org has about 1,400, and each further org adds 600.
const MAX_TOKEN_LEN: usize = 14 * 1024;

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut LINE: [u8; MAX_TOKEN_LEN + 24] = [0; MAX_TOKEN_LEN + 24];
    static mut BUFFER: [u8; MAX_TOKEN_LEN] = [0; MAX_TOKEN_LEN];

    let Ok(mut console) = io::stdin() else { process::exit(1) };
    while let Some(line) = read_line(&mut console, LINE) {
        answer(line, BUFFER);
    }
    println!("{} bytes of stack were used", stack::high_water_mark());
    process::exit(0)
}

fn answer(line: &str, buffer: &mut [u8]) {
    let Some((Ok(now), token)) = line.split_once(' ').map(|(now, token)| (now.parse(), token)) else {
        return println!("expected: the time, a space, a token");
    };
    match AUTH.validate_access_token(token, UnixTime::from_secs(now), buffer) {
        Ok(user) => println!("user {}", user.user_id),
        Err(reason) => println!("{reason}"),
    }
}

/// Returns the next line without its end, or `None` if it is empty. Text that exceeds the buffer or is not UTF-8
/// becomes an invalid token.
fn read_line<'l>(console: &mut impl Read, line: &'l mut [u8]) -> Option<&'l str> {
    let mut byte = [0];
    let mut len = 0;
    while console.read(&mut byte).is_ok_and(|bytes| bytes == 1) && byte != *b"\n" {
        if let Some(to) = line.get_mut(len) {
            [*to] = byte;
        }
        len += 1;
    }
    let line = str::from_utf8(line.get(..len).unwrap_or(b"line too long")).unwrap_or("line not UTF-8");
    if line.is_empty() { None } else { Some(line) }
}
