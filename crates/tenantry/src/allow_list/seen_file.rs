//! The highest revision that was in force, kept over a restart, so that an older list is refused then too (T-094).

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::PathBuf,
};

use serde::{Deserialize, Serialize};
use tenantry_allow_list::{Digest, Head};

use super::AllowListFault;

/// A small JSON file.
#[derive(Debug)]
pub(super) struct SeenFile {
    path: PathBuf,
    /// What is known to be in it.
    kept: Option<Head>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    revision: u64,
    digest: Digest,
}

impl SeenFile {
    /// Reads it. A file that is not there yet is none; any other that cannot be understood is an error, because what it
    /// said is not known then.
    pub(super) fn open(path: PathBuf) -> Result<Self, AllowListFault> {
        let mut file = Self { path, kept: None };
        file.kept = file.read().map_err(|why| file.fault(format!("cannot be used: {why}")))?;
        Ok(file)
    }

    /// Revision and digest of the last list in force, if any was.
    pub(super) fn head(&self) -> Option<Head> {
        self.kept
    }

    /// Keeps `head`, unless it is kept already. Another process that shares the file may have kept a later one: that stays.
    pub(super) fn keep(&mut self, head: Head) -> Result<(), AllowListFault> {
        if self.kept == Some(head) {
            return Ok(());
        }
        let later = self.read().ok().flatten().filter(|kept| kept.revision > head.revision);
        if later.is_none() {
            self.write(head).map_err(|why| self.fault(format!("cannot be written: {why}")))?;
        }
        self.kept = Some(head);
        Ok(())
    }

    fn read(&self) -> io::Result<Option<Head>> {
        let text = match fs::read(&self.path) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        let Content { revision, digest } = serde_json::from_slice(&text)?;
        Ok(Some(Head { revision, digest }))
    }

    /// Writes beside the file and renames, so that a reader sees the old content or the new one.
    fn write(&self, head: Head) -> io::Result<()> {
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".{}", std::process::id()));
        let beside = PathBuf::from(name);
        let mut file = File::create(&beside)?;
        serde_json::to_writer(&mut file, &Content { revision: head.revision, digest: head.digest })?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)
    }

    fn fault(&self, why: String) -> AllowListFault {
        AllowListFault::SeenFile { path: self.path.clone(), why }
    }
}
