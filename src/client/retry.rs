//! Which calls are retried, and when.

use core::time::Duration;

use super::error::ApiError;
use super::transport::TransportErrorKind;

/// When to retry a failed call. Off by default: see [`Config::with_retry`](super::Config::with_retry).
///
/// Only calls that can be repeated safely are retried: `GET`, `PUT`, `DELETE`, and `POST`s that only read. And only
/// after a temporary failure: no connection, 429, 502, 503 or 504. (If the first answer to a `DELETE` was lost, the
/// second attempt finds nothing to delete.)
///
/// The delay is random: up to [`base_delay`](Self::base_delay) before the first retry, doubling with each further one,
/// up to [`max_delay`](Self::max_delay). If the API says how long to wait, that is the delay; if it exceeds
/// `max_delay`, the call fails immediately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The maximum number of retries of a call.
    pub max_retries: u32,
    /// The maximum delay before the first retry.
    pub base_delay: Duration,
    /// The maximum delay before any retry.
    pub max_delay: Duration,
}

impl RetryPolicy {
    /// No retries.
    pub const OFF: Self = Self::times(0);

    /// Retries up to `max_retries` times: first after up to 200 ms, later after up to 10 s.
    ///
    /// ```
    /// use std::time::Duration;
    /// use propelauth_edge::client::RetryPolicy;
    ///
    /// // For a request that a user waits for.
    /// let retry = RetryPolicy { max_delay: Duration::from_secs(1), ..RetryPolicy::times(3) };
    /// assert_eq!((retry.max_retries, retry.base_delay), (3, Duration::from_millis(200)));
    /// assert_eq!(RetryPolicy::times(0), RetryPolicy::OFF);
    /// ```
    #[must_use]
    pub const fn times(max_retries: u32) -> Self {
        Self { max_retries, base_delay: Duration::from_millis(200), max_delay: Duration::from_secs(10) }
    }
}

/// The attempts at one call.
pub(super) struct Attempts {
    policy: RetryPolicy,
    may_repeat: bool,
    repetitions: u32,
}

impl Attempts {
    pub(super) fn new(policy: RetryPolicy, may_repeat: bool) -> Self {
        Self { policy, may_repeat, repetitions: 0 }
    }

    /// Returns the delay before the next attempt, or `None` if the error is final.
    pub(super) fn next(&mut self, error: &ApiError) -> Option<Duration> {
        if !self.may_repeat || self.repetitions >= self.policy.max_retries {
            return None;
        }
        let told = told_wait(error)?;
        let factor = 1u32.checked_shl(self.repetitions).unwrap_or(u32::MAX);
        let longest = self.policy.base_delay.saturating_mul(factor).min(self.policy.max_delay);
        self.repetitions = self.repetitions.saturating_add(1);
        Some(told.unwrap_or_else(|| longest.mul_f64(random_fraction()))).filter(|wait| *wait <= self.policy.max_delay)
    }
}

/// Returns `Some` if the failure is temporary, with the delay that the API asked for, if any.
fn told_wait(error: &ApiError) -> Option<Option<Duration>> {
    match error {
        ApiError::RateLimited(limit) => Some(limit.retry_after),
        ApiError::UnexpectedStatus { status: 502..=504, .. } => Some(None),
        ApiError::Transport(error) if error.kind() == TransportErrorKind::Connect => Some(None),
        _ => None,
    }
}

/// Returns a random number from 0 to 1, or 1 without a source of randomness, which gives the longest delay.
fn random_fraction() -> f64 {
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    {
        getrandom::u32().map_or(1.0, |random| f64::from(random) / f64::from(u32::MAX))
    }
    #[cfg(all(target_family = "wasm", target_os = "unknown", feature = "js"))]
    {
        js_sys::Math::random()
    }
    #[cfg(all(target_family = "wasm", target_os = "unknown", not(feature = "js")))]
    {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::error::RateLimited;
    use super::*;
    use std::string::String;

    fn limited(retry_after: Option<Duration>) -> ApiError {
        ApiError::RateLimited(RateLimited { retry_after, ..RateLimited::default() })
    }

    fn status(status: u16) -> ApiError {
        ApiError::UnexpectedStatus { status, text: String::new() }
    }

    #[test]
    fn only_passing_failures_are_repeated_and_only_so_often() {
        let mut attempts = Attempts::new(RetryPolicy::times(2), true);
        assert_eq!(attempts.next(&status(500)), None);
        assert!(attempts.next(&status(503)).unwrap() <= Duration::from_millis(200));
        assert!(attempts.next(&limited(None)).unwrap() <= Duration::from_millis(400));
        assert_eq!(attempts.next(&status(503)), None);
        assert_eq!(Attempts::new(RetryPolicy::times(2), false).next(&status(503)), None);
        assert_eq!(Attempts::new(RetryPolicy::OFF, true).next(&status(503)), None);
    }

    #[test]
    fn the_wait_is_the_one_asked_for_unless_it_is_too_long() {
        let mut attempts = Attempts::new(RetryPolicy::times(9), true);
        let wait = Duration::from_secs(3);
        assert_eq!(attempts.next(&limited(Some(wait))), Some(wait));
        assert_eq!(attempts.next(&limited(Some(Duration::from_secs(3600)))), None);
    }

    #[test]
    fn the_wait_never_exceeds_the_longest() {
        let mut attempts = Attempts::new(RetryPolicy::times(u32::MAX), true);
        for _ in 0..200 {
            assert!(attempts.next(&status(502)).unwrap() <= Duration::from_secs(10));
        }
    }
}
