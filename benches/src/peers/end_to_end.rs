use std::collections::HashSet;
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};

use ::jsonwebtoken::crypto::{CryptoProvider, KeyUtils, aws_lc, rust_crypto};
use ::jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use jwt_compact::alg::{Rsa, RsaPublicKey};
use jwt_compact::{AlgorithmExt, Claims, TimeOptions, Token, UntrustedToken};
use jwt_simple::algorithms::{RS256PublicKey, RSAPublicKeyLike};
use jwt_simple::common::VerificationOptions;
use rsa::traits::PublicKeyParts;
use serde::{Deserialize, Serialize};

use super::User;
use crate::fixture::{ISSUER, Key};

/// The value of an `Authorization` header to whether there is a user of it, who was made in full.
pub type HeaderVerifier = Box<dyn Fn(&str) -> bool>;

/// Every peer under its name.
pub fn all(key: &Key) -> Vec<(&'static str, HeaderVerifier)> {
    vec![
        ("jsonwebtoken, aws_lc_rs", jsonwebtoken(key, Engine::AwsLc)),
        ("jsonwebtoken, rust_crypto", jsonwebtoken(key, Engine::RustCrypto)),
        ("jwt-simple, pure-rust", jwt_simple(key)),
        ("jwt-compact", jwt_compact(key)),
        ("propelauth", propelauth(key)),
    ]
}

fn bearer(header: &str) -> Option<&str> {
    header.strip_prefix("Bearer ")
}

/// What jsonwebtoken computes signatures with. It has one engine a process, so the one that is installed asks here.
#[derive(Clone, Copy, PartialEq)]
pub enum Engine {
    AwsLc,
    RustCrypto,
}

static RUST_CRYPTO: AtomicBool = AtomicBool::new(false);

static EITHER: CryptoProvider = CryptoProvider {
    signer_factory: aws_lc::DEFAULT_PROVIDER.signer_factory,
    verifier_factory: |algorithm, key| {
        let engine = if RUST_CRYPTO.load(Ordering::Relaxed) {
            &rust_crypto::DEFAULT_PROVIDER
        } else {
            &aws_lc::DEFAULT_PROVIDER
        };
        (engine.verifier_factory)(algorithm, key)
    },
    key_utils: KeyUtils::new_unimplemented(),
};

pub fn jsonwebtoken(key: &Key, engine: Engine) -> HeaderVerifier {
    let _ = EITHER.install_default(); // by whoever comes first
    let key = DecodingKey::from_rsa_pem(key.public_pem.as_bytes()).expect("a good key");
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[ISSUER]);
    validation.validate_aud = false;
    Box::new(move |header| {
        RUST_CRYPTO.store(engine == Engine::RustCrypto, Ordering::Relaxed);
        bearer(header)
            .and_then(|token| decode::<User>(token, &key, &validation).ok())
            .is_some_and(|token| !black_box(token).claims.user_id.is_empty())
    })
}

fn jwt_simple(key: &Key) -> HeaderVerifier {
    let key = RS256PublicKey::from_pem(key.public_pem).expect("a good key");
    let issuers = HashSet::from([ISSUER.to_owned()]);
    let options = VerificationOptions { allowed_issuers: Some(issuers), ..VerificationOptions::default() };
    Box::new(move |header| {
        bearer(header)
            .and_then(|token| key.verify_token::<User>(token, Some(options.clone())).ok())
            .is_some_and(|claims| !black_box(claims).custom.user_id.is_empty())
    })
}

/// jwt-compact leaves the issuer to its users.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct UserAndIssuer {
    iss: String,
    #[serde(flatten)]
    user: User,
}

fn jwt_compact(key: &Key) -> HeaderVerifier {
    let key = key.private().to_public_key();
    let [n, e] = [key.n_bytes(), key.e_bytes()].map(|octets| rsa_0_9::BigUint::from_bytes_be(&octets));
    let key = RsaPublicKey::new(n, e).expect("a good key");
    let algorithm = Rsa::rs256();
    let options = TimeOptions::default();
    let user = move |token: &str| -> Option<Token<UserAndIssuer>> {
        let token = algorithm.validator(&key).validate(&UntrustedToken::new(token).ok()?).ok()?;
        let claims: &Claims<UserAndIssuer> = token.claims();
        claims.validate_expiration(&options).ok()?;
        (claims.custom.iss == ISSUER).then_some(token)
    };
    Box::new(move |header| {
        bearer(header).and_then(&user).is_some_and(|token| !black_box(token).claims().custom.user.user_id.is_empty())
    })
}

pub fn propelauth(key: &Key) -> HeaderVerifier {
    use ::propelauth::models::AuthTokenVerificationMetadata;
    use ::propelauth::propelauth::auth::PropelAuth;
    use ::propelauth::propelauth::options::AuthOptionsWithTokenVerification;

    let auth = PropelAuth::init(AuthOptionsWithTokenVerification {
        auth_url: ISSUER.to_owned(),
        api_key: "unused".to_owned(),
        manual_token_verification_metadata: AuthTokenVerificationMetadata::new(key.public_pem.to_owned()),
    })
    .expect("good options");
    Box::new(move |header| {
        auth.verify().validate_authorization_header(header).is_ok_and(|user| !black_box(user).user_id.is_empty())
    })
}
