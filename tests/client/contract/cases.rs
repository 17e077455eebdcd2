//! The recorded calls.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) method_name: String,
    pub(crate) args: Value,
    pub(crate) request: Option<RecordedRequest>,
    pub(crate) response: Option<RecordedResponse>,
    pub(crate) outcome: Outcome,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
    pub(crate) r#async: Option<AsyncPart>,
}

#[derive(Deserialize)]
pub(crate) struct AsyncPart {
    pub(crate) outcome: Option<Outcome>,
}

#[derive(Deserialize)]
pub(crate) struct RecordedRequest {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Option<Value>,
}

#[derive(Deserialize)]
pub(crate) struct RecordedResponse {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Value,
    text: Option<String>,
}

impl RecordedResponse {
    /// Returns the body as served.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        match (&self.text, self.headers.get("Content-Type").map(String::as_str), &self.body) {
            (Some(text), ..) => text.clone().into_bytes(),
            (None, None, _) => Vec::new(),
            (None, Some("application/json"), body) => serde_json::to_vec(body).unwrap(),
            (None, Some(_), body) => body.as_str().unwrap().into(),
        }
    }
}

#[derive(Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Outcome {
    Ok { value: Value },
    Error { class: String, detail: Value },
}

pub(crate) fn cases() -> Vec<Case> {
    let text = match std::env::var_os("PROPELAUTH_CONTRACT") {
        Some(file) => fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display())),
        None => {
            let packed = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/backend-api.json.zst")).unwrap();
            let mut text = Vec::new();
            let mut unpacked = ruzstd::decoding::StreamingDecoder::new(packed.as_slice()).unwrap();
            std::io::Read::read_to_end(&mut unpacked, &mut text).unwrap();
            text
        }
    };
    serde_json::from_slice(&text).unwrap()
}

pub(crate) fn has(case: &Case, tag: &str) -> bool {
    case.tags.iter().any(|other| other == tag)
}
