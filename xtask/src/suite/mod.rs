//! `cargo xtask test`: every check of this repository, in one command, on a fresh machine.
//!
//! Top-down: [`run`] picks steps from the list in `steps.rs`, runs them cheapest first, and `report.rs` prints what
//! came of them. What a step installs or starts is in its own file, and ends with the [`Ground`].

mod browser;
mod fuzz;
mod gate;
mod node;
mod postgres;
mod python;
mod report;
mod steps;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::workspace::Workspace;
use report::{Outcome, Report};
use steps::{STEPS, Step};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run these steps (and what they need) instead of all, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "STEP")]
    only: Vec<String>,
    /// Print the steps in the order in which they run, and stop
    #[arg(long)]
    list: bool,
}

/// What the steps stand on. Dropping it ends what they started.
pub(crate) struct Ground {
    pub(crate) workspace: Workspace,
    pub(crate) postgres: Option<postgres::Cluster>,
}

/// Runs the chosen steps; ends with 1 if one failed, or, with `CI=true`, if one was skipped.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    if args.list {
        STEPS.iter().for_each(|step| println!("{:<10}  {}", step.name, step.about));
        return Ok(ExitCode::SUCCESS);
    }
    let chosen = choose(&args.only)?;
    let mut ground = Ground { workspace: Workspace::read()?, postgres: None };
    let mut report = Report::default();
    for step in chosen {
        perform(step, &mut ground, &mut report);
    }
    drop(ground);
    report.print();
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The named steps and what they need, in the order of the list; all of them when none is named.
fn choose(names: &[String]) -> Result<Vec<&'static Step>> {
    let mut wanted = BTreeSet::new();
    for name in names {
        let Some(step) = STEPS.iter().find(|step| step.name == name) else {
            let known: Vec<_> = STEPS.iter().map(|step| step.name).collect();
            bail!("there is no step `{name}`; the steps are {}", known.join(", "));
        };
        wanted.insert(step.name);
        wanted.extend(step.needs);
    }
    Ok(STEPS.iter().filter(|step| names.is_empty() || wanted.contains(step.name)).collect())
}

fn perform(step: &Step, ground: &mut Ground, report: &mut Report) {
    heading(step);
    let start = Instant::now();
    let outcome = (step.run)(ground).unwrap_or_else(|error| Outcome::Failed(format!("{error:#}")));
    let outcome = if in_ci() { outcome.without_excuse() } else { outcome };
    println!("{} {outcome} ({:.1} s)", step.name, start.elapsed().as_secs_f64());
    report.add(step.name, outcome, start.elapsed());
}

fn heading(step: &Step) {
    let bold = if std::io::stdout().is_terminal() { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    println!("\n{}== {}: {}{}", bold.0, step.name, step.about, bold.1);
    // Tools write to the same terminal: the heading has to come before their first line.
    let _ = std::io::stdout().flush();
}

/// Continuous integration says so itself; there, a check that did not run is a check that failed.
fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|ci| ci == "true" || ci == "1")
}
