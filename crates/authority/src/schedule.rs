//! When key sets are fetched, and for how long they are trusted.

use std::time::Duration;

use tenantry_token::UnixTime;

use crate::clock::{age_s, whole_seconds};

/// Shortest span between two fetches of one document.
const FLOOR: Duration = Duration::from_secs(1);
/// First wait after a failed fetch; doubles with each further failure, up to the refresh interval.
const BACK_OFF_S: i64 = 5;

/// When key sets are fetched, and for how long they are trusted.
///
/// The defaults are Microsoft's: a life of 24 h, a refresh in the background every hour, and at most one refresh in 5 min for
/// keys that are not in the set. Source: Entra, "Signing key rollover"; T-023; rows 14 to 17.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshSchedule {
    time_to_live: Duration,
    interval: Duration,
    cool_down: Duration,
    last_known_good: Duration,
}

impl Default for RefreshSchedule {
    fn default() -> Self {
        const HOUR: Duration = Duration::from_secs(3_600);
        Self {
            time_to_live: 24 * HOUR,
            interval: HOUR,
            cool_down: Duration::from_secs(300),
            last_known_good: 24 * HOUR,
        }
    }
}

impl RefreshSchedule {
    /// For a provider on the same machine, whose keys change while somebody watches: refresh every 10 s, cool-down 1 s.
    pub fn development() -> Self {
        Self { interval: Duration::from_secs(10), cool_down: FLOOR, ..Self::default() }
    }

    /// How long a fetched set is good without question, and how long its metadata is kept. Default 24 h, at least 1 s.
    pub fn with_time_to_live(self, time_to_live: Duration) -> Self {
        Self { time_to_live: time_to_live.max(FLOOR), ..self }
    }

    /// How often a set is fetched again in the background, give or take a tenth. Default 1 h, at least 1 s, at most the
    /// time to live.
    ///
    /// While the refresher runs and the provider answers, a withdrawn key stops working within 1.1 times this span, plus
    /// a look round (a tenth of it, 200 ms to 5 s), plus the rounds of fetching that are under way then: whether or not
    /// anybody asked for the set meanwhile.
    pub fn with_interval(self, interval: Duration) -> Self {
        Self { interval: interval.max(FLOOR), ..self }
    }

    /// Shortest span between two refreshes of one set that tokens caused, whether they succeeded or not. Default 300 s, at
    /// least 1 s. A successful first load does not count: keys may rotate right after the start.
    pub fn with_cool_down(self, cool_down: Duration) -> Self {
        Self { cool_down: cool_down.max(FLOOR), ..self }
    }

    /// How long a set is still used after its time to live while it cannot be fetched. Default 24 h, so that a set of the
    /// default schedule is refused 48 h after its last fetch; zero refuses it at the end of its time to live.
    ///
    /// Within this span an attacker who can keep us from the provider also keeps a withdrawn key alive.
    pub fn with_last_known_good(self, last_known_good: Duration) -> Self {
        Self { last_known_good, ..self }
    }

    /// How long a fetched set is good without question.
    pub fn time_to_live(&self) -> Duration {
        self.time_to_live
    }

    /// How often a set is fetched again: never more rarely than its time to live.
    pub fn interval(&self) -> Duration {
        self.interval.min(self.time_to_live)
    }

    /// Shortest span between two refreshes of one set that tokens caused.
    pub fn cool_down(&self) -> Duration {
        self.cool_down
    }

    /// How long a set is still used after its time to live.
    pub fn last_known_good(&self) -> Duration {
        self.last_known_good
    }

    /// Whether what was fetched at `then` is past its time to live.
    pub(crate) fn is_stale(&self, then: UnixTime, now: UnixTime) -> bool {
        age_s(then, now) >= whole_seconds(self.time_to_live)
    }

    /// Whether a token may cause a refresh now, the last one having been at `last`.
    pub(crate) fn is_cool(&self, last: Option<UnixTime>, now: UnixTime) -> bool {
        // A clock that was set back must not lengthen the wait.
        last.is_none_or(|last| last > now || age_s(last, now) >= whole_seconds(self.cool_down))
    }

    /// When a set that was fetched at `then` is refused.
    pub(crate) fn end(&self, then: UnixTime) -> UnixTime {
        then.plus_secs(whole_seconds(self.time_to_live.saturating_add(self.last_known_good)))
    }

    /// When a set fetched `now` is to be fetched again. `salt` spreads sets over ± 10 %.
    pub(crate) fn due_after_success(&self, now: UnixTime, salt: u64) -> UnixTime {
        now.plus_secs(spread(whole_seconds(self.interval()), salt))
    }

    /// When a set whose fetch just failed for the `failures`-th time in a row is to be tried again.
    pub(crate) fn due_after_failure(&self, now: UnixTime, failures: u32, salt: u64) -> UnixTime {
        let doubled = BACK_OFF_S << failures.saturating_sub(1).min(16);
        now.plus_secs(spread(doubled.min(whole_seconds(self.interval())), salt))
    }

    /// How often the refresher looks round.
    pub(crate) fn tick(&self) -> Duration {
        (self.interval() / 10).clamp(Duration::from_millis(200), Duration::from_secs(5))
    }
}

/// `seconds` give or take a tenth, decided by `salt`; at least 1.
fn spread(seconds: i64, salt: u64) -> i64 {
    let per_mille = 900 + i64::try_from(salt % 201).unwrap_or(100);
    i64::try_from(i128::from(seconds) * i128::from(per_mille) / 1000).unwrap_or(i64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::{RefreshSchedule, spread};
    use std::time::Duration;
    use tenantry_token::UnixTime;

    const NOW: UnixTime = UnixTime::from_secs(1_000_000);

    /// Row 14: jitter of a tenth, both ways.
    #[test]
    fn refreshes_are_spread_over_a_tenth() {
        let spans: Vec<_> = (0..1000).map(|salt| spread(3600, salt)).collect();
        assert_eq!((spans.iter().min(), spans.iter().max()), (Some(&3240), Some(&3960)));
    }

    /// T-023: whatever is configured, and in whichever order.
    #[test]
    fn the_interval_has_bounds() {
        let (second, day) = (Duration::from_secs(1), Duration::from_secs(86_400));
        let default = RefreshSchedule::default();
        assert_eq!(default.with_interval(Duration::MAX).interval(), day);
        assert_eq!(default.with_interval(7 * day).with_time_to_live(60 * second).interval(), 60 * second);
        let hasty = default.with_interval(Duration::ZERO);
        assert_eq!(hasty.interval(), second);
        assert!((0..1000).all(|salt| hasty.due_after_success(NOW, salt) == NOW.plus_secs(1)));
        let idle = default.with_time_to_live(Duration::MAX).with_interval(Duration::MAX);
        assert_eq!(idle.tick(), 5 * second);
        assert!(idle.due_after_success(NOW, 200) > NOW && idle.due_after_failure(NOW, 40, 0) > NOW);
    }

    /// Row 14: failures back off, up to the interval.
    #[test]
    fn failures_back_off() {
        let schedule = RefreshSchedule::default();
        let waits: Vec<_> = [1, 2, 3, 10, 40]
            .map(|failures| schedule.due_after_failure(NOW, failures, 100).as_secs() - NOW.as_secs())
            .into();
        assert_eq!(waits, [5, 10, 20, 2560, 3600]);
    }

    /// T-023: the cool-down cannot be switched off, and a clock set back does not lengthen it.
    #[test]
    fn the_cool_down_has_a_floor() {
        let schedule = RefreshSchedule::default().with_cool_down(Duration::ZERO);
        assert!(!schedule.is_cool(Some(NOW), NOW));
        assert!(schedule.is_cool(Some(NOW), NOW.plus_secs(1)));
        assert!(schedule.is_cool(Some(NOW), NOW.plus_secs(-1)));
        assert!(schedule.is_cool(None, NOW));
    }
}
