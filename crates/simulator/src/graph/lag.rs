//! Replication lag: what was just made is not there yet for the next reader.
//!
//! Off unless `POST /sim/graph` says otherwise. Time is the simulator's clock, so a test may wait or move it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Longest lag. Milliseconds; an hour.
pub(crate) const LAG_MS_MAX: u64 = 3_600_000;
/// Objects remembered as new; further ones are there at once.
const YOUNG_MAX: usize = 10_000;

/// Objects that have not arrived everywhere.
#[derive(Debug, Default)]
pub(crate) struct Lag(Mutex<Young>);

#[derive(Debug, Default)]
struct Young {
    lag_ms: u64,
    /// Id → when it arrives, milliseconds by the simulator's clock.
    arrivals: HashMap<String, i64>,
}

impl Lag {
    pub(crate) fn lag_ms(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).lag_ms
    }

    /// Sets the lag of what is made from now on; what is on its way arrives at once.
    pub(crate) fn set_lag_ms(&self, lag_ms: u64) {
        let lag_ms = lag_ms.min(LAG_MS_MAX);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Young { lag_ms, ..Young::default() };
    }

    /// An object was made.
    pub(super) fn made(&self, id: &str, now_ms: i64) {
        let mut young = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        young.arrivals.retain(|_, arrival| *arrival > now_ms);
        if young.lag_ms > 0 && young.arrivals.len() < YOUNG_MAX {
            let arrival = now_ms.saturating_add_unsigned(young.lag_ms);
            young.arrivals.insert(id.to_owned(), arrival);
        }
    }

    /// Whether readers see an object.
    pub(super) fn has_arrived(&self, id: &str, now_ms: i64) -> bool {
        let young = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        young.arrivals.get(id).is_none_or(|arrival| *arrival <= now_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_arrives_when_the_lag_is_over_or_switched_off() {
        let lag = Lag::default();
        lag.made("early", 0);
        assert!(lag.has_arrived("early", 0));
        lag.set_lag_ms(500);
        lag.made("late", 1_000);
        assert!(!lag.has_arrived("late", 1_499));
        assert!(lag.has_arrived("late", 1_500) && lag.has_arrived("other", 1_000));
        lag.set_lag_ms(0);
        assert!(lag.has_arrived("late", 1_000));
    }
}
