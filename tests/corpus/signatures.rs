//! Project Wycheproof's vectors: RSASSA-PKCS1-v1_5 with SHA-256, and JSON Web Signatures under RSA keys.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use base64ct::{Base64, Encoding};
use common::corpus;
use common::mint::{ISSUER, NOW};
use common::tally::Tally;
use propelauth_edge::{MetadataError, TokenVerificationMetadata, Unauthorized, Verifier, VerifyingKey};
use serde::Deserialize;

/// Rows in this repository's data.
const PKCS1_ROWS: usize = 849;
const JWS_ROWS: usize = 254;

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Valid,
    Invalid,
}

#[derive(Deserialize)]
struct SignatureRow {
    id: String,
    modulus_bits: u32,
    n_hex: String,
    e_hex: String,
    spki_der_hex: String,
    msg_hex: String,
    sig_hex: String,
    expect: Verdict,
    #[serde(default)]
    either: bool,
}

#[derive(Deserialize)]
struct JwsRow {
    id: String,
    token: String,
    spki_der_hex: String,
    expect: Verdict,
    #[serde(default)]
    either: bool,
}

/// Decodes hexadecimal digits. Wycheproof sometimes drops a leading zero.
fn bytes(hex: &str) -> Vec<u8> {
    let hex = if hex.len().is_multiple_of(2) { hex.to_owned() } else { format!("0{hex}") };
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn rsassa_pkcs1_v1_5() {
    let mut tally = Tally::new("Wycheproof, RSASSA-PKCS1-v1_5 with SHA-256");
    let (mut valid, mut invalid) = (0, 0);
    for row in corpus::rows::<SignatureRow>("rsa_pkcs1_sha256") {
        let (n, e) = (bytes(&row.n_hex), bytes(&row.e_hex));
        let keys =
            [VerifyingKey::from_components(&n, &e), VerifyingKey::from_public_key_der(&bytes(&row.spki_der_hex))];
        for key in keys {
            let key = match key {
                Ok(key) => key,
                Err(error) => {
                    tally.set_aside();
                    // Over the limit.
                    tally.same(&row.id, "key refused, either", row.either, true);
                    tally.same_label(&row.id, "key refused", error, MetadataError::ModulusTooLarge);
                    continue;
                }
            };
            tally.run();
            tally.same(&row.id, "bits", key.modulus_bits(), row.modulus_bits);
            let (message, signature) = (bytes(&row.msg_hex), bytes(&row.sig_hex));
            let verdict = if key.verify(&message, &signature).is_ok() { Verdict::Valid } else { Verdict::Invalid };
            // An accepted key verifies like any other, also with exponent 3.
            tally.same(&row.id, "verdict", verdict, row.expect);
            match verdict {
                Verdict::Valid => valid += 1,
                Verdict::Invalid => invalid += 1,
            }
        }
    }
    println!("{valid} valid, {invalid} invalid");
    assert!(valid > 0 && invalid > 0);
    tally.finish(2 * PKCS1_ROWS);
}

/// The payloads are not claims, so a token with valid header, segments and signature is rejected for its payload. An
/// empty payload is rejected earlier: segments of an access token are never empty.
#[test]
fn json_web_signatures() {
    let mut tally = Tally::new("Wycheproof, JSON Web Signatures");
    let (mut valid, mut no_payload) = (0, 0);
    for row in corpus::rows::<JwsRow>("wycheproof_jws") {
        let verifier_key = pem(&bytes(&row.spki_der_hex));
        let verifier = Verifier::new(TokenVerificationMetadata { verifier_key: &verifier_key, issuer: ISSUER })
            .unwrap_or_else(|error| panic!("{}: {error}", row.id));
        let mut buffer = vec![0; Verifier::buffer_len(&row.token)];
        let result = verifier.validate_access_token(&row.token, NOW, &mut buffer);
        if row.either {
            tally.set_aside();
            continue;
        }
        tally.run();
        let verdict = match result {
            Err(Unauthorized::InvalidPayload | Unauthorized::MissingClaim(_)) => Verdict::Valid,
            Err(Unauthorized::MalformedToken) if row.expect == Verdict::Valid && row.token.contains("..") => {
                no_payload += 1;
                continue;
            }
            Err(
                Unauthorized::MalformedToken
                | Unauthorized::UnsupportedAlgorithm
                | Unauthorized::UnsupportedCritical
                | Unauthorized::InvalidSignature,
            ) => Verdict::Invalid,
            other => {
                tally.fail(&row.id, format!("{other:?}"));
                continue;
            }
        };
        valid += usize::from(verdict == Verdict::Valid);
        tally.same(&row.id, &format!("{result:?}"), verdict, row.expect);
    }
    println!("{valid} valid, {no_payload} without a payload");
    assert!(valid > 0);
    tally.finish(JWS_ROWS);
}

fn pem(der: &[u8]) -> String {
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", Base64::encode_string(der))
}
