//! `tenantry gate` at validators of other people's making, each in a small API, against what `docs/guide/gate-results.md` says of them.

use std::collections::BTreeSet;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::report::Outcome;
use super::{Ground, node, python};

const RESULTS: &str = "docs/guide/gate-results.md";

/// Each has a `tests/gate/NAME.toml`, and a heading that begins with its name.
const TARGETS: [&str; 4] = ["fastapi-azure-auth", "express-oauth2-jwt-bearer", "jose", "jose-strict"];

/// "Must not be promoted" (docs/reference/gate.md): the runs are about what is found.
const FORBIDDEN: i32 = 2;

/// What a run says while it runs.
const LOG: &str = "progress.log";

/// The parts of `report.json` that count here.
#[derive(Deserialize)]
struct Report {
    results: Vec<CaseResult>,
}

#[derive(Deserialize)]
struct CaseResult {
    id: String,
    outcome: Verdict,
}

#[derive(Deserialize)]
struct Verdict {
    is: String,
}

/// Attacks all targets at the same time, each with a simulator of its own: most of a run is waiting.
pub(super) fn step(ground: &mut Ground) -> Result<Outcome> {
    let python = match python::environment(ground) {
        Ok(python) => python,
        Err(error) => return Ok(Outcome::Skipped(format!("no Python with the libraries: {error:#}"))),
    };
    if let Err(error) = node::packages(ground, node::CLIENTS) {
        return Ok(Outcome::Skipped(format!("no Node.js with the libraries: {error:#}")));
    }
    let executable = ground.executable()?;
    let path = path_with(&python)?;
    let runs = TARGETS.map(|target| attack(ground, &executable, &path, target));
    // All are waited for before any of them is complained about: none may outlive the step.
    let found = TARGETS.into_iter().zip(runs.map(|run| run.and_then(found)));
    let documented =
        fs::read_to_string(ground.path(RESULTS)).context("cannot read the documented results")?;
    let mut differences = Vec::new();
    for (target, found) in found {
        differences.extend(difference(target, &section(&documented, target), &found?));
    }
    ensure!(differences.is_empty(), "{RESULTS} says otherwise: {}", differences.join("; "));
    Ok(Outcome::Passed)
}

/// `python` is the one that has the libraries.
fn path_with(python: &Path) -> Result<OsString> {
    let folders = env::var_os("PATH").unwrap_or_default();
    let first = python.parent().map(Path::to_path_buf);
    Ok(env::join_paths(first.into_iter().chain(env::split_paths(&folders)))?)
}

/// A run of the gate.
struct Attack {
    process: Child,
    /// The folder of its reports.
    out: PathBuf,
}

fn attack(ground: &Ground, executable: &Path, path: &OsStr, target: &str) -> Result<Attack> {
    let out = ground.workspace.target.join("gate-results").join(target);
    fs::create_dir_all(&out)?;
    let process = Command::new(executable)
        .args(["gate", "run", "--target", &format!("tests/gate/{target}.toml")])
        // Any port: the runs have their simulators side by side.
        .args(["--simulator-http", "127.0.0.1:0", "--simulator-https", "127.0.0.1:0", "--out"])
        .arg(&out)
        .current_dir(&ground.workspace.root)
        .env("PATH", path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(fs::File::create(out.join(LOG))?)
        .spawn()
        .with_context(|| format!("cannot start the gate at {target}"))?;
    Ok(Attack { process, out })
}

/// Ids of the cases that failed.
fn found(mut attack: Attack) -> Result<BTreeSet<String>> {
    let status = attack.process.wait()?;
    let log = attack.out.join(LOG);
    ensure!(status.code() == Some(FORBIDDEN), "a run of the gate ended with {status}: {}", log.display());
    let text = fs::read_to_string(attack.out.join("report.json")).context("a run left no report")?;
    let report: Report = serde_json::from_str(&text)?;
    let failed = report.results.into_iter().filter(|result| result.outcome.is == "failed");
    Ok(failed.map(|result| result.id).collect())
}

/// Ids of cases in the section about a target: whatever is in a row of its table, between backticks, and has a slash.
fn section(document: &str, target: &str) -> BTreeSet<String> {
    let heading = format!("## `{target}`");
    let lines = document.lines().skip_while(|line| !line.starts_with(&heading)).skip(1);
    let rows = lines.take_while(|line| !line.starts_with("## ")).filter(|line| line.starts_with('|'));
    let cases = rows.filter_map(|row| row.split(" | ").nth(1));
    let quoted = cases.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    quoted.filter(|text| text.contains('/')).map(ToOwned::to_owned).collect()
}

fn difference(target: &str, documented: &BTreeSet<String>, found: &BTreeSet<String>) -> Vec<String> {
    let gone = documented.difference(found).map(|id| format!("{target} holds {id}"));
    let new = found.difference(documented).map(|id| format!("{target} fails {id}"));
    gone.chain(new).collect()
}

#[cfg(test)]
mod tests {
    use super::{TARGETS, difference, section};

    const DOCUMENT: &str = include_str!("../../../docs/guide/gate-results.md");

    #[test]
    fn each_target_has_its_section() {
        for target in TARGETS {
            assert!(!section(DOCUMENT, target).is_empty(), "{target}");
        }
        assert!(section(DOCUMENT, "nobody").is_empty());
    }

    #[test]
    fn the_overview_counts_the_cases_of_each_section() {
        for target in TARGETS {
            let row = DOCUMENT.lines().find(|line| line.starts_with(&format!("| `{target}` |"))).unwrap();
            let counted: usize = row.split(" | ").nth(2).unwrap().parse().unwrap();
            assert_eq!(counted, section(DOCUMENT, target).len(), "{target}");
        }
    }

    #[test]
    fn sections_end_where_the_next_begins() {
        let document = "## `a`: x\n| `no/2` in words | `s/1`, `s/2` | `no/1` |\n## `b`\n| w | `s/3` | |\n";
        assert_eq!(section(document, "a").into_iter().collect::<Vec<_>>(), ["s/1", "s/2"]);
    }

    #[test]
    fn what_is_gone_and_what_is_new_are_both_differences() {
        let ids = |ids: &[&str]| ids.iter().map(ToString::to_string).collect();
        assert_eq!(difference("t", &ids(&["s/1"]), &ids(&["s/2"])), ["t holds s/1", "t fails s/2"]);
        assert!(difference("t", &ids(&["s/1"]), &ids(&["s/1"])).is_empty());
    }
}
