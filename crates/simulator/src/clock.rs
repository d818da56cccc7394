//! The simulator's time: the system's, moved by an offset that tests choose.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use time::OffsetDateTime;
use time::macros::format_description;

/// Furthest the clock may be moved, either way. Seconds; a hundred years.
pub(crate) const OFFSET_S_MAX: i64 = 100 * 366 * 24 * 3600;

/// A moment that the clock cannot be set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooFar;

/// Wall clock of one simulator. It keeps ticking after it was moved.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset_s: AtomicI64,
}

impl Clock {
    /// Seconds since 1970, UTC, as tokens carry them.
    pub(crate) fn now(&self) -> i64 {
        system_now() + self.offset_s()
    }

    /// The same in milliseconds.
    pub(crate) fn now_ms(&self) -> i64 {
        i64::try_from(system_time().as_millis()).unwrap_or(i64::MAX / 4) + self.offset_s() * 1_000
    }

    /// What was added to the system's time. Seconds.
    pub(crate) fn offset_s(&self) -> i64 {
        self.offset_s.load(Ordering::Relaxed)
    }

    pub(crate) fn set_offset_s(&self, offset_s: i64) {
        self.offset_s.store(offset_s.clamp(-OFFSET_S_MAX, OFFSET_S_MAX), Ordering::Relaxed);
    }

    /// Makes the clock read `now`; it ticks on from there.
    ///
    /// # Errors
    /// [`TooFar`]: more than [`OFFSET_S_MAX`] away. The clock stays as it is.
    pub(crate) fn set_now(&self, now: i64) -> Result<(), TooFar> {
        let offset_s = now.saturating_sub(system_now());
        if offset_s.unsigned_abs() > OFFSET_S_MAX.unsigned_abs() {
            return Err(TooFar);
        }
        self.set_offset_s(offset_s);
        Ok(())
    }

    /// `2026-01-31 10:20:30Z`, the form in Entra's error bodies.
    pub(crate) fn timestamp(&self) -> String {
        let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]Z");
        OffsetDateTime::from_unix_timestamp(self.now())
            .ok()
            .and_then(|moment| moment.format(format).ok())
            .unwrap_or_else(|| "1970-01-01 00:00:00Z".to_owned())
    }
}

fn system_now() -> i64 {
    i64::try_from(system_time().as_secs()).unwrap_or(i64::MAX / 2)
}

/// Since 1970, UTC.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the simulator asks the system for the time"
)]
fn system_time() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_clock_ticks_from_where_it_was_put() {
        let clock = Clock::default();
        clock.set_now(1_769_854_830).unwrap();
        assert!((1_769_854_830..1_769_854_835).contains(&clock.now()));
        assert!(clock.timestamp().starts_with("2026-01-31 10:20:3"), "{}", clock.timestamp());
    }

    #[test]
    fn an_absurd_moment_is_refused() {
        let clock = Clock::default();
        for moment in [i64::MAX, i64::MIN, system_now() + OFFSET_S_MAX + 60] {
            assert_eq!(clock.set_now(moment), Err(TooFar), "{moment}");
        }
        assert_eq!(clock.offset_s(), 0);
    }

    #[test]
    fn an_absurd_offset_is_bounded() {
        let clock = Clock::default();
        clock.set_offset_s(i64::MAX);
        assert_eq!(clock.offset_s(), OFFSET_S_MAX);
        assert!(!clock.timestamp().is_empty());
    }
}
