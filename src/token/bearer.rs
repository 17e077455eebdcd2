//! Step 1: extracts the token from the `Authorization` header (RFC 6750 section 2.1).

use crate::error::Unauthorized;

/// Accepts the scheme in upper or lower case, one space, and a token without spaces, as in the Python library.
pub(crate) fn parse(authorization_header: Option<&str>) -> Result<&str, Unauthorized> {
    let header = match authorization_header {
        None | Some("") => return Err(Unauthorized::MissingHeader),
        Some(header) => header,
    };
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.contains(' ') => Ok(token),
        _ => Err(Unauthorized::MalformedHeader),
    }
}
