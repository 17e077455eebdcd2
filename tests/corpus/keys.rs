//! Texts of keys: which are accepted, why the others are rejected, and that an accepted key verifies signatures of its
//! private key.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use base64ct::{Base64, Encoding};
use common::corpus::{self, KeyRow, KeyVerdict};
use common::mint::{ISSUER, Mint, NOW};
use common::tally::Tally;
use propelauth_edge::{MetadataError, TokenVerificationMetadata, Unauthorized, UnixTime, Verifier, VerifyingKey};

use MetadataError::{
    CertificateGiven, InvalidAlgorithmParameters, InvalidDer, InvalidExponent, InvalidPem, KeyMissing, KeyTooLong,
    ModulusEven, ModulusTooLarge, ModulusTooSmall, NotAPublicKeyPem, NotAnRsaKey, PrivateKeyGiven, TextAroundPem,
};

/// Rows in this repository's data.
const ROWS: usize = 107;

/// The error for each `reason`.
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

/// Keys with a more specific error than their `reason`, or with an earlier one.
const NAMES: &[(&str, MetadataError)] = &[
    // A negative INTEGER cannot be in a key: read as unsigned, it is malformed.
    ("modulus_negative", InvalidDer),
    ("exponent_negative", InvalidDer),
    ("modulus_zero", ModulusTooSmall),
    ("rsa1024_padded_to_2048", InvalidDer),
    // More bytes than any key within the limits.
    ("pem_huge", KeyTooLong),
    ("rsa16384", KeyTooLong),
    ("empty", KeyMissing),
    ("whitespace_only", KeyMissing),
    ("certificate", CertificateGiven),
    ("pem_spki_under_certificate_label", CertificateGiven),
    ("pem_certificate_then_key", CertificateGiven),
    ("pem_spki_under_private_label", PrivateKeyGiven),
    ("pem_two_keys", TextAroundPem),
    ("pem_end_before_begin", TextAroundPem),
    ("pem_lowercase_label", NotAPublicKeyPem),
    ("pem_four_dashes", NotAPublicKeyPem),
];

/// Keys that the corpus rejects, with either verdict allowed, and that are accepted: each is `rsa2048` after a trip
/// through environment files, consoles or editors, and unambiguous. The reference accepts all but those with blank
/// lines.
const TRANSPORTED: &[&str] = &[
    "pem_spaces_for_newlines", // an unquoted variable of a shell
    "pem_no_newlines",         // a field of one line
    "pem_spaces_in_body",      // an indented YAML block
    "pem_blank_lines_in_body", // CRLF converted twice
    "pem_bom",                 // an editor on Windows
    "pem_quoted",              // `docker --env-file`
];

fn expected_error(key: &KeyRow) -> Option<MetadataError> {
    let by_name = NAMES.iter().find(|(name, _)| *name == key.name);
    by_name.or_else(|| REASONS.iter().find(|(reason, _)| *reason == key.reason)).map(|(_, error)| *error)
}

#[test]
fn verdicts() {
    let mut tally = Tally::new("keys");
    let own = token_of(&Mint::new("rsa2048"));
    for key in corpus::keys() {
        tally.run();
        let Ok(text) = String::from_utf8(key.bytes()) else {
            // Not text, so it cannot be passed.
            tally.same(&key.name, "verdict", KeyVerdict::Refuse, key.expect);
            continue;
        };
        let issuer = key.probe_issuer.as_deref().unwrap_or(ISSUER);
        let verifier = Verifier::new(TokenVerificationMetadata { verifier_key: &text, issuer });
        let bare = VerifyingKey::from_public_key_pem(&text);
        tally.same(&key.name, "bare key", bare.as_ref().err(), verifier.as_ref().err());
        let verdict = if verifier.is_ok() { KeyVerdict::Accept } else { KeyVerdict::Refuse };
        if TRANSPORTED.contains(&key.name.as_str()) {
            tally.same(&key.name, "verdict", verdict, KeyVerdict::Accept);
            tally.same(&key.name, "key", takes(&text, &own), true);
            continue;
        } else if !key.either {
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

fn token_of(mint: &Mint) -> String {
    mint.token(format!(r#"{{"user_id":"u","iss":"{ISSUER}","iat":1760000000,"exp":1760000100}}"#).as_bytes())
}

/// Returns whether a verifier with this key accepts the token.
fn takes(text: &str, token: &str) -> bool {
    let verifier = Verifier::new(TokenVerificationMetadata { verifier_key: text, issuer: ISSUER });
    let mut buffer = vec![0; Verifier::buffer_len(token)];
    verifier.is_ok_and(|verifier| verifier.validate_access_token(token, NOW, &mut buffer).is_ok())
}

/// Checks that the key's own token is accepted and another key's is not.
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

/// Returns all unambiguous variants of PEM that transport can produce.
fn transported(pem: &str) -> Vec<String> {
    let line_ends =
        ["\n", "\r\n", "\r", "\n\n", " ", "\t", "", " \n", "\n  ", "\x0b", "\\n", "\\r\\n", "\\\\n", "\\\\r\\\\n"];
    let texts = line_ends.map(|end| pem.trim_end().replace('\n', end));
    let texts = texts.into_iter().flat_map(|text| [format!("{text}\n"), format!(" \r\n{text}\\n "), text]);
    let texts = texts.flat_map(|text| [format!("\u{feff}{text}"), text]);
    let base64 = |text: &str| Base64::encode_string(text.as_bytes());
    let texts = texts.flat_map(|text| [base64(&text), text]);
    let mut texts: Vec<_> = texts.collect();
    texts.push(pem.lines().filter(|line| !line.starts_with('-')).collect()); // the DER in base64
    texts.push(pem.lines().filter(|line| !line.starts_with('-')).collect::<Vec<_>>().join("\r\n"));
    texts.push(
        base64(pem).as_bytes().chunks(76).map(|line| str::from_utf8(line).unwrap()).collect::<Vec<_>>().join("\n"),
    );
    texts.into_iter().flat_map(|text| [format!("\"{text}\""), format!("'{text}'\n"), text]).collect()
}

#[test]
fn keys_survive_their_transport() {
    let mut tally = Tally::new("transport");
    for (file, private) in [("rsa2048", "rsa2048"), ("rsa2048_pkcs1", "rsa2048"), ("rsa4096", "rsa4096")] {
        let (pem, token) = (corpus::own_key_pem(file), token_of(&Mint::new(private)));
        for text in transported(&pem) {
            tally.run();
            tally.same(file, &text, takes(&text, &token), true);
        }
    }
    tally.finish(700);
}

#[test]
fn what_can_be_read_in_two_ways_is_refused() {
    let [pem, private, pkcs1, certificate] = [
        corpus::own_key_pem("rsa2048"),
        corpus::own_key_pem("private/rsa2048"),
        corpus::own_key_pem("private_key_pkcs1"),
        corpus::own_key_pem("certificate"),
    ];
    let base64 = |text: &str| Base64::encode_string(text.as_bytes());
    let der = |pem: &str| pem.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    let mut cases = vec![
        ("two keys in one base64".to_owned(), base64(&format!("{pem}{pem}")), TextAroundPem),
        ("two base64 texts".to_owned(), format!("{}{}", base64(&pem), base64(&pem)), InvalidPem),
        ("base64 twice".to_owned(), base64(&base64(&pem)), NotAPublicKeyPem),
        ("base64 of quotation marks".to_owned(), base64(&format!("\"{pem}\"")), TextAroundPem),
        ("base64 with text before".to_owned(), base64(&format!("key: {pem}")), TextAroundPem),
        ("base64 cut short".to_owned(), base64(&pem)[..400].to_owned(), InvalidPem),
        ("base64 without padding".to_owned(), base64(&format!("{pem} ")).trim_end_matches('=').to_owned(), InvalidPem),
        ("DER cut short".to_owned(), der(&pem)[..200].to_owned(), InvalidDer),
        ("DER followed by more".to_owned(), format!("{}AAAA", der(&pem)), InvalidDer),
        ("two pairs of quotation marks".to_owned(), format!("\"'{pem}'\""), TextAroundPem),
        ("one quotation mark".to_owned(), format!("\"{pem}"), TextAroundPem),
        ("two sorts of quotation marks".to_owned(), format!("\"{pem}'"), TextAroundPem),
        ("three backslashes".to_owned(), pem.replace('\n', "\\\\\\n"), InvalidPem),
        ("escaped slashes".to_owned(), pem.replace('/', "\\/"), InvalidPem),
        ("a no-break space".to_owned(), pem.replace('\n', "\u{a0}"), InvalidPem),
        ("two byte order marks".to_owned(), format!("\u{feff}\u{feff}{pem}"), TextAroundPem),
        ("a byte order mark within".to_owned(), pem.replacen('\n', "\n\u{feff}", 1), InvalidPem),
        ("padding before the end".to_owned(), pem.replacen("AQAB", "AQ==AQAB", 1), InvalidPem),
        ("quotation marks alone".to_owned(), "\"\"".to_owned(), KeyMissing),
        ("a byte order mark alone".to_owned(), "\u{feff}".to_owned(), KeyMissing),
    ];
    for (armor, spaced, error) in [
        ("BEGIN PUBLIC", "BEGIN  PUBLIC", NotAPublicKeyPem),
        ("BEGIN PUBLIC", "BEGIN\nPUBLIC", NotAPublicKeyPem),
        ("-----BEGIN", "----- BEGIN", NotAPublicKeyPem),
        ("END PUBLIC", "END  PUBLIC", InvalidPem),
        ("END PUBLIC", "END\\nPUBLIC", InvalidPem),
        ("-----END", "----- END", InvalidPem),
    ] {
        cases.push((format!("{spaced:?}"), pem.replace(armor, spaced), error));
    }
    for (what, secret) in [("PKCS#8", &private), ("PKCS#1", &pkcs1)] {
        cases.push((what.to_owned(), secret.clone(), PrivateKeyGiven));
        cases.push((format!("{what} on one line"), secret.replace('\n', " "), PrivateKeyGiven));
        cases.push((
            format!("{what} in quotation marks"),
            format!("\"{}\"", secret.replace('\n', "\\n")),
            PrivateKeyGiven,
        ));
        cases.push((format!("{what} after a byte order mark"), format!("\u{feff}{secret}"), PrivateKeyGiven));
        cases.push((format!("{what} in base64"), base64(secret), PrivateKeyGiven));
        cases.push((format!("{what} as DER in base64"), der(secret), PrivateKeyGiven));
        cases.push((
            format!("{what} of 8192 bits in base64"),
            base64(&corpus::own_key_pem("private/rsa8192")),
            PrivateKeyGiven,
        ));
    }
    cases.push(("a certificate in base64".to_owned(), base64(&certificate), CertificateGiven));
    cases.push(("a certificate as DER in base64".to_owned(), der(&certificate), CertificateGiven));
    cases.push(("EC as DER in base64".to_owned(), der(&corpus::own_key_pem("ec_p256")), NotAnRsaKey));
    cases.push(("a larger key as DER in base64".to_owned(), der(&corpus::own_key_pem("rsa8192")), ModulusTooLarge));
    let mut tally = Tally::new("what can be read in two ways");
    for (what, text, error) in cases {
        tally.run();
        tally.same(&what, "error", VerifyingKey::from_public_key_pem(&text).err(), Some(error));
    }
    tally.finish(40);
}

#[test]
fn bytes_of_a_key() {
    let key = corpus::own_key("der_binary.der");
    let mut tally = Tally::new("bytes of a key");
    tally.run();
    let own = VerifyingKey::from_public_key_der(&key).unwrap();
    tally.same("der_binary", "bits", own.modulus_bits(), 2048);
    for len in 0..key.len() {
        tally.run();
        if VerifyingKey::from_public_key_der(&key[..len]).is_ok() {
            tally.fail("der_binary", format!("taken when cut to {len} bytes"));
        }
    }
    let longer = [key.as_slice(), &[0]].concat();
    tally.same("der_binary", "one byte more", VerifyingKey::from_public_key_der(&longer).err(), Some(InvalidDer));
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
    for (issuer, expected) in [
        ("https://auth.example.com", None),
        ("", Some(MetadataError::IssuerMissing)),
        ("https://auth.example.com ", Some(MetadataError::IssuerHasWhiteSpace)),
        ("auth.example.com", Some(MetadataError::IssuerNotHttps)),
        ("https://auth.example.com/", Some(MetadataError::IssuerEndsInSlash)),
        ("https://auth.example.com/login", Some(MetadataError::IssuerHasPath)),
        ("https://", Some(MetadataError::IssuerInvalidHost)),
    ] {
        assert_eq!(error(issuer), expected, "{issuer:?}");
        // The output of `fn main() -> Result<…>`.
        assert!(expected.is_none_or(|error| format!("{error:?}") == error.message()));
    }
}
