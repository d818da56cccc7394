//! What goes wrong with a database. For our log and the operator's terminal: callers of the API see none of it.

use std::path::PathBuf;

/// Why the store did not open, or did not answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database refused, failed, or could not be reached.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("database migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The directory for SQLite's files cannot be used.
    #[error("directory `{}` for SQLite's files: {why}", path.display())]
    Directory {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        why: std::io::Error,
    },
    /// Another process has the directory open.
    #[error("directory `{}` is in use by another process; for several processes use PostgreSQL", .0.display())]
    InUse(PathBuf),
    /// A file was renamed or copied: it says that it belongs to another tenant than its name does.
    #[error("file of tenant `{named}` holds the tasks of tenant `{holds}`: somebody renamed or copied it")]
    WrongTenant {
        /// By the file's name.
        named: uuid::Uuid,
        /// By the file's content.
        holds: uuid::Uuid,
    },
    /// The PostgreSQL database would show one tenant's rows to another (T-141).
    #[error("refusing to start: {0}")]
    Unprotected(&'static str),
}

impl StoreError {
    /// Whether the same request may well succeed a little later: the database is out of reach, starting, full or busy.
    pub fn is_temporary(&self) -> bool {
        use sqlx::Error::{Database, Io, PoolClosed, PoolTimedOut};
        match self {
            Self::Database(PoolTimedOut | PoolClosed | Io(_)) => true,
            Self::Database(Database(error)) => error.code().is_some_and(|code| TEMPORARY.contains(&&*code)),
            _ => false,
        }
    }
}

/// PostgreSQL: shutting down, crashed, starting up, too many connections. SQLite: busy.
const TEMPORARY: [&str; 5] = ["57P01", "57P02", "57P03", "53300", "5"];
