//! The lock on disk, read again when it has changed.

use std::{
    fs::{self, File, Metadata},
    io::{self, Read as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

use tenantry_allow_list::Lock;

use super::AllowListFault;

/// How often a file that changed is read once more, changed or not: two writes may fall into one tick of the clock that
/// stamps files.
const READS_AFTER_A_CHANGE: u8 = 3;

/// A file, what it looked like, and what was in it.
#[derive(Debug)]
pub(super) struct LockFile {
    path: PathBuf,
    stamp: Option<Stamp>,
    reads_left: u8,
    content: Option<Vec<u8>>,
}

/// What tells one state of a file from another without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
    /// Device, inode, and the time of the last change of either, in seconds and nanoseconds.
    #[cfg(unix)]
    identity: (u64, u64, i64, i64),
}

impl Stamp {
    fn of(about: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt as _;
        Self {
            modified: about.modified().ok(),
            bytes: about.len(),
            #[cfg(unix)]
            identity: (about.dev(), about.ino(), about.ctime(), about.ctime_nsec()),
        }
    }
}

impl LockFile {
    pub(super) fn at(path: PathBuf) -> Self {
        Self { path, stamp: None, reads_left: 0, content: None }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What is in the file, or why that cannot be told; `None` if it is what it was.
    pub(super) fn changed(&mut self) -> Option<Result<String, AllowListFault>> {
        match self.read_if_changed() {
            Ok(content) => content.map(|bytes| String::from_utf8(bytes).map_err(|_| AllowListFault::NotText)),
            Err(fault) => {
                *self = Self::at(std::mem::take(&mut self.path));
                Some(Err(fault))
            }
        }
    }

    /// Makes the next look a fresh one.
    pub(super) fn forget(&mut self) {
        *self = Self::at(std::mem::take(&mut self.path));
    }

    fn read_if_changed(&mut self) -> Result<Option<Vec<u8>>, AllowListFault> {
        // Looked at before it is opened: opening a pipe would wait for a writer.
        let about = fs::metadata(&self.path)?;
        if !about.is_file() {
            return Err(AllowListFault::NotAFile);
        }
        let stamp = Some(Stamp::of(&about));
        match (stamp == self.stamp, self.reads_left) {
            (true, 0) => return Ok(None),
            (true, _) => self.reads_left -= 1,
            (false, _) => (self.stamp, self.reads_left) = (stamp, READS_AFTER_A_CHANGE),
        }
        let content = read(&self.path)?;
        if self.content.as_ref() == Some(&content) {
            return Ok(None);
        }
        self.content = Some(content.clone());
        Ok(Some(content))
    }
}

/// At most one byte more than a lock may have: enough for its reader to say that it is too large.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let bound = u64::try_from(Lock::BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let mut content = Vec::new();
    File::open(path)?.take(bound).read_to_end(&mut content)?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{LockFile, READS_AFTER_A_CHANGE, Stamp};

    /// As if the clock that stamps files stood still between two writes.
    #[test]
    fn a_change_with_the_stamp_of_the_one_before_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        fs::write(&path, "one").unwrap();
        let mut file = LockFile::at(path.clone());
        assert_eq!(file.changed().unwrap().unwrap(), "one");
        fs::write(&path, "two").unwrap();
        file.stamp = Some(Stamp::of(&fs::metadata(&path).unwrap()));
        assert_eq!(file.changed().unwrap().unwrap(), "two");
        for _ in 0..2 * READS_AFTER_A_CHANGE {
            assert!(file.changed().is_none());
        }
        assert_eq!(file.reads_left, 0, "and then it is left alone");
    }
}
