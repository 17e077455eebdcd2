// An `Auth` of the environment whose key and token lie beside this file, for the examples of the documentation. They
// have an `Auth` in scope, the async or the blocking one, and make no calls with this one.
{
    let config = propelauth_edge::client::Config::new("https://auth.example.com", "the integration API key")
        .expect("a URL and a key");
    Auth::new(config, include!("verifier.rs"), ())
}
