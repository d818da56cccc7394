//! Running benches, and finding what they measured.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::catalogue::{Bench, Figure, From, Run, Speaks};
use crate::workspace::{Workspace, cargo};

/// The results of one run.
pub(super) struct Measured {
    /// Criterion's own folder.
    pub(super) criterion: PathBuf,
    /// Results older than this are of another run.
    pub(super) started: SystemTime,
    /// What the benches that speak JSON said last.
    pub(super) said: Value,
}

impl Measured {
    /// Runs the benches, which takes a minute or two after building them.
    pub(super) fn take(workspace: &Workspace, bench: &Bench) -> Result<Self> {
        let criterion = workspace.target.join("criterion");
        let mut measured = Self { criterion, started: now(), said: Value::Null };
        for run in bench.runs {
            let last_line = perform(workspace, run)?;
            if run.speaks == Speaks::Json {
                measured.said = serde_json::from_str(&last_line).with_context(|| {
                    format!("the last line of `{}` is not JSON: `{last_line}`", run.target)
                })?;
            }
        }
        Ok(measured)
    }

    /// One figure.
    pub(super) fn value(&self, figure: &Figure) -> Result<f64> {
        match figure.from {
            From::Ratio(of, over) => Ok(self.median(of)? / self.median(over)?),
            From::Member => self.member(figure.name),
        }
    }

    /// Criterion's median of one id, in nanoseconds. A group is a folder; an id without a group keeps its slash as `_`.
    fn median(&self, id: &str) -> Result<f64> {
        let file = |id: &str| self.criterion.join(id).join("new/estimates.json");
        let grouped = file(id);
        let path = if grouped.is_file() { grouped } else { file(&id.replace('/', "_")) };
        let estimates = self.fresh(&path).with_context(|| format!("no result for `{id}`"))?;
        let median = estimates.pointer("/median/point_estimate").and_then(Value::as_f64);
        median.with_context(|| format!("no median in {}", path.display()))
    }

    fn member(&self, name: &str) -> Result<f64> {
        let value = match self.said.get(name) {
            Some(value) => value.clone(),
            None => self.fresh(&self.criterion.join(format!("{name}.json")))?[name].clone(),
        };
        value.as_f64().with_context(|| format!("the bench gave no number `{name}`"))
    }

    /// A JSON file that this run wrote: a bench that was renamed must not leave its old results in our table.
    fn fresh(&self, path: &PathBuf) -> Result<Value> {
        let cannot = || format!("cannot read {}", path.display());
        let written = fs::metadata(path).and_then(|file| file.modified()).with_context(cannot)?;
        ensure!(written >= self.started, "{} is of an earlier run", path.display());
        serde_json::from_str(&fs::read_to_string(path).with_context(cannot)?).with_context(cannot)
    }
}

/// The moment from which results count. Nothing else in here looks at a clock.
#[expect(
    clippy::disallowed_methods,
    reason = "compared with the time stamps of files, which follow this clock"
)]
fn now() -> SystemTime {
    SystemTime::now()
}

/// Runs one bench and gives the last line it printed; everything it prints goes to our standard error.
fn perform(workspace: &Workspace, run: &Run) -> Result<String> {
    let mut command = cargo(&workspace.root);
    command.args(["bench", "--package", run.package, "--bench", run.target]);
    if run.speaks == Speaks::Json {
        command.args(["--", "--json"]);
    }
    relay(&mut command).with_context(|| format!("the bench `{}` of `{}`", run.target, run.package))
}

fn relay(command: &mut Command) -> Result<String> {
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().context("no output")?;
    let mut last = String::new();
    for line in BufReader::new(output).lines() {
        let line = line?;
        eprintln!("{line}");
        if !line.trim().is_empty() {
            last = line;
        }
    }
    let status = child.wait()?;
    ensure!(status.success(), "ended with {status}");
    Ok(last)
}
