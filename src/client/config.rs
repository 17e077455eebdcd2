//! Configuration of the client: base URL, environment, API key.

use std::format;
use std::prelude::v1::*;

use http::HeaderValue;
use url::{Host, Url};

use super::error::InitError;
use super::retry::RetryPolicy;
use crate::metadata::TokenVerificationMetadata;

/// The URL of PropelAuth's backend API.
pub const BASE_URL: &str = "https://propelauth-api.com";

/// The scheme before the API key in the `Authorization` header.
const SCHEME: &str = "Bearer ";

/// The settings of calls to one PropelAuth environment.
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
    authorization: HeaderValue,
    retry: RetryPolicy,
}

impl Config {
    /// Creates a configuration from the *Auth URL* and the *API key* on the dashboard's page *Backend Integration*.
    ///
    /// Only the URL's host and port matter, exactly as written; a path is ignored. The issuer of tokens is always
    /// `https://` and that host.
    ///
    /// # Errors
    ///
    /// Returns [`InitError::AuthUrl`] unless the URL is `https://` (or `http://` to this machine, or `//`) and a host.
    /// Returns [`InitError::ApiKey`] if the key is empty or not valid in an HTTP header.
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
            authorization: authorization(integration_api_key)?,
            retry: RetryPolicy::OFF,
        })
    }

    /// Sends calls to `base_url` instead of [`BASE_URL`]: to a proxy, or to a server in a test.
    ///
    /// # Errors
    ///
    /// Returns [`InitError::InsecureBaseUrl`] if the URL is `http://` and its host is not this machine (`localhost`,
    /// `127.0.0.1` and so on), since each call carries the API key. Returns [`InitError::BaseUrl`] if the URL has no
    /// host, or has a user, a query or a fragment.
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::client::{Config, Endpoint, FetchCustomRoleMappings, InitError};
    /// # let config = Config::new("https://auth.example.com", "the integration API key")?;
    /// let config = config.with_base_url("http://localhost:8080/propelauth")?;
    /// let request = FetchCustomRoleMappings {}.request(&config)?;
    /// assert_eq!(request.uri(), "http://localhost:8080/propelauth/api/backend/v1/custom_role_mappings");
    ///
    /// assert!(matches!(config.with_base_url("http://proxy.internal"), Err(InitError::InsecureBaseUrl)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_base_url(self, base_url: &str) -> Result<Self, InitError> {
        let url = base(base_url)?;
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(InitError::InsecureBaseUrl);
        }
        Ok(self.at(&url))
    }

    /// Like [`with_base_url`](Self::with_base_url), but allows `http://` to any host. Anyone who can read or change the
    /// traffic then has the API key and can forge responses, including the verifier key.
    ///
    /// # Errors
    ///
    /// Returns [`InitError::BaseUrl`] like [`with_base_url`](Self::with_base_url).
    ///
    /// # Examples
    ///
    /// ```
    /// # use propelauth_edge::client::Config;
    /// # let config = Config::new("https://auth.example.com", "the integration API key")?;
    /// // A proxy in the same pod network, which adds TLS.
    /// let config = config.with_insecure_base_url("http://proxy.internal")?;
    /// # Ok::<(), propelauth_edge::client::InitError>(())
    /// ```
    pub fn with_insecure_base_url(self, base_url: &str) -> Result<Self, InitError> {
        Ok(self.at(&base(base_url)?))
    }

    /// Keeps the URL as parsed, so that requests go to the URL that was checked.
    fn at(self, url: &Url) -> Self {
        Self { base_url: url.as_str().trim_end_matches('/').into(), ..self }
    }

    /// Retries calls that failed for a temporary reason. By default, no call is retried.
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

    /// Returns the issuer of this environment's access tokens.
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
        &self.authorization
    }

    pub(super) fn api_key(&self) -> &[u8] {
        self.authorization.as_bytes().get(SCHEME.len()..).unwrap_or_default()
    }

    pub(super) fn retry(&self) -> RetryPolicy {
        self.retry
    }
}

/// Optional settings of [`init_base_auth`](super::init_base_auth).
#[derive(Clone, Debug, Default)]
pub struct InitOptions<'a> {
    /// The verifier metadata from the dashboard. If `None`, the verifier key is fetched from the API, which also checks
    /// the auth URL and the API key. Otherwise nothing is fetched.
    pub token_verification_metadata: Option<TokenVerificationMetadata<'a>>,
    /// The URL of the API, if not [`BASE_URL`]: a proxy, or a server in a test. See [`Config::with_base_url`].
    pub base_url: Option<&'a str>,
    /// Allows a `base_url` of `http://` to another machine, which sends the API key in the clear. See
    /// [`Config::with_insecure_base_url`].
    pub allow_insecure_base_url: bool,
    /// When to retry failed calls.
    pub retry: Option<RetryPolicy>,
}

impl InitOptions<'_> {
    pub(super) fn config(&self, auth_url: &str, integration_api_key: &str) -> Result<Config, InitError> {
        let mut config = Config::new(auth_url, integration_api_key)?;
        if let Some(base_url) = self.base_url {
            config = match self.allow_insecure_base_url {
                true => config.with_insecure_base_url(base_url)?,
                false => config.with_base_url(base_url)?,
            };
        }
        Ok(config.with_retry(self.retry.unwrap_or(RetryPolicy::OFF)))
    }
}

/// Returns the `Authorization` header of all calls. `Debug` does not show its value.
fn authorization(api_key: &str) -> Result<HeaderValue, InitError> {
    // `HeaderValue` accepts bytes outside ASCII, which transports then reject. Spaces at the ends would be lost.
    let is_printable = api_key.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if !is_printable || api_key.is_empty() || api_key != api_key.trim_matches(' ') {
        return Err(InitError::ApiKey);
    }
    let mut header = HeaderValue::from_str(&format!("{SCHEME}{api_key}")).map_err(|_| InitError::ApiKey)?;
    header.set_sensitive(true);
    Ok(header)
}

/// Returns host and port of an auth URL, as written.
fn authority(url: &str) -> Option<&str> {
    let url = url.trim();
    // Later in the text, `//` belongs to a path or a query, and no host follows it.
    let (scheme, rest) = match url.strip_prefix("//") {
        Some(rest) => ("https", rest),
        None => url.split_once("://")?,
    };
    let authority = rest.split(['/', '?', '#']).next()?;
    // The parser would skip tabs and line ends, and read `\` as a slash.
    if !authority.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'@' | b'\\')) {
        return None;
    }
    let parsed = Url::parse(&format!("https://{authority}")).ok()?;
    let is_allowed =
        scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http") && is_loopback(&parsed);
    is_allowed.then_some(authority)
}

/// Parses a base URL and checks that calls can be sent to it.
fn base(url: &str) -> Result<Url, InitError> {
    let is_base = |url: &Url| {
        matches!(url.scheme(), "https" | "http")
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    };
    Url::parse(url).ok().filter(is_base).ok_or(InitError::BaseUrl)
}

/// Returns `true` if the host is this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_auth_url_only_the_authority_counts() {
        for (url, expected) in [
            ("https://auth.example.com", Some("auth.example.com")),
            ("HTTPS://auth.example.com/", Some("auth.example.com")),
            ("//auth.example.com/", Some("auth.example.com")),
            ("https://auth.example.com:8443/some/path/?a=b#c", Some("auth.example.com:8443")),
            ("https://AUTH.Example.com", Some("AUTH.Example.com")),
            ("https://auth.example.com?x", Some("auth.example.com")),
            ("https://auth.example.com/login?next=https://evil.com", Some("auth.example.com")),
            ("https://[::1]:3000/", Some("[::1]:3000")),
            ("http://localhost:3000", Some("localhost:3000")),
            ("http://127.0.0.1", Some("127.0.0.1")),
            ("", None),
            ("auth.example.com", None),
            ("auth.example.com/login?next=https://evil.com", None),
            ("auth.example.com//evil.com", None),
            ("https//auth.example.com", None),
            ("https:auth.example.com", None),
            ("/https://evil.com", None),
            ("http://auth.example.com", None),
            ("ftp://auth.example.com", None),
            ("https ://auth.example.com", None),
            ("https://user@auth.example.com", None),
            ("https://auth.example.com\\evil.com", None),
            ("https://", None),
            ("https:///path", None),
            ("https:////evil.com", None),
            ("https://:443", None),
            ("https://a b", None),
            ("https://a\nb", None),
        ] {
            assert_eq!(authority(url), expected, "{url}");
        }
    }

    #[test]
    fn a_base_url_is_https_or_of_this_machine() {
        let config = || Config::new("https://auth.example.com", "key").unwrap();
        for (url, expected) in [
            ("https://proxy.example.com/propelauth/", "https://proxy.example.com/propelauth"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
            ("http://[::1]", "http://[::1]"),
            // Transports with another parser, too, must call the URL that was checked.
            ("http:\\\\LOCALHOST\\@evil.com", "http://localhost/@evil.com"),
        ] {
            assert_eq!(config().with_base_url(url).unwrap().base_url(), expected, "{url}");
        }
        for url in [
            "http://proxy.example.com",
            "HTTP://10.0.0.1",
            "http://0.0.0.0",
            "http://localhost.example.com",
            "http://evil.com\\@localhost",
        ] {
            assert!(matches!(config().with_base_url(url), Err(InitError::InsecureBaseUrl)), "{url}");
            assert!(config().with_insecure_base_url(url).is_ok(), "{url}");
        }
        for url in [
            "",
            "localhost:8080",
            "//localhost",
            "ftp://localhost",
            "https://",
            "https://a/?b",
            "https://a/#b",
            "https://a@b",
        ] {
            assert!(matches!(config().with_base_url(url), Err(InitError::BaseUrl)), "{url}");
            assert!(matches!(config().with_insecure_base_url(url), Err(InitError::BaseUrl)), "{url}");
        }
    }

    #[test]
    fn a_key_that_no_header_can_have_is_refused() {
        for key in ["", " ", " key", "key ", "line\nbreak", "tab\tkey", "k\u{e9}y", "\u{7f}"] {
            assert!(matches!(Config::new("https://auth.example.com", key), Err(InitError::ApiKey)), "{key:?}");
        }
    }

    #[test]
    fn the_key_is_not_shown() {
        let config = Config::new("https://auth.example.com", "s3cr3t").unwrap();
        assert!(!format!("{config:?}").contains("s3cr3t"));
        assert!(!format!("{:?}", config.authorization()).contains("s3cr3t"));
    }
}
