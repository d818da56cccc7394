//! SQLite: a directory with one file per tenant, `{tenant id}.db`.
//!
//! SQLite has no row-level security, so another tenant's rows are kept where a query cannot reach them: in another file.
//! The name comes from a verified [`tenantry::TenantId`] alone, in its one spelling. What this does not protect
//! against: code of our own that opens or attaches a second file, and whoever can read the disk (T-145).

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions};
use sqlx::{ConnectOptions as _, SqlSafeStr as _, Sqlite, Transaction};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::{StoreError, walls::Walls};

/// Files open at once. The one unused for longest makes room; in use or not, what it does is finished first.
const OPEN_FILES_MAX: usize = 64;
/// Connections per file; each is a thread.
const CONNECTIONS_MAX: u32 = 4;
/// Whose file it is when the wall of files is down. No tenant has this id.
const EVERYBODY: Uuid = Uuid::nil();

/// The directory, and the files of it that are open.
#[derive(Debug)]
pub(super) struct Files {
    directory: Directory,
    walls: Walls,
    /// Used most recently: at the back.
    open: Mutex<VecDeque<(Uuid, Handle)>>,
}

/// A file that is open, or about to be: callers that come at once wait for the first.
type Handle = Arc<OnceCell<SqlitePool>>;

impl Files {
    pub(super) fn in_directory(path: &Path) -> Result<Self, StoreError> {
        let directory = Directory::new(path, Fate::Keep)?;
        Ok(Self { directory, walls: Walls::default(), open: Mutex::default() })
    }

    pub(super) fn temporary() -> Result<Self, StoreError> {
        let path = std::env::temp_dir().join(format!("tasks-{}", Uuid::new_v4()));
        let directory = Directory::new(&path, Fate::Remove)?;
        Ok(Self { directory, walls: Walls::default(), open: Mutex::default() })
    }

    /// The same files, kept apart by those `walls` that stand.
    pub(super) fn behind(self, walls: Walls) -> Self {
        Self { walls, ..self }
    }

    /// A transaction in the file of `tenant`, which is made if missing.
    pub(super) async fn begin(&self, tenant: Uuid) -> Result<Transaction<'static, Sqlite>, StoreError> {
        let tenant = if self.walls.database() { tenant } else { EVERYBODY };
        let handle = self.handle(tenant);
        let pool = handle.get_or_try_init(|| self.directory.open_file(tenant)).await?;
        Ok(pool.begin().await?)
    }

    /// Ends all connections.
    pub(super) async fn close(&self) {
        let open = std::mem::take(&mut *self.open.lock().unwrap_or_else(PoisonError::into_inner));
        for pool in open.iter().filter_map(|(_, handle)| handle.get()) {
            pool.close().await;
        }
    }

    fn handle(&self, tenant: Uuid) -> Handle {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let known = open.iter().position(|(of, _)| *of == tenant).and_then(|at| open.remove(at));
        let (_, handle) = known.unwrap_or_default();
        if open.len() == OPEN_FILES_MAX {
            open.pop_front();
        }
        open.push_back((tenant, handle.clone()));
        handle
    }
}

/// A directory that is ours alone while we run.
#[derive(Debug)]
struct Directory {
    path: PathBuf,
    fate: Fate,
    /// Locked as long as it is open.
    _lock: File,
}

/// What becomes of the directory at the end.
#[derive(Debug, PartialEq)]
enum Fate {
    Keep,
    Remove,
}

impl Directory {
    fn new(path: &Path, fate: Fate) -> Result<Self, StoreError> {
        let unusable = |why| StoreError::Directory { path: path.to_owned(), why };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(unusable)?;
        let lock = owner_only(&path.join("lock")).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), fate, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse(path.to_owned())),
            Err(TryLockError::Error(why)) => Err(unusable(why)),
        }
    }

    /// Opens the file of `tenant`, and makes sure that it is this tenant's.
    async fn open_file(&self, tenant: Uuid) -> Result<SqlitePool, StoreError> {
        let path = self.path.join(format!("{tenant}.db"));
        // Made here rather than by SQLite: its journals get the permissions that the file has (T-145).
        owner_only(&path).map_err(|why| StoreError::Directory { path: path.clone(), why })?;
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .journal_mode(SqliteJournalMode::Wal)
            .foreign_keys(tenant != EVERYBODY)
            .busy_timeout(Duration::from_secs(5))
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS_MAX)
            .acquire_timeout(Duration::from_secs(5))
            .idle_timeout(Duration::from_secs(60))
            .connect_with(options)
            .await?;
        migrator().run(&pool).await?;
        claim(&pool, tenant).await?;
        Ok(pool)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        if self.fate == Fate::Remove {
            // Nothing depends on it, and nobody is left to tell.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

fn owner_only(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

fn migrator() -> Migrator {
    let tasks = include_str!("../../migrations/sqlite/0001_tasks.sql").into_sql_str();
    Migrator::with_migrations(vec![Migration::new(1, "tasks".into(), MigrationType::Simple, tasks, false)])
}

/// Writes the tenant into a new file; an old one must name it already.
async fn claim(pool: &SqlitePool, tenant: Uuid) -> Result<(), StoreError> {
    let claim = "INSERT INTO tenant (only_row, id) VALUES (1, $1) ON CONFLICT DO NOTHING";
    sqlx::query(claim).bind(tenant).execute(pool).await?;
    let holds: Uuid = sqlx::query_scalar("SELECT id FROM tenant").fetch_one(pool).await?;
    if holds == tenant { Ok(()) } else { Err(StoreError::WrongTenant { named: tenant, holds }) }
}
