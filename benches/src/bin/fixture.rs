//! Prints what `wasm/run` needs, as JSON: the key, the issuer, and tokens of users of 1 and of 50 orgs.

use propelauth_edge_benches::fixture::{ISSUER, RSA_2048, org_id, system_time, tampered};

fn main() {
    let tokens = [1, 50].map(|orgs| {
        let header = RSA_2048.header(orgs, system_time());
        let (org, tampered) = (org_id(orgs - 1), tampered(&header));
        format!(r#"{{"orgs":{orgs},"org":{org:?},"header":{header:?},"tampered":{tampered:?}}}"#)
    });
    println!(r#"{{"issuer":{ISSUER:?},"publicPem":{:?},"tokens":[{}]}}"#, RSA_2048.public_pem, tokens.join(","));
}
