//! Why a lock is not put in force.

use std::{io, path::PathBuf, time::Duration};

use tenantry_allow_list::LockFault;

/// Why an API cannot start with a locked list.
#[derive(Debug, thiserror::Error)]
#[error("allow-list `{}`: {fault}", path.display())]
pub struct AllowListError {
    path: PathBuf,
    #[source]
    fault: AllowListFault,
}

impl AllowListError {
    pub(super) fn new(path: PathBuf, fault: impl Into<AllowListFault>) -> Self {
        Self { path, fault: fault.into() }
    }

    /// What is wrong.
    pub fn fault(&self) -> &AllowListFault {
        &self.fault
    }
}

/// Why a lock is not put in force. Codes are stable: readiness, logs and tests key on them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AllowListFault {
    /// The file is not there, or cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// A folder or a pipe, for example.
    #[error("is not a plain file")]
    NotAFile,
    /// Not UTF-8.
    #[error("is not text in UTF-8")]
    NotText,
    /// What it says does not count.
    #[error(transparent)]
    Lock(#[from] LockFault),
    /// Below [`crate::LockOptions::min_revision`].
    #[error("revision {found} is older than revision {min}, the oldest that this program takes")]
    BelowMinimum {
        /// The offered one.
        found: u64,
        /// The oldest that is taken.
        min: u64,
    },
    /// The file that keeps the highest revision cannot be used. See [`crate::LockOptions::remember_in`].
    #[error("the file `{}`, which keeps the highest revision seen, {why}", path.display())]
    SeenFile {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Outside the range of [`crate::LockOptions::poll_interval`].
    #[error("cannot be looked at every {0:?}: choose 10 ms to 5 s")]
    PollInterval(Duration),
    /// The system gave no thread to watch the file with.
    #[error("cannot be watched: {0}")]
    NotWatched(io::Error),
}

impl AllowListFault {
    /// A stable word for logs, readiness and tests. Those of a lock are [`LockFault::code`]'s.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) | Self::NotAFile => "unreadable",
            Self::NotText => "malformed",
            Self::Lock(fault) => fault.code(),
            Self::BelowMinimum { .. } => "below_minimum",
            Self::SeenFile { .. } => "seen_file",
            Self::PollInterval(_) => "poll_interval",
            Self::NotWatched(_) => "not_watched",
        }
    }

    /// Whether time alone may mend it.
    pub(super) fn may_pass(&self) -> bool {
        matches!(self, Self::Lock(LockFault::NotYetValid(_)))
    }
}
