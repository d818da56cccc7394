//! The threads that look at the file and at the clock, and end with the last clone of their list.
//!
//! Two, so that a file system that hangs does not keep an expired list in force, and does not go unnoticed.

use std::{
    convert::Infallible,
    io,
    path::PathBuf,
    sync::{
        Arc,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use tenantry_allow_list::ApprovedKeys;
use tenantry_authority::Clock;
use tenantry_token::RefusedList;

use super::{
    AllowListError, AllowListFault, LockOptions,
    in_force::InForce,
    keeper::{Keeper, LOG},
};

/// Longest time between two looks: T-028 gives five seconds.
const POLL_MAX: Duration = Duration::from_secs(5);
const POLL_MIN: Duration = Duration::from_millis(10);
/// Without a look for so long, the file system hangs. Longer than any poll, so that one late look is no alarm.
const STALLED_AFTER: Duration = Duration::from_secs(10);

/// A list with somebody who looks after it.
#[derive(Debug)]
pub(super) struct Watched {
    in_force: Arc<InForce>,
    /// Nothing is ever sent: the threads end when these are dropped.
    _ends: [Sender<Infallible>; 2],
}

impl Watched {
    /// Reads the lock, then watches it.
    pub(super) fn start(
        path: PathBuf,
        approved: ApprovedKeys,
        options: LockOptions,
    ) -> Result<Self, AllowListError> {
        let every = options.poll;
        if !(POLL_MIN..=POLL_MAX).contains(&every) {
            return Err(AllowListError::new(path, AllowListFault::PollInterval(every)));
        }
        let clock = options.clock.clone();
        let mut keeper = Keeper::open(path.clone(), approved, options)
            .map_err(|fault| AllowListError::new(path.clone(), fault))?;
        let in_force = keeper.in_force().clone();
        let mut guard = Guard::new(in_force.clone(), clock, Instant::now());
        let looks = spawn("allow-list", every, move || keeper.look());
        let ends = spawn("allow-list-end", every, move || guard.tick(Instant::now()));
        let not_watched = |why| AllowListError::new(path, AllowListFault::NotWatched(why));
        let ends = looks.and_then(|looks| Ok([looks, ends?])).map_err(not_watched)?;
        Ok(Self { in_force, _ends: ends })
    }

    pub(super) fn in_force(&self) -> &Arc<InForce> {
        &self.in_force
    }
}

/// Touches no file: ends the list in time, and raises the alarm when nobody looks at the file any more (T-094).
#[derive(Debug)]
pub(super) struct Guard {
    in_force: Arc<InForce>,
    clock: Clock,
    looks: u64,
    looked_at: Instant,
}

impl Guard {
    pub(super) fn new(in_force: Arc<InForce>, clock: Clock, at: Instant) -> Self {
        Self { looks: in_force.looks(), looked_at: at, in_force, clock }
    }

    pub(super) fn tick(&mut self, at: Instant) {
        self.in_force.end_if_over(self.clock.now());
        let (looks, is_stalled) = (self.in_force.looks(), self.in_force.is_stalled());
        if looks != self.looks {
            (self.looks, self.looked_at) = (looks, at);
            if is_stalled {
                self.in_force.tell_stalled(None);
                tracing::info!(target: LOG, "the allow-list file is looked at again");
            }
        } else if !is_stalled && at.duration_since(self.looked_at) >= STALLED_AFTER {
            self.stall();
        }
    }

    fn stall(&self) {
        let reason = format!("the file could not be looked at for {} s", STALLED_AFTER.as_secs());
        tracing::error!(
            target: LOG, reason,
            "changes of the allow-list, removals too, are not noticed: its file system hangs"
        );
        self.in_force.tell_stalled(Some(RefusedList { code: "stalled", reason, since: self.clock.now() }));
    }
}

/// Does `work` again and again, until the handle is dropped.
fn spawn(
    name: &str,
    every: Duration,
    mut work: impl FnMut() + Send + 'static,
) -> io::Result<Sender<Infallible>> {
    let (handle, ended): (_, Receiver<Infallible>) = mpsc::channel();
    thread::Builder::new().name(name.to_owned()).spawn(move || {
        while let Err(RecvTimeoutError::Timeout) = ended.recv_timeout(every) {
            work();
        }
    })?;
    Ok(handle)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use tenantry_authority::Clock;
    use tenantry_token::{FixedList, ListStatus, UnixTime};

    use super::{Guard, InForce, STALLED_AFTER};

    fn in_force() -> InForce {
        let status = ListStatus {
            revision: 1,
            digest: String::new(),
            expires_at: UnixTime::from_secs(i64::MAX),
            usable: true,
            read_at: UnixTime::from_secs(0),
            refused: None,
        };
        InForce::new(FixedList::default(), status)
    }

    /// T-094: a removal that cannot arrive is no secret.
    #[test]
    fn a_file_that_nobody_can_look_at_raises_the_alarm() {
        let (in_force, start) = (std::sync::Arc::new(in_force()), Instant::now());
        let mut guard = Guard::new(in_force.clone(), Clock::system(), start);
        let mut told_at = |seconds: u64| {
            guard.tick(start + Duration::from_secs(seconds));
            in_force.status().refused.map(|refused| refused.code)
        };
        let patience = STALLED_AFTER.as_secs();
        assert_eq!((told_at(patience - 1), told_at(patience)), (None, Some("stalled")));
        in_force.looked();
        assert_eq!(told_at(patience + 1), None, "looked at again");
        assert_eq!((told_at(2 * patience), told_at(2 * patience + 1)), (None, Some("stalled")));
        assert!(in_force.status().usable, "the last good list stays");
    }
}
