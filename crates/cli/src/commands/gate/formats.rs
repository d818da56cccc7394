//! The formats of a report, and the files that they go into.

use std::path::Path;

use anyhow::Context;
use clap::ValueEnum;
use tenantry_gate::Report;

/// A format that a report is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For machines, and for evidence
    Json,
    /// For the test results of a pipeline
    Junit,
    /// For code scanning
    Sarif,
    /// For people: one page that needs nothing else
    Html,
}

impl Format {
    /// Its name in a folder of reports.
    pub(super) const fn file_name(self) -> &'static str {
        match self {
            Self::Json => "report.json",
            Self::Junit => "junit.xml",
            Self::Sarif => "report.sarif",
            Self::Html => "report.html",
        }
    }

    pub(super) fn render(self, report: &Report) -> String {
        match self {
            Self::Json => report.json(),
            Self::Junit => report.junit(),
            Self::Sarif => report.sarif(),
            Self::Html => report.html(),
        }
    }

    /// Writes the report into a file.
    pub(super) fn write(self, report: &Report, path: &Path) -> anyhow::Result<()> {
        std::fs::write(path, self.render(report)).with_context(|| format!("cannot write {}", path.display()))
    }
}
