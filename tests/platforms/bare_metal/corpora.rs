//! Runs the corpus through the program of `examples/bare-metal` and compares its verdicts with the library's.
//!
//! Not part of `cargo test`: `tests/run bare_metal` builds the program, sets `BARE_METAL` to the command that runs it,
//! and `BARE_METAL_STACK` to the bytes of stack that it may use.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::thread;

use common::corpus::{self, TokenRow, Verdict, Verifiers};
use common::tally::Tally;

/// The key and the issuer that the program is built for.
const KEY: &str = "rsa2048";
const ISSUER: &str = "https://auth.acme-example.com";

/// The longest token that fits the program's buffer.
const MAX_TOKEN_LEN: usize = 14 * 1024;

#[test]
fn verdicts() {
    let [command, max_stack_len] = ["BARE_METAL", "BARE_METAL_STACK"].map(|name| env::var(name).expect(name));
    let rows: Vec<TokenRow> = ["tokens", "json_testsuite"].into_iter().flat_map(corpus::rows::<TokenRow>).collect();
    let is_line = |token: &&str| token.len() <= MAX_TOKEN_LEN && !token.is_empty() && !token.contains(['\n', '\r']);
    let rows: Vec<(&TokenRow, &str)> = rows
        .iter()
        .filter(|row| row.key == KEY && row.issuer == ISSUER)
        .filter_map(|row| Some((row, row.token.as_deref().filter(is_line)?)))
        .collect();

    let mut words = command.split_whitespace();
    let mut program = Command::new(words.next().unwrap());
    let mut program = program.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = program.stdin.take().unwrap();
    let lines: String = rows.iter().map(|(row, token)| format!("{} {token}\n", row.now)).collect();
    let writer = thread::spawn(move || input.write_all(format!("{lines}\n").as_bytes()).unwrap());
    let mut answers = BufReader::new(program.stdout.take().unwrap()).lines().map(Result::unwrap);

    let mut verifiers = Verifiers::load();
    let verifier = verifiers.get(KEY, ISSUER).unwrap();
    let mut tally = Tally::new("verdicts of the program");
    for (row, _) in &rows {
        tally.run();
        let answer = answers.next().unwrap_or_default();
        let expected = match row.validate(verifier, &mut row.buffer()) {
            Ok(user) => format!("user {}", user.user_id),
            Err(reason) => reason.to_string(),
        };
        tally.same(&row.id, "answer", &answer, &expected);
        if !row.either {
            let verdict = if answer.starts_with("user ") { Verdict::Accept } else { Verdict::Unauthorized };
            tally.same(&row.id, "verdict", verdict, row.expect);
        }
    }
    tally.finish(1000);

    let last = answers.next().unwrap_or_default();
    println!("{last}");
    let stack = last.split(' ').next().and_then(|bytes| bytes.parse::<usize>().ok());
    assert!(stack.is_some_and(|bytes| bytes <= max_stack_len.parse().unwrap()), "{last}");
    writer.join().unwrap();
    assert!(program.wait().unwrap().success());
}
