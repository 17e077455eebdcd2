//! The small languages in which endpoints, their arguments and their results are written.

/// Declares an endpoint: its struct, what it puts on the wire and what it makes of each answer; and from that, the method
/// of the async and of the blocking [`Auth`](super::Auth).
///
/// ```text
/// endpoint! {
///     /// What it does.
///     PUT "/user/{user_id}?{in_query}", body, repeatable;            // the rest of the arguments: body or query
///     method_name(StructName, OptionalArguments) -> Output {
///         /// What the argument is.
///         user_id: String,
///     }
///     unless uuid(user_id) => Absent;                                 // what an impossible id means; nothing is sent
///     400 => FieldErrors, 404 => Absent;                              // what these statuses mean
///     with { … }                                                      // other items of `Endpoint`
/// }
/// ```
macro_rules! endpoint {
    (
        $(#[$doc:meta])*
        $verb:ident $path:literal $(, $flag:ident)*;
        $method:ident($name:ident $(, $options:ident)?) -> $output:ty {
            $($(#[$field_doc:meta])* $field:ident: $type:ident $(<$parameter:ty>)?,)*
        }
        $(unless $check:ident($checked:ident) => $unless:expr;)?
        $($($status:literal => $meaning:expr),+;)?
        $(with { $($item:item)* })?
    ) => {
        $(#[$doc])*
        ///
        #[doc = concat!("The call behind [`Auth::", stringify!($method), "`](super::Auth::", stringify!($method), ").")]
        ///
        #[doc = $crate::client::macros::call_example!(
            $name { $($field: [$type $(<$parameter>)?],)* $(; $options)? } -> $output
        )]
        #[derive(Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type $(<$parameter>)?,)*
            $(
                /// The optional arguments.
                #[serde(flatten)]
                pub options: $options,
            )?
        }

        $crate::client::macros::hide_fields!($name);

        impl $crate::client::Endpoint for $name {
            type Output = $output;
            const METHOD_NAME: &'static str = stringify!($method);
            const ARGUMENTS: &'static [&'static [&'static str]] =
                &[&[$(stringify!($field)),*] $(, $options::NAMES)?];
            const ROUTE: $crate::client::wire::Route =
                $crate::client::wire::Route::new(http::Method::$verb, $path)$(.$flag())*;
            const MEANINGS: &'static [(u16, $crate::client::endpoint::Meaning)] = {
                #[allow(unused_imports)]
                use $crate::client::{endpoint::Meaning::*, error::{Feature::*, Resource::*}};
                &[$($(($status, $meaning)),+)?]
            };
            $(
                fn impossible(&self) -> Option<$crate::client::endpoint::Meaning> {
                    #[allow(unused_imports)]
                    use $crate::client::{endpoint::Meaning::*, error::Resource::*};
                    if $crate::client::id::$check(&self.$checked) { None } else { Some($unless) }
                }
            )?
            $($($item)*)?
        }

        impl<T: $crate::client::Transport> $crate::client::Auth<T> {
            $(#[$doc])*
            ///
            /// # Errors
            ///
            /// What the API or the transport says, as an [`ApiError`](crate::client::ApiError).
            ///
            #[doc = $crate::client::macros::method_example!(
                "async " ".await" "" $method($($field: [$type $(<$parameter>)?],)* $(; $options)?) -> $output
            )]
            pub async fn $method(
                &self,
                $($field: $crate::client::macros::argument!($type $(<$parameter>)?),)*
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
            /// What the API or the transport says, as an [`ApiError`](crate::client::ApiError).
            ///
            #[doc = $crate::client::macros::method_example!(
                "" "" "blocking::" $method($($field: [$type $(<$parameter>)?],)* $(; $options)?) -> $output
            )]
            pub fn $method(
                &self,
                $($field: $crate::client::macros::argument!($type $(<$parameter>)?),)*
                $(options: $options,)?
            ) -> Result<$output, $crate::client::ApiError> {
                self.call(&$name { $($field: $field.into(),)* $(options: $options::from(options),)? })
            }
        }
    };
}

/// How a method takes an argument: text is borrowed.
macro_rules! argument {
    (String) => { &str };
    ($type:ident $(<$parameter:ty>)?) => { $type $(<$parameter>)? };
}

/// The documentation's example of a method; its arguments are those of the function around it.
macro_rules! method_example {
    (
        $async:literal $await:literal $module:literal
        $method:ident($($field:ident: [$($type:tt)*],)* $(; $options:ident)?) -> $output:ty
    ) => {
        concat!(
            "# Examples\n\n```no_run\n",
            "# use std::collections::BTreeMap;\n# use propelauth_edge::client::*;\n# use serde_json::Value;\n",
            "# ", $async, "fn example<T: ", $module, "Transport>(auth: &", $module, "Auth<T>",
            $(", ", stringify!($field), ": ", $crate::client::macros::argument_text!($($type)*),)*
            ") -> Result<(), ApiError> {\n",
            "let result: ", stringify!($output), " = auth.", stringify!($method), "(",
            $crate::client::macros::list!($(stringify!($field),)* $(concat!(stringify!($options), "::default()"))?),
            ")", $await, "?;\n# Ok(()) }\n```",
        )
    };
}

/// The documentation's example of a call as a value.
macro_rules! call_example {
    ($name:ident { $($field:ident: [$($type:tt)*],)* $(; $options:ident)? } -> $output:ty) => {
        concat!(
            "# Examples\n\n```no_run\n",
            "# use std::collections::BTreeMap;\n# use propelauth_edge::client::*;\n# use serde_json::Value;\n",
            "# use http::{Request, Response};\n",
            "# fn example(config: &Config, send: fn(Request<Vec<u8>>) -> Response<Vec<u8>>",
            $(", ", stringify!($field), ": ", stringify!($($type)*),)*
            ") -> Result<(), ApiError> {\n",
            "let call = ", stringify!($name), " { ",
            $crate::client::macros::list!($(stringify!($field),)* $(concat!("options: ", stringify!($options), "::default()"))?),
            " };\n",
            "let response = send(call.request(config)?);\n",
            "let result: ", stringify!($output), " = call.parse(response)?;\n# Ok(()) }\n```",
        )
    };
}

/// The text of a type as that of an argument.
macro_rules! argument_text {
    (String) => { "&str" };
    ($($type:tt)*) => { stringify!($($type)*) };
}

/// These texts, with commas between them.
macro_rules! list {
    () => { "" };
    ($last:expr $(,)?) => { $last };
    ($first:expr, $($rest:expr),+ $(,)?) => { concat!($first, ", ", $crate::client::macros::list!($($rest),+)) };
}

/// Declares optional arguments: a struct with their defaults, which are `None`, `false` and empty unless given.
macro_rules! options {
    (
        $(#[$doc:meta])*
        pub struct $name:ident {
            $($(#[$field_doc:meta])* $field:ident: $type:ty $(= $default:expr)?,)*
        }
    ) => {
        $(#[$doc])*
        ///
        /// There may be more of them one day: end the struct with `..Default::default()`.
        #[derive(Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl $name {
            pub(super) const NAMES: &'static [&'static str] = &[$(stringify!($field)),*];
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $crate::client::macros::default!($($default)?),)* }
            }
        }

        $crate::client::macros::hide_fields!($name);
    };
}

macro_rules! default {
    () => {
        Default::default()
    };
    ($default:expr) => {
        $default
    };
}

/// Arguments can be passwords and keys, so `Debug` shows none.
macro_rules! hide_fields {
    ($name:ident) => {
        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}

/// Declares what an endpoint gives.
macro_rules! results {
    ($(
        $(#[$doc:meta])*
        pub $kind:ident $name:ident { $($body:tt)* }
    )*) => { $(
        $(#[$doc])*
        #[non_exhaustive]
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        pub $kind $name { $($body)* }

        impl $crate::client::endpoint::Output for $name {}
    )* };
}

/// Declares an enum over texts. A text that is not listed is kept.
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
            /// A text that this crate does not know.
            Other(String),
        }

        impl $name {
            /// The API's text for it.
            ///
            #[doc = $crate::client::macros::text_example!($name $($variant = $text,)*)]
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

/// The documentation's example of a text, the first of these.
macro_rules! text_example {
    ($name:ident $variant:ident = $text:literal, $($rest:tt)*) => {
        concat!(
            "```\n# use propelauth_edge::client::",
            stringify!($name),
            ";\n",
            "assert_eq!(",
            stringify!($name),
            "::",
            stringify!($variant),
            ".as_str(), \"",
            $text,
            "\");\n",
            "assert_eq!(",
            stringify!($name),
            "::from(String::from(\"new to the API\")).as_str(), \"new to the API\");\n```",
        )
    };
}

/// Emits the methods of an `Auth`, that of this module, that only need to know its parts.
macro_rules! parts {
    ($module:literal) => {
        /// From its parts. Nothing is checked or fetched.
        ///
        /// ```
        #[doc = concat!("use propelauth_edge::client::{Config, RetryPolicy, ", $module, "Auth};")]
        ///
        /// # let transport = ();
        /// # let verifier = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/verifier.rs"));
        /// let config = Config::new("https://auth.example.com", "the integration API key")?;
        /// let auth = Auth::new(config.with_retry(RetryPolicy::times(2)), verifier, transport);
        /// assert_eq!(auth.config().issuer(), auth.verifier().issuer());
        /// # Ok::<(), propelauth_edge::client::InitError>(())
        /// ```
        #[must_use]
        pub fn new(config: Config, verifier: Verifier, transport: T) -> Self {
            Self { config, verifier, transport }
        }

        /// Where the calls go and as whom.
        ///
        /// ```
        #[doc = concat!("# use propelauth_edge::client::{Endpoint, FetchCustomRoleMappings, ", $module, "Auth};")]
        /// # let transport = ();
        /// # let auth = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/auth.rs"));
        /// // A call that another HTTP client is to make.
        /// let request = FetchCustomRoleMappings {}.request(auth.config())?;
        /// assert_eq!(request.uri(), "https://propelauth-api.com/api/backend/v1/custom_role_mappings");
        /// assert_eq!(request.headers()["x-propelauth-url"], "auth.example.com");
        /// # Ok::<(), propelauth_edge::client::ApiError>(())
        /// ```
        #[must_use]
        pub fn config(&self) -> &Config {
            &self.config
        }

        /// The verifier of access tokens, which borrows where the methods here give owned users.
        ///
        /// ```
        #[doc = concat!("# use propelauth_edge::{UnixTime, Verifier, client::", $module, "Auth};")]
        /// # let transport = ();
        /// # let auth = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/auth.rs"));
        /// # let token = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo/access_token.jwt"));
        /// let mut buffer = [0; 4096];
        /// let user = auth.verifier().validate_access_token(token, UnixTime::now(), &mut buffer)?;
        /// assert_eq!(user.email, Some("ada@example.com"));
        /// # Ok::<(), propelauth_edge::Unauthorized>(())
        /// ```
        #[must_use]
        pub fn verifier(&self) -> &Verifier {
            &self.verifier
        }
    };
}

pub(super) use {
    argument, argument_text, call_example, default, endpoint, hide_fields, list, method_example, options, parts,
    results, text_example, texts,
};
