//! The command line: why a token or a key is refused, what a user may do, and tokens for tests.
//!
//! Its exit code is 0 for yes, 1 for no, and 2 for a call or a configuration that cannot be answered.

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
#[command(version, about = "PropelAuth access tokens: verified, explained, and made for tests")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Answers in JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Whether a token is good, and if not, why and what would help
    Inspect(inspect::Arguments),
    /// Whether the user of a token may do something in an org
    Check(check::Arguments),
    /// Whether a key is good, which one it is, and if not, what to give instead
    Key(key::Arguments),
    /// A token of the test kit, which only builds with the test kit take
    Mint(mint::Arguments),
}

/// What is printed, and whether it is a yes.
struct Answer {
    text: String,
    is_yes: bool,
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
    let printed = answer.and_then(|Answer { text, is_yes }| {
        std::io::stdout().write_all(text.as_bytes())?;
        Ok(is_yes)
    });
    match printed {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("propelauth-edge: {error}");
            ExitCode::from(2)
        }
    }
}

/// A value as JSON, with a line end.
fn json(value: &impl serde::Serialize) -> Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}
