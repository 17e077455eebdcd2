//! Validated JSON kept as text: what `properties` and `org_metadata` are handed out as.

use core::cell::Cell;
use core::{fmt, iter};

use serde::Serialize;
use serde::de::Deserialize;
use serde::ser::{Error as _, SerializeMap, SerializeSeq, Serializer};

use super::Kind;
use super::read::{Reader, scan_string, unescaped_content};
use super::string::JsonStr;

/// Octets that an unescaped string may have in [`JsonValue::deserialize`].
const UNESCAPE_BUFFER_LEN: usize = 1024;

/// A JSON value of a verified token, kept as the text that it came in.
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
    /// `text` is one value of validated text and nothing else.
    pub(crate) const fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The value's text, as it stood in the token.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
    /// let phone = user.get_user_property("phone").unwrap();
    /// assert_eq!(phone.raw(), r#"{"country":1,"verified":false}"#);
    /// ```
    #[must_use]
    pub const fn raw(self) -> &'a str {
        self.0
    }

    /// The string, if it is one.
    ///
    /// ```
    /// # use propelauth_edge::JsonStr;
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
    /// let nickname = user.get_user_property("nickname").unwrap();
    /// assert_eq!(nickname.raw(), r#""\u201cAmazing\u201d""#);
    /// let nickname: JsonStr<'_> = nickname.as_str().unwrap();
    /// assert!(nickname == "“Amazing”");
    /// ```
    #[must_use]
    pub fn as_str(self) -> Option<JsonStr<'a>> {
        if !self.is_string() {
            return None;
        }
        let string = scan_string(self.0.as_bytes(), 0);
        Some(JsonStr::new(self.0.get(string.content)?, string.has_escapes))
    }

    /// `true` or `false`, if it is one of them.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
    /// let newsletter = user.get_user_property("newsletter").unwrap();
    /// assert_eq!(newsletter.as_bool(), Some(true));
    /// ```
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.0 {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The number, if it is one, written without fraction and exponent, and fits.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
    /// let balance = user.get_user_property("balance").unwrap();
    /// assert_eq!(balance.as_i64(), Some(-20));
    /// let score = user.get_user_property("score").unwrap();
    /// assert_eq!(score.as_i64(), None); // 0.75
    /// ```
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        self.number()?.parse().ok()
    }

    /// The number, if it is one, written without fraction and exponent, and fits.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs"));
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

    /// The number, if it is one, as the nearest `f64`; infinite where it is beyond all of them.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
    /// let score = user.get_user_property("score").unwrap();
    /// assert_eq!(score.as_f64(), Some(0.75));
    /// let balance = user.get_user_property("balance").unwrap();
    /// assert_eq!(balance.as_f64(), Some(-20.0));
    /// ```
    #[must_use]
    pub fn as_f64(self) -> Option<f64> {
        self.number()?.parse().ok()
    }

    /// Whether it is `null`.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
    /// assert!(user.get_user_property("manager").unwrap().is_null());
    /// assert!(user.get_user_property("mentor").is_none()); // which is another thing
    /// ```
    #[must_use]
    pub fn is_null(self) -> bool {
        self.0 == "null"
    }

    /// The object, if it is one.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
    /// let phone = user.get_user_property("phone").and_then(|phone| phone.as_object()).unwrap();
    /// assert_eq!(phone.get("country").unwrap().as_u64(), Some(1));
    /// ```
    #[must_use]
    pub fn as_object(self) -> Option<JsonObject<'a>> {
        if self.0.starts_with('{') { Some(JsonObject(self.0)) } else { None }
    }

    /// The array, if it is one.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
    /// let tags = user.get_user_property("tags").and_then(|tags| tags.as_array()).unwrap();
    /// assert_eq!(tags.iter().count(), 2);
    /// ```
    #[must_use]
    pub fn as_array(self) -> Option<JsonArray<'a>> {
        if self.0.starts_with('[') { Some(JsonArray(self.0)) } else { None }
    }

    /// Deserializes the value by `serde-json-core`.
    ///
    /// A string that has escapes in the token cannot be borrowed: take it as [`heapless::String`], of at most 1,024
    /// octets, or as [`JsonStr`] by [`JsonValue::as_str`]. The latter is the only way for surrogate pairs
    /// (`\ud83d\ude00`), which `serde-json-core` does not read.
    ///
    /// # Errors
    ///
    /// The value is not a `T`.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::DeserializeError;
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
    /// let tags = user.get_user_property("tags").unwrap();
    /// let [first, second]: [&str; 2] = tags.deserialize()?;
    /// assert_eq!((first, second), ("navy", "cobol"));
    ///
    /// let refused: Result<u32, DeserializeError> = tags.deserialize();
    /// assert!(refused.is_err()); // an array is no number
    /// # Ok::<(), DeserializeError>(())
    /// ```
    pub fn deserialize<T: Deserialize<'a>>(self) -> Result<T, DeserializeError> {
        let mut unescaped = [0; UNESCAPE_BUFFER_LEN];
        match serde_json_core::from_str_escaped(self.0, &mut unescaped) {
            Ok((value, _)) => Ok(value),
            Err(error) => Err(DeserializeError(error)),
        }
    }

    fn is_string(self) -> bool {
        // Unescaped strings begin with a control character.
        matches!(self.0.as_bytes().first(), Some(b'"' | ..=0x1f))
    }

    pub(crate) fn kind(self) -> Kind {
        match self.0.as_bytes().first() {
            Some(b'n') => Kind::Null,
            Some(b'f') => Kind::False,
            Some(b't') => Kind::True,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            Some(b'[') if JsonArray(self.0).iter().all(Self::is_string) => Kind::ArrayOfStrings,
            Some(b'[') => Kind::Array,
            Some(b'{') => Kind::Object,
            _ => Kind::String,
        }
    }

    /// A reader that stands at the value.
    pub(super) fn reader(self) -> Reader<'a> {
        Reader::new(self.0, 0)
    }

    /// The string, if it is one. It must not be part of a free-form member, so that it has no escapes.
    #[inline]
    pub(crate) fn as_plain_str(self) -> Option<&'a str> {
        match self.0.as_bytes() {
            [b'"', .., b'"'] => self.0.get(1..self.0.len().checked_sub(1)?),
            text => self.0.get(unescaped_content(text, 0)?),
        }
    }

    /// The value, which is neither an object nor an array. A whole number that `u64` or `i64` can hold is that, -0 is 0.
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

    /// The number's text, if it is one.
    fn number(self) -> Option<&'a str> {
        if self.kind() == Kind::Number { Some(self.0) } else { None }
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

/// Writes the same value. Numbers become `u64`, `i64` or else the nearest `f64`; one beyond all of them is an error.
/// Where an object has a name twice, so has what is written. The serializer calls itself once for each level of nesting,
/// of which there are at most [`MAX_JSON_DEPTH`](crate::limits::MAX_JSON_DEPTH).
impl Serialize for JsonValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        NextValue(&Cell::new(self.reader())).serialize(serializer)
    }
}

/// Serializes the value at which the reader stands, and takes the reader behind it: however deeply values are nested,
/// the text is gone over twice and not once for each level.
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
        match self.take(Reader::value).map_or(Scalar::Null, JsonValue::scalar) {
            Scalar::Null => serializer.serialize_unit(),
            Scalar::Bool(value) => serializer.serialize_bool(value),
            Scalar::U64(number) => serializer.serialize_u64(number),
            Scalar::I64(number) => serializer.serialize_i64(number),
            Scalar::F64(number) => serialize_f64(number, serializer),
            Scalar::String(string) => string.serialize(serializer),
        }
    }
}

/// JSON has no infinity: serializers write null for it, which is another value.
pub(super) fn serialize_f64<S: Serializer>(number: f64, serializer: S) -> Result<S::Ok, S::Error> {
    if number.is_finite() {
        serializer.serialize_f64(number)
    } else {
        Err(S::Error::custom("number beyond the range of f64"))
    }
}

/// A JSON object of a verified token, kept as the text that it came in.
#[derive(Clone, Copy)]
pub struct JsonObject<'a>(&'a str);

impl<'a> JsonObject<'a> {
    /// An object without members.
    pub(crate) const EMPTY: JsonObject<'static> = JsonObject("{}");

    /// The object's text, as it stood in the token.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs"));
    /// # let org = user.get_orgs().next().unwrap();
    /// assert_eq!(org.org_metadata.raw(), r#"{"plan":"pro","seats":5}"#);
    /// ```
    #[must_use]
    pub const fn raw(self) -> &'a str {
        self.0
    }

    /// The value of the member of this name. Where the name occurs twice, the last one counts, as in the Python
    /// library.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs"));
    /// # let org = user.get_orgs().next().unwrap();
    /// assert_eq!(org.org_metadata.get("seats").unwrap().as_u64(), Some(5));
    /// assert!(org.org_metadata.get("color").is_none());
    /// ```
    #[must_use]
    pub fn get(self, name: &str) -> Option<JsonValue<'a>> {
        self.iter().filter(|(candidate, _)| candidate == name).last().map(|(_, value)| value)
    }

    /// Names and values, in the order of the token.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs"));
    /// # let org = user.get_orgs().next().unwrap();
    /// let text: Vec<String> = org.org_metadata.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
    /// assert_eq!(text, [r#"plan: "pro""#, "seats: 5"]);
    /// ```
    pub fn iter(self) -> impl Iterator<Item = (JsonStr<'a>, JsonValue<'a>)> + Clone {
        let mut reader = self.reader();
        iter::from_fn(move || reader.member())
    }

    /// Deserializes the object; see [`JsonValue::deserialize`].
    ///
    /// # Errors
    ///
    /// The object is not a `T`.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::DeserializeError;
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/user.rs"));
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

    /// A reader that stands before the first member.
    pub(crate) fn reader(self) -> Reader<'a> {
        Reader::new(self.0, 1)
    }

    /// A reader that stands at a position where such a reader has stood.
    pub(crate) fn reader_at(self, position: usize) -> Reader<'a> {
        Reader::new(self.0, position)
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

/// A JSON array of a verified token, kept as the text that it came in.
#[derive(Clone, Copy)]
pub struct JsonArray<'a>(&'a str);

impl<'a> JsonArray<'a> {
    /// An array without elements.
    pub(crate) const EMPTY: JsonArray<'static> = JsonArray("[]");

    /// The array's text, as it stood in the token.
    ///
    /// ```
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
    /// # let tags = user.get_user_property("tags").and_then(|tags| tags.as_array()).unwrap();
    /// assert_eq!(tags.raw(), r#"["navy","cobol"]"#);
    /// ```
    #[must_use]
    pub const fn raw(self) -> &'a str {
        self.0
    }

    /// The elements.
    ///
    /// ```
    /// # use propelauth_edge::{JsonArray, JsonValue};
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
    /// let tags = user.get_user_property("tags").unwrap();
    /// let tags: JsonArray<'_> = tags.as_array().unwrap();
    /// assert!(tags.iter().filter_map(JsonValue::as_str).any(|tag| tag == "cobol"));
    /// ```
    pub fn iter(self) -> impl Iterator<Item = JsonValue<'a>> + Clone {
        let mut reader = self.reader();
        iter::from_fn(move || reader.element())
    }

    /// A reader that stands before the first element.
    pub(super) fn reader(self) -> Reader<'a> {
        Reader::new(self.0, 1)
    }

    /// Deserializes the array; see [`JsonValue::deserialize`].
    ///
    /// # Errors
    ///
    /// The array is not a `T`.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::DeserializeError;
    /// # let user = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/active_org_user.rs"));
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

/// A JSON value is not of the type that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeserializeError(serde_json_core::de::Error);

impl fmt::Display for DeserializeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl core::error::Error for DeserializeError {}
