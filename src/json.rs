//! Step 4: validates the payload as JSON (RFC 8259), in the caller's buffer.
//!
//! [`Validator`] checks syntax, escapes and depth in one non-recursive pass, driven by the caller. [`Reader`] later
//! re-reads the validated text and cannot fail.
//!
//! Strings with escapes are unescaped in place in that pass, so that they can be returned as `&str` (see [`packed`]).
//! Only free-form members keep their text, for callers who deserialize it. Hence two types: [`Value`] is a member of
//! the token, inside this crate, and [`JsonValue`] is unchanged text of the token, for users.

#[cfg(feature = "alloc")]
mod owned;
mod packed;
mod read;
mod string;
mod validate;
mod value;

#[cfg(feature = "alloc")]
pub use owned::OwnedJsonValue;
pub(crate) use read::{Reader, Value, is_name_at};
pub use string::JsonStr;
#[cfg(feature = "alloc")]
pub(crate) use validate::Span;
pub(crate) use validate::{UniqueNames, Validator, ValueSpan};
pub use value::{DeserializeError, JsonArray, JsonObject, JsonValue};

/// The text is not JSON within the limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Malformed;

/// The treatment of strings in a value.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Strings {
    /// Unescapes them in place, and packs those that had escapes.
    Unescaped,
    /// Keeps their escapes: the value is free-form, or not read.
    Kept,
}

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Null,
    False,
    True,
    Number,
    String,
    /// An array with other elements than strings.
    Array,
    /// An array of strings, possibly empty.
    ArrayOfStrings,
    Object,
}

/// A source of members: text that is being validated, or validated text.
pub(crate) trait Source {
    type Value: Copy;

    /// Enters the next value if it is an object.
    fn enter_object(&mut self) -> Result<bool, Malformed>;
    /// Returns the unescaped name of the next member, or `None` at the end of the object.
    fn name(&mut self) -> Result<Option<&[u8]>, Malformed>;
    /// Skips the name of the next member if it is written exactly like `written`, which includes quotation marks and
    /// colon. Returns `false` for any other spelling, and skips nothing.
    fn skip_name(&mut self, written: &str) -> bool;
    /// Returns the value of that member.
    fn value(&mut self, strings: Strings) -> Result<Self::Value, Malformed>;
}
