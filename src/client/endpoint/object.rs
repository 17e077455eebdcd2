//! Structs that deserialize from JSON objects only.
//!
//! A derived implementation would also read a struct from an array, by position. The API never sends one.

use core::fmt;
use std::prelude::v1::*;

use serde::de::{Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

/// Declares a struct with `Serialize` and `Deserialize` that reads only objects. The brackets contain the attributes of
/// the struct, and `default` if all members are optional.
macro_rules! object {
    (
        [$($attributes:tt)*] [$($default:ident)?]
        $visibility:vis struct $name:ident {
            $(
                $(#[doc = $doc:literal])*
                $(#[serde($($serde:tt)*)])*
                $field_visibility:vis $field:ident: $type:ty,
            )*
        }
    ) => {
        $($attributes)*
        $visibility struct $name {
            $($(#[doc = $doc])* $field_visibility $field: $type,)*
        }

        const _: () = {
            // The attribute takes a literal, so this name has to be fixed.
            type Public = $name;

            #[derive(serde::Serialize, serde::Deserialize)]
            #[serde(remote = "Public")]
            $(#[serde($default = "Public::default")])?
            struct Derived {
                $($(#[serde($($serde)*)])* $field: $type,)*
            }

            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    Derived::serialize(self, serializer)
                }
            }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    Derived::deserialize($crate::client::endpoint::object::Object(deserializer))
                }
            }
        };
    };
}

pub(crate) use object;

/// Parses a body through [`Object`], for a type that only derives `Deserialize`.
pub(crate) fn from_slice<T: DeserializeOwned>(body: &[u8]) -> serde_json::Result<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = T::deserialize(Object(&mut deserializer))?;
    deserializer.end()?;
    Ok(value)
}

/// Deserializes an object through [`Object`], or null, for a type that only derives `Deserialize`.
pub(crate) fn optional<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    struct Read<T>(T);

    impl<'de, T: Deserialize<'de>> Deserialize<'de> for Read<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            T::deserialize(Object(deserializer)).map(Self)
        }
    }

    Ok(Option::<Read<T>>::deserialize(deserializer)?.map(|Read(value)| value))
}

/// A deserializer that accepts an object only, in formats that name the members. Inside, a whole number may be written
/// as a float (`1.0`).
pub(crate) struct Object<D>(pub(crate) D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Object<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(Members(visitor))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        if self.is_human_readable() {
            self.deserialize_any(visitor)
        } else {
            self.0.deserialize_struct(name, fields, visitor)
        }
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// Visits the members of an object and rejects everything else.
struct Members<T>(T);

impl<'de, V: Visitor<'de>> Visitor<'de> for Members<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Members(map))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Members<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.0.next_value_seed(Value(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

/// The value of a member.
struct Value<T>(T);

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Value<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Value(deserializer))
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Value<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(Whole(visitor))
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(Whole(visitor))
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(Whole(visitor))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(Optional(visitor))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_newtype_struct(name, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_ignored_any(visitor)
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i128 u8 u16 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct identifier
    }
}

/// Visits a nullable value.
struct Optional<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Optional<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Value(deserializer))
    }
}

/// Visits a whole number, written as integer or float.
struct Whole<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Whole<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<V::Value, E> {
        self.0.visit_u64(number)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<V::Value, E> {
        self.0.visit_i64(number)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<V::Value, E> {
        let whole = number as i64; // saturates
        // The bounds are the largest float below 2^63 and its negative.
        if number.abs() <= 9_223_372_036_854_774_784.0 && whole as f64 == number {
            self.0.visit_i64(whole)
        } else {
            self.0.visit_f64(number)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::prelude::v1::*;

    use serde_json::{Value, json};

    object! {
        [#[derive(Debug, PartialEq)]] []
        struct Outer {
            count: u32,
            at: i64,
            max: Option<u64>,
            inner: Option<Inner>,
            #[serde(default)]
            inners: Vec<Inner>,
            free: Value,
        }
    }

    object! {
        [#[derive(Debug, Default, PartialEq)]] [default]
        struct Inner {
            text: String,
        }
    }

    fn outer() -> Value {
        json!({"count": 1, "at": -1, "max": 2, "inner": {"text": "a"}, "inners": [{}], "free": [1.0], "new": 5})
    }

    fn read(value: &Value) -> serde_json::Result<Outer> {
        let of_text = serde_json::from_str(&value.to_string());
        let of_value = serde_json::from_value(value.clone());
        assert_eq!(of_text.as_ref().ok(), of_value.as_ref().ok());
        of_text
    }

    #[test]
    fn an_object_is_read_and_written() {
        let read = read(&outer()).unwrap();
        let inner = Inner { text: "a".into() };
        let inners = [Inner::default()].into();
        assert_eq!(read, Outer { count: 1, at: -1, max: Some(2), inner: Some(inner), inners, free: json!([1.0]) });
        let written = serde_json::to_value(&read).unwrap();
        assert_eq!(written["inner"], json!({"text": "a"}));
        assert_eq!(serde_json::from_value::<Outer>(written).unwrap(), read);
    }

    #[test]
    fn an_array_is_no_object() {
        assert!(read(&json!([1, -1, 2, null, [], 0])).is_err());
        for member in [json!({"inner": ["a"]}), json!({"inners": [["a"]]}), json!({"inners": [[]]})] {
            let mut outer = outer();
            outer.as_object_mut().unwrap().extend(member.as_object().unwrap().clone());
            assert!(read(&outer).is_err(), "{member}");
        }
        assert!(serde_json::from_str::<Inner>("[]").is_err());
    }

    #[test]
    fn a_whole_number_may_be_written_as_a_float() {
        let with = |name: &str, number: &str| {
            let text = outer().to_string().replace("\"free\"", "\"other\"");
            let mut value: serde_json::Map<String, Value> = serde_json::from_str(&text).unwrap();
            value.remove(name);
            let rest = serde_json::to_string(&value).unwrap();
            serde_json::from_str::<Outer>(&std::format!("{{\"{name}\":{number},\"free\":null,{}", &rest[1..]))
        };
        assert_eq!(with("count", "7.0").unwrap().count, 7);
        assert_eq!(with("count", "4294967295.0").unwrap().count, u32::MAX);
        assert_eq!(with("at", "-1e3").unwrap().at, -1000);
        assert_eq!(with("max", "1e15").unwrap().max, Some(1_000_000_000_000_000));
        assert_eq!(with("max", "null").unwrap().max, None);
        for (name, number) in [
            ("count", "7.5"),
            ("count", "-1.0"),
            ("count", "4294967296.0"),
            ("at", "1e300"),
            ("at", "9.3e18"),
            ("max", "-1.0"),
            ("max", "\"1\""),
            ("max", "true"),
        ] {
            assert!(with(name, number).is_err(), "{name} {number}");
        }
    }
}
