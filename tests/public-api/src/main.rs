//! Prints the public API that a JSON file of rustdoc describes, a line an item; or fails for what in it lacks an example.

mod examples;

use std::error::Error;
use std::{env, fs};

use public_api::Builder;

fn main() -> Result<(), Box<dyn Error>> {
    let file = env::args_os().nth(1).ok_or("which file?")?;
    if env::args().nth(2).as_deref() == Some("--lacking-examples") {
        let lacking = examples::lacking(&serde_json::from_slice(&fs::read(file)?)?);
        return if lacking.is_empty() { Ok(()) } else { Err(format!("without an example: {lacking:#?}").into()) };
    }
    let api = Builder::from_rustdoc_json(file).omit_blanket_impls(true).omit_auto_trait_impls(true).build()?;
    print!("{api}");
    Ok(())
}
