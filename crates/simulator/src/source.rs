//! Where the world comes from, and what is known of the last attempt to read it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use aws_lc_rs::digest::{SHA256, digest};
use serde::Serialize;

use crate::encoding::base64url;
use crate::error::SimulatorError;
use crate::world::{ShippedWorld, World, WorldCounts};

/// What to read the world from.
#[derive(Debug, Clone)]
pub(crate) enum WorldSource {
    /// Code handed it over.
    Given(World),
    Shipped(ShippedWorld),
    File(PathBuf),
}

impl Default for WorldSource {
    fn default() -> Self {
        Self::Shipped(ShippedWorld::default())
    }
}

/// The source of one simulator.
pub(crate) struct Source {
    from: WorldSource,
    /// Overrides what the world says, at the start and whenever it is read again.
    native_allow_list: Option<bool>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// The file as it was last read, good or bad.
    read: Option<Stamp>,
    /// What the world was that was last read from here.
    base: Option<Arc<World>>,
    /// What its file says, unrecognisable.
    digest: Option<String>,
    reloads: u64,
    error: Option<String>,
}

/// What changes when somebody saves a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
}

/// How the source is doing, for `GET /sim/health`.
#[derive(Debug, Serialize)]
pub(crate) struct SourceReport {
    /// `demo`, `minimal`, `large`, `file`, or `given` by the program that started it.
    source: &'static str,
    file: Option<PathBuf>,
    /// How often the directory was read again since the start.
    reloads: u64,
    /// Why the last attempt was refused; the last good world stays in force.
    error: Option<String>,
    #[serde(flatten)]
    counts: WorldCounts,
}

impl Source {
    pub(crate) fn new(from: WorldSource, native_allow_list: Option<bool>) -> Self {
        Self { from, native_allow_list, known: Mutex::default() }
    }

    /// Reads the world. Slow where it is a file or large.
    pub(crate) fn load(&self) -> Result<World, SimulatorError> {
        let mut world = match &self.from {
            WorldSource::Given(world) => world.clone(),
            WorldSource::Shipped(shipped) => shipped.world(),
            WorldSource::File(path) => self.load_file(path)?,
        };
        world.native_allow_list = self.native_allow_list.unwrap_or(world.native_allow_list);
        self.known(|known| known.base = Some(Arc::new(world.clone())));
        Ok(world)
    }

    /// The world as it was last read from here.
    pub(crate) fn base(&self) -> Arc<World> {
        self.known(|known| known.base.clone()).unwrap_or_else(|| Arc::new(World::builtin()))
    }

    /// What tells the world that is read from here from others, and nothing more.
    pub(crate) fn digest(&self) -> String {
        match &self.from {
            WorldSource::Given(world) => digest_of(&world.to_toml()),
            // Made by this program, the same in every run of it.
            WorldSource::Shipped(ShippedWorld::Large) => format!("large {}", env!("CARGO_PKG_VERSION")),
            WorldSource::Shipped(shipped) => digest_of(&shipped.toml()),
            WorldSource::File(_) => self.known(|known| known.digest.clone()).unwrap_or_default(),
        }
    }

    /// Whether the start said what the world's own switch says otherwise.
    pub(crate) fn overrides_native_allow_list(&self) -> bool {
        self.native_allow_list.is_some()
    }

    fn load_file(&self, path: &Path) -> Result<World, SimulatorError> {
        self.known(|known| known.read = Stamp::of(path));
        let text = read(path)?;
        let world = World::from_toml(&text).map_err(|error| Box::new(error.named(path.to_string_lossy())))?;
        self.known(|known| known.digest = Some(digest_of(&text)));
        Ok(world)
    }

    /// Whether the file was saved since it was read last. Never, where the world is not a file.
    pub(crate) fn new_stamp(&self) -> Option<Stamp> {
        let WorldSource::File(path) = &self.from else { return None };
        // A file that is not there is about to be: editors replace it in two steps.
        Stamp::of(path).filter(|stamp| self.known(|known| known.read.as_ref() != Some(stamp)))
    }

    /// Whether the file says something else than the world in force. A touched file does not.
    pub(crate) fn differs(&self) -> bool {
        let WorldSource::File(path) = &self.from else { return false };
        let stamp = Stamp::of(path);
        let found = read(path).ok().map(|text| digest_of(&text));
        self.known(|known| {
            let same = found.is_some() && known.digest == found;
            if same {
                (known.read, known.error) = (stamp, None);
            }
            !same
        })
    }

    /// Keeps how an attempt to read the world again ended.
    pub(crate) fn note(&self, error: Option<String>) {
        self.known(|known| {
            known.reloads += u64::from(error.is_none());
            known.error = error;
        });
    }

    pub(crate) fn report(&self, world: &World) -> SourceReport {
        let (source, file) = match &self.from {
            WorldSource::Given(_) => ("given", None),
            WorldSource::Shipped(shipped) => (shipped.name(), None),
            WorldSource::File(path) => ("file", Some(path.clone())),
        };
        self.known(|known| SourceReport {
            source,
            file,
            reloads: known.reloads,
            error: known.error.clone(),
            counts: world.counts(),
        })
    }

    fn known<T>(&self, act: impl FnOnce(&mut Known) -> T) -> T {
        act(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let file = fs::metadata(path).ok()?;
        Some(Self { modified: file.modified().ok(), bytes: file.len() })
    }
}

fn read(path: &Path) -> Result<String, SimulatorError> {
    fs::read_to_string(path).map_err(|source| SimulatorError::WorldFile { path: path.to_owned(), source })
}

fn digest_of(text: &str) -> String {
    base64url(digest(&SHA256, text.as_bytes()).as_ref())
}
