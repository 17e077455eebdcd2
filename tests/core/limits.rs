//! Input at a limit is accepted, and input one over it is rejected with the limit's error.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use common::mint::{HEADER, ISSUER, Mint, NOW, base64url};
use propelauth_edge::limits::{
    MAX_HEADER_LEN, MAX_HEADER_PARAMETERS, MAX_ISSUER_LEN, MAX_JSON_DEPTH, MAX_MODULUS_BITS, MAX_OTHER_CLAIMS,
    MAX_PEM_LEN, MAX_TOKEN_LEN,
};
use propelauth_edge::{Claim, MetadataError, TokenVerificationMetadata, Unauthorized, Verifier, VerifyingKey};

/// Returns valid claims, with more members.
fn claims(more: &str) -> String {
    let now = NOW.as_secs();
    format!(r#"{{"user_id":"u","iss":"{ISSUER}","iat":{now},"exp":{}{more}}}"#, now + 60)
}

/// Returns this many members with different names, each after a comma.
fn members(count: usize) -> String {
    (0..count).fold(String::new(), |mut text, i| {
        write!(text, r#","name {i}":{i}"#).unwrap();
        text
    })
}

fn validate(verifier: &Verifier, token: &str) -> Result<(), Unauthorized> {
    let mut buffer = vec![0; Verifier::buffer_len(token)];
    verifier.validate_access_token(token, NOW, &mut buffer).map(|_| ())
}

#[test]
fn length_of_a_token() {
    let mint = Mint::new("rsa2048");
    let of_payload = |len: usize| {
        let filled = claims(&format!(r#","properties":{{"a":"{}"}}"#, "x".repeat(len)));
        mint.token_with_header(HEADER.as_bytes(), filled.as_bytes())
    };
    // Three bytes of payload make four characters; white space in the header makes up the rest.
    let mut longest = of_payload((MAX_TOKEN_LEN - of_payload(0).len()) / 4 * 3 - 3);
    let mut blanks = String::new();
    while longest.len() < MAX_TOKEN_LEN {
        blanks.push(' ');
        let payload = longest.split('.').nth(1).unwrap();
        let header = base64url(format!("{HEADER}{blanks}").as_bytes());
        longest = mint.sign_text(&format!("{header}.{payload}"));
    }
    assert_eq!(longest.len(), MAX_TOKEN_LEN);
    assert_eq!(validate(&mint.verifier, &longest), Ok(()));
    let header = format!("Bearer {longest}");
    let mut buffer = vec![0; Verifier::buffer_len(&header)];
    assert!(mint.verifier.validate_access_token_and_get_user(&*header, NOW, &mut buffer).is_ok());
    let beyond = format!("{longest}A");
    assert_eq!(validate(&mint.verifier, &beyond), Err(Unauthorized::TokenTooLong));
    assert_eq!(Verifier::buffer_len(&beyond), 0);
    // A header instead of a token is malformed, rather than too long for the buffer.
    for no_token in ["Bearer e30.e30.", "not: a token.e30."] {
        assert_eq!(validate(&mint.verifier, no_token), Err(Unauthorized::MalformedToken));
    }
}

#[test]
fn length_of_a_token_for_one_verifier() {
    let mint = Mint::new("rsa2048");
    let token = mint.token(claims("").as_bytes());
    let with = |len: usize| validate(&mint.verifier.clone().with_max_token_len(len), &token);
    assert_eq!(with(token.len()), Ok(()));
    assert_eq!(with(token.len() - 1), Err(Unauthorized::TokenTooLong));
    assert_eq!(with(0), Err(Unauthorized::TokenTooLong));
    // Before any other check.
    let short = mint.verifier.clone().with_max_token_len(8);
    assert_eq!(validate(&short, "no token"), Err(Unauthorized::MalformedToken));
    assert_eq!(validate(&short, "not token"), Err(Unauthorized::TokenTooLong));
    assert_eq!(short.validate_access_token(&token, NOW, &mut []).err(), Some(Unauthorized::TokenTooLong));
    // Never above the global limit.
    for len in [MAX_TOKEN_LEN + 1, usize::MAX, 1 << 32] {
        let verifier = mint.verifier.clone().with_max_token_len(len);
        assert_eq!(validate(&verifier, &"A".repeat(MAX_TOKEN_LEN)), Err(Unauthorized::MalformedToken));
        assert_eq!(validate(&verifier, &"A".repeat(MAX_TOKEN_LEN + 1)), Err(Unauthorized::TokenTooLong));
    }
}

#[test]
fn length_of_a_header() {
    let mint = Mint::new("rsa2048");
    let of_len = |len: usize| {
        let header = format!("{HEADER:<width$}", width = len / 4 * 3);
        let input = format!("{}.{}", base64url(header.as_bytes()), base64url(claims("").as_bytes()));
        assert_eq!(input.find('.'), Some(len));
        mint.sign_text(&input)
    };
    assert_eq!(validate(&mint.verifier, &of_len(MAX_HEADER_LEN)), Ok(()));
    let beyond = of_len(MAX_HEADER_LEN + 4);
    assert_eq!(validate(&mint.verifier, &beyond), Err(Unauthorized::MalformedToken));
    // Rejected before decoding, and so without a buffer.
    assert_eq!(mint.verifier.validate_access_token(&beyond, NOW, &mut []).err(), Some(Unauthorized::MalformedToken));
}

#[test]
fn parameters_of_a_header() {
    let mint = Mint::new("rsa2048");
    let with = |count| {
        mint.token_with_header(format!(r#"{{"alg":"RS256"{}}}"#, members(count)).as_bytes(), claims("").as_bytes())
    };
    assert_eq!(validate(&mint.verifier, &with(MAX_HEADER_PARAMETERS - 1)), Ok(()));
    assert_eq!(validate(&mint.verifier, &with(MAX_HEADER_PARAMETERS)), Err(Unauthorized::MalformedToken));
}

#[test]
fn claims_that_are_not_read() {
    let mint = Mint::new("rsa2048");
    let with = |count| mint.token(claims(&members(count)).as_bytes());
    assert_eq!(validate(&mint.verifier, &with(MAX_OTHER_CLAIMS)), Ok(()));
    assert_eq!(validate(&mint.verifier, &with(MAX_OTHER_CLAIMS + 1)), Err(Unauthorized::InvalidPayload));
}

#[test]
fn length_of_a_key() {
    let pem = common::corpus::own_key_pem("rsa2048");
    let with = |len: usize| VerifyingKey::from_public_key_pem(&format!("{pem:<len$}")).map(|_| ());
    assert_eq!(with(MAX_PEM_LEN), Ok(()));
    assert_eq!(with(MAX_PEM_LEN + 1), Err(MetadataError::KeyTooLong));
}

#[test]
fn length_of_an_issuer() {
    let verifier_key = &common::corpus::own_key_pem("rsa2048");
    let with = |len: usize| {
        let issuer = &format!("https://{}", "x".repeat(len))[..len];
        Verifier::new(TokenVerificationMetadata { verifier_key, issuer }).map(|verifier| verifier.issuer() == issuer)
    };
    assert_eq!(with(MAX_ISSUER_LEN), Ok(true));
    assert_eq!(with(MAX_ISSUER_LEN + 1), Err(MetadataError::IssuerTooLong));
    assert_eq!(with(0), Err(MetadataError::IssuerMissing));
}

#[test]
fn length_of_an_audience() {
    let verifier = Mint::new("rsa2048").verifier;
    let with =
        |len: usize| verifier.clone().with_audience(&"x".repeat(len)).map(|verifier| verifier.issuer() == ISSUER);
    let longest = MAX_ISSUER_LEN - ISSUER.len();
    assert_eq!(with(longest), Ok(true));
    assert_eq!(with(longest + 1), Err(MetadataError::AudienceTooLong));
    assert_eq!(with(usize::from(u16::MAX) + 2), Err(MetadataError::AudienceTooLong));
    assert_eq!(with(0), Err(MetadataError::AudienceMissing));
}

/// The parts that the guide `buffers` lists.
#[test]
fn length_of_a_buffer() {
    let mint = Mint::new("rsa2048");
    let part = |orgs: usize| {
        let org = |i: usize| {
            format!(
                r#""1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f{i:04}":{{"org_id":"1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f{i:04}","org_name":"Acme {i}","url_safe_org_name":"acme-{i}","org_metadata":{{"plan":"pro"}},"user_role":"Admin","inherited_user_roles_plus_current_role":["Admin","Member"],"user_permissions":["billing::view","billing::edit"],"org_role_structure":"single_role_in_hierarchy","additional_roles":[]}}"#
            )
        };
        let orgs = (0..orgs).map(org).collect::<Vec<_>>().join(",");
        let token = mint.token(claims(&format!(r#","org_id_to_org_member_info":{{{orgs}}}"#)).as_bytes());
        let len = Verifier::buffer_len(&token);
        assert!(len < token.len());
        assert_eq!(validate(&mint.verifier, &token), Ok(()));
        100 * len / token.len()
    };
    for (orgs, parts) in [(0, 25..42), (1, 52..68), (30, 85..92), (300, 85..92)] {
        assert!(parts.contains(&part(orgs)), "{orgs} orgs: {} %", part(orgs));
    }
}

#[test]
fn length_of_a_signature() {
    let verifier = Mint::new("rsa4096").verifier;
    let input = format!("{}.{}", base64url(HEADER.as_bytes()), base64url(claims("").as_bytes()));
    let of_junk = |bytes: usize| validate(&verifier, &format!("{input}.{}", "!".repeat((bytes * 4).div_ceil(3))));
    let longest = MAX_MODULUS_BITS as usize / 8;
    assert_eq!(of_junk(longest), Err(Unauthorized::MalformedToken));
    assert_eq!(of_junk(longest + 1), Err(Unauthorized::InvalidSignature));
    // A length that fits one of the keys is checked; otherwise no key can have made it.
    let mint = Mint::new("rsa3072");
    let both = Mint::new("rsa4096").verifier.with_additional_key(&common::corpus::own_key_pem("rsa3072")).unwrap();
    let token = mint.token(claims("").as_bytes());
    assert_eq!(validate(&both, &token), Ok(()));
    let (input, _) = token.rsplit_once('.').unwrap();
    for bytes in [1, 256, 383, 384, 385, 512] {
        let signature = base64url(&vec![1; bytes]);
        assert_eq!(validate(&both, &format!("{input}.{signature}")), Err(Unauthorized::InvalidSignature), "{bytes}");
    }
}

#[test]
fn nesting() {
    let mint = Mint::new("rsa2048");
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    // Members that contain objects already: inside them, this many levels are open.
    for (before, open, after) in [
        (r#","properties":{"a":"#, 2, "}"),
        (r#","unknown":"#, 1, ""),
        (r#","login_method":{"a":"#, 2, "}"),
        (r#","org_member_info":{"user_role":null,"a":"#, 2, "}"),
        (r#","org_id_to_org_member_info":{"o":{"user_role":null,"a":"#, 3, "}}"),
    ] {
        let with = |levels| {
            validate(&mint.verifier, &mint.token(claims(&format!("{before}{}{after}", nested(levels))).as_bytes()))
        };
        let deepest = MAX_JSON_DEPTH - open;
        assert_ne!(with(deepest), Err(Unauthorized::InvalidPayload), "{before}");
        assert_eq!(with(deepest + 1), Err(Unauthorized::InvalidPayload), "{before}");
    }
    let header = |levels| {
        let header = format!(r#"{{"alg":"RS256","a":{}}}"#, nested(levels));
        validate(&mint.verifier, &mint.token_with_header(header.as_bytes(), claims("").as_bytes()))
    };
    assert_eq!(header(MAX_JSON_DEPTH - 1), Ok(()));
    assert_eq!(header(MAX_JSON_DEPTH), Err(Unauthorized::MalformedToken));
}

#[test]
fn fractions_of_a_second() {
    let mint = Mint::new("rsa2048");
    let now = NOW.as_secs();
    let with = |nbf: &str| validate(&mint.verifier, &mint.token(claims(&format!(r#","nbf":{nbf}"#)).as_bytes()));
    let (last, next) = (now + 60, now + 61);
    for good in [format!("{last}.999"), format!("{last}.0"), format!("{last}0e-1"), format!("{last}00.5E-2")] {
        assert_eq!(with(&good), Ok(()), "{good}");
    }
    for early in [format!("{next}.0"), format!("{next}0e-1"), format!("{:.9}e9", next as f64 / 1e9)] {
        assert_eq!(with(&early), Err(Unauthorized::NotYetValid), "{early}");
    }
    for good in ["-0.5", "1e0", "1e3", "0e999999999999999999999", "1e-99999999999999999999", "-1e3"] {
        assert_eq!(with(good), Ok(()), "{good}");
    }
    for beyond in ["1e19", "1e999999999999999999999", "-1e19", "9223372036854775808"] {
        assert_eq!(with(beyond), Err(Unauthorized::InvalidClaim(Claim::Nbf)), "{beyond}");
    }
}

/// Ids that FNV-1a maps to one slot of the table, more often than by chance.
#[test]
fn colliding_org_ids() {
    let mint = Mint::new("rsa2048");
    let len = 16_000;
    // As `hash::place` has it, for ids of less than eight bytes.
    let place = |id: &str| {
        let word = id.bytes().rev().fold(0, |word, byte| word << 8 | u64::from(byte));
        let hash = (id.len() as u64 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (hash >> 32) * (len as u64 / 16) >> 32
    };
    let with = |orgs: usize, collide: bool| {
        let ids = (0..).map(|id| format!("{id:x}")).filter(|id| !collide || place(id) == 0);
        let orgs: Vec<_> = ids.take(orgs).map(|id| format!(r#""{id}":{{"user_role":null}}"#)).collect();
        let claims = claims(&format!(r#","org_id_to_org_member_info":{{{}}}"#, orgs.join(",")));
        assert!(claims.len() <= len);
        validate(&mint.verifier, &mint.token(format!("{claims:len$}").as_bytes()))
    };
    assert_eq!(with(85, true), Ok(()));
    assert_eq!(with(95, true), Err(Unauthorized::InvalidClaim(Claim::OrgIdToOrgMemberInfo)));
    assert_eq!(with(500, false), Ok(()));
}
