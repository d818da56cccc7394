//! Where the list is: `allow-list.toml`, `.proposed` and `.lock` beside each other, and the approved keys.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{ErrorKind, Read, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow};
use clap::Args;
use tenantry_allow_list::{ApprovedKeys, Draft, Lock, LockedList};

use super::stop::{Refusal, Stop};

/// Where the list is.
#[derive(Debug, Args)]
pub(super) struct ListFiles {
    /// The list as people edit it; the lock and the proposal stand beside it, with the endings `.lock` and `.proposed`
    #[arg(
        long,
        value_name = "FILE",
        default_value = "allow-list.toml",
        env = "TENANTRY_ALLOW_LIST",
        hide_env_values = true
    )]
    list: PathBuf,
    /// Whose signatures count
    #[arg(
        long,
        value_name = "FILE",
        default_value = "approved-keys.toml",
        env = "TENANTRY_APPROVED_KEYS",
        hide_env_values = true
    )]
    approved_keys: PathBuf,
}

impl ListFiles {
    pub(super) fn draft_path(&self) -> PathBuf {
        self.list.with_extension("toml")
    }

    pub(super) fn lock_path(&self) -> PathBuf {
        self.list.with_extension("lock")
    }

    pub(super) fn proposal_path(&self) -> PathBuf {
        self.list.with_extension("proposed")
    }

    /// Keeps other commands off these files until the handle is dropped: two that read, judge and write at once could lose
    /// a removal (T-091). Whoever asks a person does not hold it meanwhile.
    pub(super) fn hold(&self) -> anyhow::Result<Option<File>> {
        // Elsewhere a folder cannot be opened, and has no lock.
        if !cfg!(unix) {
            return Ok(None);
        }
        let folder = folder_of(&self.list);
        let failed = || format!("cannot keep others off the list in `{}`", folder.display());
        let handle = File::open(folder).with_context(failed)?;
        handle.lock().with_context(failed)?;
        Ok(Some(handle))
    }

    pub(super) fn draft(&self) -> Result<Draft, Stop> {
        read_draft(&self.draft_path())
    }

    /// The lock in force, or `None` before the first one.
    pub(super) fn lock(&self) -> Result<Option<Lock>, Stop> {
        read_lock_if_any(&self.lock_path())
    }

    /// The lock in force, proven but for the time: what expired can be renewed.
    pub(super) fn list_in_force(&self, approved: &ApprovedKeys) -> Result<Option<LockedList>, Stop> {
        let Some(lock) = self.lock()? else { return Ok(None) };
        let list = lock.verify_signatures(approved);
        list.map(Some).map_err(|fault| Refusal::of_lock(&self.lock_path(), &fault).into())
    }

    pub(super) fn proposal(&self) -> Result<Lock, Stop> {
        let path = self.proposal_path();
        read_lock_if_any(&path)?.ok_or_else(|| {
            let reason = format!("there is no proposal, `{}`", path.display());
            Refusal::new("no_proposal", reason, "begin with `tenantry allow-list propose`").into()
        })
    }

    pub(super) fn approved_keys(&self) -> Result<ApprovedKeys, Stop> {
        let bytes = read(&self.approved_keys, ApprovedKeys::BYTES_MAX).context(
            "make keys with `tenantry allow-list key`, and keep the tables that it prints in that file",
        )?;
        ApprovedKeys::parse(&text(&self.approved_keys, bytes, "unsound")?)
            .map_err(|fault| Refusal::of_text(&self.approved_keys, &fault).into())
    }
}

pub(super) fn read_draft(path: &Path) -> Result<Draft, Stop> {
    let bytes = read(path, Draft::BYTES_MAX)?;
    Draft::parse(&text(path, bytes, "unsound")?).map_err(|fault| Refusal::of_text(path, &fault).into())
}

pub(super) fn read_lock(path: &Path) -> Result<Lock, Stop> {
    if !path.exists() {
        let made = "`propose`, `review` and `lock` make the first one";
        return Err(anyhow!("there is no lock `{}`: {made}", path.display()).into());
    }
    let bytes = read(path, Lock::BYTES_MAX)?;
    Lock::parse(&text(path, bytes, "malformed")?).map_err(|fault| Refusal::of_lock(path, &fault).into())
}

/// Only a file that is not there is none: one that cannot be read must not look like a beginning.
fn read_lock_if_any(path: &Path) -> Result<Option<Lock>, Stop> {
    match fs::symlink_metadata(path) {
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(None),
        _ => read_lock(path).map(Some),
    }
}

/// What is in a file, or a little more than `bytes_max` of it: the parser refuses that.
fn read(path: &Path, bytes_max: usize) -> anyhow::Result<Vec<u8>> {
    let failed = || format!("cannot read `{}`", path.display());
    let mut bytes = Vec::new();
    let file = File::open(path).with_context(failed)?;
    file.take(bytes_max as u64 + 1).read_to_end(&mut bytes).with_context(failed)?;
    Ok(bytes)
}

/// A file that was read and is no text is refused, as any other that is not sound.
fn text(path: &Path, bytes: Vec<u8>, code: &'static str) -> Result<String, Stop> {
    String::from_utf8(bytes).map_err(|fault| {
        let at = fault.utf8_error().valid_up_to();
        let reason = format!("`{}`: is not text in UTF-8, from byte {at} on", path.display());
        Refusal::new(code, reason, "").into()
    })
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Puts `text` in the place of the file at `path`, whole or not at all.
pub(super) fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut name = path.file_name().map(OsString::from).unwrap_or_default();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    // Of a process that bore our number and was killed.
    let _left_behind = fs::remove_file(&part);
    let written = write_through(&part, text).and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        let _left_behind = fs::remove_file(&part);
    }
    // The new name, too, is to outlive a power cut. Not every file system can do that for a folder.
    let _synced = File::open(folder_of(path)).and_then(|folder| folder.sync_all());
    written.with_context(|| format!("cannot write `{}`", path.display()))
}

/// On the disk before it takes the old one's place.
fn write_through(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
