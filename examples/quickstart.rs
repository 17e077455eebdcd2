//! Verifies an access token and checks its user's role. `cargo run --example quickstart`
//!
//! The key and the token in `examples/demo/` were made for this example; yours come from PropelAuth's dashboard and
//! from the `Authorization` header. The clock is set to a minute after the token was issued.

use propelauth_edge::{OrgRequirement, RequiredOrg, TokenVerificationMetadata, UnixTime, Verifier};

/// Prepared at compile time: an invalid key does not compile.
static AUTH: Verifier = Verifier::embed(TokenVerificationMetadata {
    verifier_key: include_str!("demo/verifier_key.pem"),
    issuer: "https://auth.example.com",
});

const ACME: RequiredOrg<'_> = RequiredOrg::Id("1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b");

fn main() {
    let header = concat!("Bearer ", include_str!("demo/access_token.jwt"));
    let issued = 1_767_225_600;
    let mut buffer = [0; 4096];

    let now = UnixTime::from_secs(issued + 60);
    match AUTH.validate_access_token_and_get_user(header, now, &mut buffer) {
        Ok(user) => {
            println!("verified: {} <{}>", user.user_id, user.email.unwrap_or("no email"));
            for org in user.get_orgs() {
                println!("  {} of {}", org.user_assigned_role, org.org_name);
            }
            for requirement in [OrgRequirement::AtLeastRole("Member"), OrgRequirement::Permission("billing::edit")] {
                match user.require_org(ACME, requirement) {
                    Ok(org) => println!("{requirement:?} in {}: granted", org.org_name),
                    Err(error) => println!("{requirement:?}: {} {}", error.status(), error.public_message()),
                }
            }
        }
        Err(error) => println!("{} {} ({error})", error.status(), error.public_message()),
    }

    let next_day = UnixTime::from_secs(issued + 24 * 60 * 60);
    match AUTH.validate_access_token_and_get_user(header, next_day, &mut buffer) {
        Ok(user) => println!("verified: {}", user.user_id),
        Err(error) => println!("the next day: {} {} ({error})", error.status(), error.public_message()),
    }
}
