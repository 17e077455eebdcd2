//! Validated JSON as text, for `properties` and `org_metadata`.

use core::cell::Cell;
use core::{fmt, iter};

use serde::Serialize;
use serde::de::Deserialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};

use super::Kind;
use super::read::{Reader, Value};
use super::string::JsonStr;

/// The maximum length of an unescaped string in [`JsonValue::deserialize`], in bytes.
const UNESCAPE_BUFFER_LEN: usize = 1024;

/// A JSON value of a verified token, kept as text.
///
/// ```
/// # use propelauth_edge::UserView;
/// # fn example(user: &UserView<'_>) {
/// let seats: Option<u64> = user.get_user_property("seats").and_then(|seats| seats.as_u64());
/// # }
/// ```
#[derive(Clone, Copy)]
pub struct JsonValue<'a>(&'a str);

impl<'a> JsonValue<'a> {
    /// `value` was read with [`Strings::Kept`](super::Strings::Kept), so its text is unchanged.
    pub(crate) const fn kept(value: Value<'a>) -> Self {
        Self(value.text())
    }

    const fn value(self) -> Value<'a> {
        Value::new(self.0)
    }

    /// Returns the value's text, unchanged from the token.
    ///
    /// ```
    /// # let user = demo::grace();
    /// let phone = user.get_user_property("phone").unwrap();
    /// assert_eq!(phone.raw(), r#"{"country":1,"verified":false}"#);
    /// ```
    #[must_use]
    pub const fn raw(self) -> &'a str {
        self.0
    }

    /// Returns the string, if this is one.
    ///
    /// ```
    /// # use propelauth_edge::JsonStr;
    /// # let user = demo::grace();
    /// let nickname = user.get_user_property("nickname").unwrap();
    /// assert_eq!(nickname.raw(), r#""\u201cAmazing\u201d""#);
    /// let nickname: JsonStr<'_> = nickname.as_str().unwrap();
    /// assert!(nickname == "“Amazing”");
    /// ```
    #[must_use]
    pub fn as_str(self) -> Option<JsonStr<'a>> {
        self.value().as_json_str()
    }

    /// Returns the boolean, if this is one.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.0 {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// Returns the number, if it is written without fraction or exponent and fits.
    ///
    /// ```
    /// # let user = demo::grace();
    /// let balance = user.get_user_property("balance").unwrap();
    /// assert_eq!(balance.as_i64(), Some(-20));
    /// let score = user.get_user_property("score").unwrap();
    /// assert_eq!(score.as_i64(), None); // 0.75
    /// ```
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        self.number()?.parse().ok()
    }

    /// Returns the number, if it is written without fraction or exponent and fits.
    ///
    /// ```
    /// # let user = demo::ada();
    /// # let org = user.get_orgs().next().unwrap();
    /// let seats = org.org_metadata.get("seats").unwrap();
    /// assert_eq!(seats.as_u64(), Some(5));
    /// let plan = org.org_metadata.get("plan").unwrap();
    /// assert_eq!(plan.as_u64(), None); // "pro"
    /// ```
    #[must_use]
    pub fn as_u64(self) -> Option<u64> {
        self.number()?.parse().ok()
    }

    /// Returns the number, if this is one, as the nearest `f64`: infinite if it is outside the range.
    ///
    /// ```
    /// # let user = demo::grace();
    /// let score = user.get_user_property("score").unwrap();
    /// assert_eq!(score.as_f64(), Some(0.75));
    /// let balance = user.get_user_property("balance").unwrap();
    /// assert_eq!(balance.as_f64(), Some(-20.0));
    /// ```
    #[must_use]
    pub fn as_f64(self) -> Option<f64> {
        self.number()?.parse().ok()
    }

    /// Returns `true` if this is `null`.
    ///
    /// ```
    /// # let user = demo::grace();
    /// assert!(user.get_user_property("manager").unwrap().is_null());
    /// assert!(user.get_user_property("mentor").is_none()); // missing, not null
    /// ```
    #[must_use]
    pub fn is_null(self) -> bool {
        self.0 == "null"
    }

    /// Returns the object, if this is one.
    #[must_use]
    pub fn as_object(self) -> Option<JsonObject<'a>> {
        if self.0.starts_with('{') { Some(JsonObject(self.0)) } else { None }
    }

    /// Returns the array, if this is one.
    ///
    /// ```
    /// # let user = demo::grace();
    /// let tags = user.get_user_property("tags").and_then(|tags| tags.as_array()).unwrap();
    /// assert_eq!(tags.iter().count(), 2);
    /// ```
    #[must_use]
    pub fn as_array(self) -> Option<JsonArray<'a>> {
        if self.0.starts_with('[') { Some(JsonArray(self.0)) } else { None }
    }

    /// Deserializes the value with `serde-json-core`.
    ///
    /// A string with escapes in the token cannot be borrowed. Deserialize it as [`heapless::String`], of at most 1,024
    /// bytes, or get a [`JsonStr`] with [`JsonValue::as_str`]. For surrogate pairs (`\ud83d\ude00`), only the latter
    /// works, since `serde-json-core` does not support them.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is not a `T`.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::DeserializeError;
    /// # let user = demo::grace();
    /// let tags = user.get_user_property("tags").unwrap();
    /// let [first, second]: [&str; 2] = tags.deserialize()?;
    /// assert_eq!((first, second), ("navy", "cobol"));
    ///
    /// let refused: Result<u32, DeserializeError> = tags.deserialize();
    /// assert!(refused.is_err()); // an array is not a number
    /// # Ok::<(), DeserializeError>(())
    /// ```
    pub fn deserialize<T: Deserialize<'a>>(self) -> Result<T, DeserializeError> {
        let mut unescaped = [0; UNESCAPE_BUFFER_LEN];
        match serde_json_core::from_str_escaped(self.0, &mut unescaped) {
            Ok((value, _)) => Ok(value),
            Err(error) => Err(DeserializeError(error)),
        }
    }

    /// Returns a reader at the value.
    pub(super) fn reader(self) -> Reader<'a> {
        self.value().reader()
    }

    /// Returns the value, which is neither an object nor an array. A whole number that fits becomes `u64` or `i64`; -0
    /// is 0.
    pub(super) fn scalar(self) -> Scalar<'a> {
        if let Some(string) = self.as_str() {
            Scalar::String(string)
        } else if let Some(value) = self.as_bool() {
            Scalar::Bool(value)
        } else if let Some(number) = self.as_u64() {
            Scalar::U64(number)
        } else if let Some(number) = self.as_i64() {
            u64::try_from(number).map_or(Scalar::I64(number), Scalar::U64)
        } else {
            self.as_f64().map_or(Scalar::Null, Scalar::F64)
        }
    }

    /// Returns the number's text, if this is one.
    fn number(self) -> Option<&'a str> {
        if self.value().kind() == Kind::Number { Some(self.0) } else { None }
    }
}

/// A value that is neither an object nor an array.
pub(super) enum Scalar<'a> {
    Null,
    Bool(bool),
    U64(u64),
    /// Negative.
    I64(i64),
    F64(f64),
    String(JsonStr<'a>),
}

impl fmt::Debug for JsonValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Serializes numbers as `u64`, `i64` or else the nearest `f64`, and as null outside its range. Duplicate names are
/// kept. The serializer recurses once per level of nesting, at most [`MAX_JSON_DEPTH`](crate::limits::MAX_JSON_DEPTH)
/// times.
impl Serialize for JsonValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        NextValue(&Cell::new(self.reader())).serialize(serializer)
    }
}

/// Serializes the next value and moves past it. However deeply values are nested, the text is read twice, not once per
/// level.
struct NextValue<'r, 'a>(&'r Cell<Reader<'a>>);

impl<'a> NextValue<'_, 'a> {
    fn take<T>(&self, take: impl FnOnce(&mut Reader<'a>) -> T) -> T {
        let mut reader = self.0.get();
        let taken = take(&mut reader);
        self.0.set(reader);
        taken
    }
}

impl Serialize for NextValue<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.take(|reader| reader.enter(b'{')) {
            let mut map = serializer.serialize_map(None)?;
            while let Some(name) = self.take(Reader::name) {
                map.serialize_entry(&name, self)?;
            }
            return map.end();
        }
        if self.take(|reader| reader.enter(b'[')) {
            let mut sequence = serializer.serialize_seq(None)?;
            while self.take(Reader::has_element) {
                sequence.serialize_element(self)?;
            }
            return sequence.end();
        }
        match self.take(Reader::value).map_or(Scalar::Null, |value| JsonValue::kept(value).scalar()) {
            Scalar::Null => serializer.serialize_unit(),
            Scalar::Bool(value) => serializer.serialize_bool(value),
            Scalar::U64(number) => serializer.serialize_u64(number),
            Scalar::I64(number) => serializer.serialize_i64(number),
            Scalar::F64(number) => serialize_f64(number, serializer),
            Scalar::String(string) => string.serialize(serializer),
        }
    }
}

/// JSON has no infinity, and serializing a verified user must not fail, so it becomes null in every format.
pub(super) fn serialize_f64<S: Serializer>(number: f64, serializer: S) -> Result<S::Ok, S::Error> {
    if number.is_finite() { serializer.serialize_f64(number) } else { serializer.serialize_unit() }
}

/// A JSON object of a verified token, kept as text.
#[derive(Clone, Copy)]
pub struct JsonObject<'a>(&'a str);

impl<'a> JsonObject<'a> {
    /// An object without members.
    pub(crate) const EMPTY: JsonObject<'static> = JsonObject("{}");

    /// Returns the object's text, unchanged from the token.
    #[must_use]
    pub const fn raw(self) -> &'a str {
        self.0
    }

    /// Returns the value of the member with this name. The last of duplicate names counts, as in the Python library.
    #[must_use]
    pub fn get(self, name: &str) -> Option<JsonValue<'a>> {
        self.iter().filter(|(candidate, _)| candidate == name).last().map(|(_, value)| value)
    }

    /// Returns the members' names and values, in the order of the token.
    ///
    /// ```
    /// # let user = demo::ada();
    /// # let org = user.get_orgs().next().unwrap();
    /// let text: Vec<String> = org.org_metadata.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
    /// assert_eq!(text, [r#"plan: "pro""#, "seats: 5"]);
    /// ```
    pub fn iter(self) -> impl Iterator<Item = (JsonStr<'a>, JsonValue<'a>)> + Clone {
        let mut reader = self.reader();
        iter::from_fn(move || reader.member().map(|(name, value)| (name, JsonValue::kept(value))))
    }

    /// Returns a reader before the first member.
    pub(super) const fn reader(self) -> Reader<'a> {
        Value::new(self.0).inside()
    }

    /// Deserializes the object; see [`JsonValue::deserialize`].
    ///
    /// # Errors
    ///
    /// Returns an error if the object is not a `T`.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::DeserializeError;
    /// # let user = demo::ada();
    /// # let org = user.get_orgs().next().unwrap();
    /// #[derive(serde::Deserialize)]
    /// struct Metadata<'a> {
    ///     plan: &'a str,
    ///     seats: u32,
    /// }
    ///
    /// let metadata: Metadata<'_> = org.org_metadata.deserialize()?;
    /// assert_eq!((metadata.plan, metadata.seats), ("pro", 5));
    /// # Ok::<(), DeserializeError>(())
    /// ```
    pub fn deserialize<T: Deserialize<'a>>(self) -> Result<T, DeserializeError> {
        JsonValue(self.0).deserialize()
    }
}

impl fmt::Debug for JsonObject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Serialize for JsonObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        JsonValue(self.0).serialize(serializer)
    }
}

/// A JSON array of a verified token, kept as text.
#[derive(Clone, Copy)]
pub struct JsonArray<'a>(&'a str);

impl<'a> JsonArray<'a> {
    /// Returns the array's text, unchanged from the token.
    #[must_use]
    pub const fn raw(self) -> &'a str {
        self.0
    }

    /// Returns the elements.
    ///
    /// ```
    /// # use propelauth_edge::{JsonArray, JsonValue};
    /// # let user = demo::grace();
    /// let tags = user.get_user_property("tags").unwrap();
    /// let tags: JsonArray<'_> = tags.as_array().unwrap();
    /// assert!(tags.iter().filter_map(JsonValue::as_str).any(|tag| tag == "cobol"));
    /// ```
    pub fn iter(self) -> impl Iterator<Item = JsonValue<'a>> + Clone {
        let mut reader = self.reader();
        iter::from_fn(move || reader.element().map(JsonValue::kept))
    }

    /// Returns a reader before the first element.
    pub(super) const fn reader(self) -> Reader<'a> {
        Value::new(self.0).inside()
    }

    /// Deserializes the array; see [`JsonValue::deserialize`].
    ///
    /// # Errors
    ///
    /// Returns an error if the array is not a `T`.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::DeserializeError;
    /// # let user = demo::grace();
    /// # let tags = user.get_user_property("tags").and_then(|tags| tags.as_array()).unwrap();
    /// let tags: heapless::Vec<&str, 8> = tags.deserialize()?;
    /// assert_eq!(tags, ["navy", "cobol"]);
    /// # Ok::<(), DeserializeError>(())
    /// ```
    pub fn deserialize<T: Deserialize<'a>>(self) -> Result<T, DeserializeError> {
        JsonValue(self.0).deserialize()
    }
}

impl fmt::Debug for JsonArray<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Serialize for JsonArray<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        JsonValue(self.0).serialize(serializer)
    }
}

/// A JSON value does not have the requested type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeserializeError(serde_json_core::de::Error);

impl fmt::Display for DeserializeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl core::error::Error for DeserializeError {}
