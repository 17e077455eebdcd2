use propelauth_edge::verifier_from_env;

fn main() {
    // Not in a `static`, but fails to compile instead of panicking at startup.
    let verifier = verifier_from_env!();
    println!("{}", verifier.issuer());
}
