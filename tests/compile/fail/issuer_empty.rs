use propelauth_edge::{TokenVerificationMetadata, Verifier};

static AUTH: Verifier = Verifier::embed(TokenVerificationMetadata {
    verifier_key: include_str!("../../data/keys/rsa2048.pem"),
    issuer: "",
});

fn main() {
    println!("{}", AUTH.issuer());
}
