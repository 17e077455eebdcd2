// What a verification takes: a verifier, a token, a time at which it is good, a buffer. For the documentation's examples.
{
    let now = propelauth_edge::UnixTime::from_secs(1_767_225_660);
    (include!("verifier.rs"), include_str!("access_token.jwt"), now, [0u8; 4096])
}
