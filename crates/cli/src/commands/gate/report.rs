//! `tenantry gate report`: an earlier run's report, shown, or written again in another format.

use std::path::{Path, PathBuf};

use anyhow::Context;
use tenantry_gate::Report;

use super::formats::Format;
use super::required::{RequiredArgs, exit};
use super::summary;
use crate::exit::Exit;

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
    #[command(flatten)]
    required: RequiredArgs,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let report = read(&args.report)?;
    let files = args.files();
    for (format, path) in &files {
        format.write(&report, path)?;
    }
    if !files.is_empty() {
        return Ok(Exit::Ok);
    }
    let verdict = args.required.or([]).verdict(&report);
    summary::print(&report, verdict);
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
