// An `Auth` for the documentation's examples. They have one in scope, the async or the blocking one, and a transport, if
// they make calls.
{
    let config = propelauth_edge::client::Config::new("https://auth.example.com", "the integration API key").unwrap();
    Auth::new(config, include!("lenient_verifier.rs"), transport)
}
