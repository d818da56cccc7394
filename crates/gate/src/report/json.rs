//! The report for machines. The same report gives the same bytes, which signed evidence names.

use serde::Deserialize;

use super::{Report, SCHEMA};

/// Largest report that is read: a thousand times what a run writes.
const BYTES_MAX: usize = 64 << 20;

/// Why a text is no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// More than 64 MiB.
    #[error("larger than {BYTES_MAX} bytes")]
    TooLarge,
    /// Not JSON, or another shape than a report's.
    #[error("not a report of `tenantry gate`: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A report of another format.
    #[error("its schema is `{0}`, this version reads `{SCHEMA}`")]
    Schema(String),
}

/// Read before anything else, so that a later format is told from a broken file.
#[derive(Deserialize)]
struct SchemaOnly {
    schema: String,
}

impl Report {
    /// The report as JSON, with a line feed at the end: `docs/reference/gate-report.md`.
    pub fn json(&self) -> String {
        // Numbers, texts and lists alone: there is nothing in a report that JSON cannot say.
        serde_json::to_string_pretty(&self.printable()).unwrap_or_default() + "\n"
    }

    /// Reads a report that [`Report::json`] wrote.
    ///
    /// # Errors
    /// [`ReportError`]: an unknown member is one too, since nobody can tell what it was meant to change.
    pub fn parse(json: &str) -> Result<Self, ReportError> {
        if json.len() > BYTES_MAX {
            return Err(ReportError::TooLarge);
        }
        let SchemaOnly { schema } = serde_json::from_str(json)?;
        if schema != SCHEMA {
            return Err(ReportError::Schema(
                schema.chars().take(100).collect::<String>().escape_debug().to_string(),
            ));
        }
        Ok(serde_json::from_str::<Self>(json)?.printable())
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn what_is_written_can_be_read_and_is_the_same_again() {
        for (name, report) in samples::all() {
            let json = report.json();
            assert_eq!(Report::parse(&json).unwrap().json(), json, "{name}");
        }
    }

    #[test]
    fn other_documents_are_told_apart() {
        let json = samples::passed().json();
        assert!(matches!(Report::parse("{}"), Err(ReportError::Malformed(_))));
        assert!(matches!(Report::parse(""), Err(ReportError::Malformed(_))));
        let later = json.replace(SCHEMA, "tenantry-gate/2\\u001b");
        assert!(Report::parse(&later).unwrap_err().to_string().contains(r"`tenantry-gate/2\u{1b}`"));
        let more = json.replacen("\"target\"", "\"ignore_failures\": true, \"target\"", 1);
        assert!(matches!(Report::parse(&more), Err(ReportError::Malformed(_))));
        let twice = json.replacen("\"target\"", "\"seed\": 1, \"target\"", 1);
        assert!(matches!(Report::parse(&twice), Err(ReportError::Malformed(_))));
    }
}
