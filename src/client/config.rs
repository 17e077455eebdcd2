//! Where the calls go and as whom: base URL, environment, API key.

#[cfg(any(feature = "reqwest", feature = "ureq", feature = "worker"))]
use core::time::Duration;
use std::prelude::v1::*;
use std::{fmt, format};

use http::{HeaderValue, Response};
use url::Url;

use super::endpoint::Endpoint;
use super::error::{ApiError, InitError};
use super::redact::REDACTED;
use super::retry::RetryPolicy;
use super::transport::TransportError;

/// Where PropelAuth's backend API is.
pub const BASE_URL: &str = "https://propelauth-api.com";

/// The largest body that a transport of this crate reads, in octets: 4 MiB. A page of the API has at most a hundred
/// users, each of whose metadata and orgs may have some kilobytes; the rest is head room.
pub const MAX_RESPONSE_LEN: usize = 4 << 20;

/// How long a transport of this crate waits for a connection: as long as the Python library's async client.
#[cfg(any(feature = "reqwest", feature = "ureq"))]
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a transport of this crate waits for the whole answer, the connection included. The Python library waits 5
/// seconds for each step.
#[cfg(any(feature = "reqwest", feature = "ureq", all(feature = "worker", target_family = "wasm")))]
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

/// What the requests of one PropelAuth environment have in common.
///
/// ```
/// use propelauth_edge::client::Config;
///
/// let config = Config::new("https://auth.example.com", "the integration API key")?;
/// assert_eq!(config.issuer(), "https://auth.example.com");
/// # Ok::<(), propelauth_edge::client::InitError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Config {
    base_url: String,
    auth_host: HeaderValue,
    issuer: String,
    api_key: ApiKey,
    retry: RetryPolicy,
}

impl Config {
    /// `auth_url` is the *Auth URL*, `integration_api_key` the *API key* of the page *Backend Integration* of
    /// PropelAuth's dashboard.
    ///
    /// Of the URL, only host and port count, as they are written. The scheme, a path and a slash at the end do not:
    /// tokens are always issued by `https://` and that host.
    ///
    /// # Errors
    ///
    /// [`InitError::AuthUrl`] if the URL has no host, [`InitError::ApiKey`] if the key has characters that no HTTP
    /// header may have.
    ///
    /// # Examples
    ///
    /// ```
    /// use propelauth_edge::client::{Config, InitError};
    ///
    /// let config = Config::new("http://localhost:8443/anything/", "the integration API key")?;
    /// assert_eq!(config.issuer(), "https://localhost:8443");
    /// assert!(matches!(Config::new("auth.example.com", "key"), Err(InitError::AuthUrl))); // no `https://`
    /// assert!(matches!(Config::new("https://auth.example.com", "key\n"), Err(InitError::ApiKey)));
    /// # Ok::<(), InitError>(())
    /// ```
    pub fn new(auth_url: &str, integration_api_key: &str) -> Result<Self, InitError> {
        let authority = authority(auth_url).ok_or(InitError::AuthUrl)?;
        Ok(Self {
            base_url: BASE_URL.into(),
            auth_host: HeaderValue::from_str(authority).map_err(|_| InitError::AuthUrl)?,
            issuer: format!("https://{authority}"),
            api_key: ApiKey::new(integration_api_key)?,
            retry: RetryPolicy::OFF,
        })
    }

    /// Sends the calls elsewhere than to [`BASE_URL`]: to a proxy, or a server in a test.
    ///
    /// ```
    /// # use propelauth_edge::client::{Config, Endpoint, FetchCustomRoleMappings};
    /// # let config = Config::new("https://auth.example.com", "the integration API key")?;
    /// let config = config.with_base_url("http://localhost:8080/propelauth");
    /// let request = FetchCustomRoleMappings {}.request(&config)?;
    /// assert_eq!(request.uri(), "http://localhost:8080/propelauth/api/backend/v1/custom_role_mappings");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_base_url(mut self, base_url: &str) -> Self {
        self.base_url = base_url.trim_end_matches('/').into();
        self
    }

    /// Repeats calls that failed for a passing reason. Unless this is called, none are.
    ///
    /// ```
    /// # use propelauth_edge::client::{Config, RetryPolicy};
    /// # use std::time::Duration;
    /// # fn example(config: Config) -> Config {
    /// // At most two more attempts, after up to a tenth and up to a fifth of a second.
    /// config.with_retry(RetryPolicy { base_delay: Duration::from_millis(100), ..RetryPolicy::times(2) })
    /// # }
    /// ```
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// The issuer of this environment's access tokens.
    ///
    /// ```
    /// # use propelauth_edge::client::{Config, InitError};
    /// let config = Config::new("https://auth.example.com/", "the integration API key")?;
    /// assert_eq!(config.issuer(), "https://auth.example.com"); // without the slash
    /// # Ok::<(), InitError>(())
    /// ```
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(super) fn base_url(&self) -> &str {
        &self.base_url
    }

    pub(super) fn auth_host(&self) -> &HeaderValue {
        &self.auth_host
    }

    pub(super) fn authorization(&self) -> &HeaderValue {
        &self.api_key.authorization
    }

    pub(super) fn retry(&self) -> RetryPolicy {
        self.retry
    }

    /// What came of a request.
    pub(super) fn outcome<E: Endpoint>(
        &self,
        endpoint: &E,
        answer: Result<Response<Vec<u8>>, TransportError>,
    ) -> Result<E::Output, ApiError> {
        let answer = answer?;
        let is_error = answer.status().as_u16() >= 300;
        endpoint.parse(if is_error { answer.map(|body| self.redact(body)) } else { answer })
    }

    /// Takes the API key out of a body that might be shown or logged, should a server or a proxy have put it there.
    fn redact(&self, body: Vec<u8>) -> Vec<u8> {
        let key = self.api_key.text();
        if key.is_empty() || !body.windows(key.len()).any(|window| window == key) {
            return body;
        }
        let key = String::from_utf8_lossy(key);
        String::from_utf8_lossy(&body).replace(&*key, REDACTED).into_bytes()
    }
}

/// The integration API key, as the `Authorization` header that it goes into. It is never shown.
#[derive(Clone)]
struct ApiKey {
    authorization: HeaderValue,
}

impl ApiKey {
    const SCHEME: &str = "Bearer ";

    fn new(key: &str) -> Result<Self, InitError> {
        let header = HeaderValue::from_str(&format!("{}{key}", Self::SCHEME));
        let mut authorization = header.map_err(|_| InitError::ApiKey)?;
        authorization.set_sensitive(true);
        Ok(Self { authorization })
    }

    fn text(&self) -> &[u8] {
        self.authorization.as_bytes().get(Self::SCHEME.len()..).unwrap_or_default()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// Host and port of a URL, as they are written; nothing if there is no host.
fn authority(url: &str) -> Option<&str> {
    let (_scheme, rest) = url.trim().split_once("//")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let has_host = Url::parse(&format!("https://{authority}")).is_ok_and(|url| url.has_host());
    // The parser would skip tabs and line ends.
    (has_host && authority.bytes().all(|octet| octet.is_ascii_graphic())).then_some(authority)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_auth_url_only_the_authority_counts() {
        for (url, expected) in [
            ("https://auth.example.com", Some("auth.example.com")),
            ("http://auth.example.com/", Some("auth.example.com")),
            ("https://auth.example.com:8443/some/path/?a=b#c", Some("auth.example.com:8443")),
            ("https://AUTH.Example.com", Some("AUTH.Example.com")),
            ("https://auth.example.com?x", Some("auth.example.com")),
            ("https://[::1]:3000/", Some("[::1]:3000")),
            ("", None),
            ("auth.example.com", None),
            ("https://", None),
            ("https:///path", None),
            ("https://:443", None),
            ("https://a b", None),
            ("https://a\nb", None),
        ] {
            assert_eq!(authority(url), expected, "{url}");
        }
    }

    #[test]
    fn the_key_is_not_shown() {
        let config = Config::new("https://auth.example.com", "s3cr3t").unwrap();
        assert!(!format!("{config:?}").contains("s3cr3t"));
        assert!(!format!("{:?}", config.authorization()).contains("s3cr3t"));
        let echo = config.redact(b"you sent \xff Bearer s3cr3t and s3cr3t".to_vec());
        assert_eq!(String::from_utf8_lossy(&echo), "you sent \u{fffd} Bearer [redacted] and [redacted]");
        assert!(Config::new("https://auth.example.com", "line\nbreak").is_err());
    }
}
