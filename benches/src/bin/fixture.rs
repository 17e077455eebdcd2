//! Prints the input of `wasm/run` and `load/run` as JSON: the key, the issuer, tokens of users with 1 and with 50 orgs, and
//! an expired one.

use propelauth_edge_benches::fixture::{ISSUER, RSA_2048, org_id, system_time, tampered};

fn main() {
    let tokens = [1, 50].map(|orgs| {
        let header = RSA_2048.header(orgs, system_time());
        let (org, tampered) = (org_id(orgs - 1), tampered(&header));
        format!(r#"{{"orgs":{orgs},"org":{org:?},"header":{header:?},"tampered":{tampered:?}}}"#)
    });
    let (tokens, expired) = (tokens.join(","), RSA_2048.header(1, system_time() - 100_000));
    let key = RSA_2048.public_pem;
    println!(r#"{{"issuer":{ISSUER:?},"publicPem":{key:?},"tokens":[{tokens}],"expired":{expired:?}}}"#);
}
