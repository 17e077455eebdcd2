//! A verifier with two issuers: it takes tokens of each, and of no other.
#![allow(clippy::unwrap_used)]

use common::corpus;
use common::mint::{ISSUER, Mint, NOW};
use propelauth_edge::limits::{MAX_ISSUER_LEN, MAX_ISSUERS};
use propelauth_edge::{Claim, MetadataError, TokenCache, TokenVerificationMetadata, Unauthorized, Verifier};
use serde_json::{Value, json};

const OTHER: &str = "https://auth.12345.propelauthtest.com";
const AUDIENCE: &str = "https://api.acme-example.com";

fn claims(issuer: &Value) -> Vec<u8> {
    let now = NOW.as_secs();
    json!({ "user_id": "ada", "iss": issuer, "aud": AUDIENCE, "iat": now, "exp": now + 60 }).to_string().into_bytes()
}

/// Returns the issuer of the token's user.
fn issuer(verifier: &Verifier, token: &str) -> Result<String, Unauthorized> {
    let mut buffer = vec![0; Verifier::buffer_len(token)];
    verifier.validate_access_token(token, NOW, &mut buffer).map(|user| user.issuer().to_owned())
}

fn with_issuers(issuer: &str, additional: &str) -> Verifier {
    let verifier_key = &corpus::own_key_pem("rsa2048");
    Verifier::new(TokenVerificationMetadata { verifier_key, issuer })
        .unwrap()
        .with_additional_issuer(additional)
        .unwrap()
}

#[test]
fn tokens_of_either_issuer_and_of_no_other() {
    let mint = Mint::new("rsa2048");
    let both = [
        with_issuers(ISSUER, OTHER),
        with_issuers(OTHER, ISSUER),
        with_issuers(ISSUER, OTHER).with_audience(AUDIENCE).unwrap(),
        mint.verifier.clone().with_audience(AUDIENCE).unwrap().with_additional_issuer(OTHER).unwrap(),
        // The second audience replaces the first.
        with_issuers(OTHER, ISSUER).with_audience("another").unwrap().with_audience(AUDIENCE).unwrap(),
        with_issuers(ISSUER, OTHER).with_leeway(5).with_additional_key(&corpus::own_key_pem("rsa2048_b")).unwrap(),
    ];
    let wrong = Err(Unauthorized::WrongIssuer);
    let of_another_type = Err(Unauthorized::InvalidClaim(Claim::Iss));
    let parts = |text: &str| text.split_at(text.len() / 2).0.to_owned();
    for (iss, expected) in [
        (json!(ISSUER), Ok(ISSUER)),
        (json!(OTHER), Ok(OTHER)),
        (json!(""), wrong),
        (json!(null), Err(Unauthorized::MissingClaim(Claim::Iss))),
        (json!(AUDIENCE), wrong),
        (json!("https://auth.other-example.com"), wrong),
        (json!(parts(ISSUER)), wrong),
        (json!(parts(OTHER)), wrong),
        (json!(format!("{ISSUER}{OTHER}")), wrong),
        (json!(format!("{OTHER}{ISSUER}")), wrong),
        (json!(format!("{ISSUER},{OTHER}")), wrong),
        (json!(format!("{ISSUER} {OTHER}")), wrong),
        (json!(format!("{OTHER}/")), wrong),
        (json!(format!("{OTHER}\0")), wrong),
        (json!(OTHER.to_uppercase()), wrong),
        (json!([ISSUER, OTHER]), of_another_type),
        (json!([OTHER]), of_another_type),
        (json!({ OTHER: true }), of_another_type),
    ] {
        let token = mint.token(&claims(&iss));
        for verifier in &both {
            assert_eq!(issuer(verifier, &token), expected.map(str::to_owned), "{iss}: {verifier:?}");
        }
        let one = issuer(&mint.verifier, &token).ok();
        assert_eq!(one.is_some(), iss == json!(ISSUER), "{iss}");
        let user =
            both.first().unwrap().validate_access_token(&token, NOW, &mut [0; 1024]).map(|user| user.user_id.len());
        assert_eq!(user.is_ok(), expected.is_ok(), "{iss}");
    }
    // Audience and signature are checked for both issuers.
    let elsewhere = String::from_utf8(claims(&json!(OTHER))).unwrap().replace(AUDIENCE, "https://api.example.org");
    let elsewhere = mint.token(elsewhere.as_bytes());
    let strict = with_issuers(ISSUER, OTHER).with_audience(AUDIENCE).unwrap();
    assert_eq!(issuer(&strict, &elsewhere), Err(Unauthorized::WrongAudience));
    let forged = Mint::new("attacker2048").token(&claims(&json!(OTHER)));
    assert_eq!(issuer(&strict, &forged), Err(Unauthorized::InvalidSignature));
}

/// The issuer is also checked for cached tokens: removing it invalidates them, as removing the key does.
#[test]
fn a_hit_of_the_cache_is_of_an_issuer_of_its_verifier() {
    let mint = Mint::new("rsa2048");
    let both = with_issuers(ISSUER, OTHER);
    let only_other =
        Verifier::new(TokenVerificationMetadata { verifier_key: &corpus::own_key_pem("rsa2048"), issuer: OTHER })
            .unwrap();
    let [of_first, of_second] = [ISSUER, OTHER].map(|issuer| mint.token(&claims(&json!(issuer))));
    let mut cache = TokenCache::<64>::new();
    let mut buffer = [0; 1024];
    let mut ask = |verifier: &Verifier, token: &str| {
        verifier.validate_access_token_cached(token, NOW, &mut buffer, &mut cache).map(|user| user.issuer().to_owned())
    };
    for _ in 0..2 {
        assert_eq!(ask(&both, &of_first).as_deref(), Ok(ISSUER));
        assert_eq!(ask(&both, &of_second).as_deref(), Ok(OTHER));
    }
    // The verifier lost the second issuer, or the first.
    assert_eq!(ask(&mint.verifier, &of_second), Err(Unauthorized::WrongIssuer));
    assert_eq!(ask(&mint.verifier, &of_first).as_deref(), Ok(ISSUER));
    assert_eq!(ask(&only_other, &of_first), Err(Unauthorized::WrongIssuer));
    assert_eq!(ask(&only_other, &of_second).as_deref(), Ok(OTHER));
    assert!(format!("{cache:?}").contains("tokens: 2"), "{cache:?}");
}

#[test]
fn issuers_that_cannot_be_added() {
    let verifier = Mint::new("rsa2048").verifier;
    let add = |issuer: &str| verifier.clone().with_additional_issuer(issuer).map(|_| ());
    for (bad, error) in [
        ("", MetadataError::IssuerMissing),
        (" ", MetadataError::IssuerHasWhiteSpace),
        (",", MetadataError::IssuerNotHttps),
        ("https://auth.example.com,", MetadataError::IssuerInvalidHost),
        (",https://auth.example.com", MetadataError::IssuerNotHttps),
        ("https://auth.example.com,https://auth.example.org", MetadataError::IssuerHasPath),
        ("https://auth.example.com, https://auth.example.org", MetadataError::IssuerHasWhiteSpace),
        ("https://auth.example.com,,https://auth.example.org", MetadataError::IssuerHasPath),
        ("https://auth.example.com;https://auth.example.org", MetadataError::IssuerHasPath),
        ("https://auth.example.com/", MetadataError::IssuerEndsInSlash),
        ("https://auth.example.com/login", MetadataError::IssuerHasPath),
        ("http://auth.example.com", MetadataError::IssuerNotHttps),
        ("auth.example.com", MetadataError::IssuerNotHttps),
        ("https://", MetadataError::IssuerInvalidHost),
    ] {
        assert_eq!(add(bad), Err(error), "{bad}");
        // These rules also apply to a verifier's only issuer.
        let metadata = TokenVerificationMetadata { verifier_key: &corpus::own_key_pem("rsa2048"), issuer: bad };
        assert_eq!(Verifier::new(metadata).err(), Some(error), "{bad}");
    }
    assert_eq!(MAX_ISSUERS, 2);
    let both = with_issuers(ISSUER, OTHER);
    for third in [ISSUER, OTHER, "https://auth.example.com", "", ","] {
        assert_eq!(both.clone().with_additional_issuer(third).err(), Some(MetadataError::TooManyIssuers), "{third}");
    }
    assert_eq!((both.issuer(), both.additional_issuer()), (ISSUER, Some(OTHER)));
    assert_eq!(verifier.additional_issuer(), None);
    // Both settings may contain the same issuer, as at the end of a move.
    let same = with_issuers(ISSUER, ISSUER);
    let mint = Mint::new("rsa2048");
    assert_eq!(issuer(&same, &mint.token(&claims(&json!(ISSUER)))).as_deref(), Ok(ISSUER));
    assert_eq!(issuer(&same, &mint.token(&claims(&json!(OTHER)))), Err(Unauthorized::WrongIssuer));
}

/// Issuers and audience share one buffer, in any order of the calls.
#[test]
fn what_fits_beside_one_another() {
    let verifier = Mint::new("rsa2048").verifier;
    let of_len = |len: usize| format!("https://{}", "x".repeat(len - 8));
    let room = MAX_ISSUER_LEN - ISSUER.len();
    let add = |verifier: &Verifier, len: usize| {
        let added = of_len(len);
        verifier.clone().with_additional_issuer(&added).inspect(|verifier| {
            assert_eq!((verifier.issuer(), verifier.additional_issuer()), (ISSUER, Some(&*added)));
        })
    };
    let full = add(&verifier, room).unwrap();
    assert_eq!(add(&verifier, room + 1).err(), Some(MetadataError::AdditionalIssuerTooLong));
    assert_eq!(add(&verifier, usize::from(u16::MAX) + 10).err(), Some(MetadataError::AdditionalIssuerTooLong));
    assert_eq!(full.with_audience("a").err(), Some(MetadataError::AudienceTooLong));

    let some = add(&verifier, 100).unwrap();
    let audience = "a".repeat(room - 100);
    let issuer_first = some.clone().with_audience(&audience).unwrap();
    assert_eq!(some.with_audience(&format!("{audience}a")).err(), Some(MetadataError::AudienceTooLong));
    let audience_first = verifier.with_audience(&audience).unwrap();
    assert_eq!(add(&audience_first, 101).err(), Some(MetadataError::AdditionalIssuerTooLong));
    let audience_first = add(&audience_first, 100).unwrap();
    assert_eq!(format!("{issuer_first:?}"), format!("{audience_first:?}"));
    // The audience is complete, and so is a shorter one that replaces it.
    assert!(format!("{audience_first:?}").contains(&format!("audience: Some({audience:?})")), "{audience_first:?}");
    let shorter = audience_first.with_audience("b").unwrap();
    assert!(format!("{shorter:?}").contains(r#"audience: Some("b")"#), "{shorter:?}");
    assert_eq!(shorter.additional_issuer(), Some(&*of_len(100)));
}
