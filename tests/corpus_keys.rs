//! Key texts that a verifier may be configured with: which are taken, why the others are not, and that a key that is
//! taken verifies what its private half signed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod common;

use common::corpus::{self, KeyRow, KeyVerdict};
use common::mint::{ISSUER, Mint, NOW};
use common::tally::Tally;
use propelauth_edge::{MetadataError, TokenVerificationMetadata, Unauthorized, UnixTime, Verifier, VerifyingKey};

use MetadataError::{
    CertificateGiven, InvalidAlgorithmParameters, InvalidDer, InvalidExponent, InvalidPem, KeyMissing, KeyTooLong,
    ModulusEven, ModulusTooLarge, ModulusTooSmall, NotAPublicKeyPem, NotAnRsaKey, PrivateKeyGiven, TextAroundPem,
};

/// Rows of this repository's data.
const ROWS: usize = 107;

/// What each `reason` is reported as.
const REASONS: &[(&str, MetadataError)] = &[
    ("modulus_too_small", ModulusTooSmall),
    ("modulus_too_large", ModulusTooLarge),
    ("large_modulus", ModulusTooLarge),
    ("bad_modulus", ModulusEven),
    ("bad_exponent", InvalidExponent),
    ("bad_der", InvalidDer),
    ("bad_algorithm_parameters", InvalidAlgorithmParameters),
    ("wrong_key_type", NotAnRsaKey),
    ("private_key_given", PrivateKeyGiven),
    ("not_a_public_key_pem", NotAPublicKeyPem),
    ("bad_pem", InvalidPem),
    ("label_and_content_differ", InvalidDer),
    ("text_before_begin", TextAroundPem),
    ("text_after_end", TextAroundPem),
];

/// Keys of which more can be said than their `reason` does, or whose fault shows elsewhere first.
const NAMES: &[(&str, MetadataError)] = &[
    // INTEGERs below zero are none in a key: as unsigned ones they are not well-formed.
    ("modulus_negative", InvalidDer),
    ("exponent_negative", InvalidDer),
    ("modulus_zero", ModulusTooSmall),
    ("rsa1024_padded_to_2048", InvalidDer),
    // More octets than any key within the limits has.
    ("pem_huge", KeyTooLong),
    ("rsa16384", KeyTooLong),
    ("empty", KeyMissing),
    ("whitespace_only", KeyMissing),
    ("certificate", CertificateGiven),
    ("pem_spki_under_certificate_label", CertificateGiven),
    ("pem_certificate_then_key", CertificateGiven),
    ("pem_spki_under_private_label", PrivateKeyGiven),
    ("pem_two_keys", TextAroundPem),
    ("pem_quoted", TextAroundPem),
    ("pem_bom", TextAroundPem),
    ("pem_end_before_begin", TextAroundPem),
    ("pem_lowercase_label", NotAPublicKeyPem),
    ("pem_four_dashes", NotAPublicKeyPem),
];

fn expected_error(key: &KeyRow) -> Option<MetadataError> {
    let by_name = NAMES.iter().find(|(name, _)| *name == key.name);
    by_name.or_else(|| REASONS.iter().find(|(reason, _)| *reason == key.reason)).map(|(_, error)| *error)
}

#[test]
fn verdicts() {
    let mut tally = Tally::new("keys");
    for key in corpus::keys() {
        tally.run();
        let Ok(text) = String::from_utf8(key.octets()) else {
            // Not a text, so that it cannot even be passed in.
            tally.same(&key.name, "verdict", KeyVerdict::Refuse, key.expect);
            continue;
        };
        let issuer = key.probe_issuer.as_deref().unwrap_or(ISSUER);
        let verifier = Verifier::new(TokenVerificationMetadata { verifier_key: &text, issuer });
        let bare = VerifyingKey::from_public_key_pem(&text);
        tally.same(&key.name, "bare key", bare.as_ref().err(), verifier.as_ref().err());
        let verdict = if verifier.is_ok() { KeyVerdict::Accept } else { KeyVerdict::Refuse };
        if !key.either {
            tally.same(&key.name, "verdict", verdict, key.expect);
        }
        match (verifier, bare) {
            (Ok(verifier), Ok(bare)) => {
                if key.modulus_bits.is_some() {
                    tally.same(&key.name, "bits", Some(bare.modulus_bits()), key.modulus_bits);
                }
                if key.exponent.is_some() {
                    tally.same(&key.name, "exponent", Some(bare.public_exponent().to_string()), key.exponent.clone());
                }
                check_probe(&key, &verifier, &mut tally);
            }
            (Err(error), _) => tally.same_label(&key.name, &key.reason, Some(error), expected_error(&key)),
            (Ok(_), Err(_)) => {}
        }
    }
    tally.finish(ROWS);
}

/// The key's own token passes, one of another key does not.
fn check_probe(key: &KeyRow, verifier: &Verifier, tally: &mut Tally) {
    let (Some(token), Some(now)) = (&key.probe_token, key.probe_now) else {
        return tally.fail(&key.name, "taken, and no token to probe it with");
    };
    let mut buffer = vec![0; Verifier::buffer_len(token)];
    let user = verifier.validate_access_token(token, UnixTime::from_secs(now), &mut buffer);
    tally.same(&key.name, "probe", user.map(|_| ()), Ok(()));
    let signature = token.rfind('.').unwrap() + 1;
    let damaged = format!("{}{}", &token[..signature], token[signature..].chars().rev().collect::<String>());
    let user = verifier.validate_access_token(&damaged, UnixTime::from_secs(now), &mut buffer);
    if user.is_ok() {
        tally.fail(&key.name, "takes a damaged signature");
    }
}

#[test]
fn octets_of_a_key() {
    let key = corpus::own_key("der_binary.der");
    let mut tally = Tally::new("octets of a key");
    tally.run();
    let own = VerifyingKey::from_public_key_der(&key).unwrap();
    tally.same("der_binary", "bits", own.modulus_bits(), 2048);
    for len in 0..key.len() {
        tally.run();
        if VerifyingKey::from_public_key_der(&key[..len]).is_ok() {
            tally.fail("der_binary", format!("taken when cut to {len} octets"));
        }
    }
    let longer = [key.as_slice(), &[0]].concat();
    tally.same("der_binary", "one octet more", VerifyingKey::from_public_key_der(&longer).err(), Some(InvalidDer));
    tally.finish(290);
}

#[test]
fn two_keys() {
    let [first, second, third] = ["rsa2048", "rsa3072", "rsa4096"].map(Mint::new);
    let claims = format!(r#"{{"user_id":"u","iss":"{ISSUER}","iat":1760000000,"exp":1760000100}}"#);
    let [of_first, of_second, of_third] = [&first, &second, &third].map(|mint| mint.token(claims.as_bytes()));
    let [_, second_pem, third_pem] = ["rsa2048", "rsa3072", "rsa4096"].map(corpus::own_key_pem);
    let verdict = |verifier: &Verifier, token: &str| {
        verifier.validate_access_token(token, NOW, &mut vec![0; Verifier::buffer_len(token)]).map(|_| ())
    };
    let mut tally = Tally::new("two keys");
    let both = first.verifier.clone().with_additional_key(&second_pem).unwrap();
    let cases = [
        ("one key, its token", &first.verifier, &of_first, Ok(())),
        ("one key, another's token", &first.verifier, &of_second, Err(Unauthorized::InvalidSignature)),
        ("two keys, the first's token", &both, &of_first, Ok(())),
        ("two keys, the second's token", &both, &of_second, Ok(())),
        ("two keys, another's token", &both, &of_third, Err(Unauthorized::InvalidSignature)),
    ];
    for (case, verifier, token, expected) in cases {
        tally.run();
        tally.same(case, "verdict", verdict(verifier, token), expected);
    }
    tally.same("a third key", "error", both.with_additional_key(&third_pem).err(), Some(MetadataError::TooManyKeys));
    let bad = first.verifier.clone().with_additional_key("no key");
    tally.same("a bad key", "error", bad.err(), Some(NotAPublicKeyPem));
    tally.finish(5);
}

#[test]
fn issuers() {
    let key = corpus::own_key_pem("rsa2048");
    let error = |issuer: &str| Verifier::new(TokenVerificationMetadata { verifier_key: &key, issuer }).err();
    let longest = "x".repeat(propelauth_edge::limits::MAX_ISSUER_LEN);
    assert_eq!(error(""), Some(MetadataError::IssuerMissing));
    assert_eq!(error(&longest), None);
    assert_eq!(error(&format!("{longest}x")), Some(MetadataError::IssuerTooLong));
    println!("issuers: 3 cases run");
}
