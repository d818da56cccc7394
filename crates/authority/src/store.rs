//! Key documents on disk, so that a process can start while its provider is down (row 22).
//!
//! They are public keys, but whoever changes them decides whose tokens we accept: files are readable and writable for the
//! owner alone, and a file that anybody else owns or may write to is not read. The checksum finds damage, not malice.

use std::{
    fs, io,
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use tenantry_token::{TenantId, UnixTime};

use crate::{
    KeyRing,
    clock::age_s,
    document::{Documents, Scope},
    fetch::FetchError,
    platform,
    ring::Shelf,
    slot::{Slot, Snapshot},
};

/// Changes with the meaning of a file.
const FORMAT: u32 = 1;
/// A file from the future is not believed beyond this difference of clocks.
const AHEAD_S_MAX: i64 = 300;

/// A directory of key documents, one file per authority and tenant.
pub(crate) struct Store {
    directory: PathBuf,
    owner: platform::Owner,
    bytes_max: u64,
}

/// One file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    format: u32,
    source: String,
    scope: String,
    fetched_at: UnixTime,
    document: String,
    sha256: String,
}

/// Why a file is not used.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("others own it or may write to it")]
    Permissions,
    #[error("it is too large")]
    TooLarge,
    #[error("it is damaged")]
    Damaged,
    #[error("it is of another authority or tenant")]
    Foreign,
    #[error("it is too old, or from the future")]
    Age,
    #[error("{0}")]
    Keys(#[from] FetchError),
}

impl Store {
    /// Makes the directory if need be, and proves that it can be written to; `None` if others may write there too.
    pub(crate) fn open(directory: PathBuf, document_bytes_max: usize) -> io::Result<Option<Self>> {
        platform::create_directory(&directory)?;
        let probe = temporary(&directory.join("probe"));
        let owner = platform::owner(&platform::create(&probe)?.metadata()?);
        fs::remove_file(&probe)?;
        if !platform::is_private(&fs::metadata(&directory)?, owner) {
            let name = directory.display();
            tracing::warn!(directory = %name, "others own the folder or may write to it: no keys are kept there");
            return Ok(None);
        }
        // JSON in JSON: a quote or a line break takes two bytes.
        let bytes_max = 2 * document_bytes_max as u64 + 4096;
        Ok(Some(Self { directory, owner, bytes_max }))
    }

    /// Writes beside the file and renames, so that a reader sees the old set or the new one.
    fn save(&self, name: &str, kept: &Kept) -> io::Result<()> {
        let path = self.directory.join(name);
        let beside = temporary(&path);
        let written = platform::create(&beside)
            .and_then(|mut file| file.write_all(&serde_json::to_vec(kept)?))
            .and_then(|()| fs::rename(&beside, &path));
        if written.is_err() {
            let _ = fs::remove_file(&beside);
        }
        written
    }

    fn load(&self, name: &str) -> Result<Kept, Unusable> {
        let path = self.directory.join(name);
        let file = platform::open(&path, self.owner)?.ok_or(Unusable::Permissions)?;
        let mut bytes = Vec::new();
        file.take(self.bytes_max + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > self.bytes_max {
            return Err(Unusable::TooLarge);
        }
        let kept: Kept = serde_json::from_slice(&bytes).map_err(|_| Unusable::Damaged)?;
        if kept.format != FORMAT || kept.sha256 != kept.checksum() {
            return Err(Unusable::Damaged);
        }
        Ok(kept)
    }

    fn names(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(&self.directory) else { return Vec::new() };
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
    }
}

impl Kept {
    fn new(documents: &Documents, scope: Scope, fetched_at: UnixTime, body: &[u8]) -> Option<Self> {
        let document = std::str::from_utf8(body).ok()?.to_owned();
        let (source, scope) = (documents.identity(), scope.to_string());
        let mut kept = Self { format: FORMAT, source, scope, fetched_at, document, sha256: String::new() };
        kept.sha256 = kept.checksum();
        Some(kept)
    }

    fn checksum(&self) -> String {
        let Self { format, source, scope, fetched_at, document, sha256: _ } = self;
        hex(&format!("{format}\n{source}\n{scope}\n{fetched_at}\n{document}"), 32)
    }
}

impl KeyRing {
    /// Starts with the sets that an earlier process kept.
    pub(crate) fn load_kept(&self) {
        let Some(store) = &self.store else { return };
        for name in store.names() {
            let Some((at, scope)) = self.place_of(&name) else { continue };
            match self.load_one(store, &name, (at, scope)) {
                Ok(()) => tracing::debug!(file = name, "keys read from disk"),
                Err(why) => tracing::warn!(file = name, error = %why, "a kept key set is left out"),
            }
        }
    }

    /// Whose file this is, by its name; `None` unless they are ours and admitted.
    fn place_of(&self, name: &str) -> Option<(usize, Scope)> {
        let scope = match name.split_once('.')?.0 {
            "whole" => Scope::Whole,
            tenant => Scope::Tenant(tenant.parse().ok()?),
        };
        let at = self.shelves.iter().position(|shelf| file_name(&shelf.documents, scope) == name)?;
        Some((at, scope))
    }

    fn load_one(&self, store: &Store, name: &str, (at, scope): (usize, Scope)) -> Result<(), Unusable> {
        let documents = &self.shelves[at].documents;
        let kept = store.load(name)?;
        if kept.source != documents.identity() || kept.scope != scope.to_string() {
            return Err(Unusable::Foreign);
        }
        let (now, fetched_at) = (self.clock.now(), kept.fetched_at);
        if now >= self.schedule.end(fetched_at) || age_s(now, fetched_at) > AHEAD_S_MAX {
            return Err(Unusable::Age);
        }
        let body = kept.document.as_bytes();
        let read = || documents.read_keys(scope, body).map_err(FetchError::Keys);
        let keys = self.unique.list(at, body, read)?;
        let slot = self.slot_at(at, scope).ok_or(Unusable::Foreign)?;
        self.install(&slot, Arc::new(Snapshot { keys, fetched_at }));
        Ok(())
    }

    /// Keeps the document that `set` was read from, unless there is a newer one by the time that it is its turn. A failure
    /// costs the next start something, not this process.
    pub(crate) async fn keep(self: &Arc<Self>, at: usize, slot: &Slot, set: Arc<Snapshot>, body: Vec<u8>) {
        if self.store.is_none() {
            return;
        }
        let _turn = slot.keeping.lock().await;
        if slot.snapshot().is_none_or(|newest| !Arc::ptr_eq(&newest, &set)) {
            return;
        }
        let (ring, scope, fetched_at) = (self.clone(), slot.scope, set.fetched_at);
        let write = move || ring.keep_now(&ring.shelves[at], scope, fetched_at, &body);
        if let Ok(Err(error)) = tokio::task::spawn_blocking(write).await {
            tracing::warn!(%error, "a key set cannot be kept on disk");
        }
    }

    fn keep_now(&self, shelf: &Shelf, scope: Scope, fetched_at: UnixTime, body: &[u8]) -> io::Result<()> {
        let still_ours = scope.tenant().is_none_or(|tenant| self.tenants.admit(tenant).is_some());
        match (&self.store, Kept::new(&shelf.documents, scope, fetched_at, body)) {
            (Some(store), Some(kept)) if still_ours => store.save(&file_name(&shelf.documents, scope), &kept),
            _ => Ok(()),
        }
    }

    /// Removes what was kept of a tenant.
    pub(crate) fn forget_kept(&self, shelf: &Shelf, tenant: TenantId) {
        if let Some(store) = &self.store {
            let name = file_name(&shelf.documents, Scope::Tenant(tenant));
            let _ = fs::remove_file(store.directory.join(name));
        }
    }
}

/// From a parsed tenant id and a hash of our configuration, never from a provider's or a caller's text.
fn file_name(documents: &Documents, scope: Scope) -> String {
    format!("{scope}.{}.json", hex(&documents.identity(), 8))
}

/// A name beside `path` that nobody else uses.
fn temporary(path: &Path) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let (process, number) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    path.with_extension(format!("{process}-{number}.tmp"))
}

/// The first `bytes` of the text's SHA-256, in hexadecimal.
fn hex(text: &str, bytes: usize) -> String {
    digest(&SHA256, text.as_bytes()).as_ref().iter().take(bytes).map(|byte| format!("{byte:02x}")).collect()
}
