//! Where private keys come from: the state directory, this process's memory, the seed, or the generator.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};

use super::{KeyError, KeyOwner, KeyState, RsaJwk, RsaPrivate, primes};

/// File in the state directory that holds the private keys.
const FILE: &str = "keys.json";

/// Private keys by label. The same label gives the same key for the life of the source.
pub(crate) struct KeySource {
    seed: Option<u64>,
    file: Option<PathBuf>,
    saved: Mutex<Saved>,
}

/// What the state file holds.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    seed: Option<u64>,
    keys: BTreeMap<String, RsaJwk>,
    #[serde(default)]
    ring: Vec<SavedEntry>,
}

/// One line of the ring as it was when the simulator last changed it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedEntry {
    pub(super) label: String,
    pub(super) owner: KeyOwner,
    pub(super) state: KeyState,
}

impl KeySource {
    /// Reads the state directory, if there is one. Keys kept there for another seed are dropped.
    pub(crate) fn open(seed: Option<u64>, state_dir: Option<&Path>) -> Result<Self, KeyError> {
        let file = state_dir.map(|directory| directory.join(FILE));
        let mut saved = match &file {
            Some(path) if path.exists() => read(path)?,
            _ => Saved::default(),
        };
        if seed.is_some() && saved.seed != seed {
            saved = Saved::default();
        }
        saved.seed = seed.or(saved.seed);
        Ok(Self { seed: saved.seed, file, saved: Mutex::new(saved) })
    }

    /// The key of a label, made now if it is new.
    pub(crate) fn key(&self, label: &str) -> Result<RsaPrivate, KeyError> {
        let kept = self.with_saved(|saved| saved.keys.get(label).cloned());
        if let Some(jwk) = kept {
            return RsaPrivate::from_jwk(&jwk);
        }
        let key = match &self.file {
            // Kept keys must not be shared with a neighbour that has no state directory.
            Some(_) => generate(self.seed, label)?,
            None => remembered(self.seed, label)?,
        };
        self.with_saved(|saved| saved.keys.insert(label.to_owned(), key.to_jwk()));
        self.write()?;
        Ok(key)
    }

    /// Makes several keys at once, as far as the machine has cores.
    pub(crate) fn prepare(&self, labels: &[&str]) -> Result<(), KeyError> {
        std::thread::scope(|scope| {
            let makers: Vec<_> =
                labels.iter().map(|label| scope.spawn(|| self.key(label).map(drop))).collect();
            makers.into_iter().try_for_each(|maker| maker.join().unwrap_or(Err(KeyError::Generate)))
        })
    }

    pub(super) fn ring(&self) -> Vec<SavedEntry> {
        self.with_saved(|saved| saved.ring.clone())
    }

    pub(super) fn keep_ring(&self, ring: Vec<SavedEntry>) -> Result<(), KeyError> {
        self.with_saved(|saved| saved.ring = ring);
        self.write()
    }

    fn with_saved<T>(&self, act: impl FnOnce(&mut Saved) -> T) -> T {
        act(&mut self.saved.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the state file in one step. The lock is held so that two writers cannot cross.
    fn write(&self) -> Result<(), KeyError> {
        let Some(path) = &self.file else { return Ok(()) };
        self.with_saved(|saved| {
            let text = serde_json::to_vec_pretty(saved).map_err(|error| state_error(path, &error))?;
            replace(path, &text).map_err(|error| state_error(path, &error))
        })
    }
}

/// One key per (seed, label) for the whole process, so that a test binary makes its keys once.
fn remembered(seed: Option<u64>, label: &str) -> Result<RsaPrivate, KeyError> {
    type Slot = Arc<OnceLock<Result<RsaPrivate, KeyError>>>;
    type Made = HashMap<(Option<u64>, String), Slot>;
    static MADE: Mutex<Option<Made>> = Mutex::new(None);
    let slot = {
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(made.get_or_insert_default().entry((seed, label.to_owned())).or_default())
    };
    slot.get_or_init(|| generate(seed, label)).clone()
}

fn generate(seed: Option<u64>, label: &str) -> Result<RsaPrivate, KeyError> {
    match seed {
        Some(seed) => Ok(primes::seeded_key(seed, label)),
        None => RsaPrivate::generate(),
    }
}

fn read(path: &Path) -> Result<Saved, KeyError> {
    let text = fs::read(path).map_err(|error| state_error(path, &error))?;
    serde_json::from_slice(&text).map_err(|error| state_error(path, &error))
}

fn replace(path: &Path, text: &[u8]) -> std::io::Result<()> {
    let part = path.with_extension("json.part");
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&part)?.write_all(text)?;
    fs::rename(part, path)
}

fn state_error(path: &Path, reason: &dyn std::fmt::Display) -> KeyError {
    KeyError::State { path: path.display().to_string(), reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_kept_in_the_state_directory() {
        let directory = tempfile::tempdir().unwrap();
        let made = KeySource::open(None, Some(directory.path())).unwrap().key("one").unwrap();
        let again = KeySource::open(None, Some(directory.path())).unwrap().key("one").unwrap();
        assert_eq!(made.modulus(), again.modulus());
    }

    #[test]
    fn a_broken_state_file_is_named_and_not_overwritten() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(FILE);
        fs::write(&path, "{").unwrap();
        let error = KeySource::open(None, Some(directory.path())).err().unwrap().to_string();
        assert!(error.contains(FILE), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "{");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_the_keys() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        KeySource::open(None, Some(directory.path())).unwrap().key("one").unwrap();
        let mode = fs::metadata(directory.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
