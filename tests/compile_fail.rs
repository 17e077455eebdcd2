//! What must not compile, and the words in which the compiler says so; and what must, without complaint.

#[test]
#[allow(unsafe_code)]
fn compile_fail() {
    // SAFETY: there is no other thread that could read the environment meanwhile: this is the only test.
    unsafe {
        std::env::set_var("PROPELAUTH_VERIFIER_KEY", include_str!("../examples/demo/verifier_key.pem"));
        std::env::set_var("PROPELAUTH_ISSUER", "https://auth.example.com");
    }
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/compile_fail/*.rs");
    cases.pass("tests/compile_pass/*.rs");
}
