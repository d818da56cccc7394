//! Points in time, as whole seconds: an argument everywhere, never read from a clock here.

use std::fmt;

/// Seconds since 1970-01-01T00:00:00Z, without leap seconds (RFC 7519 §2, `NumericDate`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct UnixTime(i64);

impl UnixTime {
    /// The point in time that lies `seconds` after the epoch.
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds after the epoch.
    pub const fn as_secs(self) -> i64 {
        self.0
    }

    /// This point moved by `seconds`; stays at the end of the range instead of wrapping around.
    pub const fn plus_secs(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }
}

impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
