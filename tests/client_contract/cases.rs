//! The recorded calls.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub struct Case {
    pub id: String,
    pub method_name: String,
    pub args: Value,
    pub request: Option<RecordedRequest>,
    pub response: Option<RecordedResponse>,
    pub outcome: Outcome,
    #[serde(default)]
    pub tags: Vec<String>,
    pub r#async: Option<AsyncPart>,
}

#[derive(Deserialize)]
pub struct AsyncPart {
    pub outcome: Option<Outcome>,
}

#[derive(Deserialize)]
pub struct RecordedRequest {
    pub method: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub headers: BTreeMap<String, String>,
    pub body: Option<Value>,
}

#[derive(Deserialize)]
pub struct RecordedResponse {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Value,
    text: Option<String>,
}

impl RecordedResponse {
    /// The body as it was served.
    pub fn octets(&self) -> Vec<u8> {
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
pub enum Outcome {
    Ok { value: Value },
    Error { class: String, detail: Value },
}

pub fn cases() -> Vec<Case> {
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

pub fn has(case: &Case, tag: &str) -> bool {
    case.tags.iter().any(|other| other == tag)
}
