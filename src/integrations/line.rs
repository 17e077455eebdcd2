//! Refusals as lines of JSON, for platforms where programs rarely set up a `tracing` subscriber. With a subscriber,
//! refusals are logged as events instead.

use core::fmt::{self, Display, Formatter, Write};

use super::user_of_token;
use crate::error::{AuthError, Unauthorized};
use crate::event::Refusal;
use crate::time::UnixTime;
use crate::user::VerifiedUser;
use crate::verifier::Verifier;

/// Verifies a token and logs a refused one. A missing one is not logged, since the handler may accept it.
pub(super) fn user(
    token: Result<&str, Unauthorized>,
    verifier: &Verifier,
    now: UnixTime,
) -> Result<VerifiedUser, Unauthorized> {
    if let Err(error) = token
        && error.is_missing()
    {
        return Err(error);
    }
    user_of_token(token, verifier, now)
        .inspect_err(|error| print(Refusal::new((*error).into()).expecting(verifier.expected())))
}

/// Logs a missing token, and prints the other refusals that are not those of [`user`].
pub(super) fn of_response(error: AuthError) {
    let refusal = Refusal::new(error);
    match error {
        AuthError::Unauthorized(error) if error.is_missing() => {
            refusal.log();
            print(refusal);
        }
        AuthError::Forbidden(_) | AuthError::Unauthorized(Unauthorized::BufferTooSmall { .. }) => print(refusal),
        AuthError::Unauthorized(_) => {}
    }
}

pub(super) fn print(refusal: Refusal<'_>) {
    if is_subscribed() {
        return;
    }
    let line = Line(refusal);
    #[cfg(all(feature = "worker", target_family = "wasm"))]
    use alloc::string::ToString; // for the macros
    #[cfg(all(feature = "worker", target_family = "wasm"))]
    if refusal.status < 500 {
        worker::console_log!("{line}");
    } else {
        worker::console_error!("{line}");
    }
    // Ignore a closed standard error: it must not fail the request.
    #[cfg(not(all(feature = "worker", target_family = "wasm")))]
    let _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("{line}\n"));
}

/// Returns `true` if `tracing` has a subscriber for these events.
fn is_subscribed() -> bool {
    #[cfg(feature = "tracing")]
    return tracing::dispatcher::get_default(|subscriber| !subscriber.is::<tracing::subscriber::NoSubscriber>());
    #[cfg(not(feature = "tracing"))]
    false
}

struct Line<'a>(Refusal<'a>);

impl Display for Line<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Refusal { code, reason, status, claim, issuer, additional_issuer } = self.0;
        let level = if status < 500 { "INFO" } else { "ERROR" };
        write!(f, r#"{{"level":"{level}","message":"refused a request","error.code":"{code}","error.message":""#)?;
        write!(Escape(f), "{reason}")?;
        write!(f, r#"","http.response.status_code":{status}"#)?;
        let issuers = [("propelauth.issuer", issuer), ("propelauth.additional_issuer", additional_issuer)];
        for (name, value) in [("propelauth.claim", claim)].into_iter().chain(issuers) {
            if let Some(value) = value {
                write!(f, r#","{name}":""#)?;
                Escape(f).write_str(value)?;
                f.write_char('"')?;
            }
        }
        f.write_char('}')
    }
}

/// Escapes text for a JSON string.
struct Escape<'f, 'a>(&'f mut Formatter<'a>);

impl Write for Escape<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            match character {
                '"' | '\\' => write!(self.0, "\\{character}")?,
                '\0'..='\x1f' => write!(self.0, "\\u{:04x}", u32::from(character))?,
                _ => self.0.write_char(character)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::ToString;

    use super::*;
    use crate::{Claim, Forbidden, Unauthorized};

    #[test]
    fn lines() {
        let line = |error: AuthError, issuer, additional_issuer| {
            Line(Refusal { issuer, additional_issuer, ..Refusal::new(error) }).to_string()
        };
        let claim = Unauthorized::MissingClaim(Claim::UserId);
        assert_eq!(
            line(claim.into(), Some("https://a.example\"\\\n"), Some("https://b.example")),
            format!(
                r#"{{"level":"INFO","message":"refused a request","error.code":"MissingClaim","error.message":"{claim}","http.response.status_code":401,"propelauth.claim":"user_id","propelauth.issuer":"https://a.example\"\\\u000a","propelauth.additional_issuer":"https://b.example"}}"#
            )
        );
        let role = Forbidden::MissingRole;
        assert_eq!(
            line(role.into(), None, None),
            format!(
                r#"{{"level":"INFO","message":"refused a request","error.code":"MissingRole","error.message":"{role}","http.response.status_code":403}}"#
            )
        );
        let small = line(Unauthorized::BufferTooSmall { needed: 1 }.into(), None, None);
        assert!(small.starts_with(r#"{"level":"ERROR","#), "{small}");
    }
}
