//! What came of a run: the one value from which every report is made.
//!
//! `result.rs` is one case at one probe, `promotion.rs` what a release needs beside the attacks, `verdict.rs` what both
//! come to. `json.rs`, `junit.rs`, `sarif/`, `html/` and `terminal.rs` are the formats, `evidence/` is the signature; each begins with `text.rs`, which makes texts harmless.

mod date;
mod digest;
mod evidence;
mod html;
mod json;
mod junit;
mod promotion;
mod result;
#[cfg(test)]
mod samples;
mod sarif;
mod terminal;
#[cfg(test)]
mod tests;
mod text;
mod verdict;
mod views;
mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Limits, Suite};

pub use evidence::{
    EvidenceFault, EvidenceGate, EvidenceList, EvidenceModule, KeyError, SignedEvidence, SigningKey,
    VerifyingKey,
};
pub use json::ReportError;
pub use promotion::{AllowListFacts, Approval, ModuleVersion, PromotionGate};
pub use result::{CaseResult, Counts, Finding, Outcome};
pub use verdict::Verdict;

/// Version of the set of attacks. Its second number grows with every case that is added, its first with every one that is
/// changed or removed (T-165).
pub const SUITE_VERSION: &str = "1.0";

/// `tenantry-gate/1`: the shape of a [`Report`] as JSON.
pub const SCHEMA: &str = "tenantry-gate/1";

/// What came of a run. As JSON it is the machine's report; all other reports are made of it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// [`SCHEMA`]: the shape of this document.
    pub schema: String,
    /// Version of the gate that ran.
    pub gate_version: String,
    /// [`SUITE_VERSION`] of the gate that ran.
    pub suite_version: String,
    /// The target's name.
    pub target: String,
    /// The target's address.
    pub url: String,
    /// The simulator's base, which the target trusted as its authority.
    pub authority: String,
    /// Number from which everything invented was derived.
    pub seed: u64,
    /// When it began, Unix seconds.
    pub started_at: u64,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// Of these, how many were spent waiting on purpose: for caches, key refreshes and time-outs.
    pub waited_ms: u64,
    /// Requests to the target.
    pub requests: u64,
    /// The bounds that the run kept.
    pub limits: Limits,
    /// The auth module that the target is built with. `None`: nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<ModuleVersion>,
    /// The locked allow-list. `None`: there is none, or nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_list: Option<AllowListFacts>,
    /// The promotion gates that were asked, by number. Empty: attacks alone.
    #[serde(default)]
    pub gates: Vec<PromotionGate>,
    /// Gates that had to be proven, by number: those that the run's exit code answered for. Empty: the first alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<u8>,
    /// One entry for each case at each probe, in the order of suites and ids.
    pub results: Vec<CaseResult>,
}

impl Report {
    /// How many held, failed and were skipped.
    pub fn counts(&self) -> Counts {
        self.results.iter().fold(Counts::default(), |mut counts, result| {
            counts.add(&result.outcome);
            counts
        })
    }

    /// The same for each suite that ran.
    pub fn counts_by_suite(&self) -> BTreeMap<Suite, Counts> {
        let mut by_suite = BTreeMap::<Suite, Counts>::new();
        for result in &self.results {
            by_suite.entry(result.suite).or_default().add(&result.outcome);
        }
        by_suite
    }

    /// The failures, worst first.
    pub fn failures(&self) -> Vec<&CaseResult> {
        let mut failures: Vec<_> = self.results.iter().filter(|result| result.failed()).collect();
        failures.sort_by_key(|result| std::cmp::Reverse(result.severity));
        failures
    }
}

/// Bytes in hexadecimal, in lower case.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
