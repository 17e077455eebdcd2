/// A point in time, in whole seconds since 1970-01-01T00:00:00Z, without leap seconds (RFC 7519 section 2).
///
/// Verification takes the time as an argument, so any clock works: a Worker's `Date.now()`, a constant in a test, a
/// device's RTC. With feature `std`, or `js` on wasm32-unknown-unknown, use `UnixTime::now()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(u64);

impl UnixTime {
    /// Creates the time this many seconds after the epoch.
    ///
    /// ```
    /// # use propelauth_edge::UnixTime;
    /// let milliseconds = 1_767_225_600_123; // as JavaScript counts
    /// let new_year_2026 = UnixTime::from_secs(milliseconds / 1000);
    /// assert_eq!(new_year_2026, UnixTime::from_secs(1_767_225_600));
    /// ```
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds)
    }

    /// Returns the seconds since the epoch.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0
    }

    /// Returns the system's time. A clock before 1970 returns 1970, when every real token is in the future.
    #[cfg(all(feature = "std", not(all(target_family = "wasm", target_os = "unknown"))))]
    #[must_use]
    pub fn now() -> Self {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Self(since_epoch.map_or(0, |duration| duration.as_secs()))
    }

    /// Returns the JavaScript host's time, `Date.now()`. On Workers it only advances with I/O, which is harmless here.
    #[cfg(all(feature = "js", target_family = "wasm", target_os = "unknown"))]
    #[must_use]
    pub fn now() -> Self {
        Self((js_sys::Date::now() / 1000.0) as u64)
    }
}
