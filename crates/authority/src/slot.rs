//! One key document in memory: the snapshot that requests read, and the upkeep that they never wait for.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwapOption;
use reqwest::Url;
use tenantry_token::{KeyAnswer, UnixTime};
use tokio::sync::watch;

use crate::{RefreshSchedule, document::Scope, fetch::FetchError, unique::KeyList};

/// Keys as fetched at one moment.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) keys: Arc<KeyList>,
    pub(crate) fetched_at: UnixTime,
}

/// How a fetch that several callers may be waiting for ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Landed {
    Fetched,
    Failed,
}

/// Hands the end of a fetch to everybody who waits for it; holds `None` while it is under way.
pub(crate) type Flight = watch::Receiver<Option<Landed>>;

/// Who wants a document fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A token whose key is not at hand. Held to the cool-down.
    Token,
    /// The operator, or the time.
    Schedule,
}

/// Everything known about one document.
pub(crate) struct Slot {
    pub(crate) scope: Scope,
    snapshot: ArcSwapOption<Snapshot>,
    upkeep: Mutex<Upkeep>,
    /// Held while the document is written to disk, so that an older one never replaces a newer.
    pub(crate) keeping: tokio::sync::Mutex<()>,
}

/// Held for moments only, never over I/O.
pub(crate) struct Upkeep {
    pub(crate) flight: Option<Flight>,
    /// When a token last caused a refresh.
    pub(crate) token_refresh_at: Option<UnixTime>,
    /// Where the keys are, and when the metadata said so.
    keys_url: Option<(Box<str>, UnixTime)>,
    due_at: UnixTime,
    failures: u32,
    pub(crate) last_error: Option<FetchError>,
}

impl Slot {
    pub(crate) fn new(scope: Scope) -> Self {
        let upkeep = Upkeep {
            flight: None,
            token_refresh_at: None,
            keys_url: None,
            due_at: UnixTime::from_secs(0),
            failures: 0,
            last_error: None,
        };
        Self {
            scope,
            snapshot: ArcSwapOption::empty(),
            upkeep: Mutex::new(upkeep),
            keeping: tokio::sync::Mutex::default(),
        }
    }

    /// The answer to a request: a read of memory.
    pub(crate) fn answer(&self, key_id: &str, schedule: &RefreshSchedule, now: UnixTime) -> KeyAnswer {
        match &*self.snapshot.load() {
            Some(set) if now < schedule.end(set.fetched_at) => {
                set.keys.find(key_id).map_or(KeyAnswer::Unknown, |key| KeyAnswer::Key(key.clone()))
            }
            _ => KeyAnswer::Unavailable,
        }
    }

    /// Whether there is a set that may still be used.
    pub(crate) fn is_usable(&self, schedule: &RefreshSchedule, now: UnixTime) -> bool {
        self.snapshot.load().as_ref().is_some_and(|set| now < schedule.end(set.fetched_at))
    }

    /// Whether there is a set within its time to live.
    pub(crate) fn is_fresh(&self, schedule: &RefreshSchedule, now: UnixTime) -> bool {
        self.snapshot.load().as_ref().is_some_and(|set| !schedule.is_stale(set.fetched_at, now))
    }

    pub(crate) fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.snapshot.load_full()
    }

    /// Puts a newer set in place; says whether the keys differ from those before.
    pub(crate) fn replace(&self, set: Arc<Snapshot>) -> bool {
        let keys = set.keys.clone();
        let before = self.snapshot.swap(Some(set));
        before.is_none_or(|before| !Arc::ptr_eq(&before.keys, &keys) && before.keys != keys)
    }

    /// Lets go of a set that is too old; says whether it did.
    pub(crate) fn expire(&self, schedule: &RefreshSchedule, now: UnixTime) -> bool {
        let too_old =
            |set: &Option<Arc<Snapshot>>| set.as_ref().is_some_and(|set| now >= schedule.end(set.fetched_at));
        let before = self.snapshot.rcu(|set| if too_old(set) { None } else { set.clone() });
        too_old(&before)
    }

    pub(crate) fn upkeep(&self) -> MutexGuard<'_, Upkeep> {
        self.upkeep.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the refresher should fetch it now.
    pub(crate) fn is_due(&self, now: UnixTime) -> bool {
        now >= self.upkeep().due_at
    }
}

impl Upkeep {
    /// The fetch that is under way. One whose task is gone counts as none.
    pub(crate) fn under_way(&self) -> Option<Flight> {
        self.flight.clone().filter(|flight| flight.borrow().is_none() && flight.has_changed().is_ok())
    }

    /// Where the keys are, if the metadata is fresh enough to say.
    pub(crate) fn keys_url(&self, schedule: &RefreshSchedule, now: UnixTime) -> Option<Url> {
        let (url, since) = self.keys_url.as_ref()?;
        if schedule.is_stale(*since, now) { None } else { Url::parse(url).ok() }
    }

    pub(crate) fn remember_keys_url(&mut self, url: &Url, now: UnixTime) {
        self.keys_url = Some((url.as_str().into(), now));
    }

    /// Notes a success; says whether fetches had been failing.
    pub(crate) fn succeeded(&mut self, due_at: UnixTime) -> bool {
        (self.due_at, self.failures) = (due_at, 0);
        self.last_error.take().is_some()
    }

    /// Notes a failure and forgets the metadata, which may be why; says whether this is the first in a row.
    pub(crate) fn failed(&mut self, error: FetchError, due_at: impl FnOnce(u32) -> UnixTime) -> bool {
        self.failures = self.failures.saturating_add(1);
        self.due_at = due_at(self.failures);
        self.keys_url = None;
        self.last_error.replace(error).is_none()
    }
}
