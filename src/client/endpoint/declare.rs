//! Macros that declare endpoints, their arguments and their results.

/// Declares an endpoint: its struct, its request, the meaning of each status, and the method of the async and of the
/// blocking [`Auth`](crate::client::Auth). This example has every clause; a test below expands it.
///
/// ```text
/// endpoint! {
///     /// What the call does.
///     POST "/thing/{thing_id}/notes?{dry_run}", json;      // method, path and query; place of the other arguments
///     add_note(AddNote, AddNoteOptions) -> Option<Note> {  // method, struct, optional arguments, result
///         /// What the argument is.
///         thing_id: String,
///         /// Whether nothing is changed.
///         dry_run: bool,
///         /// Who writes.
///         #[serde(rename = "author", alias = "by")]        // its name in the request, and one accepted as well
///         by: String,
///     }
///     secret options.pin;                                  // arguments to redact from errors, comma-separated
///     unless uuid(thing_id) => Absent;                     // the outcome for an invalid id, without a request
///     400 => FieldErrors, 404 => Absent;                   // the `Meaning` of these statuses
///     with {                                               // other items of `Declared`
///         fn absent(&self) -> Option<Option<Note>> {
///             Some(None)
///         }
///     }
/// }
/// ```
///
/// The clauses from `secret` on are optional. Flags after the path are `json`, `query`, `without_falsy`, `with_nulls`,
/// `only_asks` and `whole_path`, the methods of [`Route`](super::route::Route). The checks of ids are the functions of
/// [`id`](super::id).
macro_rules! endpoint {
    // The type of a method's argument: text is borrowed.
    (@argument String) => { &str };
    (@argument $type:ident $(<$parameter:ty>)?) => { $type $(<$parameter>)? };

    (
        $(#[$doc:meta])*
        $verb:ident $path:literal $(, $flag:ident)*;
        $method:ident($name:ident $(, $options:ident)?) -> $output:ty {
            $(
                $(#[doc = $field_doc:literal])*
                $(#[serde($($serde:tt)*)])*
                $field:ident: $type:ident $(<$parameter:ty>)?,
            )*
        }
        $(secret $($($secret:ident).+),+;)?
        $(unless $check:ident($($checked:ident).+) => $unless:expr;)?
        $($($status:literal => $meaning:expr),+;)?
        $(with { $($item:item)* })?
    ) => {
        $crate::client::endpoint::object::object! {
            [
                $(#[$doc])*
                ///
                #[doc = concat!("The call of [`Auth::", stringify!($method), "`](crate::client::Auth::", stringify!($method), ").")]
                #[derive(Clone, PartialEq)]
            ] []
            pub struct $name {
                $(
                    $(#[doc = $field_doc])*
                    $(#[serde($($serde)*)])*
                    pub $field: $type $(<$parameter>)?,
                )*
                $(
                    /// The optional arguments.
                    #[serde(flatten)]
                    pub options: $options,
                )?
            }
        }

        $crate::client::endpoint::declare::hide_fields!($name);

        impl $crate::client::Endpoint for $name {
            type Output = $output;
        }

        impl $crate::client::endpoint::Declared<$output> for $name {
            const ROUTE: $crate::client::endpoint::route::Route =
                $crate::client::endpoint::route::Route::new(http::Method::$verb, $path)$(.$flag())*;
            const MEANINGS: &'static [(u16, $crate::client::endpoint::answer::Meaning)] = {
                #[allow(unused_imports)]
                use $crate::client::{endpoint::answer::Meaning::*, error::{Feature::*, Resource::*}};
                &[$($(($status, $meaning)),+)?]
            };
            $(
                fn secrets(&self) -> Vec<&str> {
                    use $crate::client::endpoint::redact::Text;
                    [$(self.$($secret).+.text()),+].into_iter().flatten().collect()
                }
            )?
            $(
                fn impossible(&self) -> Option<$crate::client::endpoint::answer::Meaning> {
                    #[allow(unused_imports)]
                    use $crate::client::{endpoint::answer::Meaning::*, error::Resource::*};
                    if $crate::client::endpoint::id::$check(&self.$($checked).+) { None } else { Some($unless) }
                }
            )?
            $($($item)*)?
        }

        impl<T: $crate::client::Transport> $crate::client::Auth<T> {
            $(#[$doc])*
            ///
            /// # Errors
            ///
            /// Returns the error of the API or the transport as an [`ApiError`](crate::client::ApiError).
            pub async fn $method(
                &self,
                $($field: $crate::client::endpoint::declare::endpoint!(@argument $type $(<$parameter>)?),)*
                $(options: $options,)?
            ) -> Result<$output, $crate::client::ApiError> {
                self.call(&$name { $($field: $field.into(),)* $(options: $options::from(options),)? }).await
            }
        }

        impl<T: $crate::client::blocking::Transport> $crate::client::blocking::Auth<T> {
            $(#[$doc])*
            ///
            /// # Errors
            ///
            /// Returns the error of the API or the transport as an [`ApiError`](crate::client::ApiError).
            pub fn $method(
                &self,
                $($field: $crate::client::endpoint::declare::endpoint!(@argument $type $(<$parameter>)?),)*
                $(options: $options,)?
            ) -> Result<$output, $crate::client::ApiError> {
                self.call(&$name { $($field: $field.into(),)* $(options: $options::from(options),)? })
            }
        }
    };
}

/// Declares optional arguments: a struct with defaults, which are `None`, `false` and empty unless given.
macro_rules! options {
    (@default) => { Default::default() };
    (@default $default:expr) => { $default };

    (
        $(#[$doc:meta])*
        pub struct $name:ident {
            $(
                $(#[doc = $field_doc:literal])*
                $(#[serde($($serde:tt)*)])*
                $field:ident: $type:ty $(= $default:expr)?,
            )*
        }
    ) => {
        $crate::client::endpoint::object::object! {
            [
                $(#[$doc])*
                ///
                /// More fields may be added: end the struct with `..Default::default()`.
                #[derive(Clone, PartialEq)]
            ] [default]
            pub struct $name {
                $(
                    $(#[doc = $field_doc])*
                    $(#[serde($($serde)*)])*
                    pub $field: $type,
                )*
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $crate::client::endpoint::declare::options!(@default $($default)?),)* }
            }
        }

        $crate::client::endpoint::declare::hide_fields!($name);
    };
}

/// Implements `Debug` without any field, since arguments can be passwords and keys.
macro_rules! hide_fields {
    ($name:ident) => {
        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}

/// Declares the result of an endpoint.
macro_rules! results {
    ($(
        $(#[$doc:meta])*
        pub struct $name:ident { $($fields:tt)* }
    )*) => { $(
        $crate::client::endpoint::object::object! {
            [
                $(#[$doc])*
                #[non_exhaustive]
                #[derive(Clone, Debug, PartialEq)]
            ] []
            pub struct $name { $($fields)* }
        }

        impl $crate::client::endpoint::answer::Output for $name {}
    )* };
}

/// Declares an enum of texts. Unknown texts are kept.
macro_rules! texts {
    ($(
        $(#[$doc:meta])*
        pub enum $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }
    )*) => { $(
        $(#[$doc])*
        #[non_exhaustive]
        #[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $($(#[$variant_doc])* #[doc = concat!("`", $text, "`")] $variant,)*
            /// A text that this crate does not list.
            Other(String),
        }

        impl $name {
            /// Returns the API's text for this value.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                match &*text {
                    $($text => Self::$variant,)*
                    _ => Self::Other(text),
                }
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.as_str().into()
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )* };
}

pub(crate) use {endpoint, hide_fields, options, results, texts};

/// The example in the documentation of [`endpoint`], expanded.
#[cfg(test)]
#[allow(unreachable_pub, clippy::missing_errors_doc)]
mod tests {
    use std::format;
    use std::prelude::v1::*;

    use http::Response;
    use serde_json::{Value, json};

    use crate::client::{ApiError, Config, Endpoint};

    endpoint! {
        /// What the call does.
        POST "/thing/{thing_id}/notes?{dry_run}", json;
        add_note(AddNote, AddNoteOptions) -> Option<Note> {
            /// What the argument is.
            thing_id: String,
            /// Whether nothing is changed.
            dry_run: bool,
            /// Who writes.
            #[serde(rename = "author", alias = "by")]
            by: String,
        }
        secret options.pin;
        unless uuid(thing_id) => Absent;
        400 => FieldErrors, 404 => Absent;
        with {
            fn absent(&self) -> Option<Option<Note>> {
                Some(None)
            }
        }
    }

    options! {
        /// Optional arguments of `add_note`.
        pub struct AddNoteOptions {
            /// The text.
            text: Option<String>,
            /// How important it is. Default 3.
            weight: u32 = 3,
            /// What lets the author in.
            pin: Option<String>,
        }
    }

    results! {
        /// A note.
        pub struct Note {
            /// Its kind.
            pub kind: NoteKind,
        }
    }

    texts! {
        /// A kind of note.
        pub enum NoteKind {
            /// A warning:
            Warning = "WARNING",
        }
    }

    fn call() -> AddNote {
        let options = AddNoteOptions { pin: Some("31415".into()), ..AddNoteOptions::default() };
        AddNote { thing_id: "31c41c16-c281-44ae-9602-8a047e3bf33d".into(), dry_run: true, by: "Ada".into(), options }
    }

    fn answer(status: u16, body: &str) -> Response<Vec<u8>> {
        Response::builder().status(status).body(body.into()).unwrap()
    }

    #[test]
    fn the_request_is_what_the_documentation_says() {
        let config = Config::new("https://auth.example.com", "key").unwrap();
        let request = call().request(&config).unwrap();
        let path = "/api/backend/v1/thing/31c41c16-c281-44ae-9602-8a047e3bf33d/notes?dry_run=true";
        assert_eq!((request.method().as_str(), request.uri().path_and_query().unwrap().as_str()), ("POST", path));
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        assert_eq!(body, json!({"author": "Ada", "weight": 3, "pin": "31415"}));

        let by_other_name = json!({"thing_id": call().thing_id, "dry_run": true, "by": "Ada", "pin": "31415"});
        assert!(serde_json::from_value::<AddNote>(by_other_name).unwrap() == call());
        assert_eq!(format!("{:?} {:?}", call(), call().options), "AddNote { .. } AddNoteOptions { .. }");
    }

    #[test]
    fn the_answer_means_what_the_documentation_says() {
        let warning = Note { kind: NoteKind::Warning };
        assert_eq!(call().parse(answer(200, r#"{"kind":"WARNING"}"#)).unwrap(), Some(warning));
        let other = call().parse(answer(200, r#"{"kind":"new"}"#)).unwrap().unwrap();
        assert_eq!(other.kind.as_str(), "new");
        assert_eq!(call().parse(answer(404, "")).unwrap(), None);
        let error = call().parse(answer(400, r#"{"pin":["not 31415"]}"#)).unwrap_err();
        assert!(
            matches!(&error, ApiError::InvalidFields(errors) if errors.get("pin").eq(["not [redacted]"])),
            "{error}"
        );
        assert!(matches!(call().parse(answer(500, "")), Err(ApiError::UnexpectedStatus { status: 500, .. })));

        assert!(call().without_asking().is_none());
        let impossible = AddNote { thing_id: "7".into(), ..call() };
        assert_eq!(impossible.without_asking().unwrap().unwrap(), None);
    }

    /// The documentation and the test have to show one and the same code.
    #[test]
    fn the_documentation_is_this_code() {
        let file = include_str!("declare.rs");
        let without_comments = |line: &str| String::from(line.trim().split("  // ").next().unwrap_or_default().trim());
        let shown =
            file.lines().skip_while(|line| *line != "/// ```text").skip(1).take_while(|line| *line != "/// ```");
        let shown = shown.filter_map(|line| line.strip_prefix("///")).map(without_comments);
        let expanded = file.lines().skip_while(|line| *line != "    endpoint! {");
        let expanded = expanded.take_while(|line| *line != "    options! {").map(without_comments);
        assert_eq!(Vec::from_iter(shown), Vec::from_iter(expanded.filter(|line| !line.is_empty())));
    }
}
