//! The events of feature `tracing`.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use propelauth_edge::limits::MAX_TOKEN_LEN;
use propelauth_edge::{TokenCache, Unauthorized, UnixTime, Verifier};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::token;
use common::mint::{ISSUER, Mint, NOW};
use common::secrets::shows_nothing_of;

/// Writes each event on a line.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<String>>);

impl Log {
    pub(crate) fn of<T>(action: impl FnOnce() -> T) -> (T, String) {
        let log = Self::default();
        let result = tracing::subscriber::with_default(log.clone(), action);
        let text = log.0.lock().unwrap().clone();
        (result, text)
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "propelauth_edge"
    }

    fn event(&self, event: &Event<'_>) {
        struct Line<'a>(&'a mut String);
        impl Visit for Line<'_> {
            fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
                write!(self.0, " {}={value:?}", field.name()).unwrap();
            }
        }
        let mut text = self.0.lock().unwrap();
        write!(text, "{}", event.metadata().level()).unwrap();
        event.record(&mut Line(&mut text));
        text.push('\n');
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn one_event_an_outcome() {
    let Mint { verifier, .. } = &Mint::new("rsa2048");
    let token = token(&Mint::new("rsa2048"));
    let header = &*format!("Bearer {token}");
    let mut buffer = vec![0; Verifier::buffer_len(&token)];
    let mut verify = |header: Option<&str>, now| {
        let by_view = Log::of(|| verifier.validate_access_token_and_get_user(header, now, &mut buffer).is_ok()).1;
        let mut cache = TokenCache::<1>::new();
        let cached =
            || verifier.validate_access_token_and_get_user_cached(header, now, &mut buffer, &mut cache).is_ok();
        assert_eq!(Log::of(cached).1, by_view);
        #[cfg(feature = "alloc")]
        assert_eq!(Log::of(|| drop(verifier.validate_access_token_and_get_owned_user(header, now))).1, by_view);
        shows_nothing_of(&token, &by_view);
        by_view
    };
    let refused = |error: Unauthorized| {
        let (code, status) = (error.code(), error.status());
        format!(
            "INFO message=refused a request error.code=\"{code}\" error.message={error} \
             http.response.status_code={status} propelauth.issuer=\"{ISSUER}\"\n"
        )
    };
    let next_day = UnixTime::from_secs(NOW.as_secs() + 86_400);
    assert_eq!(
        verify(Some(header), NOW),
        format!("DEBUG message=accepted an access token propelauth.issuer=\"{ISSUER}\"\n")
    );
    assert_eq!(verify(Some(header), next_day), refused(Unauthorized::Expired));
    assert_eq!(verify(None, NOW), refused(Unauthorized::MissingHeader));
    for header in [&*token, &format!("{header} "), &format!("Basic {token}")] {
        assert_eq!(verify(Some(header), NOW), refused(Unauthorized::MalformedHeader));
    }
    let too_long = format!("{header}{}", "a".repeat(MAX_TOKEN_LEN));
    assert!(verify(Some(&too_long), NOW).contains("TokenTooLong"));
    assert!(verify(Some(&format!("{header}!")), NOW).contains("MalformedToken"));

    // Of two issuers, the one that vouched for the user, or both that were expected.
    let other = "https://auth.12345.propelauthtest.com";
    let both = Mint::new("rsa2048").verifier.with_additional_issuer(other).unwrap();
    let of_other =
        Mint::new("rsa2048").token(format!(r#"{{"user_id":"a","iss":"{other}","iat":1,"exp":9999999999}}"#).as_bytes());
    let (_, text) = Log::of(|| both.validate_access_token(&of_other, NOW, &mut buffer).is_ok());
    assert_eq!(text, format!("DEBUG message=accepted an access token propelauth.issuer=\"{other}\"\n"));
    let (_, text) = Log::of(|| verifier.validate_access_token(&of_other, NOW, &mut buffer).is_ok());
    assert_eq!(text, refused(Unauthorized::WrongIssuer));
    assert!(!text.contains(other));
    let (_, text) = Log::of(|| both.validate_access_token_and_get_user(None, NOW, &mut buffer).is_ok());
    let missing = refused(Unauthorized::MissingHeader);
    assert_eq!(text, format!("{} propelauth.additional_issuer=\"{other}\"\n", missing.trim_end()));

    let no_user_id = Mint::new("rsa2048").token(format!(r#"{{"iss":"{ISSUER}","iat":1,"exp":9999999999}}"#).as_bytes());
    let (_, text) = Log::of(|| verifier.validate_access_token(&no_user_id, NOW, &mut buffer).is_ok());
    assert!(text.contains(r#"error.code="MissingClaim""#) && text.contains(r#"propelauth.claim="user_id""#), "{text}");

    let (_, text) = Log::of(|| verifier.validate_access_token(&token, NOW, &mut []).is_ok());
    assert!(text.starts_with("ERROR ") && text.contains("http.response.status_code=500"), "{text}");
}
