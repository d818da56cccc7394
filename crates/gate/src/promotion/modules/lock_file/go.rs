//! `go.sum`: `module version hash`, and the same with `/go.mod` for modules of which only that file was read.

use super::Entry;

pub(super) fn read(text: &str) -> Result<Vec<Entry>, String> {
    let mut entries = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let fields: Vec<_> = line.split_whitespace().collect();
        let [name, version, hash] = fields[..] else {
            return Err(format!("line {}: module, version and hash, not `{line}`", at + 1));
        };
        if !version.starts_with('v') || !hash.starts_with("h1:") {
            return Err(format!("line {}: a version begins with `v`, a hash with `h1:`", at + 1));
        }
        if !version.ends_with("/go.mod") {
            entries.push(Entry { name: name.to_owned(), version: version.to_owned(), source: None });
        }
    }
    Ok(entries)
}
