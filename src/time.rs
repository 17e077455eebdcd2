/// A point in time, in whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted (RFC 7519 section 2).
///
/// Verification takes the time as an argument, so the clock is yours: a Worker's `Date.now()`, a test's constant, a
/// device's RTC. With feature `std`, or `js` on wasm32-unknown-unknown, there is `UnixTime::now()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(u64);

impl UnixTime {
    /// The time so many seconds after the epoch.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds)
    }

    /// Seconds since the epoch.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0
    }

    /// The system's time. A clock that stands before 1970 gives 1970, at which every real token is from the future.
    #[cfg(all(feature = "std", not(all(target_family = "wasm", target_os = "unknown"))))]
    #[must_use]
    pub fn now() -> Self {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Self(since_epoch.map_or(0, |duration| duration.as_secs()))
    }

    /// The JavaScript host's time, `Date.now()`. On Workers it stands still while no I/O happens, which does no harm
    /// here.
    #[cfg(all(feature = "js", target_family = "wasm", target_os = "unknown"))]
    #[must_use]
    pub fn now() -> Self {
        Self((js_sys::Date::now() / 1000.0) as u64)
    }
}
