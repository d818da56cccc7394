//! What people are shown of a report: gates, failures and skips, put together for page and terminal alike.

use super::words::sentence;
use super::{CaseResult, Counts, Outcome, PromotionGate, Report, Verdict};
use crate::{Severity, Suite};

/// A promotion gate, asked or not.
pub(super) struct GateView<'r> {
    pub(super) number: u8,
    pub(super) title: &'r str,
    pub(super) verdict: Verdict,
    pub(super) reasons: Vec<String>,
}

/// A case that failed, at one probe or at several.
pub(super) struct Failure<'r> {
    /// One of its results: what is the same at every probe.
    pub(super) case: &'r CaseResult,
    pub(super) what: &'static str,
    /// Probe, and what happened there.
    pub(super) places: Vec<(&'r str, String)>,
}

/// Cases that were left out for the same reason.
pub(super) struct SkipGroup<'r> {
    pub(super) why: String,
    /// Ids, each once.
    pub(super) cases: Vec<&'r str>,
}

/// A suite and its results.
pub(super) struct SuiteView<'r> {
    pub(super) suite: Suite,
    pub(super) counts: Counts,
    pub(super) rows: Vec<Row<'r>>,
}

/// A case that went the same way at one probe or at several.
pub(super) struct Row<'r> {
    /// One of its results.
    pub(super) case: &'r CaseResult,
    pub(super) probes: Vec<&'r str>,
    /// What happened, each once.
    pub(super) details: Vec<String>,
}

const TITLES: [&str; 3] = [
    "Tokens of strangers are refused",
    "The auth module is an approved version",
    "The allow-list is reviewed, locked and enforced",
];

/// All three, and what else the report has.
pub(super) fn gates(report: &Report) -> Vec<GateView<'_>> {
    let missing =
        (1..=3).zip(TITLES).filter(|(number, _)| report.gates.iter().all(|gate| gate.number != *number));
    let missing = missing.map(|(number, title)| GateView {
        number,
        title,
        verdict: Verdict::NotProven,
        reasons: vec!["This run did not ask it.".to_owned()],
    });
    let mut gates: Vec<_> = report.gates.iter().map(GateView::from).chain(missing).collect();
    gates.sort_by_key(|gate| gate.number);
    gates
}

impl<'r> From<&'r PromotionGate> for GateView<'r> {
    fn from(gate: &'r PromotionGate) -> Self {
        let reasons = gate.reasons.iter().map(|reason| sentence(reason)).collect();
        Self { number: gate.number, title: &gate.title, verdict: gate.verdict, reasons }
    }
}

/// Worst first; a case that failed in the same way at several probes is told once.
pub(super) fn failures(report: &Report) -> Vec<Failure<'_>> {
    let mut failures: Vec<Failure<'_>> = Vec::new();
    for result in report.failures() {
        let Outcome::Failed(finding) = result.outcome else { continue };
        let place = (result.probe.as_str(), sentence(&result.detail));
        match failures.iter_mut().find(|failure| failure.case.is_told_with(result)) {
            Some(failure) => failure.places.push(place),
            None => failures.push(Failure { case: result, what: finding.words(), places: vec![place] }),
        }
    }
    failures
}

impl CaseResult {
    fn is_told_with(&self, other: &Self) -> bool {
        self.id == other.id && self.outcome == other.outcome && self.title == other.title
    }
}

/// By reason, in the order of the report.
pub(super) fn skips(report: &Report) -> Vec<SkipGroup<'_>> {
    let mut groups: Vec<SkipGroup<'_>> = Vec::new();
    for result in &report.results {
        let Outcome::Skipped(why) = &result.outcome else { continue };
        let why = sentence(why);
        match groups.iter_mut().find(|group| group.why == why) {
            Some(group) if group.cases.contains(&result.id.as_str()) => {}
            Some(group) => group.cases.push(&result.id),
            None => groups.push(SkipGroup { why, cases: vec![&result.id] }),
        }
    }
    groups
}

/// In the order of the report.
pub(super) fn suites(report: &Report) -> Vec<SuiteView<'_>> {
    let suite = |(suite, counts)| SuiteView {
        suite,
        counts,
        rows: rows(report.results.iter().filter(|result| result.suite == suite)),
    };
    report.counts_by_suite().into_iter().map(suite).collect()
}

fn rows<'r>(results: impl Iterator<Item = &'r CaseResult>) -> Vec<Row<'r>> {
    let mut rows: Vec<Row<'r>> = Vec::new();
    for result in results {
        let detail = sentence(&result.detail);
        match rows.last_mut().filter(|row| row.case.is_told_with(result)) {
            Some(row) => {
                row.probes.push(&result.probe);
                if !row.details.contains(&detail) {
                    row.details.push(detail);
                }
            }
            None => rows.push(Row { case: result, probes: vec![&result.probe], details: vec![detail] }),
        }
    }
    rows
}

impl Report {
    /// Why the verdict is what it is, in a sentence or two.
    pub(super) fn lead(&self) -> String {
        let counts = self.counts();
        if self.results.is_empty() {
            return "No case ran.".to_owned();
        }
        match self.verdict() {
            Verdict::Passed => {
                let minor = match counts.failed {
                    0 => "none failed".to_owned(),
                    some => format!("{some} failed, below the severity that decides"),
                };
                format!("All three promotion gates passed; {} held and {minor}.", cases(counts.held))
            }
            Verdict::Failed if counts.failed > 0 => self.lead_of_failures(counts),
            Verdict::Failed => format!("No case failed, but {}.", self.gates_that(Verdict::Failed)),
            Verdict::NotProven => match counts.failed {
                0 => format!("No case failed, but {}.", self.gates_that(Verdict::NotProven)),
                some => format!("{} failed, and {}.", cases(some), self.gates_that(Verdict::NotProven)),
            },
        }
    }

    fn lead_of_failures(&self, counts: Counts) -> String {
        let critical = self.failures().iter().filter(|result| result.severity == Severity::Critical).count();
        let of_them = match critical {
            0 => String::new(),
            1 if counts.failed == 1 => ", and it is critical".to_owned(),
            all if all == counts.failed => ", all of them critical".to_owned(),
            some => format!(", {some} of them critical"),
        };
        let stopped =
            match self.results.iter().any(|result| result.suite == Suite::Control && result.failed()) {
                true => " Nothing else was tried, since it would have shown nothing.",
                false => "",
            };
        format!("{} of {} failed{of_them}.{stopped}", counts.failed, cases(counts.failed + counts.held))
    }

    /// `gates 1 and 3 are not proven`.
    fn gates_that(&self, verdict: Verdict) -> String {
        let numbers = gates(self).into_iter().filter(|gate| gate.verdict == verdict);
        let numbers: Vec<_> = numbers.map(|gate| gate.number.to_string()).collect();
        let what = |one, several| match verdict {
            Verdict::Failed => "failed".to_owned(),
            _ => format!("{} {}", if numbers.len() == 1 { one } else { several }, verdict.word()),
        };
        match numbers.as_slice() {
            [] => "too little was run to tell".to_owned(),
            [one] => format!("promotion gate {one} {}", what("is", "are")),
            [most @ .., last] => {
                format!("promotion gates {} and {last} {}", most.join(", "), what("is", "are"))
            }
        }
    }
}

/// `1 case`, `2 cases`.
fn cases(count: usize) -> String {
    if count == 1 { "1 case".to_owned() } else { format!("{count} cases") }
}
