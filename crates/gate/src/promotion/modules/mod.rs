//! Gate 2: which auth module the API is built with, and whether that is the latest approved version.
//!
//! `approved.rs` reads what is approved, `lock_file/` what an API was built with; `judge.rs` compares the two.

mod approved;
mod judge;
mod lock_file;
mod version;

pub use approved::{ApprovedModules, ApprovedModulesError};
pub(super) use judge::judge;
pub use lock_file::{LockFileError, modules_in};

use serde::{Deserialize, Serialize};

/// Whose names and versions are meant.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Ecosystem {
    /// crates.io: `Cargo.lock`.
    Cargo,
    /// npm: `package-lock.json`.
    Npm,
    /// PyPI: `requirements.txt`.
    Pypi,
    /// Go modules: `go.sum`.
    Go,
    /// Maven Central: `pom.xml`; names are `group:artifact`.
    Maven,
    /// NuGet: `packages.lock.json`.
    Nuget,
}

impl Ecosystem {
    /// A name as the registry compares it.
    fn canonical(self, name: &str) -> String {
        match self {
            Self::Cargo | Self::Npm | Self::Go | Self::Maven => name.to_owned(),
            Self::Nuget => name.to_ascii_lowercase(),
            Self::Pypi => canonical_pypi(name),
        }
    }
}

/// PEP 503: letter case and the kind of separator do not matter.
fn canonical_pypi(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

/// A module that an API uses, and who says so.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FoundModule {
    /// Its registry. None: the API's own word, which names no registry.
    pub ecosystem: Option<Ecosystem>,
    /// Its name there.
    pub name: String,
    /// Its version; of a requirement that is no version (`>=1`), the requirement.
    pub version: String,
    /// Where it was fetched from, as far as the file says.
    pub source: Option<String>,
    /// Who says so: `Cargo.lock`, `/.well-known/tenantry`.
    pub said_by: String,
}
