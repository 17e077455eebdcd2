//! Random keys: one from the test data, in a form that settings may contain, and perhaps damaged.

use base64ct::{Base64, Encoding};
use propelauth_edge::{MetadataError, TokenVerificationMetadata, Verifier};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::classes::{Class, Finding};
use super::here::TIME;
use super::signer::{ISSUER, file};
use super::tokens::{self, Damage};

/// The kind of a file's key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Good,
    /// A private key, OpenSSH's format, RSASSA-PSS, RFC 1421 headers, an even modulus, or a size or an exponent beyond the
    /// limits.
    Other,
    /// A key that `RS256` cannot use.
    None,
}

const FILES: [(&str, Kind); 22] = [
    ("rsa2048.pem", Kind::Good),
    ("rsa2048_pkcs1.pem", Kind::Good),
    ("rsa2048_e3.pem", Kind::Good),
    ("rsa2048_width_48.pem", Kind::Good),
    ("rsa2048_one_line_body.pem", Kind::Good),
    ("rsa3072.pem", Kind::Good),
    ("rsa4096.pem", Kind::Good),
    ("rsa1024.pem", Kind::Other),
    ("rsa2047.pem", Kind::Other),
    ("rsa8192.pem", Kind::Other),
    ("modulus_even.pem", Kind::Other),
    ("spki_rsa_pss_oid_params.pem", Kind::Other),
    ("private_key_pkcs8.pem", Kind::Other),
    ("private_key_pkcs1.pem", Kind::Other),
    ("ssh_rsa.txt", Kind::Other),
    ("pem_rfc1421_headers.pem", Kind::Other),
    ("certificate.pem", Kind::None),
    ("ec_p256.pem", Kind::None),
    ("ed25519.pem", Kind::None),
    ("exponent_1.pem", Kind::None),
    ("exponent_even.pem", Kind::None),
    ("spki_trailing_octets.pem", Kind::None),
];

/// The form of a text in a setting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    LineEnd(&'static str),
    Around(&'static str, &'static str),
    SecondKey,
    Base64,
    WithoutArmor,
}

#[derive(Clone, Debug)]
pub struct KeyCase {
    pub file: &'static str,
    kind: Kind,
    steps: Vec<Step>,
    damage: Option<Damage>,
}

pub fn cases() -> impl Strategy<Value = KeyCase> {
    let line_ends = [
        "\r\n",
        "\r",
        "\n\n",
        " ",
        "\t",
        "",
        " \n",
        "\n  ",
        "\x0b",
        "\\n",
        "\\r\\n",
        "\\\\n",
        "\\\\r\\\\n",
        "\\\\\\n",
        "\u{a0}",
        "\u{2028}",
    ];
    let around = [
        ("\"", "\""),
        ("'", "'"),
        ("\"", ""),
        ("`", "`"),
        ("\u{feff}", ""),
        (" \n", "\n\n"),
        ("\\n", "\\n"),
        ("key: ", ""),
        ("KEY=\"", "\""),
        ("# a comment\n", ""),
        ("", "# a comment\n"),
        ("", ","),
    ];
    let step = prop_oneof![
        6 => select(line_ends.to_vec()).prop_map(Step::LineEnd),
        6 => select(around.to_vec()).prop_map(|(before, after)| Step::Around(before, after)),
        1 => Just(Step::SecondKey),
        2 => Just(Step::Base64),
        2 => Just(Step::WithoutArmor),
    ];
    let damage = (
        any::<Index>(),
        0usize..3,
        select(vec!["", "A", "=", "==", "-", "_", "+", " ", "\n", "\r", "é", "\0", "\\", "\"", "%", ","]),
    );
    let damage = damage.prop_map(|(place, removed, inserted)| Damage { place, removed, inserted });
    // Half of them are valid, and half of those verify the token.
    let files = prop_oneof![
        4 => select(FILES[..2].to_vec()),
        3 => select(FILES.iter().copied().filter(|(_, kind)| *kind == Kind::Good).collect::<Vec<_>>()),
        7 => select(FILES.to_vec()),
    ];
    (files, vec(step, 0..=3), option::weighted(0.2, damage)).prop_map(|((file, kind), steps, damage)| KeyCase {
        file,
        kind,
        steps,
        damage,
    })
}

impl KeyCase {
    pub fn text(&self) -> String {
        let mut text = file(self.file);
        for step in &self.steps {
            text = match step {
                Step::LineEnd(end) => text.trim_end().replace('\n', end),
                Step::Around(before, after) => format!("{before}{text}{after}"),
                Step::SecondKey => format!("{text}{}", file("rsa3072.pem")),
                Step::Base64 => Base64::encode_string(text.as_bytes()),
                Step::WithoutArmor => text.lines().filter(|line| !line.starts_with('-')).collect::<Vec<_>>().join("\n"),
            };
        }
        if let Some(Damage { place, removed, inserted }) = &self.damage {
            let mut characters: Vec<char> = text.chars().collect();
            let place = if characters.is_empty() { 0 } else { place.index(characters.len()) };
            characters.splice(place..characters.len().min(place + removed), inserted.chars());
            text = characters.into_iter().collect();
        }
        text
    }

    pub fn question(&self, case: &tokens::Case) -> Value {
        let mut question = case.question();
        question["about"] = json!("key");
        question["key"] = json!(self.text());
        question
    }

    pub fn describe(&self) -> String {
        format!("{self:?}\n{:?}", self.text())
    }

    fn has_other_white_space(&self) -> bool {
        self.text().contains(|c: char| c.is_whitespace() && !c.is_ascii())
    }

    fn has_good_key(&self) -> bool {
        self.kind == Kind::Good || self.steps.contains(&Step::SecondKey)
    }

    /// Returns whether anything but white space is before or after the first PEM of the text.
    fn has_text_around(&self) -> bool {
        let text = self.text();
        let Some((before, rest)) = text.split_once("-----BEGIN ") else { return false };
        let end = rest.find("-----END ").and_then(|at| Some(at + 9 + rest[at + 9..].find("-----")? + 5));
        !before.trim().is_empty() || end.is_some_and(|end| !rest[end..].trim().is_empty())
    }
}

/// Returns whether a verifier with this key accepts the token, or why there is no verifier.
pub fn here(case: &KeyCase, token: &tokens::Case) -> Result<bool, MetadataError> {
    let verifier = Verifier::new(TokenVerificationMetadata { verifier_key: &case.text(), issuer: ISSUER })?;
    let header = token.authorization_header();
    let mut buffer = vec![0; header.as_deref().map_or(0, Verifier::buffer_len)];
    Ok(verifier.validate_access_token_and_get_user(header.as_deref(), TIME, &mut buffer).is_ok())
}

/// Classifies the answers to a key.
pub fn sort(case: &KeyCase, library: &Value, here: Result<bool, MetadataError>) -> Finding {
    let undocumented = || Finding::Undocumented(format!("the library says {library}, this crate {here:?}"));
    let (loads, verifies) = (library["loads"] == true, library["verifies"] == true);
    match here {
        Ok(here) if loads => {
            if here == verifies {
                Finding::Same
            } else {
                undocumented()
            }
        }
        Err(_) if !loads => Finding::Same,
        // A good key, changed in transport, that can be read in only one way. The second key is one, and may be what is
        // left of two.
        Ok(_) if case.has_good_key() && (!case.steps.is_empty() || case.damage.is_some()) => {
            Finding::Documented(Class::KeyForm)
        }
        Ok(_) => undocumented(),
        Err(_) if case.has_text_around() => Finding::Documented(Class::TextAroundKey),
        Err(MetadataError::InvalidPem | MetadataError::TextAroundPem) if case.has_other_white_space() => {
            Finding::Documented(Class::KeySpace)
        }
        // Damage makes a few moduli in thousands even.
        Err(MetadataError::ModulusEven) => Finding::Documented(Class::OtherKey),
        Err(_) if case.kind == Kind::Other => Finding::Documented(Class::OtherKey),
        Err(_) => undocumented(),
    }
}

/// Returns a key of a class about keys.
#[cfg(test)]
pub fn example(class: Class) -> Option<KeyCase> {
    let (file, kind, step) = match class {
        Class::KeyForm => ("rsa2048.pem", Kind::Good, Step::LineEnd("\\n")),
        Class::TextAroundKey => ("rsa2048.pem", Kind::Good, Step::Around("key: ", "")),
        Class::KeySpace => ("rsa2048.pem", Kind::Good, Step::LineEnd("\u{a0}")),
        Class::OtherKey => ("rsa1024.pem", Kind::Other, Step::LineEnd("\r\n")),
        _ => return None,
    };
    Some(KeyCase { file, kind, steps: vec![step], damage: None })
}
