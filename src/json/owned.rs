use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

use super::value::{JsonArray, JsonObject, JsonValue, serialize_f64};

/// A JSON value that owns its text: what `properties` and `org_metadata` are in [`User`](crate::User).
#[derive(Clone, Debug, PartialEq)]
pub enum OwnedJsonValue {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number that is not negative.
    U64(u64),
    /// A negative whole number.
    I64(i64),
    /// Any other number, as the nearest `f64`.
    F64(f64),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<OwnedJsonValue>),
    /// An object. Where a name occurs twice in the token, the last one counts.
    Object(BTreeMap<String, OwnedJsonValue>),
}

impl From<JsonValue<'_>> for OwnedJsonValue {
    fn from(value: JsonValue<'_>) -> Self {
        if let Some(string) = value.as_str() {
            Self::String(string.to_string())
        } else if let Some(object) = value.as_object() {
            Self::Object(object.into())
        } else if let Some(array) = value.as_array() {
            Self::Array(array.into())
        } else if let Some(value) = value.as_bool() {
            Self::Bool(value)
        } else if let Some(number) = value.as_u64() {
            Self::U64(number)
        } else if let Some(number) = value.as_i64() {
            if number < 0 { Self::I64(number) } else { Self::U64(0) } // -0
        } else if let Some(number) = value.as_f64() {
            Self::F64(number)
        } else {
            Self::Null
        }
    }
}

impl From<JsonObject<'_>> for BTreeMap<String, OwnedJsonValue> {
    fn from(object: JsonObject<'_>) -> Self {
        object.iter().map(|(name, value)| (name.to_string(), value.into())).collect()
    }
}

impl From<JsonArray<'_>> for Vec<OwnedJsonValue> {
    fn from(array: JsonArray<'_>) -> Self {
        array.iter().map(Into::into).collect()
    }
}

impl Serialize for OwnedJsonValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::U64(number) => serializer.serialize_u64(*number),
            Self::I64(number) => serializer.serialize_i64(*number),
            Self::F64(number) => serialize_f64(*number, serializer),
            Self::String(string) => serializer.serialize_str(string),
            Self::Array(array) => array.serialize(serializer),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for OwnedJsonValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = OwnedJsonValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(OwnedJsonValue::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(OwnedJsonValue::Bool(value))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(OwnedJsonValue::U64(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(u64::try_from(number).map_or(OwnedJsonValue::I64(number), OwnedJsonValue::U64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(OwnedJsonValue::F64(number))
    }

    fn visit_str<E>(self, string: &str) -> Result<Self::Value, E> {
        Ok(OwnedJsonValue::String(string.into()))
    }

    fn visit_string<E>(self, string: String) -> Result<Self::Value, E> {
        Ok(OwnedJsonValue::String(string))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut array = Vec::new();
        while let Some(element) = elements.next_element()? {
            array.push(element);
        }
        Ok(OwnedJsonValue::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut object = BTreeMap::new();
        while let Some((name, value)) = members.next_entry()? {
            object.insert(name, value);
        }
        Ok(OwnedJsonValue::Object(object))
    }
}
