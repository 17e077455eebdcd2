/// A point in time, in whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted (RFC 7519 section 2).
///
/// Verification takes the time as an argument, so the clock is yours: a Worker's `Date.now()`, a test's constant, a
/// device's RTC. With feature `std`, or `js` on wasm32-unknown-unknown, there is `UnixTime::now()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(u64);

impl UnixTime {
    /// The time so many seconds after the epoch.
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

    /// Seconds since the epoch.
    ///
    /// ```
    /// # use propelauth_edge::UnixTime;
    /// let issued = UnixTime::from_secs(1_767_225_600);
    /// let half_an_hour_later = UnixTime::from_secs(issued.as_secs() + 30 * 60);
    /// assert!(half_an_hour_later > issued);
    /// ```
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0
    }

    /// The system's time. A clock that stands before 1970 gives 1970, at which every real token is from the future.
    ///
    /// ```
    /// # use propelauth_edge::UnixTime;
    /// assert!(UnixTime::now() > UnixTime::from_secs(1_767_225_600)); // it was 2026 already
    /// ```
    #[cfg(all(feature = "std", not(all(target_family = "wasm", target_os = "unknown"))))]
    #[must_use]
    pub fn now() -> Self {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Self(since_epoch.map_or(0, |duration| duration.as_secs()))
    }

    /// The JavaScript host's time, `Date.now()`. On Workers it stands still while no I/O happens, which does no harm
    /// here.
    ///
    /// ```
    /// # use propelauth_edge::UnixTime;
    /// assert!(UnixTime::now() > UnixTime::from_secs(1_767_225_600)); // it was 2026 already
    /// ```
    #[cfg(all(feature = "js", target_family = "wasm", target_os = "unknown"))]
    #[must_use]
    pub fn now() -> Self {
        Self((js_sys::Date::now() / 1000.0) as u64)
    }
}
