//! Files and folders that nobody but us may change.

use std::{fs, io, path::Path};

/// Who owns a file, where that can be told.
pub(crate) type Owner = Option<u32>;

/// Opens a file that is `owner`'s alone to change; `None` for anything else, links and pipes included.
pub(crate) fn open(path: &Path, owner: Owner) -> io::Result<Option<fs::File>> {
    // Looked at first, as opening a pipe would wait for a writer.
    let about = fs::symlink_metadata(path)?;
    if about.is_file() { open_as(path, &about, owner) } else { Ok(None) }
}

/// What counts is what was opened: another file may have been put in its place since `expected` was looked at.
fn open_as(path: &Path, expected: &fs::Metadata, owner: Owner) -> io::Result<Option<fs::File>> {
    let file = fs::File::open(path)?;
    let about = file.metadata()?;
    let ours = about.is_file() && is_same(&about, expected) && is_private(&about, owner);
    Ok(ours.then_some(file))
}

#[cfg(unix)]
use unix::is_same;
#[cfg(unix)]
pub(crate) use unix::{create, create_directory, is_private, owner};

#[cfg(unix)]
mod unix {
    use std::{
        fs, io,
        os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
        path::Path,
    };

    pub(crate) fn create_directory(path: &Path) -> io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    pub(crate) fn create(path: &Path) -> io::Result<fs::File> {
        fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
    }

    pub(crate) fn owner(about: &fs::Metadata) -> super::Owner {
        Some(about.uid())
    }

    pub(crate) fn is_private(about: &fs::Metadata, owner: super::Owner) -> bool {
        self::owner(about) == owner && about.mode() & 0o022 == 0
    }

    pub(super) fn is_same(one: &fs::Metadata, other: &fs::Metadata) -> bool {
        (one.dev(), one.ino()) == (other.dev(), other.ino())
    }
}

#[cfg(not(unix))]
use elsewhere::is_same;
#[cfg(not(unix))]
pub(crate) use elsewhere::{create, create_directory, is_private, owner};

/// Elsewhere the directory's own access rules have to do.
#[cfg(not(unix))]
mod elsewhere {
    use std::{fs, io, path::Path};

    pub(crate) fn create_directory(path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    pub(crate) fn create(path: &Path) -> io::Result<fs::File> {
        fs::OpenOptions::new().write(true).create_new(true).open(path)
    }

    pub(crate) fn owner(_: &fs::Metadata) -> super::Owner {
        None
    }

    pub(crate) fn is_private(_: &fs::Metadata, _: super::Owner) -> bool {
        true
    }

    pub(super) fn is_same(_: &fs::Metadata, _: &fs::Metadata) -> bool {
        true
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::{open, open_as, owner};
    use std::{fs, os::unix::fs::symlink};

    /// A file that is replaced between the look and the opening.
    #[test]
    fn what_was_opened_counts() {
        let directory = tempfile::tempdir().unwrap();
        let [path, other] = ["keys", "other"].map(|name| directory.path().join(name));
        for file in [&path, &other] {
            drop(super::create(file).unwrap());
        }
        let seen = fs::symlink_metadata(&path).unwrap();
        let us = owner(&seen);
        assert!(open(&path, us).unwrap().is_some());
        assert!(open(&path, us.map(|id| id + 1)).unwrap().is_none(), "somebody else's");
        fs::rename(&path, directory.path().join("aside")).unwrap();
        symlink(&other, &path).unwrap();
        assert!(open_as(&path, &seen, us).unwrap().is_none());
    }
}
