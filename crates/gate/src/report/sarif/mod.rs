//! SARIF 2.1.0, as GitHub code scanning and other readers take it: a rule for each case, a result for each failure.
//!
//! What was skipped is a notification of the run, not a result: readers show every result as an alert.

mod found;
mod rule;

use serde_json::{Value, json};

use super::{Outcome, Report, Verdict, date};

/// Where all results are shown. An attack has no line of source, and code scanning wants a file of the repository.
const ARTIFACT: &str = "gate.toml";

impl Report {
    /// The report as SARIF 2.1.0, with a line feed at the end.
    pub fn sarif(&self) -> String {
        let report = self.printable();
        let log = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [report.sarif_run()],
        });
        serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
    }

    fn sarif_run(&self) -> Value {
        let rules = rule::all(self);
        json!({
            "tool": {"driver": {
                "name": "tenantry gate",
                "semanticVersion": self.gate_version,
                "informationUri": rule::ENTRA,
                "rules": rules.iter().map(|rule| &rule.json).collect::<Vec<_>>(),
            }},
            // A category of its own for each target, so that one upload does not close another's alerts.
            "automationDetails": {"id": format!("tenantry-gate/{}/", self.target.replace('/', "-"))},
            "invocations": [self.invocation()],
            "results": found::all(self, &rules),
            "columnKind": "unicodeCodePoints",
            "properties": {
                "target": self.target,
                "url": self.url,
                "suiteVersion": self.suite_version,
                "verdict": self.verdict(),
            },
        })
    }

    fn invocation(&self) -> Value {
        json!({
            "executionSuccessful": true,
            "startTimeUtc": date::rfc3339(self.started_at),
            "endTimeUtc": date::rfc3339(self.started_at.saturating_add(self.took_ms / 1000)),
            "toolExecutionNotifications": self.notes(),
        })
    }

    /// What was skipped, and which gates are open.
    fn notes(&self) -> Vec<Value> {
        let skipped = self.results.iter().filter_map(|result| match &result.outcome {
            Outcome::Skipped(why) => Some(format!("skipped {} at {}: {why}", result.id, result.probe)),
            _ => None,
        });
        let open = self.gates.iter().filter(|gate| gate.verdict == Verdict::NotProven);
        let open = open.map(|gate| format!("promotion gate {} is {}", gate.number, gate.why()));
        skipped.chain(open).map(|text| json!({"level": "note", "message": {"text": text}})).collect()
    }
}

#[cfg(test)]
mod tests;
