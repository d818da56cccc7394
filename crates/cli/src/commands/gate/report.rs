//! `tenantry gate report`: an earlier run's report, shown, written again in another format, or checked against its evidence.

use std::path::{Path, PathBuf};

use anyhow::Context;
use tenantry_gate::Report;

use super::evidence;
use super::formats::Format;
use super::required::{RequiredArgs, exit};
use super::summary;
use crate::exit::Exit;
use crate::terminal::{BAD, GOOD, styled};

/// Show a report, write it again in another format, or check it against its signed evidence.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The report of a run.
    #[arg(long, value_name = "FILE", default_value = "report.json")]
    report: PathBuf,
    /// Write it as one HTML page.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write it as JUnit XML.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write it as SARIF.
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,
    /// Check it against this signed evidence, offline.
    #[arg(long, value_name = "FILE", requires = "keys")]
    verify: Option<PathBuf>,
    /// Public keys (PEM, or `ed25519:…`) whose evidence counts.
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "verify")]
    keys: Vec<PathBuf>,
    #[command(flatten)]
    required: RequiredArgs,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    if let Some(evidence) = &args.verify
        && let Err(fault) = evidence::verify(evidence, &args.report, &args.keys)?
    {
        anstream::eprintln!("{}: {fault}", styled("the evidence does not count", BAD));
        return Ok(Exit::Refused);
    }
    let report = read(&args.report)?;
    let files = args.files();
    for (format, path) in &files {
        format.write(&report, path)?;
    }
    if !files.is_empty() {
        return Ok(Exit::Ok);
    }
    let verdict = args.required.or(report.required.iter().copied()).verdict(&report);
    summary::print(&report, verdict);
    if args.verify.is_some() {
        anstream::println!("{}", styled("The evidence is genuine, and is of this report.", GOOD));
    }
    Ok(exit(verdict))
}

impl Args {
    fn files(&self) -> Vec<(Format, &Path)> {
        let files = [(Format::Junit, &self.junit), (Format::Sarif, &self.sarif), (Format::Html, &self.html)];
        files.into_iter().filter_map(|(format, path)| Some((format, path.as_deref()?))).collect()
    }
}

fn read(path: &Path) -> anyhow::Result<Report> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Report::parse(&text).with_context(|| format!("{} cannot be used", path.display()))
}
