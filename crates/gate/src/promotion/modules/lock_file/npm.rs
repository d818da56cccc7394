//! `package-lock.json`, versions 2 and 3: the member `packages`.

use serde::Deserialize;

use super::{Entry, pairs::Pairs};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    lockfile_version: u8,
    #[serde(default)]
    packages: Pairs<Package>,
}

#[derive(Deserialize)]
struct Package {
    /// There if the folder has another name than the package: an alias.
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    resolved: Option<String>,
    #[serde(default)]
    link: bool,
}

const FOLDER: &str = "node_modules/";

pub(super) fn read(text: &str) -> Result<Vec<Entry>, String> {
    let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if !matches!(file.lockfile_version, 2 | 3) {
        let version = file.lockfile_version;
        return Err(format!("is of version {version}, and 2 and 3 are known: npm 7 and later write them"));
    }
    let installed =
        file.packages.0.into_iter().filter(|(folder, package)| !folder.is_empty() && !package.link);
    Ok(installed.filter_map(|(folder, package)| entry(&folder, package)).collect())
}

fn entry(folder: &str, package: Package) -> Option<Entry> {
    let in_folder = folder.rfind(FOLDER).map(|at| folder[at + FOLDER.len()..].to_owned());
    Some(Entry {
        name: package.name.or(in_folder)?,
        version: package.version.unwrap_or_else(|| "(none)".to_owned()),
        source: package.resolved,
    })
}
