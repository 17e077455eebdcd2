//! Explains why a token is rejected.

use std::borrow::ToOwned;
use std::format;
use std::string::{String, ToString};
use std::vec;

use serde_json::Value;

use super::claims::{self, Expected, either, issuer_difference};
use super::encoding::{self, Break, Json};
use super::explanation::Explanation;
use super::header;
use super::input::{Input, Members, Segments, Text};
use super::key;
use super::report::{KeyReport, Position, Refusal, Segment, Signature, Times, TokenReport, Verdict};
use super::words::{counted, quoted};
use super::{Configuration, inspect_key};
use crate::claims::{Claims, check_issuer, whole_seconds};
use crate::error::{MetadataError, Unauthorized};
use crate::limits::{MAX_ISSUER_LEN, MAX_TOKEN_LEN};
use crate::metadata::TokenVerificationMetadata;
use crate::time::UnixTime;
use crate::token::jws::{CompactJws, MAX_SIGNATURE_LEN};
use crate::verifier::Verifier;

/// Verifies a token or an `Authorization` header with a [`Verifier`] of this configuration, and explains a refusal.
///
/// Without a key or an issuer there is no verifier, so the token is refused. Header and claims are always in the
/// report; `signature` says how far to trust them.
///
/// ```standalone_crate
/// use propelauth_edge::UnixTime;
/// use propelauth_edge::inspect::{Configuration, Signature, Verdict, inspect_token};
///
/// let token = include_str!("../../examples/demo/access_token.jwt");
/// let configuration = Configuration {
///     verifier_key: Some(include_str!("../../examples/demo/verifier_key.pem")),
///     issuer: Some("https://auth.example.com"),
///     ..Configuration::default()
/// };
/// let issued = 1_767_225_600;
///
/// let report = inspect_token(token, &configuration, UnixTime::from_secs(issued + 60));
/// assert_eq!(report.verdict, Verdict::Accepted);
///
/// let report = inspect_token(token, &configuration, UnixTime::from_secs(issued + 24 * 60 * 60));
/// assert_eq!((report.verdict, report.signature), (Verdict::Refused, Signature::Good));
/// let refusal = report.refusal.expect("it is refused");
/// assert_eq!(refusal.code, "Expired");
/// assert!(refusal.explanation.starts_with("The token expired 23 hours 30 minutes ago by the local clock"));
/// ```
#[must_use]
pub fn inspect_token<'a>(input: impl Into<Input<'a>>, configuration: &Configuration<'_>, now: UnixTime) -> TokenReport {
    let text = Text::new(input.into());
    let [header, claims] = text.unverified();
    let time = |name: &str| whole_seconds(&claims.as_ref()?.get(name)?.as_number()?.to_string());
    let times = Times { issued_at: time("iat"), not_before: time("nbf"), expires_at: time("exp") };
    let key = configuration.verifier_key.map(inspect_key);

    let context =
        Context { text, configuration, key: key.as_ref(), header: header.as_ref(), claims: claims.as_ref(), now };
    let (outcome, signature) = context.outcome();
    let (user, refusal) = match outcome {
        Ok(user) => (Some(user), None),
        Err(refusal) => (None, Some(refusal)),
    };
    TokenReport {
        verdict: if user.is_some() { Verdict::Accepted } else { Verdict::Refused },
        refusal,
        expected_issuer: configuration.issuer.map(ToOwned::to_owned),
        expected_additional_issuer: configuration.additional_issuer.map(ToOwned::to_owned),
        now: now.as_secs(),
        leeway: configuration.leeway,
        signature,
        times,
        user,
        key,
        header,
        claims,
    }
}

/// The context of an explanation.
struct Context<'a> {
    text: Text<'a>,
    configuration: &'a Configuration<'a>,
    key: Option<&'a KeyReport>,
    /// Unverified.
    header: Option<&'a Members>,
    claims: Option<&'a Members>,
    now: UnixTime,
}

impl Context<'_> {
    /// Returns the verifier's result, and the state of the signature.
    fn outcome(&self) -> (Result<crate::user::VerifiedUser, Refusal>, Signature) {
        let Some(verifier_key) = self.configuration.verifier_key else {
            return (Err(self.no_key().named(MetadataError::KeyMissing)), Signature::NotChecked);
        };
        let verifier = |issuer| {
            let verifier = Verifier::new(TokenVerificationMetadata { verifier_key, issuer })?;
            key::verdict(verifier_key)?;
            Ok(verifier.with_leeway(self.configuration.leeway))
        };
        // Without an issuer, only the signature can be checked.
        let without_issuer = || {
            let verdict =
                verifier("https://no-issuer.invalid").map(|verifier| self.text.verify(&verifier, self.now).err());
            verdict.map_or(Signature::NotChecked, |error| signature(error.as_ref()))
        };
        match verifier(self.configuration.issuer.unwrap_or_default()) {
            Ok(verifier) => match self.with_additional_issuer(verifier) {
                Ok(verifier) => {
                    let verdict = self.text.verify(&verifier, self.now);
                    let signature = signature(verdict.as_ref().err());
                    (verdict.map_err(|error| self.explain(error).named(error)), signature)
                }
                Err(error) => (Err(self.no_additional_issuer(error)), without_issuer()),
            },
            Err(error) => (Err(self.no_verifier(error)), without_issuer()),
        }
    }

    fn with_additional_issuer(&self, verifier: Verifier) -> Result<Verifier, MetadataError> {
        match self.configuration.additional_issuer {
            Some(issuer) => verifier.with_additional_issuer(issuer),
            None => Ok(verifier),
        }
    }

    fn no_additional_issuer(&self, error: MetadataError) -> Refusal {
        let fault = match error {
            MetadataError::IssuerMissing => Explanation::new(
                "The given additional issuer is empty.",
                "Pass the other Auth URL, such as `https://auth.example.com`, or none.",
            ),
            MetadataError::AdditionalIssuerTooLong => Explanation::new(
                format!("The given issuers are together longer than {MAX_ISSUER_LEN} bytes."),
                "Pass the Auth URLs alone, such as `https://auth.example.com`.",
            ),
            _ => {
                let issuer = self.configuration.additional_issuer.unwrap_or_default();
                self.bad_issuer("additional issuer", issuer, error)
            }
        };
        let refusal = fault.named(error);
        match refusal.reason.strip_prefix("the issuer") {
            Some(rest) => Refusal { reason: format!("the additional issuer{rest}"), ..refusal },
            None => refusal,
        }
    }

    fn no_key(&self) -> Explanation {
        Explanation::new("No key was given, so the token cannot be verified.", key::WANTED).and(self.claimed_issuer())
    }

    fn no_verifier(&self, error: MetadataError) -> Refusal {
        let fault = match error {
            MetadataError::IssuerMissing => Explanation::new(
                "No issuer was given, so the token's environment cannot be checked.",
                "Pass the Auth URL that PropelAuth's dashboard shows under Backend Integration, such as `https://auth.example.com`.",
            )
            .and(self.claimed_issuer()),
            MetadataError::IssuerTooLong => Explanation::new(
                format!("The given issuer is longer than {MAX_ISSUER_LEN} bytes."),
                "Pass the Auth URL alone, such as `https://auth.example.com`.",
            ),
            MetadataError::IssuerHasWhiteSpace
            | MetadataError::IssuerNotHttps
            | MetadataError::IssuerEndsInSlash
            | MetadataError::IssuerHasPath
            | MetadataError::IssuerInvalidHost => {
                self.bad_issuer("issuer", self.configuration.issuer.unwrap_or_default(), error)
            }
            _ => {
                let of_key = self.key.and_then(|key| key.refusal.clone());
                return of_key.unwrap_or_else(|| Explanation::new(format!("The key is rejected: {error}."), key::WANTED).named(error));
            }
        };
        fault.named(error)
    }

    /// Explains an issuer that no token can have, and suggests the intended one.
    fn bad_issuer(&self, which: &str, given: &str, error: MetadataError) -> Explanation {
        let what = match error {
            MetadataError::IssuerHasWhiteSpace => "it contains white space or typographic characters",
            MetadataError::IssuerNotHttps => "it does not start with `https://`",
            MetadataError::IssuerEndsInSlash => "it ends in a slash",
            MetadataError::IssuerHasPath => "it has more than a host",
            _ => "its host is not valid",
        };
        let meant = origin(given).unwrap_or_else(|| "https://auth.example.com".to_string());
        Explanation::new(
            format!("The given {which}, {}, cannot match any token: {what}.", quoted(given)),
            format!("Pass the Auth URL as tokens spell it, such as {}.", quoted(&meant)),
        )
        .and(self.claimed_issuer())
    }

    fn claimed_issuer(&self) -> Option<String> {
        let issuer = self.claims?.get("iss")?.as_str()?;
        Some(format!("The unverified token says that it was issued by {}.", quoted(issuer)))
    }

    fn explain(&self, error: Unauthorized) -> Explanation {
        match error {
            Unauthorized::MissingHeader => header::missing(),
            Unauthorized::MalformedHeader => header::malformed(self.text),
            Unauthorized::TokenTooLong => Explanation::new(
                format!("The token has {}; the maximum is {MAX_TOKEN_LEN}.", counted(self.text.value.len(), "byte")),
                "Send the access token alone. For a user with hundreds of orgs, a token with an active org is shorter.",
            ),
            Unauthorized::MalformedToken => self.malformed_token(),
            Unauthorized::UnsupportedAlgorithm => self.algorithm(),
            Unauthorized::UnsupportedCritical => self.critical(),
            Unauthorized::InvalidSignature => self.bad_signature(),
            error => self.payload(error),
        }
    }

    /// Repeats the verifier's steps up to the one that fails.
    fn malformed_token(&self) -> Explanation {
        let Some((token, start)) = self.text.token() else { return header::malformed(self.text) };
        let (Ok(jws), Some(segments)) = (CompactJws::split(token, MAX_TOKEN_LEN), Segments::of(self.text)) else {
            return header::no_segments(self.text, token, start);
        };
        if let Err(Unauthorized::MalformedToken) = jws.check_header(&mut vec![0; Verifier::buffer_len(token)]) {
            if let Some(fault) = header::no_token_at_all(token) {
                return fault.at(Position::of_character(self.text.whole, start));
            }
            return bad_json(&segments, Segment::Header, Json::Header)
                .unwrap_or_else(|| self.header_parameter(&segments));
        }
        if jws.decode_signature(&mut [0; MAX_SIGNATURE_LEN]).is_err() {
            return bad_base64(&segments, Segment::Signature);
        }
        bad_base64(&segments, Segment::Payload)
    }

    /// Returns a parameter of the JOSE header.
    fn parameter(&self, name: &str) -> Option<&Value> {
        self.header?.get(name)
    }

    /// Explains a header that is JSON but not a JOSE header.
    fn header_parameter(&self, segments: &Segments<'_>) -> Explanation {
        let wrong = ["typ", "kid"].into_iter().find_map(|name| {
            let kind = encoding::kind(self.parameter(name)?);
            Some(format!("The header's `{name}` is {kind}; expected a string."))
        });
        let explanation = wrong.unwrap_or_else(|| "The header does not belong to a token.".to_string());
        Explanation::new(explanation, encoding::NOT_PROPELAUTHS).at(segments.place(Segment::Header, 0))
    }

    fn algorithm(&self) -> Explanation {
        let explanation = match self.parameter("alg") {
            None => "The header has no algorithm (`alg`).".to_string(),
            Some(Value::String(name)) => {
                let why = match name.as_str() {
                    "none" | "None" | "NONE" => ", so it is unsigned and anyone may have written it",
                    "HS256" | "HS384" | "HS512" => ", which uses a shared secret; PropelAuth signs with an RSA key",
                    "RS384" | "RS512" | "PS256" | "PS384" | "PS512" => {
                        ", an RSA algorithm that PropelAuth does not use"
                    }
                    "ES256" | "ES384" | "ES512" | "ES256K" | "EdDSA" | "Ed25519" => {
                        ", which uses elliptic curves; PropelAuth signs with an RSA key"
                    }
                    other if other.eq_ignore_ascii_case("RS256") || other.trim() == "RS256" => {
                        ", which must be spelled `RS256`"
                    }
                    _ => "",
                };
                format!("The token's algorithm is {}{why}.", quoted(name))
            }
            Some(other) => {
                format!("The header's `alg` is {}; expected the string `RS256`.", encoding::kind(other))
            }
        };
        Explanation::new(
            explanation,
            "Send the access token that PropelAuth issued. This one was made by something else: \
             another service, a test, or an attacker.",
        )
        .and(self.claimed_issuer())
    }

    fn critical(&self) -> Explanation {
        let explanation = match (self.parameter("crit"), self.parameter("b64")) {
            (Some(names), _) => format!("The header requires extensions (`crit`): {}.", quoted(&names.to_string())),
            (None, Some(value)) => {
                format!("The header has `b64`: {}, which must be true for a token.", quoted(&value.to_string()))
            }
            (None, None) => "The header requires an extension.".to_string(),
        };
        Explanation::new(explanation, "Send the access token that PropelAuth issued: it requires no extension.")
    }

    fn bad_signature(&self) -> Explanation {
        let Some(segments) = Segments::of(self.text) else { return header::malformed(self.text) };
        let (signature, _) = segments.signature;
        let bytes = crate::token::base64url::decoded_len(signature.len());
        let expected =
            self.key.and_then(|key| key.modulus_bits).map_or(0, |bits| usize::try_from(bits.div_ceil(8)).unwrap_or(0));
        if bytes < expected {
            let explanation = format!(
                "The signature has {}, but this key's have {expected}: the token was cut off, or a smaller key signed it.",
                counted(bytes, "byte")
            );
            return Explanation::new(explanation, "Copy the whole token again.")
                .at(segments.place(Segment::Signature, signature.len()))
                .and(self.other_environment());
        }
        if bytes > expected {
            let explanation = format!(
                "The signature has {}, but this key's have {expected}: another key signed it, or text follows the token.",
                counted(bytes, "byte")
            );
            return Explanation::new(explanation, self.other_key()).and(self.other_environment());
        }
        let fingerprint = self.key.and_then(|key| key.fingerprint.as_deref()).unwrap_or("unknown");
        let explanation = format!(
            "The token was not signed by the given key (fingerprint {fingerprint}), or was changed afterwards."
        );
        Explanation::new(explanation, self.other_key()).and(self.other_environment())
    }

    fn other_key(&self) -> String {
        "Copy key and Auth URL from the dashboard of the environment that issued the token; test and production are separate. \
         If the key was rotated, use the new one."
            .to_string()
    }

    /// Returns the environment that the unverified claims name, if it is another one.
    fn other_environment(&self) -> Option<String> {
        let claimed = self.claims?.get("iss")?.as_str()?;
        let expected = [Some(self.configuration.issuer?), self.configuration.additional_issuer];
        let is_like = |expected: &str| claimed == expected || issuer_difference(claimed, expected).is_some();
        if expected.into_iter().flatten().any(is_like) {
            return None;
        }
        Some(format!(
            "The unverified token says that {} issued it, not {}: it seems to come from another environment.",
            quoted(claimed),
            either(expected)
        ))
    }

    /// Explains an error in the payload of a token with a valid signature.
    fn payload(&self, error: Unauthorized) -> Explanation {
        let otherwise = || Explanation::new(format!("The token is rejected: {error}."), encoding::NOT_PROPELAUTHS);
        let (Some((token, _)), Some(segments)) = (self.text.token(), Segments::of(self.text)) else {
            return otherwise();
        };
        if error == Unauthorized::InvalidPayload {
            return bad_json(&segments, Segment::Payload, Json::Claims).unwrap_or_else(otherwise);
        }
        let mut buffer = vec![0; Verifier::buffer_len(token)];
        let decoded = CompactJws::split(token, MAX_TOKEN_LEN).and_then(|jws| jws.decode_payload(&mut buffer));
        match decoded.and_then(|(payload, scratch)| Claims::parse(payload, scratch)) {
            Ok(read) => {
                let Configuration { issuer, additional_issuer, leeway, .. } = *self.configuration;
                let expected = Expected { issuers: [issuer, additional_issuer], now: self.now, leeway };
                claims::explain(error, &read, self.claims, &expected)
            }
            Err(_) => otherwise(),
        }
    }
}

/// Returns the likely issuer in a text that has more than an issuer.
fn origin(given: &str) -> Option<String> {
    let text = given.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '"' | '\'' | ',' | ';'));
    let (_, text) = text.split_once("://").unwrap_or(("", text));
    let (host, _) = text.split_once(['/', '?', '#']).unwrap_or((text, ""));
    let origin = format!("https://{host}");
    check_issuer(&origin).is_ok().then_some(origin)
}

/// Returns the state of the signature after this verification result.
fn signature(error: Option<&Unauthorized>) -> Signature {
    match error {
        Some(Unauthorized::InvalidSignature) => Signature::Bad,
        None
        | Some(
            Unauthorized::InvalidPayload
            | Unauthorized::MissingClaim(_)
            | Unauthorized::InvalidClaim(_)
            | Unauthorized::WrongIssuer
            | Unauthorized::WrongAudience
            | Unauthorized::Expired
            | Unauthorized::NotYetValid,
        ) => Signature::Good,
        Some(_) => Signature::NotChecked,
    }
}

const fn name(segment: Segment) -> &'static str {
    match segment {
        Segment::Header => "header",
        Segment::Payload => "payload",
        Segment::Signature => "signature",
    }
}

fn bad_base64(segments: &Segments<'_>, segment: Segment) -> Explanation {
    let Break { at, what, remedy } = encoding::base64url_break(segments.get(segment).0);
    Explanation::new(format!("The token's {} is not base64url: {what}.", name(segment)), remedy)
        .at(segments.place(segment, at))
}

/// Returns why a segment is not a valid JSON object, or `None` if it is one.
fn bad_json(segments: &Segments<'_>, segment: Segment, of: Json) -> Option<Explanation> {
    let Some(decoded) = encoding::decode(segments.get(segment).0) else { return Some(bad_base64(segments, segment)) };
    let Break { at, what, remedy } = encoding::json_break(&decoded, of)?;
    let explanation = format!("The token's {} is not valid JSON for a token: {what}.", name(segment));
    Some(Explanation::new(explanation, remedy).at(segments.place_of_decoded(segment, &decoded, at)))
}
