//! PropelAuth's Python library, in a separate process.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Deserialize;
use serde_json::{Value, json};

pub struct Library {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// The packages' versions by name.
    pub versions: Value,
}

impl Library {
    /// Starts the interpreter in `DIFFERENTIAL_PYTHON`, which has `propelauth_py`.
    pub fn start() -> Self {
        let python = std::env::var("DIFFERENTIAL_PYTHON").expect("run this by `tests/run differential`");
        let driver = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/platforms/differential/driver.py");
        let mut command = Command::new(python);
        let mut process = command.arg(driver).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let questions = process.stdin.take().unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap());
        let mut library = Self { process, questions, answers, versions: Value::Null };
        library.versions = library.next();
        library
    }

    pub fn ask(&mut self, question: &Value) -> Value {
        writeln!(self.questions, "{question}").unwrap();
        self.next()
    }

    fn next(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let mut json = serde_json::Deserializer::from_str(&line);
        json.disable_recursion_limit();
        match Value::deserialize(&mut json) {
            Ok(answer) => answer,
            // A whole number that Python supports and `serde_json` does not.
            Err(error) if error.to_string().starts_with("number out of range") => json!({ "not_json": true }),
            Err(error) => panic!("the driver wrote {line:?}: {error}"),
        }
    }
}

impl Drop for Library {
    fn drop(&mut self) {
        self.process.kill().and_then(|()| self.process.wait()).unwrap();
    }
}
