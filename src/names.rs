//! Enums of names.

/// An enum whose variants are names that occur in tokens.
macro_rules! names {
    ($(#[$attribute:meta])* $visibility:vis enum $type:ident { $($variant:ident = $name:literal,)* }) => {
        $(#[$attribute])*
        $visibility enum $type {
            $(
                #[doc = concat!("`", $name, "`")]
                $variant,
            )*
        }

        impl $type {
            pub(crate) const NAMES: &'static [&'static str] = &[$($name),*];
            pub(crate) const COUNT: usize = Self::NAMES.len();

            #[allow(non_upper_case_globals)] // constants named like the variants, as patterns cannot call `as_bytes`
            pub(crate) fn from_name(name: &[u8]) -> Option<Self> {
                $(const $variant: &[u8] = $name.as_bytes();)*
                match name {
                    $($variant => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use names;
