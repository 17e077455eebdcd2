// Grace of the documentation's examples: her token is under the next key and for one org, and somebody acts as her.
{
    let (verifier, _, now, buffer) = include!("given.rs");
    let verifier = verifier.with_additional_key(include_str!("next_key.pem")).unwrap();
    verifier.validate_access_token(include_str!("active_org_token.jwt"), now, Vec::leak(buffer.into())).unwrap()
}
