//! The check itself: a function from the workspace to what is wrong with it.

use serde::Serialize;

use super::house::{self, EXAMPLES, Room, TOOLS, WITNESS};
use crate::workspace::{Dependency, Kind, Package};

/// A dependency of one of our crates on another.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Arrow {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) kind: Kind,
}

/// One broken rule.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Problem {
    #[serde(rename = "crate")]
    pub(super) package: String,
    pub(super) rule: Rule,
    /// What is wrong and what to do about it.
    pub(super) message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Rule {
    /// A dependency between our crates that the table does not have.
    Arrow,
    /// A foreign crate that this crate must never import.
    Import,
    /// A crate that the table does not know.
    Unknown,
    /// A manifest that does not take the workspace's lints, `unsafe_code = "forbid"` among them.
    Lints,
}

/// All arrows between our crates, in the order of the manifests.
pub(super) fn arrows(packages: &[Package]) -> Vec<Arrow> {
    let of = |package: &Package| -> Vec<Arrow> {
        let ours = package.dependencies.iter().filter(|dependency| is_ours(dependency, packages));
        ours.map(|to| Arrow { from: package.name.clone(), to: to.name.clone(), kind: to.kind }).collect()
    };
    packages.iter().flat_map(of).collect()
}

/// Everything in the dependencies of `packages` that the house forbids.
pub(super) fn problems(packages: &[Package]) -> Vec<Problem> {
    packages.iter().flat_map(|package| problems_of(package, packages)).collect()
}

fn problems_of(package: &Package, packages: &[Package]) -> Vec<Problem> {
    let Some(room) = house::room(&package.name) else {
        return vec![unknown(&package.name)];
    };
    let judge = |dependency: &Dependency| match is_ours(dependency, packages) {
        true => judge_arrow(room, dependency),
        false => judge_import(room, dependency),
    };
    package.dependencies.iter().filter_map(judge).collect()
}

/// A path dependency is ours even if the workspace does not list it: a crate outside is no way around the table.
fn is_ours(dependency: &Dependency, packages: &[Package]) -> bool {
    dependency.path.is_some() || packages.iter().any(|package| package.name == dependency.name)
}

fn judge_arrow(room: &Room, to: &Dependency) -> Option<Problem> {
    let in_tests = to.kind == Kind::Dev;
    let as_tool = TOOLS.contains(&to.name.as_str()) && EXAMPLES.contains(&room.name);
    if in_tests && (to.name == WITNESS || as_tool) || room.may_name(&to.name) {
        return None;
    }
    let (from, to_name, allowed) = (room.name, &to.name, room.may_name_in_words());
    let tests = if to.kind == Kind::Dev { format!(", its tests also `{WITNESS}`") } else { String::new() };
    let wrong =
        format!("the arrow `{from}` -> `{to_name}` does not exist: `{from}` may name {allowed}{tests}");
    let advice = "move the code to where both can reach it, or take what is needed as an argument or a trait";
    Some(problem(from, Rule::Arrow, &wrong, advice))
}

/// Tests may use a runtime, a server or a database; what a user links may not.
fn judge_import(room: &Room, foreign: &Dependency) -> Option<Problem> {
    let family = if foreign.kind == Kind::Dev { None } else { room.forbids(&foreign.name) }?;
    let (name, because, foreign) = (room.name, room.because, &foreign.name);
    let wrong = format!("`{name}` imports `{foreign}`, and must never import `{family}`: {because}");
    let advice = "put this code in a crate further up, or make it a dev-dependency if only tests need it";
    Some(problem(name, Rule::Import, &wrong, advice))
}

fn unknown(name: &str) -> Problem {
    let wrong = format!("`{name}` has no place in the house");
    problem(
        name,
        Rule::Unknown,
        &wrong,
        "add it to xtask/src/layers/house.rs, and say there what it may name",
    )
}

/// Whether a member's manifest takes the workspace's lints.
pub(super) fn lints(package: &str, manifest: &toml::Table) -> Option<Problem> {
    let lints = manifest.get("lints").and_then(|lints| lints.get("workspace"));
    let inherits = lints.and_then(toml::Value::as_bool) == Some(true);
    let wrong = format!("`{package}` does not inherit the workspace's lints");
    let advice = "add `[lints]` with `workspace = true` to its manifest";
    (!inherits).then(|| problem(package, Rule::Lints, &wrong, advice))
}

/// Whether the workspace itself forbids unsafe code: a member cannot take `forbid` back.
pub(super) fn unsafe_forbidden(manifest: &toml::Table) -> Option<Problem> {
    let path = ["workspace", "lints", "rust"];
    let rust = path.iter().try_fold(manifest, |table, key| table.get(*key)?.as_table());
    let level = rust.and_then(|lints| lints.get("unsafe_code")).and_then(toml::Value::as_str);
    let advice = "set `unsafe_code = \"forbid\"` under `[workspace.lints.rust]`";
    let wrong = "the workspace does not forbid unsafe code";
    (level != Some("forbid")).then(|| problem("workspace", Rule::Lints, wrong, advice))
}

fn problem(package: &str, rule: Rule, wrong: &str, advice: &str) -> Problem {
    Problem { package: package.to_owned(), rule, message: format!("{wrong}; {advice}") }
}
