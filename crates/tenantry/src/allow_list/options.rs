//! How a locked list is read again.

use std::{path::PathBuf, time::Duration};

use tenantry_authority::Clock;

/// How a locked list is watched, and how old it may be.
///
/// ```
/// use tenantry::LockOptions;
///
/// let options = LockOptions::new().min_revision(12).remember_in("/var/lib/my-api/allow-list-seen.json");
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct LockOptions {
    pub(super) poll: Duration,
    pub(super) min_revision: u64,
    pub(super) seen_file: Option<PathBuf>,
    pub(super) clock: Clock,
}

impl LockOptions {
    /// Looks each second, takes any revision, and remembers none over a restart.
    pub fn new() -> Self {
        Self { poll: Duration::from_secs(1), min_revision: 0, seen_file: None, clock: Clock::system() }
    }

    /// How often the file is looked at. 10 ms to 5 s; default 1 s. A removed tenant is out after this time (T-028).
    pub fn poll_interval(mut self, every: Duration) -> Self {
        self.poll = every;
        self
    }

    /// Refuses revisions below this one, at the start as well: built into a release, it keeps older lists out for good.
    /// Default 0.
    pub fn min_revision(mut self, revision: u64) -> Self {
        self.min_revision = revision;
        self
    }

    /// Keeps the highest revision that was in force in this file, so that an older one is refused after a restart as well
    /// (T-094). The file is written by this process and must be nobody else's. Default: none, and a restart takes any list
    /// that two people signed and that has not expired.
    pub fn remember_in(mut self, path: impl Into<PathBuf>) -> Self {
        self.seen_file = Some(path.into());
        self
    }

    /// Reads the time from `clock`. Default: the system's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }
}

impl Default for LockOptions {
    fn default() -> Self {
        Self::new()
    }
}
