//! Step 4: from the payload to validated JSON in the caller's buffer (RFC 8259).
//!
//! [`Object::parse`] makes one validating pass, without recursion: syntax, escapes, depth, UTF-8. What it leaves is read
//! by [`read`], which trusts it, and never fails. In the same pass each string that has escapes is unescaped in place,
//! so that it can be handed out as `&str`; only free-form members keep their text, for those who want to deserialize
//! it themselves through [`JsonValue`].

#[cfg(feature = "alloc")]
mod owned;
mod read;
mod string;
mod validate;
mod value;

#[cfg(feature = "alloc")]
pub use owned::OwnedJsonValue;
pub(crate) use read::Members;
pub use string::JsonStr;
pub use value::{DeserializeError, JsonArray, JsonObject, JsonValue};

/// The text is not JSON within the limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Malformed;

/// Knows which members are free-form: their values keep the text that they came in.
pub(crate) trait FreeForm {
    /// Whether the member `name` of the object at this depth is free-form. Asked for every member that is not inside of
    /// one, in the order of the text; the outermost object has depth 1.
    fn is_free_form(&mut self, depth: usize, name: &[u8]) -> bool;
}

/// Nothing is free-form.
pub(crate) struct NoFreeForm;

impl FreeForm for NoFreeForm {
    fn is_free_form(&mut self, _: usize, _: &[u8]) -> bool {
        false
    }
}

/// A validated object whose strings are unescaped, but for its free-form members.
#[derive(Clone, Copy)]
pub(crate) struct Object<'b>(&'b str);

impl<'b> Object<'b> {
    pub(crate) fn parse(text: &'b mut [u8], free_form: impl FreeForm) -> Result<Self, Malformed> {
        validate::validate_object(text, free_form)?;
        // Unescaping puts whole characters in the place of ASCII, so ill-formed text stays ill-formed.
        core::str::from_utf8(text).map(Self).map_err(|_| Malformed)
    }

    pub(crate) fn members(self) -> Members<'b> {
        Members::new(self.0)
    }
}
