//! `packages.lock.json`: for each framework, each package and what it was resolved to.

use serde::Deserialize;

use super::{Entry, pairs::Pairs};

#[derive(Deserialize)]
struct File {
    version: u8,
    dependencies: Pairs<Pairs<Package>>,
}

#[derive(Deserialize)]
struct Package {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    resolved: Option<String>,
}

pub(super) fn read(text: &str) -> Result<Vec<Entry>, String> {
    let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if !matches!(file.version, 1 | 2) {
        return Err(format!("is of version {}, and 1 and 2 are known", file.version));
    }
    let packages = file.dependencies.0.into_iter().flat_map(|(_, packages)| packages.0);
    let fetched = packages.filter(|(_, package)| package.kind != "Project");
    Ok(fetched
        .map(|(name, package)| Entry {
            name,
            version: package.resolved.unwrap_or_else(|| "(none)".to_owned()),
            source: None,
        })
        .collect())
}
