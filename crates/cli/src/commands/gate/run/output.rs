//! Where a run's reports go.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::ValueEnum;
use tenantry_gate::{Report, SigningKey, Verdict};

use super::super::evidence;
use super::super::formats::Format;
use super::super::summary;
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
    /// Sign evidence of the run with this private key (Ed25519, PEM), as evidence.json beside report.json.
    #[arg(long, value_name = "FILE", requires = "out")]
    sign_with: Option<PathBuf>,
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

/// Where reports go: made before the run, so that nothing is lost after it.
pub(super) struct Output {
    out: Option<PathBuf>,
    formats: Vec<Format>,
    key: Option<SigningKey>,
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
            remove_earlier(out)?;
        }
        let key = self.sign_with.as_deref().map(evidence::signing_key).transpose()?;
        let mut formats = match self.format.is_empty() {
            true => Format::value_variants().to_vec(),
            false => self.format.clone(),
        };
        if key.is_some() && !formats.contains(&Format::Json) {
            // Evidence names the bytes of this one.
            formats.push(Format::Json);
        }
        Ok(Output { out: self.out.clone(), formats, key, json: self.json })
    }
}

/// A run that ends without a verdict must not leave another one's in its place (T-162).
fn remove_earlier(out: &Path) -> anyhow::Result<()> {
    let names = Format::value_variants().iter().map(|format| format.file_name());
    for path in names.chain([evidence::FILE_NAME]).map(|name| out.join(name)) {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot replace {}", path.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

impl Output {
    pub(super) fn write(&self, report: &Report, verdict: Verdict) -> anyhow::Result<()> {
        if let Some(out) = &self.out {
            for format in &self.formats {
                format.write(report, &out.join(format.file_name()))?;
            }
            if let Some(key) = &self.key {
                evidence::write(report, key, out)?;
            }
        }
        match self.json {
            true => print!("{}", report.json()),
            false => summary::print(report, verdict),
        }
        if let (Some(out), false) = (&self.out, self.json) {
            println!("Reports: {}", out.display());
        }
        Ok(())
    }
}
