//! Step 4: from the payload to validated JSON in the caller's buffer (RFC 8259).
//!
//! [`parse_object`] makes one validating pass, without recursion: syntax, escapes, depth, unique names, UTF-8. What it
//! leaves is read by [`Reader`], which trusts it, and never fails. In the same pass each string that has escapes is
//! unescaped in place, so that it can be handed out as `&str`; only free-form members keep their text, for those who
//! want to deserialize it themselves through [`JsonValue`].

#[cfg(feature = "alloc")]
mod owned;
mod read;
mod string;
mod validate;
mod value;

#[cfg(feature = "alloc")]
pub use owned::OwnedJsonValue;
pub(crate) use read::Reader;
pub use string::JsonStr;
pub use value::{DeserializeError, JsonArray, JsonObject, JsonValue};

/// The text is not such an object within the limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Malformed;

/// What is known of an object beforehand.
pub(crate) trait Schema {
    /// The place in the result of the outermost member of this name.
    fn place(&self, name: &[u8]) -> Option<usize>;

    /// Whether the member of this name is free-form, so that its value keeps the text that it came in. Asked for every
    /// member that is not inside of one, in the order of the text; the outermost object has depth 1.
    fn is_free_form(&mut self, depth: usize, name: &[u8]) -> bool;
}

/// Validates `text` as one object with unique names, and gives the members that have a place. Of others it may have
/// `OTHERS`.
pub(crate) fn parse_object<const PLACES: usize, const OTHERS: usize>(
    text: &mut [u8],
    schema: impl Schema,
) -> Result<[Option<JsonValue<'_>>; PLACES], Malformed> {
    let spans = validate::validate_object::<PLACES, OTHERS>(text, schema)?;
    // Unescaping puts whole characters in the place of ASCII, so ill-formed text stays ill-formed.
    let text = core::str::from_utf8(text).map_err(|_| Malformed)?;
    Ok(spans.map(|span| text.get(span?).map(JsonValue::new)))
}
