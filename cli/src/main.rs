//! The command line: explains why a token or a key is refused, checks what a user may do, and creates tokens for tests.
//!
//! The exit code is 0 for yes, 1 for no, and 2 for an invalid call or configuration.

mod check;
mod input;
mod inspect;
mod key;
mod mint;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(version, about = "Verifies and explains PropelAuth access tokens, and creates them for tests")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Prints JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Explains why a token is accepted or refused, and how to fix it
    #[command(
        after_help = "Exit code: 0 if the token is accepted, 1 if it is refused, 2 if a setting is missing or invalid."
    )]
    Inspect(inspect::Arguments),
    /// Checks what the user of a token may do in an org
    #[command(
        after_help = "Exit code: 0 if the user is allowed, 1 if not (401 or 403), 2 if a setting is missing or invalid."
    )]
    Check(check::Arguments),
    /// Explains whether a release build accepts a verifier key, and if not, what to use instead
    #[command(after_help = "Exit code: 0 if the key is accepted, 1 if it is refused, 2 if there is none.")]
    Key(key::Arguments),
    /// Creates an access token for tests, with the key of the test kit or with your own
    #[command(after_help = "Exit code: 0, or 2 if no token could be created.")]
    Mint(mint::Arguments),
}

/// The output of a command, whether its answer is yes, and the error in a setting, if there is one.
struct Answer {
    text: String,
    is_yes: bool,
    problem: Option<String>,
}

impl Answer {
    fn new(text: String, is_yes: bool) -> Self {
        Self { text, is_yes, problem: None }
    }
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let Arguments { command, json } = Arguments::parse();
    let answer = match command {
        Command::Inspect(arguments) => arguments.answer(json),
        Command::Check(arguments) => arguments.answer(json),
        Command::Key(arguments) => arguments.answer(json),
        Command::Mint(arguments) => arguments.answer(json),
    };
    let printed = answer.and_then(|answer| {
        std::io::stdout().write_all(answer.text.as_bytes())?;
        Ok(answer)
    });
    let problem = match printed {
        Ok(Answer { is_yes: true, problem: None, .. }) => return ExitCode::SUCCESS,
        Ok(Answer { problem: None, .. }) => return ExitCode::from(1),
        Ok(Answer { problem: Some(problem), .. }) => problem,
        Err(error) => error.to_string(),
    };
    eprintln!("propelauth-edge: {problem}");
    ExitCode::from(2)
}

/// Formats a value as JSON, with a line break.
fn json(value: &impl serde::Serialize) -> Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}
