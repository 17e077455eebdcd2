//! Writes a refusal as JSON.

use propelauth_edge::{AuthError, Claim, Forbidden, Unauthorized};

use crate::json::Writer;

/// The refusals that JavaScript decides on.
const OF_JAVASCRIPT: [AuthError; 4] = [
    AuthError::Unauthorized(Unauthorized::MissingToken),
    AuthError::Forbidden(Forbidden::NotMemberOfOrg),
    AuthError::Forbidden(Forbidden::MissingRole),
    AuthError::Forbidden(Forbidden::MissingPermission),
];

/// Writes the refusal. Returns its length, or 0 for a server-side error, or if it does not fit.
pub(crate) fn unauthorized(error: Unauthorized, output: &mut [u8]) -> usize {
    write(error.into(), error.claim(), output).unwrap_or_default()
}

/// Writes the refusal with this code. Returns its length, or 0 if there is none.
pub(crate) fn of_code(code: &str, output: &mut [u8]) -> usize {
    let error = OF_JAVASCRIPT.iter().find(|error| error.code() == code);
    error.and_then(|&error| write(error, None, output)).unwrap_or_default()
}

fn write(error: AuthError, claim: Option<Claim>, output: &mut [u8]) -> Option<usize> {
    let www_authenticate = error.www_authenticate()?;
    let mut json = Writer::new(output);
    json.object(|json| {
        json.member("code", error.code())?;
        json.optional("claim", claim.map(Claim::name))?;
        json.member("message", error.public_message())?;
        json.displayed("reason", &error)?;
        json.member("wwwAuthenticate", www_authenticate)
    })?;
    Some(json.len())
}
