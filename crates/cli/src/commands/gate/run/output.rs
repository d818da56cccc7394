//! Reports as files, and the summary on standard output.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::ValueEnum;
use tenantry_gate::Report;

use super::progress::Telling;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Reports")]
pub(super) struct OutputArgs {
    /// Write reports into this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Which reports, separated by commas. Default: all.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FORMAT", requires = "out")]
    format: Vec<Format>,
    /// Print the report as JSON on standard output, and no summary.
    #[arg(long)]
    json: bool,
    /// Print no progress.
    #[arg(long, short)]
    quiet: bool,
    /// Print every case as it is done.
    #[arg(long, short, conflicts_with = "quiet")]
    verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Json,
}

/// Where reports go: checked before the run, so that nothing is lost after it.
pub(super) struct Output {
    out: Option<PathBuf>,
    formats: Vec<Format>,
    json: bool,
}

impl OutputArgs {
    pub(super) fn telling(&self) -> Telling {
        match (self.quiet, self.verbose) {
            (true, _) => Telling::Nothing,
            (false, true) => Telling::Cases,
            (false, false) => Telling::Suites,
        }
    }

    pub(super) fn prepare(&self) -> anyhow::Result<Output> {
        if let Some(out) = &self.out {
            std::fs::create_dir_all(out)
                .with_context(|| format!("cannot make the folder {}", out.display()))?;
        }
        let formats = match self.format.is_empty() {
            true => Format::value_variants().to_vec(),
            false => self.format.clone(),
        };
        Ok(Output { out: self.out.clone(), formats, json: self.json })
    }
}

impl Output {
    pub(super) fn write(&self, report: &Report, _required: &BTreeSet<u8>) -> anyhow::Result<()> {
        for format in self.out.iter().flat_map(|_| &self.formats) {
            self.write_file(*format, report)?;
        }
        if self.json {
            println!("{}", serde_json::to_string_pretty(report)?);
        } else {
            let counts = report.counts();
            println!("{} held, {} failed, {} skipped", counts.held, counts.failed, counts.skipped);
        }
        Ok(())
    }

    fn write_file(&self, format: Format, report: &Report) -> anyhow::Result<()> {
        let Some(out) = &self.out else { return Ok(()) };
        let (name, text) = match format {
            Format::Json => ("report.json", serde_json::to_string_pretty(report)?),
        };
        write(&out.join(name), &text)
    }
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
