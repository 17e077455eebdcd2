// The verifier of the documentation's examples.
{
    let verifier_key = include_str!("verifier_key.pem");
    let issuer = "https://auth.example.com";
    propelauth_edge::Verifier::new(propelauth_edge::TokenVerificationMetadata { verifier_key, issuer }).unwrap()
}
