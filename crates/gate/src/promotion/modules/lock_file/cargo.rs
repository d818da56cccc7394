//! `Cargo.lock`, versions 3 and 4.

use serde::Deserialize;

use super::Entry;

#[derive(Deserialize)]
struct File {
    version: u8,
    #[serde(default)]
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    #[serde(default)]
    source: Option<String>,
}

pub(super) fn read(text: &str) -> Result<Vec<Entry>, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    if !matches!(file.version, 3 | 4) {
        return Err(format!("is of version {}, and 3 and 4 are known", file.version));
    }
    let entry =
        |package: Package| Entry { name: package.name, version: package.version, source: package.source };
    Ok(file.package.into_iter().map(entry).collect())
}
