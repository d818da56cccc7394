//! The essential part of `cargo deny check bans licenses sources`, for machines without cargo-deny.
//!
//! Same file (`deny.toml`), same questions, answered from `cargo tree` for the platform we run on. Where the two
//! disagree, cargo-deny is right: it also reads the text of licences, and looks at every platform.

mod licence;
mod policy;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};

use crate::system;
use crate::workspace::{Workspace, cargo};
use policy::Policy;

/// One package of the dependency tree.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    version: String,
    /// Where it comes from, when that is not the registry of the ecosystem: a folder, a repository.
    elsewhere: Option<String>,
    /// An SPDX expression.
    licence: String,
}

/// How many packages break the policy, each printed with the reason.
///
/// # Errors
/// When `deny.toml` cannot be read, asks for something we do not understand, or cargo cannot list the tree.
pub(crate) fn count_problems(workspace: &Workspace) -> Result<usize> {
    let text = fs::read_to_string(workspace.root.join("deny.toml")).context("cannot read deny.toml")?;
    let policy = Policy::parse(&text)?;
    let packages = packages(&tree(workspace)?, &workspace.root.to_string_lossy());
    let problems: Vec<String> = packages.iter().flat_map(|package| policy.problems(package)).collect();
    problems.iter().for_each(|problem| println!("{problem}"));
    println!("{} packages, {} problems", packages.len(), problems.len());
    Ok(problems.len())
}

fn tree(workspace: &Workspace) -> Result<String> {
    system::read(cargo(&workspace.root).args([
        "tree",
        "--workspace",
        "--all-features",
        "--edges",
        "normal,build,dev",
        "--prefix",
        "none",
        "--format",
        "{p}|{l}",
    ]))
}

/// Reads lines such as `serde v1.0.229|MIT OR Apache-2.0 (*)`. Our own crates, below `root`, are left out.
fn packages(tree: &str, root: &str) -> BTreeSet<Package> {
    let ours = |package: &Package| package.elsewhere.as_ref().is_some_and(|place| place.starts_with(root));
    tree.lines().filter_map(package).filter(|package| !ours(package)).collect()
}

fn package(line: &str) -> Option<Package> {
    let (identity, licence) = line.split_once('|')?;
    let mut words = identity.split(' ');
    let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
    let notes = words.map(|word| word.trim_matches(['(', ')']));
    Some(Package {
        name: name.to_owned(),
        version: version.to_owned(),
        elsewhere: notes.filter(|note| !matches!(*note, "proc-macro" | "*")).map(str::to_owned).next(),
        licence: licence.trim_end_matches("(*)").trim().to_owned(),
    })
}
