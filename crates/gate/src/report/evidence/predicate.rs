//! What is said of a run: the predicate, documented in `docs/reference/gate-report.md`.

use serde::{Deserialize, Serialize};

use crate::report::{Approval, Counts, Report, Verdict, date};

/// What a run came to, short enough for a release record. Members are in the spelling of in-toto.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignedEvidence {
    /// The target's name.
    pub target: String,
    /// The target's address.
    pub url: String,
    /// What it all came to.
    pub verdict: Verdict,
    /// What each promotion gate came to. Empty: none was asked.
    pub gates: Vec<EvidenceGate>,
    /// How many cases held, failed and were skipped.
    pub counts: Counts,
    /// The auth module. `None`: nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<EvidenceModule>,
    /// The locked allow-list. `None`: there is none, or nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_list: Option<EvidenceList>,
    /// Version of the gate that ran.
    pub gate_version: String,
    /// Version of the set of attacks.
    pub suite_version: String,
    /// Number from which everything invented was derived.
    pub seed: u64,
    /// [`Report::results_digest`]: equal for two runs that found the same (T-165).
    pub results_digest: String,
    /// When it began, RFC 3339 in UTC.
    pub started_at: String,
    /// When it ended, to the second.
    pub finished_at: String,
}

/// A promotion gate, without its reasons.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct EvidenceGate {
    /// 1 to 3.
    pub number: u8,
    /// What it came to.
    pub verdict: Verdict,
}

/// The auth module that the target is built with.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct EvidenceModule {
    /// Name of the package.
    pub name: String,
    /// Version.
    pub version: String,
    /// Whether it is approved.
    pub approval: Approval,
}

/// Which allow-list.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct EvidenceList {
    /// Its number.
    pub revision: u64,
    /// `sha256:` and hexadecimal.
    pub digest: String,
}

impl SignedEvidence {
    /// What is said of a report.
    pub(super) fn of(report: &Report) -> Self {
        let report = report.printable();
        Self {
            verdict: report.verdict(),
            gates: report
                .gates
                .iter()
                .map(|gate| EvidenceGate { number: gate.number, verdict: gate.verdict })
                .collect(),
            counts: report.counts(),
            results_digest: report.results_digest(),
            started_at: date::rfc3339(report.started_at),
            finished_at: date::rfc3339(report.started_at.saturating_add(report.took_ms / 1000)),
            seed: report.seed,
            module: report.module.map(|module| EvidenceModule {
                name: module.name,
                version: module.version,
                approval: module.approval,
            }),
            allow_list: report
                .allow_list
                .map(|list| EvidenceList { revision: list.revision, digest: list.digest }),
            target: report.target,
            url: report.url,
            gate_version: report.gate_version,
            suite_version: report.suite_version,
        }
    }
}
