//! Prints how each constructor of a verifier treats the test kit's built-in key.

use propelauth_edge::{MetadataError, TokenVerificationMetadata, Verifier};

const TEST_KEY: &str = include_str!("../../../../../src/testkit/verifier_key.pem");
const ANOTHER_KEY: &str = include_str!("../../../../../examples/demo/verifier_key.pem");

const fn verifier(verifier_key: &str) -> Result<Verifier, MetadataError> {
    Verifier::new(TokenVerificationMetadata { verifier_key, issuer: "https://auth.example.com" })
}

fn answer(error: Option<MetadataError>) -> &'static str {
    match error {
        None => "accepted",
        Some(MetadataError::TestKey) => "TestKey",
        Some(_) => "another error",
    }
}

fn main() {
    const AT_COMPILE_TIME: Result<Verifier, MetadataError> = verifier(TEST_KEY);
    let answers = [
        AT_COMPILE_TIME.err(),
        verifier(TEST_KEY).err(),
        verifier(ANOTHER_KEY).and_then(|verifier| verifier.with_additional_key(TEST_KEY)).err(),
    ];
    println!("{}", answers.map(answer).join(" "));
}
