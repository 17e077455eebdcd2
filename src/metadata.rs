/// What PropelAuth's dashboard shows on the page *Backend Integration* for a verifier of access tokens.
///
/// Both are public: they verify and cannot sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenVerificationMetadata<'a> {
    /// The *Public (Verifier) Key*, a PEM text: `-----BEGIN PUBLIC KEY-----` and so on. Line ends may be the two
    /// characters `\n`, as environment files keep them.
    pub verifier_key: &'a str,
    /// The *Auth URL*, which the tokens name as their issuer: `https://auth.example.com`, without a slash at its end.
    pub issuer: &'a str,
}
