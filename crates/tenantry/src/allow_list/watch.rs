//! The threads that look at the file and at the clock, and end with the last clone of their list.
//!
//! Two, so that a file system that hangs does not keep an expired list in force.

use std::{
    convert::Infallible,
    io,
    path::PathBuf,
    sync::{
        Arc,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::Duration,
};

use tenantry_allow_list::ApprovedKeys;

use super::{AllowListError, AllowListFault, LockOptions, in_force::InForce, keeper::Keeper};

/// Longest time between two looks: T-028 gives five seconds.
const POLL_MAX: Duration = Duration::from_secs(5);
const POLL_MIN: Duration = Duration::from_millis(10);

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
        let watched = in_force.clone();
        let looks = spawn("allow-list", every, move || keeper.look());
        let ends = spawn("allow-list-end", every, move || watched.end_if_over(clock.now()));
        let not_watched = |why| AllowListError::new(path, AllowListFault::NotWatched(why));
        let ends = looks.and_then(|looks| Ok([looks, ends?])).map_err(not_watched)?;
        Ok(Self { in_force, _ends: ends })
    }

    pub(super) fn in_force(&self) -> &Arc<InForce> {
        &self.in_force
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
