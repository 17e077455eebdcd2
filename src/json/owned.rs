use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

use super::Reader;
use super::value::{JsonArray, JsonObject, JsonValue, Scalar, serialize_f64};

/// An owned JSON value, as in `properties` and `org_metadata` of [`User`](crate::User).
#[derive(Clone, Debug, PartialEq)]
pub enum OwnedJsonValue {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A non-negative whole number.
    U64(u64),
    /// A negative whole number.
    I64(i64),
    /// Any other number, as the nearest `f64`.
    F64(f64),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<OwnedJsonValue>),
    /// An object. The last of duplicate names counts.
    Object(BTreeMap<String, OwnedJsonValue>),
}

impl From<JsonValue<'_>> for OwnedJsonValue {
    fn from(value: JsonValue<'_>) -> Self {
        Self::read(&mut value.reader())
    }
}

impl From<JsonObject<'_>> for BTreeMap<String, OwnedJsonValue> {
    fn from(object: JsonObject<'_>) -> Self {
        members(&mut object.reader())
    }
}

impl From<JsonArray<'_>> for Vec<OwnedJsonValue> {
    fn from(array: JsonArray<'_>) -> Self {
        elements(&mut array.reader())
    }
}

impl OwnedJsonValue {
    /// Reads the next value and moves past it, so that the text is read once, not once per level.
    fn read(reader: &mut Reader<'_>) -> Self {
        if reader.enter(b'{') {
            return Self::Object(members(reader));
        }
        if reader.enter(b'[') {
            return Self::Array(elements(reader));
        }
        match reader.value().map_or(Scalar::Null, |value| JsonValue::kept(value).scalar()) {
            Scalar::Null => Self::Null,
            Scalar::Bool(value) => Self::Bool(value),
            Scalar::U64(number) => Self::U64(number),
            Scalar::I64(number) => Self::I64(number),
            Scalar::F64(number) => Self::F64(number),
            Scalar::String(string) => Self::String(string.to_string()),
        }
    }
}

fn members(reader: &mut Reader<'_>) -> BTreeMap<String, OwnedJsonValue> {
    let mut members = BTreeMap::new();
    while let Some(name) = reader.name() {
        members.insert(name.to_string(), OwnedJsonValue::read(reader));
    }
    members
}

fn elements(reader: &mut Reader<'_>) -> Vec<OwnedJsonValue> {
    let mut elements = Vec::new();
    while reader.has_element() {
        elements.push(OwnedJsonValue::read(reader));
    }
    elements
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
