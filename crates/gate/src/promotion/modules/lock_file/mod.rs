//! What an API was built with, as the lock file of its ecosystem says. Small strict readers: a file that is not what its name
//! says is an error, never an empty list.

mod cargo;
mod go;
mod maven;
mod npm;
mod nuget;
mod pairs;
mod pypi;
#[cfg(test)]
mod tests;

use super::{Ecosystem, FoundModule};

/// Largest lock file read. Bytes.
const BYTES_MAX: usize = 32 * 1024 * 1024;

/// Why a lock file cannot be used.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
#[error("{file}: {why}")]
pub struct LockFileError {
    file: String,
    why: String,
}

type Read = fn(&str) -> Result<Vec<Entry>, String>;

/// A module as a lock file has it.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Entry {
    name: String,
    version: String,
    source: Option<String>,
}

const READERS: &[(&str, Ecosystem, Read)] = &[
    ("Cargo.lock", Ecosystem::Cargo, cargo::read),
    ("package-lock.json", Ecosystem::Npm, npm::read),
    ("requirements.txt", Ecosystem::Pypi, pypi::read),
    ("go.sum", Ecosystem::Go, go::read),
    ("pom.xml", Ecosystem::Maven, maven::read),
    ("packages.lock.json", Ecosystem::Nuget, nuget::read),
];

/// The modules in a lock file. Its name (`Cargo.lock`, `package-lock.json`, `requirements.txt`, `go.sum`, `pom.xml`,
/// `packages.lock.json`) says how it is read.
///
/// # Errors
/// [`LockFileError`]: another name, a file that is not of the form, or one with more than 32 MiB.
pub fn modules_in(file_name: &str, text: &str) -> Result<Vec<FoundModule>, LockFileError> {
    let fault = |why: String| LockFileError { file: file_name.to_owned(), why };
    let reader = READERS.iter().find(|(name, ..)| *name == file_name);
    let (_, ecosystem, read) = reader.ok_or_else(|| fault(unknown()))?;
    if text.len() > BYTES_MAX {
        return Err(fault("has more than 32 MiB".to_owned()));
    }
    let entries = read(text.strip_prefix('\u{feff}').unwrap_or(text)).map_err(fault)?;
    let found = entries.into_iter().map(|entry| FoundModule {
        ecosystem: Some(*ecosystem),
        name: entry.name,
        version: entry.version,
        source: entry.source,
        said_by: file_name.to_owned(),
    });
    Ok(found.collect())
}

fn unknown() -> String {
    let names: Vec<_> = READERS.iter().map(|(name, ..)| *name).collect();
    format!("is none of {}", names.join(", "))
}
