/// The settings of a verifier, from the dashboard's page *Backend Integration*.
///
/// Both are public: they verify tokens and cannot sign them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenVerificationMetadata<'a> {
    /// The *Public (Verifier) Key* in PEM: `-----BEGIN PUBLIC KEY-----` and so on. Also accepts the forms that settings
    /// often turn it into; see [`VerifyingKey::from_public_key_pem`](crate::VerifyingKey::from_public_key_pem).
    pub verifier_key: &'a str,
    /// The *Auth URL*, which is the issuer in tokens: `https://auth.example.com`, with nothing after host and port.
    /// `http://` is accepted for `localhost`, `127.0.0.1` and `[::1]`.
    pub issuer: &'a str,
}
