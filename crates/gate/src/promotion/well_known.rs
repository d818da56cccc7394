//! What the target tells of itself at `/.well-known/tenantry`. Its own word: good for a report, and for finding a contradiction.

use serde::Deserialize;

use super::FoundModule;

/// Where it is asked.
pub(super) const PATH: &str = "/.well-known/tenantry";
/// Longest name or version believed. Characters.
const TEXT_MAX: usize = 200;

/// Module, version, and the list in force.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct ModuleReport {
    /// Name of the auth module.
    pub module: String,
    /// Its version.
    pub version: String,
    /// The reviewed and locked list that is in force, if one is.
    #[serde(default)]
    pub allow_list: Option<ToldList>,
}

/// A list as the target names it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct ToldList {
    /// Its number.
    pub revision: u64,
    /// `sha256:` and 64 hexadecimal digits.
    pub digest: String,
}

impl ModuleReport {
    /// Reads an answer. None for anything else than such a report of sensible size: every API has some answer to every path.
    pub(super) fn parse(body: &str) -> Option<Self> {
        let report: Self = serde_json::from_str(body).ok()?;
        let sensible = |text: &str| {
            !text.is_empty() && text.chars().count() <= TEXT_MAX && !text.chars().any(char::is_control)
        };
        (sensible(&report.module) && sensible(&report.version)).then_some(report)
    }

    /// The module, as gate 2 compares it.
    pub fn found(&self) -> FoundModule {
        FoundModule {
            ecosystem: None,
            name: self.module.clone(),
            version: self.version.clone(),
            source: None,
            said_by: PATH.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ModuleReport;

    #[test]
    fn other_answers_are_no_report() {
        let good = r#"{"module":"tenantry","version":"0.1.0","allow_list":null,"later":1}"#;
        assert!(ModuleReport::parse(good).is_some());
        for body in ["", "ok", "{}", r#"{"module":"","version":"1"}"#, r#"{"module":"a\nb","version":"1"}"#] {
            assert!(ModuleReport::parse(body).is_none(), "{body}");
        }
    }
}
