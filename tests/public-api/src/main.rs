//! Compares the public API, from rustdoc's JSON, with a file that has one item per line. Fails for a type or a module
//! without an example. Leaves out the items in a third file, if there is one. `UPDATE=1` rewrites the second file.

mod examples;

use std::collections::HashSet;
use std::error::Error;
use std::{env, fs};

use public_api::Builder;

/// Methods of common traits follow from the line of the `impl`.
const IMPLIED: &[&str] = &["clone", "fmt", "eq", "hash", "serialize", "deserialize"];
/// Methods that `Endpoint` provides, and no endpoint replaces.
const OF_ENDPOINTS: &[&str] = &["parse", "request", "without_asking"];

fn main() -> Result<(), Box<dyn Error>> {
    let [json, expected] = [1, 2].map(|n| env::args_os().nth(n).ok_or("which file?"));
    let (json, expected) = (json?, expected?);
    let api = Builder::from_rustdoc_json(&json).omit_blanket_impls(true).omit_auto_trait_impls(true).build()?;
    let elsewhere = env::args_os().nth(3).map(fs::read_to_string).transpose()?.unwrap_or_default();
    let others = HashSet::<&str>::from_iter(elsewhere.lines());
    let lines = api.items().map(|item| item.to_string());
    let lines = Vec::from_iter(lines.filter(|line| !is_implied(line) && !others.contains(&**line)));
    if env::var_os("UPDATE").is_some() {
        fs::write(&expected, lines.join("\n") + "\n")?;
    }
    let expected = fs::read_to_string(&expected)?;
    let expected: Vec<&str> = expected.lines().collect();
    let gone = expected.iter().filter(|line| !lines.iter().any(|other| other == *line)).map(|line| format!("-{line}"));
    let new = lines.iter().filter(|line| !expected.contains(&line.as_str())).map(|line| format!("+{line}"));
    let changes: Vec<String> = gone.chain(new).collect();
    let mut lacking = examples::lacking(&serde_json::from_slice(&fs::read(json)?)?);
    lacking.retain(|path| !elsewhere.contains(path));
    for change in &changes {
        println!("{change}");
    }
    for path in &lacking {
        println!("without an example: {path}");
    }
    if changes.is_empty() && lacking.is_empty() { Ok(()) } else { Err("the public API is not as it should be".into()) }
}

fn is_implied(line: &str) -> bool {
    let is_method_of = |name: &&str| line.contains(&format!("::{name}(")) || line.contains(&format!("::{name}<"));
    IMPLIED.iter().any(is_method_of)
        || OF_ENDPOINTS.iter().any(is_method_of) && !line.contains("::Endpoint::")
        || line.contains("::StructuralPartialEq")
}
