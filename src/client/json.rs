//! JSON of any shape.

/// A JSON object: metadata and properties.
pub type JsonMap = serde_json::Map<std::string::String, serde_json::Value>;
