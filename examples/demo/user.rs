// Ada of the documentation's examples: her token is for all orgs.
{
    let (verifier, token, now, buffer) = include!("given.rs");
    verifier.validate_access_token(token, now, Vec::leak(buffer.into())).unwrap()
}
