//! Attacks that other JWT verifiers have fallen for, each under its known name.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use common::corpus::{own_key, own_key_pem};
use common::mint::{HEADER, ISSUER, Mint, NOW, base64url};
use hmac::{Hmac, KeyInit, Mac};
use num_bigint::BigUint;
use propelauth_edge::{
    Claim, InvalidSignature, MetadataError, TokenCache, TokenVerificationMetadata, Unauthorized, UnixTime, Verifier,
    VerifyingKey,
};
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::sha2::{Digest, Sha256, Sha384, Sha512};
use rsa::signature::{SignatureEncoding, Signer};
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};

/// Returns valid claims, with the members of `other` added or replaced.
fn claims(other: Value) -> Vec<u8> {
    let mut claims = json!({ "user_id": "u", "iss": ISSUER, "iat": NOW.as_secs(), "exp": NOW.as_secs() + 60 });
    claims.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    claims.to_string().into_bytes()
}

fn good_claims() -> Vec<u8> {
    claims(json!({}))
}

fn validate(verifier: &Verifier, token: &str) -> Result<(), Unauthorized> {
    let mut buffer = vec![0; Verifier::buffer_len(token)];
    verifier.validate_access_token(token, NOW, &mut buffer).map(|_| ())
}

fn new_verifier(verifier_key: &str) -> Result<Verifier, MetadataError> {
    Verifier::new(TokenVerificationMetadata { verifier_key, issuer: ISSUER })
}

/// Checks that tokens with these headers are rejected, although the right key signed them.
fn headers_are_refused(headers: &[Value], error: Unauthorized) {
    let mint = Mint::new("rsa2048");
    for header in headers {
        let token = mint.token_with_header(header.to_string().as_bytes(), &good_claims());
        assert_eq!(validate(&mint.verifier, &token), Err(error), "{header}");
    }
}

/// Returns the text with a signature made by an attacker.
fn forged(header: &str, signature: &[u8]) -> String {
    format!("{}.{}.{}", base64url(header.as_bytes()), base64url(&good_claims()), base64url(signature))
}

#[test]
fn cve_2015_9235_and_cve_2016_10555_public_key_as_hmac_secret() {
    let verifier = Mint::new("rsa2048").verifier;
    let pem = own_key_pem("rsa2048");
    for secret in [pem.as_bytes(), pem.trim().as_bytes(), &own_key("der_binary.der")] {
        for (alg, error) in [("HS256", Unauthorized::UnsupportedAlgorithm), ("RS256", Unauthorized::InvalidSignature)] {
            let header = json!({ "alg": alg }).to_string();
            let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
            mac.update(format!("{}.{}", base64url(header.as_bytes()), base64url(&good_claims())).as_bytes());
            assert_eq!(validate(&verifier, &forged(&header, &mac.finalize().into_bytes())), Err(error), "{alg}");
        }
    }
}

#[test]
fn cve_2020_28042_no_signature() {
    let mint = Mint::new("rsa2048");
    let unsigned = forged(HEADER, &[]);
    assert_eq!(validate(&mint.verifier, &unsigned), Err(Unauthorized::MalformedToken));
    assert_eq!(validate(&mint.verifier, unsigned.trim_end_matches('.')), Err(Unauthorized::MalformedToken));
    let algorithms =
        [json!("none"), json!("None"), json!("NONE"), json!("nOnE"), json!(""), json!(null), json!(["RS256"])];
    headers_are_refused(&algorithms.map(|alg| json!({ "alg": alg })), Unauthorized::UnsupportedAlgorithm);
    headers_are_refused(&[json!({})], Unauthorized::UnsupportedAlgorithm);
}

#[test]
fn cve_2018_0114_key_in_the_header() {
    let (attacker, verifier) = (Mint::new("attacker2048"), Mint::new("rsa2048").verifier);
    let key = rsa::PrivateKey::from_pkcs8_pem(&own_key_pem("private/attacker2048")).unwrap();
    let jwk = json!({ "kty": "RSA", "alg": "RS256", "n": base64url(&key.n().to_be_bytes()), "e": "AQAB" });
    for (name, value) in [
        ("jwk", jwk.clone()),
        ("jku", json!("https://attacker.example/keys")),
        ("x5u", json!("https://attacker.example/certificate")),
        ("x5c", json!(["MIIB"])),
        ("kid", json!("../../../../dev/null")),
    ] {
        let header = json!({ "alg": "RS256", name: value }).to_string();
        let token = attacker.token_with_header(header.as_bytes(), &good_claims());
        assert_eq!(validate(&verifier, &token), Err(Unauthorized::InvalidSignature), "{name}");
    }
}

#[test]
fn cve_2023_48223_and_cve_2026_34950_and_ghsa_ww5h_9m49_7xx4_and_fast_jwt_635_key_type_by_the_look_of_the_pem() {
    let pem = own_key_pem("rsa2048");
    for (changed, error) in [
        (format!("{pem}{pem}"), MetadataError::TextAroundPem),
        (format!("x {pem}"), MetadataError::TextAroundPem),
        (pem.replace("PUBLIC KEY", "public key"), MetadataError::NotAPublicKeyPem),
        (pem.replace("PUBLIC KEY", "RSA PUBLIC KEY"), MetadataError::InvalidDer),
        (pem.replace("PUBLIC KEY", "CERTIFICATE"), MetadataError::CertificateGiven),
        (pem.replace("PUBLIC KEY", "PRIVATE KEY"), MetadataError::PrivateKeyGiven),
        (own_key_pem("ec_p256"), MetadataError::NotAnRsaKey),
        (own_key_pem("ed25519"), MetadataError::NotAnRsaKey),
    ] {
        assert_eq!(new_verifier(&changed).map(|_| ()), Err(error), "{changed}");
    }
}

#[test]
fn cve_2022_29217_and_cve_2026_48526_other_keys_as_text() {
    for file in ["ssh_rsa.txt", "jwk.json"] {
        let text = String::from_utf8(own_key(file)).unwrap();
        assert_eq!(new_verifier(&text).map(|_| ()), Err(MetadataError::NotAPublicKeyPem), "{file}");
    }
}

#[test]
fn cve_2026_22817_and_cve_2026_22818_algorithm_of_the_header() {
    let key = || rsa::PrivateKey::from_pkcs8_pem(&own_key_pem("private/rsa2048")).unwrap();
    let verifier = Mint::new("rsa2048").verifier;
    let sign = |alg, input: &[u8]| match alg {
        "RS384" => SigningKey::<Sha384>::new(key()).sign(input),
        _ => SigningKey::<Sha512>::new(key()).sign(input),
    };
    for alg in ["RS384", "RS512"] {
        for (header, error) in [(alg, Unauthorized::UnsupportedAlgorithm), ("RS256", Unauthorized::InvalidSignature)] {
            let header = json!({ "alg": header }).to_string();
            let input = format!("{}.{}", base64url(header.as_bytes()), base64url(&good_claims()));
            assert_eq!(
                validate(&verifier, &forged(&header, &sign(alg, input.as_bytes()).to_vec())),
                Err(error),
                "{alg}"
            );
        }
    }
    let others = ["PS256", "ES256", "EdDSA", "HS256", "rs256", "RS256 ", "RS2560", "RSA"];
    headers_are_refused(&others.map(|alg| json!({ "alg": alg })), Unauthorized::UnsupportedAlgorithm);
}

#[test]
fn cve_2024_33663_and_cve_2024_33664_encrypted_and_compressed() {
    let mint = Mint::new("rsa2048");
    for header in
        [json!({ "alg": "RSA-OAEP", "enc": "A128GCM", "zip": "DEF" }), json!({ "alg": "dir", "enc": "A128GCM" })]
    {
        let encrypted = format!("{}.{}.{}.{}.{}", base64url(header.to_string().as_bytes()), "AA", "AA", "AA", "AA");
        assert_eq!(validate(&mint.verifier, &encrypted), Err(Unauthorized::MalformedToken));
    }
    // The start of a DEFLATE stream that expands to a megabyte of zeros. It is never inflated, even if signed.
    let header = json!({ "alg": "RS256", "zip": "DEF" }).to_string();
    let token = mint.token_with_header(header.as_bytes(), b"\xec\xc1\x01\x01\x00\x00\x00\x80\x90\xfe\xaf\xee\x08");
    assert_eq!(validate(&mint.verifier, &token), Err(Unauthorized::InvalidPayload));
}

#[test]
fn cve_2022_36083_and_cve_2024_28176_and_cve_2026_27932_and_cve_2026_39373_work_set_by_the_header() {
    let costly = json!({ "alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2c": 2_147_483_647, "p2s": "AAAAAAAAAAA" });
    headers_are_refused(&[costly], Unauthorized::UnsupportedAlgorithm);
    // Only one algorithm is supported, so these are ignored.
    let mint = Mint::new("rsa2048");
    let header = json!({ "alg": "RS256", "p2c": 2_147_483_647, "p2s": "AAAAAAAAAAA" }).to_string();
    assert_eq!(validate(&mint.verifier, &mint.token_with_header(header.as_bytes(), &good_claims())), Ok(()));
}

#[test]
fn cve_2025_30204_and_cve_2025_27144_and_cve_2025_22868_many_dots() {
    let verifier = Mint::new("rsa2048").verifier;
    let dots = ".".repeat(propelauth_edge::limits::MAX_TOKEN_LEN);
    for token in [dots.clone(), format!("a{}", &dots[1..]), "a.".repeat(1000), "a.b.c.d".to_owned()] {
        assert_eq!(validate(&verifier, &token), Err(Unauthorized::MalformedToken));
    }
    assert_eq!(validate(&verifier, &format!("{dots}.")), Err(Unauthorized::TokenTooLong));
}

#[test]
fn cve_2025_59420_and_cve_2026_35042_critical_extensions() {
    let crits =
        [json!([]), json!(["exp"]), json!(["b64"]), json!(["x"]), json!("x"), json!(null), json!({}), json!(false)];
    headers_are_refused(&crits.map(|crit| json!({ "alg": "RS256", "crit": crit })), Unauthorized::UnsupportedCritical);
    let b64s = [json!(false), json!(null), json!("true"), json!(1)];
    headers_are_refused(&b64s.map(|b64| json!({ "alg": "RS256", "b64": b64 })), Unauthorized::UnsupportedCritical);
}

#[test]
fn cve_2026_25537_dates_of_another_type() {
    let mint = Mint::new("rsa2048");
    for (name, claim) in [("exp", Claim::Exp), ("nbf", Claim::Nbf), ("iat", Claim::Iat)] {
        for value in [json!("1760000000"), json!([1_760_000_000]), json!({}), json!(true), json!(1e300)] {
            let token = mint.token(&claims(json!({ name: value })));
            assert_eq!(validate(&mint.verifier, &token), Err(Unauthorized::InvalidClaim(claim)), "{name}: {value}");
        }
    }
}

#[test]
fn cve_2025_30144_list_of_issuers() {
    let mint = Mint::new("rsa2048");
    for issuer in [json!([ISSUER]), json!(["https://attacker.example", ISSUER]), json!({ ISSUER: true }), json!(1)] {
        let token = mint.token(&claims(json!({ "iss": issuer })));
        assert_eq!(validate(&mint.verifier, &token), Err(Unauthorized::InvalidClaim(Claim::Iss)), "{issuer}");
    }
    for issuer in
        ["", "https://auth.acme-example.com/", "HTTPS://auth.acme-example.com", "https://auth.acme-example.com\0"]
    {
        let token = mint.token(&claims(json!({ "iss": issuer })));
        assert_eq!(validate(&mint.verifier, &token), Err(Unauthorized::WrongIssuer), "{issuer}");
    }
}

#[test]
fn rfc_8725_3_9_token_for_another_audience() {
    const AUDIENCE: &str = "https://api.acme-example.com";
    let mint = Mint::new("rsa2048");
    let strict = mint.verifier.clone().with_audience("https://other.example").unwrap().with_audience(AUDIENCE).unwrap();
    let mut cache = TokenCache::<4>::new();
    let prefix = &AUDIENCE[..AUDIENCE.len() - 1];
    let escaped = AUDIENCE.replace('h', "\\u0068");
    let (missing, invalid) = (Unauthorized::MissingClaim(Claim::Aud), Unauthorized::InvalidClaim(Claim::Aud));
    for (aud, expected) in [
        (json!(AUDIENCE).to_string(), Ok(())),
        (format!("\"{escaped}\""), Ok(())),
        (json!([AUDIENCE]).to_string(), Ok(())),
        (json!(["", "https://other.example", AUDIENCE]).to_string(), Ok(())),
        (format!("[\"x\\n\", \"{escaped}\"]"), Ok(())),
        (json!(null).to_string(), Err(missing)),
        (json!("").to_string(), Err(Unauthorized::WrongAudience)),
        (json!([]).to_string(), Err(Unauthorized::WrongAudience)),
        (json!([""]).to_string(), Err(Unauthorized::WrongAudience)),
        (json!("https://other.example").to_string(), Err(Unauthorized::WrongAudience)),
        (
            json!([prefix, format!("{AUDIENCE}/"), AUDIENCE.to_uppercase()]).to_string(),
            Err(Unauthorized::WrongAudience),
        ),
        (json!(format!("{ISSUER}{AUDIENCE}")).to_string(), Err(Unauthorized::WrongAudience)),
        (json!([AUDIENCE, 1]).to_string(), Err(invalid)),
        (json!([[AUDIENCE]]).to_string(), Err(invalid)),
        (json!({ AUDIENCE: true }).to_string(), Err(invalid)),
        (json!(1).to_string(), Err(invalid)),
        (json!(true).to_string(), Err(invalid)),
    ] {
        let claims = String::from_utf8(good_claims()).unwrap();
        let token = mint.token(claims.replacen('{', &format!("{{\"aud\":{aud},"), 1).as_bytes());
        assert_eq!(validate(&mint.verifier, &token), Ok(()), "without an audience, aud: {aud}");
        assert_eq!(validate(&strict, &token), expected, "aud: {aud}");
        // A cache hit, filled by another verifier with this key, is still checked for its audience.
        let mut buffer = vec![0; Verifier::buffer_len(&token)];
        mint.verifier.validate_access_token_cached(&token, NOW, &mut buffer, &mut cache).unwrap();
        let hit = strict.validate_access_token_cached(&token, NOW, &mut buffer, &mut cache).map(|_| ());
        assert_eq!(hit, expected, "aud in the cache: {aud}");
    }
    assert_eq!(validate(&strict, &mint.token(&good_claims())), Err(missing));
    // The issuer, stored together with the audience, is checked first.
    let elsewhere = mint.token(&claims(json!({ "iss": AUDIENCE, "aud": AUDIENCE })));
    assert_eq!(validate(&strict, &elsewhere), Err(Unauthorized::WrongIssuer));
    let no_jti = mint.token(&claims(json!({ "aud": "other", "jti": 1 })));
    assert_eq!(validate(&strict, &no_jti), Err(Unauthorized::WrongAudience));
}

#[test]
fn cve_2020_26160_claims_of_another_type() {
    let mint = Mint::new("rsa2048");
    for (name, claim) in [
        ("sub", Claim::Sub),
        ("jti", Claim::Jti),
        ("user_id", Claim::UserId),
        ("email", Claim::Email),
        ("impersonator_user_id", Claim::ImpersonatorUserId),
        ("org_member_info", Claim::OrgMemberInfo),
        ("org_id_to_org_member_info", Claim::OrgIdToOrgMemberInfo),
        ("login_method", Claim::LoginMethod),
        ("properties", Claim::Properties),
    ] {
        for value in [json!(["u"]), json!(1), json!(true)] {
            let token = mint.token(&claims(json!({ name: value })));
            assert_eq!(validate(&mint.verifier, &token), Err(Unauthorized::InvalidClaim(claim)), "{name}: {value}");
        }
    }
}

#[test]
fn ghsa_rp9m_7r4c_75qg_and_lua_resty_openidc_399_and_569_another_tokens_result_from_the_cache() {
    let mint = Mint::new("rsa2048");
    let mut cache = TokenCache::<1>::new();
    let mut ask = |verifier: &Verifier, token: &str, now| {
        let mut buffer = vec![0; Verifier::buffer_len(token)];
        verifier.validate_access_token_cached(token, now, &mut buffer, &mut cache).map(|user| user.user_id.to_owned())
    };
    let token = mint.token(&good_claims());
    assert_eq!(ask(&mint.verifier, &token, NOW).as_deref(), Ok("u"));
    // Another payload with this signature.
    let signature = token.rsplit('.').next().unwrap();
    let admin = base64url(&claims(json!({ "user_id": "admin" })));
    let forged = format!("{}.{admin}.{signature}", base64url(HEADER.as_bytes()));
    assert_eq!(ask(&mint.verifier, &forged, NOW), Err(Unauthorized::InvalidSignature));
    // This token under another policy, and later.
    assert_eq!(ask(&Mint::new("rsa2048_b").verifier, &token, NOW), Err(Unauthorized::InvalidSignature));
    let verifier_key = &own_key_pem("rsa2048");
    let other = TokenVerificationMetadata { verifier_key, issuer: "https://auth.other-example.com" };
    assert_eq!(ask(&Verifier::new(other).unwrap(), &token, NOW), Err(Unauthorized::WrongIssuer));
    assert_eq!(ask(&mint.verifier, &token, UnixTime::from_secs(NOW.as_secs() + 3600)), Err(Unauthorized::Expired));
}

#[test]
fn ghsa_gmvf_9v4p_v8jc_missing_key() {
    for nothing in ["", " ", "\n\t\r\n"] {
        assert_eq!(new_verifier(nothing).map(|_| ()), Err(MetadataError::KeyMissing), "{nothing:?}");
    }
    for placeholder in ["undefined", "null", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----"] {
        assert!(new_verifier(placeholder).is_err(), "{placeholder}");
    }
}

/// Returns the public key, its modulus, and its length in bytes.
fn public_key(name: &str) -> (VerifyingKey, BigUint, usize) {
    let key = rsa::PrivateKey::from_pkcs8_pem(&own_key_pem(&format!("private/{name}"))).unwrap();
    let n = BigUint::from_bytes_be(&key.n().to_be_bytes());
    let len = n.bits().div_ceil(8) as usize;
    (VerifyingKey::from_public_key_pem(&own_key_pem(name)).unwrap(), n, len)
}

fn fixed_len(number: &BigUint, len: usize) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    [vec![0; len - bytes.len()], bytes].concat()
}

#[test]
fn cve_2022_21449_signatures_out_of_range() {
    for name in ["rsa2048", "rsa2055", "rsa4096"] {
        let (key, n, len) = public_key(name);
        let good = Mint::new(name).sign(b"message");
        assert_eq!(key.verify(b"message", &good), Ok(()));
        let one = BigUint::from(1u8);
        let numbers = [BigUint::from(0u8), one.clone(), &n - &one, n.clone(), &n + &one, (&one << (8 * len)) - &one];
        for number in numbers {
            assert_eq!(key.verify(b"message", &fixed_len(&number, len)), Err(InvalidSignature), "{name}: {number:x}");
        }
        // Numbers congruent to the valid one modulo n, and the valid one in another length.
        let more = BigUint::from_bytes_be(&good) + &n;
        assert_eq!(key.verify(b"message", &fixed_len(&more, len + 1)), Err(InvalidSignature));
        assert_eq!(key.verify(b"message", &[&[0], &good[..]].concat()), Err(InvalidSignature));
        assert_eq!(key.verify(b"message", &good[1..]), Err(InvalidSignature));
        assert_eq!(key.verify(b"message", &[]), Err(InvalidSignature));
    }
}

#[test]
fn cve_2006_4339_padding_that_is_not_looked_at() {
    const DIGEST_INFO: &[u8] = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
    for name in ["rsa2048_e3", "rsa3072_e3"] {
        let (key, _, len) = public_key(name);
        let digest = Sha256::digest(b"message");
        // A cube with a known root starts with the padding and the digest that a lenient parser looks for, followed by
        // garbage that must not be ignored.
        for padding in [8, 10, 20] {
            let start = [b"\x00\x01", &vec![0xff; padding][..], b"\x00", DIGEST_INFO, &digest].concat();
            let block = [start.clone(), vec![0xff; len - start.len()]].concat();
            let root = BigUint::from_bytes_be(&block).cbrt();
            let cube = fixed_len(&root.pow(3), len);
            assert!(cube.starts_with(&start));
            assert_eq!(key.verify(b"message", &fixed_len(&root, len)), Err(InvalidSignature), "{name}, {padding}");
        }
    }
    for name in ["exponent_0", "exponent_1", "exponent_even"] {
        assert_eq!(new_verifier(&own_key_pem(name)).map(|_| ()), Err(MetadataError::InvalidExponent), "{name}");
    }
}

#[test]
fn cve_2022_23529_and_23539_and_23540_and_23541_weak_keys() {
    for name in ["rsa1024", "rsa1536", "rsa2047", "rsa1024_padded_to_2048"] {
        assert!(new_verifier(&own_key_pem(name)).is_err(), "{name}");
    }
    assert_eq!(new_verifier(&own_key_pem("rsa2047")).map(|_| ()), Err(MetadataError::ModulusTooSmall));
}

#[test]
fn ghsa_hxm8_2xgr_2p9m_junk_in_the_signature() {
    let mint = Mint::new("rsa2048");
    let token = mint.token(&good_claims());
    assert_eq!(validate(&mint.verifier, &token), Ok(()));
    for junk in [" ", "\n", "=", "==", "!", "%3D", "\0", "é", "\u{200b}"] {
        for at in [token.len(), token.len() - 1, token.rfind('.').unwrap() + 1, token.rfind('.').unwrap() + 100] {
            let mut changed = token.clone();
            changed.insert_str(at, junk);
            assert_eq!(validate(&mint.verifier, &changed), Err(Unauthorized::MalformedToken), "{junk:?} at {at}");
        }
    }
    // The four unused bits of the last character.
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let accepted = alphabet.chars().filter(|last| {
        let changed = format!("{}{last}", &token[..token.len() - 1]);
        validate(&mint.verifier, &changed).is_ok()
    });
    assert_eq!(accepted.collect::<String>(), token[token.len() - 1..]);
}

#[test]
fn rustsec_2026_0104_and_2023_0053_panics_and_work_before_the_signature() {
    let mint = Mint::new("rsa2048");
    let token = mint.token(&good_claims());
    for at in 0..token.len() {
        for byte in [b'\0', b'.', b'A', b'_', b'=', 0x7f] {
            let mut changed = token.clone().into_bytes();
            if std::mem::replace(&mut changed[at], byte) != byte {
                assert!(validate(&mint.verifier, &String::from_utf8(changed).unwrap()).is_err(), "{byte} at {at}");
            }
        }
        assert!(validate(&mint.verifier, &token[..at]).is_err(), "cut at {at}");
    }
    let der = own_key("der_binary.der");
    for at in 0..der.len() {
        assert!(VerifyingKey::from_public_key_der(&der[..at]).is_err(), "cut at {at}");
        for byte in [0, 1, 0x7f, 0x80, 0xff] {
            let mut changed = der.clone();
            changed[at] = byte;
            let _ = VerifyingKey::from_public_key_der(&changed);
        }
    }
    assert!(new_verifier(&own_key_pem("spki_empty_bit_string")).is_err());
    // A multi-byte character ends where `Bearer ` would end.
    let mut buffer = [0; 64];
    for header in ["Bearéé", "Bear\u{20ac}r", "Bearer\u{a0}x", "é", "Bearer"] {
        let user = mint.verifier.validate_access_token_and_get_user(header, NOW, &mut buffer);
        assert_eq!(user.map(|_| ()), Err(Unauthorized::MalformedHeader), "{header}");
    }
}

/// "Marvin": private-key operations leak through timing. A verifier has no private key, and the core does not use
/// `rsa`.
#[test]
fn rustsec_2023_0071_time_of_private_operations() {
    for name in ["private/rsa2048", "private_key_pkcs8", "private_key_pkcs1"] {
        assert_eq!(new_verifier(&own_key_pem(name)).map(|_| ()), Err(MetadataError::PrivateKeyGiven), "{name}");
    }
    let dependencies = include_str!("../data/dependencies.txt");
    let is_in = |name| dependencies.lines().any(|line| line.split(' ').next() == Some(name));
    assert!(is_in("sha2") && !is_in("rsa"));
}

/// A parser must not wait for the rest of an escape, nor read past the end.
#[test]
fn json_that_ends_anywhere() {
    let mint = Mint::new("rsa2048");
    let header = r#"{"alg":"RS256","x\\\"y":"\u0061\ud83d\ude00\n\\"}"#;
    let claims = claims(json!({ "a\\\"b": { "c\n": ["\\", 1.5, null, true, "\u{1}\u{1f600}"] } }));
    let claims = str::from_utf8(&claims).unwrap();
    let validate = |header: &str, claims: &str| {
        validate(&mint.verifier, &mint.token_with_header(header.as_bytes(), claims.as_bytes()))
    };
    assert_eq!(validate(header, claims), Ok(()));
    fn cut(text: &str) -> impl Iterator<Item = String> {
        let prefixes = (0..text.len()).filter_map(|at| text.get(..at));
        prefixes.flat_map(|prefix| ["", "\\"].map(|end| format!("{prefix}{end}")))
    }
    for header in cut(header) {
        assert!(validate(&header, claims).is_err(), "{header}");
    }
    for claims in cut(claims) {
        assert!(validate(header, &claims).is_err(), "{claims}");
    }
}
