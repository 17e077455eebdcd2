//! Why a token is refused.

use std::borrow::ToOwned;
use std::format;
use std::string::{String, ToString};
use std::vec;

use serde_json::Value;

use super::claims::{self, Expected, issuer_difference};
use super::encoding::{self, Break, Json};
use super::fault::Fault;
use super::header;
use super::input::{Input, Members, Segments, Text};
use super::key;
use super::report::{KeyReport, Position, Refusal, Segment, Signature, Times, TokenReport, Verdict};
use super::words::{counted, quoted};
use super::{Configuration, inspect_key};
use crate::claims::{Claims, whole_seconds};
use crate::error::{MetadataError, Unauthorized};
use crate::jws::{CompactJws, MAX_SIGNATURE_LEN};
use crate::limits::{MAX_ISSUER_LEN, MAX_TOKEN_LEN};
use crate::metadata::TokenVerificationMetadata;
use crate::time::UnixTime;
use crate::verifier::Verifier;

/// Has a [`Verifier`] of this configuration judge a token, or an `Authorization` header, and says why it is refused.
///
/// Without a key or an issuer there is no verifier: the token is refused for that. Header and claims are shown in any
/// case, and `signature` says what they are worth.
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
/// assert!(refusal.explanation.starts_with("The token expired 23 hours 30 minutes ago by the clock here"));
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

/// What an explanation may draw on.
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
    /// What production says, with the reason, and what it has found out about the signature.
    fn outcome(&self) -> (Result<crate::user::User, Refusal>, Signature) {
        let Some(verifier_key) = self.configuration.verifier_key else {
            return (Err(self.no_key().named(MetadataError::KeyMissing)), Signature::NotChecked);
        };
        let verifier = |issuer| {
            let verifier = Verifier::new(TokenVerificationMetadata { verifier_key, issuer });
            verifier.map(|verifier| verifier.with_leeway(self.configuration.leeway))
        };
        match verifier(self.configuration.issuer.unwrap_or_default()) {
            Ok(verifier) => {
                let verdict = self.text.verify(&verifier, self.now);
                let signature = signature(verdict.as_ref().err());
                (verdict.map_err(|error| self.explain(error).named(error)), signature)
            }
            Err(error) => {
                // The key can be asked without an issuer; who the user is, it cannot.
                let verdict = verifier("no issuer").map(|verifier| self.text.verify(&verifier, self.now).err());
                let signature = verdict.map_or(Signature::NotChecked, |error| signature(error.as_ref()));
                (Err(self.no_verifier(error)), signature)
            }
        }
    }

    fn no_key(&self) -> Fault {
        Fault::new("No key was given, so the token cannot be verified.", key::WANTED).and(self.claimed_issuer())
    }

    fn no_verifier(&self, error: MetadataError) -> Refusal {
        let fault = match error {
            MetadataError::IssuerMissing => Fault::new(
                "No issuer was given, so it cannot be said whether the token is of the right environment.",
                "Give the Auth URL that PropelAuth's dashboard shows under Backend Integration, such as `https://auth.example.com`.",
            )
            .and(self.claimed_issuer()),
            MetadataError::IssuerTooLong => Fault::new(
                format!("The issuer that was given is longer than {MAX_ISSUER_LEN} octets."),
                "Give the Auth URL alone, such as `https://auth.example.com`.",
            ),
            _ => {
                let of_key = self.key.and_then(|key| key.refusal.clone());
                return of_key.unwrap_or_else(|| Fault::new(format!("The key is refused: {error}."), key::WANTED).named(error));
            }
        };
        fault.named(error)
    }

    fn claimed_issuer(&self) -> Option<String> {
        let issuer = self.claims?.get("iss")?.as_str()?;
        Some(format!("The token says, unverified, that it was issued by {}.", quoted(issuer)))
    }

    fn explain(&self, error: Unauthorized) -> Fault {
        match error {
            Unauthorized::MissingHeader => header::missing(),
            Unauthorized::MalformedHeader => header::malformed(self.text),
            Unauthorized::TokenTooLong => Fault::new(
                format!(
                    "The token has {}, and {MAX_TOKEN_LEN} are the most that are taken.",
                    counted(self.text.value.len(), "octet")
                ),
                "Send the access token alone. A user of hundreds of orgs gets a shorter one with an active org.",
            ),
            Unauthorized::MalformedToken => self.malformed_token(),
            Unauthorized::UnsupportedAlgorithm => self.algorithm(),
            Unauthorized::UnsupportedCritical => self.critical(),
            Unauthorized::InvalidSignature => self.bad_signature(),
            error => self.payload(error),
        }
    }

    /// Goes the verifier's way again, up to where it breaks.
    fn malformed_token(&self) -> Fault {
        let Some((token, start)) = self.text.token() else { return header::malformed(self.text) };
        let (Ok(jws), Some(segments)) = (CompactJws::split(token), Segments::of(self.text)) else {
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

    /// A parameter of the JOSE header.
    fn parameter(&self, name: &str) -> Option<&Value> {
        self.header?.get(name)
    }

    /// A header that is JSON and no JOSE header.
    fn header_parameter(&self, segments: &Segments<'_>) -> Fault {
        let wrong = ["typ", "kid"].into_iter().find_map(|name| {
            let kind = encoding::kind(self.parameter(name)?);
            Some(format!("The header's `{name}` is {kind}, and a string is wanted."))
        });
        let explanation = wrong.unwrap_or_else(|| "The header is not that of a token.".to_string());
        Fault::new(explanation, encoding::NOT_PROPELAUTHS).at(segments.place(Segment::Header, 0))
    }

    fn algorithm(&self) -> Fault {
        let explanation = match self.parameter("alg") {
            None => "The header names no algorithm: it has no `alg`.".to_string(),
            Some(Value::String(name)) => {
                let why = match name.as_str() {
                    "none" | "None" | "NONE" => ", so it is not signed and anybody may have written it",
                    "HS256" | "HS384" | "HS512" => {
                        ", a secret that both sides share, and PropelAuth signs with an RSA key"
                    }
                    "RS384" | "RS512" | "PS256" | "PS384" | "PS512" => {
                        ", which is RSA otherwise than PropelAuth uses it"
                    }
                    "ES256" | "ES384" | "ES512" | "ES256K" | "EdDSA" | "Ed25519" => {
                        ", of elliptic curves, and PropelAuth signs with an RSA key"
                    }
                    other if other.eq_ignore_ascii_case("RS256") || other.trim() == "RS256" => {
                        ", which is spelt `RS256`"
                    }
                    _ => "",
                };
                format!("The token's algorithm is {}{why}.", quoted(name))
            }
            Some(other) => {
                format!("The header's `alg` is {}, and the string `RS256` is wanted.", encoding::kind(other))
            }
        };
        Fault::new(
            explanation,
            "Send the access token that PropelAuth issued. This one was made by something else: \
             another service, a test, or somebody who tries what the verifier takes.",
        )
        .and(self.claimed_issuer())
    }

    fn critical(&self) -> Fault {
        let explanation = match (self.parameter("crit"), self.parameter("b64")) {
            (Some(names), _) => format!("The header demands extensions, `crit`: {}.", quoted(&names.to_string())),
            (None, Some(value)) => format!(
                "The header has `b64`: {}, and only true means what all tokens are.",
                quoted(&value.to_string())
            ),
            (None, None) => "The header demands an extension.".to_string(),
        };
        Fault::new(explanation, "Send the access token that PropelAuth issued: it demands no extension.")
    }

    fn bad_signature(&self) -> Fault {
        let Some(segments) = Segments::of(self.text) else { return header::malformed(self.text) };
        let (signature, _) = segments.signature;
        let octets = crate::base64url::decoded_len(signature.len());
        let expected =
            self.key.and_then(|key| key.modulus_bits).map_or(0, |bits| usize::try_from(bits.div_ceil(8)).unwrap_or(0));
        if octets < expected {
            let explanation = format!(
                "The signature has {}, and those of this key have {expected}: the token was cut short, or a smaller key signed it.",
                counted(octets, "octet")
            );
            return Fault::new(explanation, "Copy the token again, whole.")
                .at(segments.place(Segment::Signature, signature.len()))
                .and(self.other_environment());
        }
        if octets > expected {
            let explanation = format!(
                "The signature has {}, and those of this key have {expected}: another key signed it, or there is text behind the token.",
                counted(octets, "octet")
            );
            return Fault::new(explanation, self.other_key()).and(self.other_environment());
        }
        let fingerprint = self.key.and_then(|key| key.fingerprint.as_deref()).unwrap_or("unknown");
        let explanation = format!(
            "The token was signed by another key than the one given, whose fingerprint is {fingerprint}, or was changed since."
        );
        Fault::new(explanation, self.other_key()).and(self.other_environment())
    }

    fn other_key(&self) -> String {
        "Take key and Auth URL from the dashboard of the environment that issued the token, test and production being two. \
         If the key was rotated, take the new one."
            .to_string()
    }

    /// What the unverified claims say of where the token is from.
    fn other_environment(&self) -> Option<String> {
        let claimed = self.claims?.get("iss")?.as_str()?;
        let expected = self.configuration.issuer?;
        if claimed == expected || issuer_difference(claimed, expected).is_some() {
            return None;
        }
        Some(format!(
            "It says, unverified, that {} issued it, not {}: it seems to be of another environment.",
            quoted(claimed),
            quoted(expected)
        ))
    }

    /// Whatever is said of a payload whose signature is good.
    fn payload(&self, error: Unauthorized) -> Fault {
        let otherwise = || Fault::new(format!("The token is refused: {error}."), encoding::NOT_PROPELAUTHS);
        let (Some((token, _)), Some(segments)) = (self.text.token(), Segments::of(self.text)) else {
            return otherwise();
        };
        if error == Unauthorized::InvalidPayload {
            return bad_json(&segments, Segment::Payload, Json::Claims).unwrap_or_else(otherwise);
        }
        let mut buffer = vec![0; Verifier::buffer_len(token)];
        let decoded = CompactJws::split(token).and_then(|jws| jws.decode_payload(&mut buffer));
        match decoded.and_then(|(payload, scratch)| Claims::parse(payload, scratch)) {
            Ok(read) => {
                let issuer = self.configuration.issuer.unwrap_or_default();
                let expected = Expected { issuer, now: self.now, leeway: self.configuration.leeway };
                claims::explain(error, &read, self.claims, &expected)
            }
            Err(_) => otherwise(),
        }
    }
}

/// How far a verifier came that refused, or did not.
fn signature(error: Option<&Unauthorized>) -> Signature {
    match error {
        Some(Unauthorized::InvalidSignature) => Signature::Bad,
        None
        | Some(
            Unauthorized::InvalidPayload
            | Unauthorized::MissingClaim(_)
            | Unauthorized::InvalidClaim(_)
            | Unauthorized::WrongIssuer
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

fn bad_base64(segments: &Segments<'_>, segment: Segment) -> Fault {
    let Break { at, what, remedy } = encoding::base64url_break(segments.get(segment).0);
    Fault::new(format!("The token's {} is not base64url: {what}.", name(segment)), remedy)
        .at(segments.place(segment, at))
}

/// Why a segment is not the JSON object that it should be, if it is not.
fn bad_json(segments: &Segments<'_>, segment: Segment, of: Json) -> Option<Fault> {
    let Some(decoded) = encoding::decode(segments.get(segment).0) else { return Some(bad_base64(segments, segment)) };
    let Break { at, what, remedy } = encoding::json_break(&decoded, of)?;
    let explanation = format!("The token's {} is not the JSON that it should be: {what}.", name(segment));
    Some(Fault::new(explanation, remedy).at(segments.place_of_decoded(segment, &decoded, at)))
}
