//! Gate 1: the attacks were made, and refused. First of all the one that seed 000 asks for: a validly signed token of a rogue
//! tenant, answered with 401.

use std::collections::BTreeSet;

use crate::report::{CaseResult, Outcome, PromotionGate, Report, Verdict};
use crate::{Severity, Suite, Target};

const ROGUE: &str = "tenancy/rogue-tenant";
/// How many failures are named; the report has all of them.
const NAMED_MAX: usize = 5;

/// What gate 1 came to. Failures below `fail_on` are told and do not decide.
pub(super) fn judge(report: &Report, target: &Target, fail_on: Severity) -> PromotionGate {
    let failed: Vec<_> = report.failures().into_iter().filter(|result| result.severity >= fail_on).collect();
    let mut reasons = stopped_short(report);
    reasons.extend(failed.iter().take(NAMED_MAX).map(|result| told(result)));
    if failed.len() > NAMED_MAX {
        reasons.push(format!("and {} more", failed.len() - NAMED_MAX));
    }
    reasons.extend(rogue_not_401(report));
    if !reasons.is_empty() {
        return gate(Verdict::Failed, reasons);
    }
    let missing = missing(report, target);
    if !missing.is_empty() {
        return gate(Verdict::NotProven, missing);
    }
    gate(Verdict::Passed, passed(report, fail_on))
}

/// What a failed control means for everything that did not run after it.
fn stopped_short(report: &Report) -> Vec<String> {
    let control = report.results.iter().find(|result| result.suite == Suite::Control && result.failed());
    let why = "nothing else was tried, because it would mean nothing: good tokens have to pass, and no token must not";
    control.map(|_| why.to_owned()).into_iter().collect()
}

fn told(result: &CaseResult) -> String {
    format!("`{}` at {}: {}", result.id, result.probe, result.detail)
}

/// A refusal in another way, where `gate.toml` calls that a refusal: the pattern asks for 401.
fn rogue_not_401(report: &Report) -> Option<String> {
    let held = rogue(report).filter(|result| result.outcome == Outcome::Held);
    let mut other = held.filter(|result| result.status.is_some_and(|status| status != 401));
    let other = other.next()?;
    let status = other.status.unwrap_or_default();
    Some(format!(
        "a validly signed token of a rogue tenant got {status} at {}, and has to get 401",
        other.probe
    ))
}

fn rogue(report: &Report) -> impl Iterator<Item = &CaseResult> {
    report.results.iter().filter(|result| result.id == ROGUE)
}

/// Why nothing is proven though nothing failed (T-162).
fn missing(report: &Report, target: &Target) -> Vec<String> {
    let mut missing = Vec::new();
    if !rogue(report).any(|result| result.outcome == Outcome::Held) {
        missing
            .push(format!("`{ROGUE}` did not run: a validly signed token of a rogue tenant was not tried"));
    }
    let ran: BTreeSet<_> = report.results.iter().map(|result| result.id.as_str()).collect();
    let mut all = crate::all_cases();
    all.retain(|case| crate::suites::concerns(case, target));
    let left_out = all.iter().filter(|case| !ran.contains(case.id)).count();
    if left_out > 0 {
        missing.push(format!("{left_out} of {} cases were not selected", all.len()));
    }
    if !report.results.iter().any(|result| result.suite == Suite::Control && result.outcome == Outcome::Held)
    {
        missing.push("no good token was seen to pass".to_owned());
    }
    missing.extend(report.results.iter().filter(|result| is_skipped_for_nothing(result)).map(told));
    missing
}

fn is_skipped_for_nothing(result: &CaseResult) -> bool {
    let unsaid = matches!(&result.outcome, Outcome::Skipped(reason) if reason.trim().is_empty());
    unsaid && result.severity == Severity::Critical
}

fn passed(report: &Report, fail_on: Severity) -> Vec<String> {
    let counts = report.counts();
    let mut reasons = vec![
        "a validly signed token of a rogue tenant got 401 at every probe".to_owned(),
        format!("{} held, {} skipped with a reason each", counts.held, counts.skipped),
    ];
    if counts.failed > 0 {
        reasons.push(format!("{} failed below {}", counts.failed, fail_on.name()));
    }
    reasons
}

fn gate(verdict: Verdict, reasons: Vec<String>) -> PromotionGate {
    let title = "Validly signed tokens of a rogue tenant, and all other wrong ones, are refused".to_owned();
    PromotionGate { number: 1, title, verdict, reasons }
}
