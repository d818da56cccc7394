//! `cargo xtask layers`: dependencies between our crates point one way.
//!
//! The plan is the table in `house.rs`, the rules are in `check.rs`.

mod check;
mod house;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::workspace::Workspace;
use check::{Arrow, Problem};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// One JSON object: `crates`, `arrows` (from, to, kind) and `problems` (crate, rule, message)
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    crates: usize,
    arrows: Vec<Arrow>,
    problems: Vec<Problem>,
}

/// Prints what is wrong; ends with 1 if anything is.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let report = report(&Workspace::read()?)?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print(&report);
    }
    Ok(if report.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How many arrows break a rule, printed on the way: the step of `cargo xtask test`.
pub(crate) fn count_problems(workspace: &Workspace) -> Result<usize> {
    let report = report(workspace)?;
    print(&report);
    Ok(report.problems.len())
}

fn report(workspace: &Workspace) -> Result<Report> {
    let packages = &workspace.packages;
    let mut problems = check::problems(packages);
    problems.extend(check::unsafe_forbidden(&manifest(&workspace.root.join("Cargo.toml"))?));
    for package in packages {
        problems.extend(check::lints(&package.name, &manifest(&package.manifest_path)?));
    }
    Ok(Report { crates: packages.len(), arrows: check::arrows(packages), problems })
}

fn manifest(path: &Path) -> Result<toml::Table> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    text.parse().with_context(|| format!("cannot parse {}", path.display()))
}

fn print(report: &Report) {
    for problem in &report.problems {
        println!("{}: {}", problem.package, problem.message);
    }
    let (crates, arrows) = (report.crates, report.arrows.len());
    match report.problems.len() {
        0 => println!("{crates} crates, {arrows} arrows between them, all as designed"),
        wrong => println!("{crates} crates, {arrows} arrows between them, {wrong} problems"),
    }
}
