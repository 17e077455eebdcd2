//! Step 4: from the payload to validated JSON in the caller's buffer (RFC 8259).
//!
//! [`Validator`] goes over the text once, without recursion, driven by those who know what it should hold: syntax,
//! escapes, depth. What it leaves is read again, where it is needed, by [`Reader`], which trusts it, and never fails. In
//! the same pass each string that has escapes is unescaped in place, so that it can be handed out as `&str`; only
//! free-form members keep their text, for those who want to deserialize it themselves through [`JsonValue`].

#[cfg(feature = "alloc")]
mod owned;
mod read;
mod string;
mod validate;
mod value;

#[cfg(feature = "alloc")]
pub use owned::OwnedJsonValue;
pub(crate) use read::{Reader, name_at};
pub use string::JsonStr;
pub(crate) use validate::{Span, UniqueNames, Validator};
pub use value::{DeserializeError, JsonArray, JsonObject, JsonValue};

/// The text is not JSON within the limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Malformed;

/// What becomes of the strings in a value.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Strings {
    /// They are unescaped in place.
    Unescaped,
    /// They keep the text that they came in: the value is free-form, or of no interest.
    Kept,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Null,
    False,
    True,
    Number,
    String,
    /// An array that has elements other than strings.
    Array,
    /// An array of strings, or an empty one.
    ArrayOfStrings,
    Object,
}

/// A value and what it is.
#[derive(Clone, Copy)]
pub(crate) struct Typed<V> {
    pub(crate) kind: Kind,
    pub(crate) value: V,
}

/// JSON, member for member: text that is being validated, or text that was.
pub(crate) trait Source {
    type Value: Copy;

    /// Goes into the object that begins here, if one does.
    fn enter_object(&mut self) -> Result<bool, Malformed>;
    /// The unescaped name of the next member of the object, or nothing at its end.
    fn name(&mut self) -> Result<Option<&[u8]>, Malformed>;
    /// The value of that member.
    fn value(&mut self, strings: Strings) -> Result<Self::Value, Malformed>;
}
