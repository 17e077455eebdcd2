use propelauth_edge::{TokenVerificationMetadata, Verifier};

static AUTH: Verifier = Verifier::embed(TokenVerificationMetadata {
    verifier_key: include_str!("../../data/keys/rsa8192.pem"),
    issuer: "https://auth.example.com",
});

fn main() {
    println!("{}", AUTH.issuer());
}
