//! The time of day, as something that a test can hold.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime},
};

use tenantry_token::UnixTime;

/// Where the time comes from. Clones share it.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The time of this machine.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that shows `start` until it is told otherwise. For tests.
    pub fn manual(start: UnixTime) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(start.as_secs()))))
    }

    /// What time it is. Seconds.
    pub fn now(&self) -> UnixTime {
        match &self.0 {
            Source::System => system_time(),
            Source::Manual(shown) => UnixTime::from_secs(shown.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock forward, in whole seconds. The time of this machine is not ours to move: there it does
    /// nothing.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual(shown) = &self.0 {
            shown.fetch_add(whole_seconds(by), Ordering::SeqCst);
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "the one place that reads the time of this machine")]
fn system_time() -> UnixTime {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    UnixTime::from_secs(whole_seconds(since_epoch))
}

/// A span of time as the seconds that [`UnixTime`] counts in.
pub(crate) fn whole_seconds(span: Duration) -> i64 {
    i64::try_from(span.as_secs()).unwrap_or(i64::MAX)
}

/// Seconds from `then` to `now`; 0 where the clock was set back in between.
pub(crate) fn age_s(then: UnixTime, now: UnixTime) -> i64 {
    now.as_secs().saturating_sub(then.as_secs()).max(0)
}

#[cfg(test)]
mod tests {
    use super::{Clock, age_s};
    use std::time::Duration;
    use tenantry_token::UnixTime;

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = Clock::manual(UnixTime::from_secs(100));
        let same = clock.clone();
        clock.advance(Duration::from_millis(2_900));
        assert_eq!(same.now(), UnixTime::from_secs(102));
        assert_eq!(age_s(same.now(), UnixTime::from_secs(50)), 0, "set back");
    }

    #[test]
    fn the_system_clock_is_not_moved() {
        let clock = Clock::system();
        clock.advance(Duration::from_secs(1_000_000));
        assert!(age_s(Clock::system().now(), clock.now()) < 60);
        assert!(clock.now() > UnixTime::from_secs(1_700_000_000));
    }
}
