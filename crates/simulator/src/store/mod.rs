//! What survives a restart, in `simulator.db` of the state directory: changes of the directory, browser sessions, refresh
//! tokens, waiting devices, and the switches.
//!
//! Requests never wait for it. [`Store::keep`] looks four times a second for what changed and writes it in one
//! transaction; the end of the simulator writes once more. A process that is killed therefore loses at most the last
//! quarter of a second, and never half of a change. Keys are kept beside it, in `keys.json`.

mod statements;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode, SqliteSynchronous};
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::Mutex;
use tokio::time::sleep;

use self::statements::{CLEAR, CREATE, DELETE, READ, UPSERT, VERSION};
use crate::error::SimulatorError;
use crate::kept::Row;
use crate::state::State;
use crate::world::{Difference, World};

const FILE: &str = "simulator.db";
/// Changes when what is kept can no longer be read by older or newer programs.
const FORMAT: i64 = 1;
/// How often to look for changes.
const EVERY: Duration = Duration::from_millis(250);
/// How long another process may take to let go of the file.
const PATIENCE: Duration = Duration::from_millis(500);
const SETTING: &str = "setting";
/// Setting: what the world was read from when it was last in force.
const SOURCE: &str = "source";

/// The open file.
pub(crate) struct Store {
    path: PathBuf,
    inner: Mutex<Inner>,
}

struct Inner {
    connection: SqliteConnection,
    /// As it was last written; nothing before the first time.
    world: Option<Arc<World>>,
    settings: Vec<(&'static str, String)>,
    /// Taken and not yet committed. A write that is cut off, as at the end, leaves it to the next one.
    taken: Vec<(&'static str, Row)>,
}

/// What was kept when the simulator last ended.
#[derive(Default)]
pub(crate) struct Remembered {
    rows: Vec<(String, String, Option<String>)>,
}

impl Store {
    /// Opens the file of a state directory, making both where they are missing.
    ///
    /// # Errors
    /// [`SimulatorError::State`]: another simulator has it, another version wrote it, or it is no database.
    pub(crate) async fn open(directory: &Path) -> Result<(Self, Remembered), SimulatorError> {
        let path = directory.join(FILE);
        make(&path).map_err(|error| refused(&path, &error.to_string()))?;
        let (connection, rows) = read(&path).await.map_err(|error| refused(&path, &explained(&error)))?;
        let (found, rows) = rows;
        if found != 0 && found != FORMAT {
            let why = "another version of this program wrote it; delete the file to start afresh, or take another directory";
            return Err(refused(&path, why));
        }
        let inner = Mutex::new(Inner { connection, world: None, settings: Vec::new(), taken: Vec::new() });
        Ok((Self { path, inner }, Remembered { rows }))
    }

    /// Writes down what changed, again and again.
    pub(crate) async fn keep(self: Arc<Self>, state: Arc<State>) {
        loop {
            sleep(EVERY).await;
            self.write(&state).await;
        }
    }

    /// Writes for the last time, and lets go of the file.
    pub(crate) async fn close(self: Arc<Self>, state: &State) {
        self.write(state).await;
        if let Some(store) = Arc::into_inner(self) {
            // What was committed is safe; the file is closed either way.
            let _closed = store.inner.into_inner().connection.close().await;
        }
    }

    /// Writes down what changed since the last time. A failure is logged, and what it was about is tried again.
    async fn write(&self, state: &State) {
        let mut inner = self.inner.lock().await;
        if let Err(error) = inner.write(state).await {
            tracing::error!(file = %self.path.display(), %error, "the state could not be kept");
            inner.world = None;
            inner.settings.clear();
            inner.taken.clear();
            state.persisted().into_iter().for_each(|(_, kept)| kept.rewrite());
        }
    }
}

impl Inner {
    async fn write(&mut self, state: &State) -> Result<(), sqlx::Error> {
        let world = state.world();
        let settings = settings(state);
        let changed_world = self.world.as_ref().is_none_or(|written| !Arc::ptr_eq(written, &world));
        for (kind, kept) in state.persisted() {
            self.taken.extend(kept.take_changes().into_iter().map(|row| (kind, row)));
        }
        if !changed_world && settings == self.settings && self.taken.is_empty() {
            return Ok(());
        }
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        if changed_world {
            write_world(&mut transaction, &world.difference(&state.source.base())).await?;
        }
        for (name, value) in &settings {
            upsert(&mut transaction, SETTING, name, Some(value)).await?;
        }
        for (kind, (handle, value)) in &self.taken {
            match value {
                Some(value) => upsert(&mut transaction, kind, handle, Some(value)).await?,
                None => remove(&mut transaction, kind, handle).await?,
            }
        }
        transaction.commit().await?;
        self.taken.clear();
        (self.world, self.settings) = (Some(world), settings);
        Ok(())
    }
}

/// The directory is kept as its difference from the world it was read from, which is small.
async fn write_world(connection: &mut SqliteConnection, rows: &[Difference]) -> Result<(), sqlx::Error> {
    for kind in Difference::KINDS {
        sqlx::query(CLEAR).bind(kind).execute(&mut *connection).await?;
    }
    for row in rows {
        upsert(connection, row.kind, &row.name, row.value.as_deref()).await?;
    }
    Ok(())
}

async fn upsert(
    connection: &mut SqliteConnection,
    kind: &str,
    name: &str,
    value: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query(UPSERT).bind(kind).bind(name).bind(value).execute(connection).await.map(drop)
}

async fn remove(connection: &mut SqliteConnection, kind: &str, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query(DELETE).bind(kind).bind(name).execute(connection).await.map(|_| ())
}

/// The switches, and what the world was read from.
fn settings(state: &State) -> Vec<(&'static str, String)> {
    let faults = serde_json::to_string(&state.faults.list()).unwrap_or_default();
    vec![
        (SOURCE, state.source.digest()),
        ("clock_offset_s", state.clock.offset_s().to_string()),
        ("native_allow_list", state.native_allow_list().to_string()),
        ("faults", faults),
    ]
}

impl Remembered {
    /// The directory as it was, if the world that it was made from is still the one to play; otherwise that one.
    ///
    /// # Errors
    /// [`SimulatorError::State`]: what was kept contradicts itself or cannot be read.
    pub(crate) fn world(&self, base: World, digest: &str) -> Result<World, SimulatorError> {
        match self.setting(SOURCE) {
            None => Ok(base),
            Some(source) if source == digest => {
                let of_world =
                    self.rows.iter().filter(|(kind, ..)| Difference::KINDS.contains(&kind.as_str()));
                base.with_difference(of_world).map_err(|why| {
                    let help = format!("what was kept of the directory cannot be read: {why}; delete the file to start afresh");
                    refused(Path::new(FILE), &help)
                })
            }
            Some(_) => {
                tracing::warn!(
                    "the world to play has changed since the state was kept: run-time changes of the directory are dropped"
                );
                Ok(base)
            }
        }
    }

    /// Brings back everything but the directory.
    pub(crate) fn restore(&self, state: &State) {
        for (kind, kept) in state.persisted() {
            let rows = self.rows.iter().filter(|(known, ..)| known == kind);
            kept.restore(rows.filter_map(|(_, name, value)| Some((name.clone(), value.clone()?))).collect());
        }
        let number = self.setting("clock_offset_s").and_then(|text| text.parse().ok());
        number.into_iter().for_each(|offset_s| state.clock.set_offset_s(offset_s));
        let faults = self.setting("faults").and_then(|text| serde_json::from_str(text).ok());
        // Rules that a newer program would refuse stay behind.
        faults.into_iter().for_each(|rules| drop(state.faults.replace(rules)));
        let switch = self.setting("native_allow_list").and_then(|text| text.parse().ok());
        if self.setting(SOURCE) == Some(&state.source.digest()) && !state.source.overrides_native_allow_list()
        {
            switch.into_iter().for_each(|enabled| state.set_native_allow_list(enabled));
        }
    }

    fn setting(&self, name: &str) -> Option<&str> {
        let found = self.rows.iter().find(|(kind, known, _)| kind == SETTING && known == name)?;
        found.2.as_deref()
    }
}

/// The file exists and is the owner's alone before SQLite sees it; its journal gets the same mode.
fn make(path: &Path) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

type Rows = Vec<(String, String, Option<String>)>;

async fn read(path: &Path) -> Result<(SqliteConnection, (i64, Rows)), sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        // Two simulators on one directory would undo each other.
        .locking_mode(SqliteLockingMode::Exclusive)
        .busy_timeout(PATIENCE);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let found: i64 = sqlx::query_scalar(VERSION).fetch_one(&mut connection).await?;
    if found != 0 && found != FORMAT {
        return Ok((connection, (found, Vec::new())));
    }
    sqlx::raw_sql(CREATE).execute(&mut connection).await?;
    let rows = sqlx::query_as(READ).fetch_all(&mut connection).await?;
    Ok((connection, (found, rows)))
}

fn explained(error: &sqlx::Error) -> String {
    let code = error.as_database_error().and_then(|error| error.code()).unwrap_or_default().into_owned();
    match code.as_str() {
        "5" | "261" | "517" => "another simulator has it open; take another directory".to_owned(),
        "26" => {
            "it is no SQLite database; delete the file to start afresh, or take another directory".to_owned()
        }
        _ => error.to_string(),
    }
}

fn refused(path: &Path, why: &str) -> SimulatorError {
    SimulatorError::State { path: path.to_owned(), why: why.to_owned() }
}
