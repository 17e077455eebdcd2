//! Enums of names, such as the claims that this crate reads.

/// Declares an enum of names in tokens.
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
            /// The names as they are written in JSON, with the colon.
            #[allow(dead_code)] // not every object is read so often
            pub(crate) const WRITTEN: &'static [&'static str] = &[$(concat!("\"", $name, "\":")),*];

            /// Compares name by name: `match` would compare byte by byte, in several times as much code.
            pub(crate) fn from_name(name: &[u8]) -> Option<Self> {
                $(if name == $name.as_bytes() {
                    return Some(Self::$variant);
                })*
                None
            }
        }
    };
}
pub(crate) use names;

names! {
    /// A claim of PropelAuth's access tokens that this crate reads.
    #[non_exhaustive]
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum Claim {
        Exp = "exp",
        Iat = "iat",
        Nbf = "nbf",
        Iss = "iss",
        Aud = "aud",
        Sub = "sub",
        Jti = "jti",
        UserId = "user_id",
        Email = "email",
        FirstName = "first_name",
        LastName = "last_name",
        Username = "username",
        LegacyUserId = "legacy_user_id",
        ImpersonatorUserId = "impersonator_user_id",
        Properties = "properties",
        LoginMethod = "login_method",
        OrgMemberInfo = "org_member_info",
        OrgIdToOrgMemberInfo = "org_id_to_org_member_info",
    }
}

impl Claim {
    /// Returns the claim's name in tokens.
    ///
    /// ```
    /// # use propelauth_edge::{Claim, Unauthorized};
    /// if let Unauthorized::MissingClaim(claim) = Unauthorized::MissingClaim(Claim::UserId) {
    ///     assert_eq!(claim.name(), "user_id");
    /// }
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.get(self as usize).copied().unwrap_or_default()
    }
}
