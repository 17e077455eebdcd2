use std::collections::HashSet;
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};

use ::jsonwebtoken::crypto::{CryptoProvider, KeyUtils, aws_lc, rust_crypto};
use ::jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use ::propelauth::propelauth::token_models::User as PropelAuthUser;
use jwt_compact::alg::{Rsa, RsaPublicKey};
use jwt_compact::{AlgorithmExt, Claims, TimeOptions, Token, UntrustedToken};
use jwt_simple::algorithms::{RS256PublicKey, RSAPublicKeyLike};
use jwt_simple::common::VerificationOptions;
use rsa::traits::PublicKeyParts;
use serde::{Deserialize, Serialize};

use super::User;
use crate::fixture::{ISSUER, Key};

/// Takes an `Authorization` header, builds its user in full, and returns whether there is one.
pub type HeaderVerifier = Box<dyn Fn(&str) -> bool>;

/// Returns every peer by name.
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

/// The engines of jsonwebtoken. A process can have only one, so the installed one dispatches on this.
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
    let _ = EITHER.install_default(); // the first call wins
    let key = DecodingKey::from_rsa_pem(key.public_pem.as_bytes()).expect("a valid key");
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
    let key = RS256PublicKey::from_pem(key.public_pem).expect("a valid key");
    let issuers = HashSet::from([ISSUER.to_owned()]);
    let options = VerificationOptions { allowed_issuers: Some(issuers), ..VerificationOptions::default() };
    Box::new(move |header| {
        bearer(header)
            .and_then(|token| key.verify_token::<User>(token, Some(options.clone())).ok())
            .is_some_and(|claims| !black_box(claims).custom.user_id.is_empty())
    })
}

/// jwt-compact leaves checking the issuer to its users.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct UserAndIssuer {
    iss: String,
    #[serde(flatten)]
    user: User,
}

fn jwt_compact(key: &Key) -> HeaderVerifier {
    let key = key.private().to_public_key();
    let [n, e] = [key.n_bytes(), key.e_bytes()].map(|bytes| rsa_0_9::BigUint::from_bytes_be(&bytes));
    let key = RsaPublicKey::new(n, e).expect("a valid key");
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
    let user = propelauth_user(key);
    Box::new(move |header| user(header).is_some_and(|user| !black_box(user).user_id.is_empty()))
}

/// Like [`propelauth`], but the function returns the user.
pub fn propelauth_user(key: &Key) -> impl Fn(&str) -> Option<PropelAuthUser> + use<> {
    use ::propelauth::models::AuthTokenVerificationMetadata;
    use ::propelauth::propelauth::auth::PropelAuth;
    use ::propelauth::propelauth::options::AuthOptionsWithTokenVerification;

    let auth = PropelAuth::init(AuthOptionsWithTokenVerification {
        auth_url: ISSUER.to_owned(),
        api_key: "unused".to_owned(),
        manual_token_verification_metadata: AuthTokenVerificationMetadata::new(key.public_pem.to_owned()),
    })
    .expect("good options");
    move |header| auth.verify().validate_authorization_header(header).ok()
}
