//! `Verifier::from_settings`: required and optional settings.

use propelauth_edge::{MetadataError, SettingsError, Verifier};

const KEY: &str = "PROPELAUTH_VERIFIER_KEY";
const ISSUER: &str = "PROPELAUTH_ISSUER";
const OTHER_KEY: &str = "PROPELAUTH_ADDITIONAL_VERIFIER_KEY";
const OTHER_ISSUER: &str = "PROPELAUTH_ADDITIONAL_ISSUER";

const AUTH_URL: &str = "https://auth.example.com";
const RSA_4096: &str = include_str!("../data/keys/rsa4096.pem");

fn from(settings: &[(&str, &str)]) -> Result<Verifier, SettingsError> {
    Verifier::from_settings(|wanted| settings.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value))
}

#[test]
fn a_verifier_has_all_settings() {
    let key = (KEY, demo::VERIFIER_KEY);
    let verifier = from(&[key, (ISSUER, AUTH_URL)]).unwrap();
    assert_eq!((verifier.issuer(), verifier.additional_issuer()), (AUTH_URL, None));

    // The token of `demo` is accepted by either key and by either issuer.
    let other = "https://auth.acme-example.com";
    for settings in [
        [(KEY, RSA_4096), (ISSUER, AUTH_URL), (OTHER_KEY, demo::VERIFIER_KEY), (OTHER_ISSUER, other)],
        [key, (ISSUER, other), (OTHER_KEY, RSA_4096), (OTHER_ISSUER, AUTH_URL)],
    ] {
        let verifier = from(&settings).unwrap();
        let mut buffer = [0; 4096];
        let user = verifier.validate_access_token(demo::TOKEN, demo::NOW, &mut buffer).unwrap();
        assert_eq!(user.issuer(), AUTH_URL);
    }
}

#[test]
fn an_error_names_the_setting() {
    let (key, issuer) = ((KEY, demo::VERIFIER_KEY), (ISSUER, AUTH_URL));
    for (settings, error, text) in [
        (&[issuer][..], SettingsError::Missing(KEY), "PROPELAUTH_VERIFIER_KEY is not set"),
        (&[key], SettingsError::Missing(ISSUER), "PROPELAUTH_ISSUER is not set"),
        (
            &[(KEY, ""), issuer],
            SettingsError::Invalid(KEY, MetadataError::KeyMissing),
            "PROPELAUTH_VERIFIER_KEY: the verifier key is empty",
        ),
        (
            &[key, (ISSUER, "")],
            SettingsError::Invalid(ISSUER, MetadataError::IssuerMissing),
            "PROPELAUTH_ISSUER: the issuer is empty",
        ),
        (
            &[key, issuer, (OTHER_KEY, "")],
            SettingsError::Invalid(OTHER_KEY, MetadataError::KeyMissing),
            "PROPELAUTH_ADDITIONAL_VERIFIER_KEY: the verifier key is empty",
        ),
        (
            &[key, issuer, (OTHER_ISSUER, "")],
            SettingsError::Invalid(OTHER_ISSUER, MetadataError::IssuerMissing),
            "PROPELAUTH_ADDITIONAL_ISSUER: the issuer is empty",
        ),
    ] {
        let refused = from(settings).err().unwrap();
        assert_eq!(refused, error);
        assert_eq!((refused.to_string(), format!("{refused:?}")), (text.into(), text.into()));
    }
}

#[test]
fn each_error_of_the_issuer_names_the_issuer() {
    for issuer in
        ["", "auth.example.com", "https://auth.example.com/", "https://a b", "https://", "https://a/b", "\u{fffd}"]
    {
        let error = from(&[(KEY, demo::VERIFIER_KEY), (ISSUER, issuer)]).err().unwrap();
        assert!(matches!(error, SettingsError::Invalid(ISSUER, _)), "{issuer}: {error}");
    }
    let long = format!("https://{}.example.com", "a".repeat(4096));
    let error = from(&[(KEY, demo::VERIFIER_KEY), (ISSUER, &long)]).err();
    assert_eq!(error, Some(SettingsError::Invalid(ISSUER, MetadataError::IssuerTooLong)));
}
