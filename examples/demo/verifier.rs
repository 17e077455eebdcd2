// A verifier that takes the token beside this file at all times, for the examples of the documentation. The token has
// expired long ago.
{
    use propelauth_edge::{TokenVerificationMetadata, Verifier};

    let metadata = TokenVerificationMetadata {
        verifier_key: include_str!("verifier_key.pem"),
        issuer: "https://auth.example.com",
    };
    Verifier::new(metadata).expect("a good key").with_leeway(u32::MAX)
}
