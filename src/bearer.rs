//! Step 1: from the value of the `Authorization` header to the token (RFC 6750 section 2.1).

use crate::error::Unauthorized;

/// The scheme in any case, one space, and a token without spaces, as in the Python library.
pub(crate) fn token(authorization_header: Option<&str>) -> Result<&str, Unauthorized> {
    let header = match authorization_header {
        None | Some("") => return Err(Unauthorized::MissingHeader),
        Some(header) => header,
    };
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.contains(' ') => Ok(token),
        _ => Err(Unauthorized::MalformedHeader),
    }
}
