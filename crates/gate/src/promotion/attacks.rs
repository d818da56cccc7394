//! Gate 1: the attacks were made, and refused. First of all the one that seed 000 asks for: a validly signed token of a rogue
//! tenant, answered with 401.

use std::collections::BTreeSet;

use crate::report::{CaseResult, Outcome, PromotionGate, Report, Verdict};
use crate::{Expect, Severity, Suite, Target};

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
    gate(Verdict::Passed, passed(report, target, fail_on))
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
    if !report.results.iter().any(is_good_token_let_in) {
        missing.push("no good token was seen to pass".to_owned());
    }
    missing.extend(report.results.iter().filter(|result| is_skipped_for_nothing(result)).map(told));
    missing.extend(isolation_unclear(report, target));
    missing
}

/// Where `[isolation]` is there, somebody counts on it: a canary that could not be planted shows nothing.
fn isolation_unclear(report: &Report, target: &Target) -> Option<String> {
    target.isolation.as_ref()?;
    let of_suite = || report.results.iter().filter(|result| result.suite == Suite::Isolation);
    let nothing_held = !of_suite().any(|result| result.outcome == Outcome::Held);
    let unclear = of_suite().find(|result| target.skip_reason(&result.id).is_none());
    unclear.filter(|_| nothing_held).map(|result| format!("`[isolation]` showed nothing: {}", result.detail))
}

/// Not `control/no-token`, which a target that refuses everything holds too (T-161).
fn is_good_token_let_in(result: &CaseResult) -> bool {
    result.suite == Suite::Control && result.expected == Expect::Passes && result.outcome == Outcome::Held
}

fn is_skipped_for_nothing(result: &CaseResult) -> bool {
    let unsaid = matches!(&result.outcome, Outcome::Skipped(reason) if reason.trim().is_empty());
    unsaid && result.severity == Severity::Critical
}

fn passed(report: &Report, target: &Target, fail_on: Severity) -> Vec<String> {
    let counts = report.counts();
    let mut reasons = vec![
        "a validly signed token of a rogue tenant got 401 at every probe".to_owned(),
        format!("{} held, {} skipped with a reason each", counts.held, counts.skipped),
    ];
    if counts.failed > 0 {
        reasons.push(format!("{} failed below {}", counts.failed, fail_on.name()));
    }
    reasons.extend(left_out(report, target));
    reasons
}

/// What somebody chose not to try. It passes, and whoever approves the release has to see it (T-162).
fn left_out(report: &Report, target: &Target) -> Option<String> {
    let left_out = report.results.iter().filter(|result| {
        matches!(&result.outcome, Outcome::Skipped(why) if target.skip_reason(&result.id) == Some(why))
    });
    let severities: Vec<_> = left_out.map(|result| result.severity).collect();
    let critical = severities.iter().filter(|severity| **severity == Severity::Critical).count();
    (!severities.is_empty()).then(|| {
        format!(
            "{} were left out because somebody asked for it, {critical} of them critical",
            severities.len()
        )
    })
}

fn gate(verdict: Verdict, reasons: Vec<String>) -> PromotionGate {
    let title = "Validly signed tokens of a rogue tenant, and all other wrong ones, are refused".to_owned();
    PromotionGate { number: 1, title, verdict, reasons }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::judge;
    use crate::report::{CaseResult, Outcome, Report, Verdict};
    use crate::{Severity, Suite, Target};

    const TARGET: &str =
        "name = \"t\"\nurl = \"http://localhost\"\n[api]\nclient-id = \"a\"\n[[probe]]\npath = \"/\"\n";

    /// Every case held, but those of which `skipped` is true.
    fn report(target: &Target, skipped: fn(&crate::Case) -> bool) -> Report {
        let mut cases = crate::all_cases();
        cases.retain(|case| crate::suites::concerns(case, target));
        let result = |case: &crate::Case| CaseResult {
            id: case.id.to_owned(),
            suite: case.suite,
            probe: "GET /".to_owned(),
            title: case.title.to_owned(),
            reason: case.reason.to_owned(),
            source: case.source.to_owned(),
            threats: Vec::new(),
            severity: case.severity,
            expected: case.expect,
            outcome: if skipped(case) { Outcome::Skipped("later".to_owned()) } else { Outcome::Held },
            status: Some(401),
            detail: "did".to_owned(),
            took_ms: 1,
        };
        let results: Vec<_> = cases.iter().map(result).collect();
        let report = json!({
            "schema": crate::report::SCHEMA, "gate_version": "0", "suite_version": "1.0", "target": "t", "url": target.url,
            "authority": "http://localhost:1", "seed": 1, "started_at": 1, "took_ms": 1, "waited_ms": 0, "requests": 1,
            "limits": target.limits, "results": results,
        });
        serde_json::from_value(report).unwrap()
    }

    fn first(more: &str, skipped: fn(&crate::Case) -> bool) -> (Verdict, String) {
        let target = Target::parse(&format!("{TARGET}{more}")).unwrap();
        let gate = judge(&report(&target, skipped), &target, Severity::Low);
        (gate.verdict, gate.reasons.join("; "))
    }

    /// T-161: `control/no-token` holds at a target that refuses everything, too.
    #[test]
    fn a_good_token_has_to_have_passed() {
        assert_eq!(first("", |_| false).0, Verdict::Passed);
        let (verdict, why) = first("", |case| case.suite == Suite::Control && case.id != "control/no-token");
        assert_eq!(verdict, Verdict::NotProven);
        assert!(why.contains("no good token"), "{why}");
    }

    /// T-162: what somebody counts on and what somebody left out is told from what does not concern the target.
    #[test]
    fn isolation_that_showed_nothing_proves_nothing() {
        let isolation = "[isolation]\nopenapi = \"/openapi.json\"\n";
        let skipped = |case: &crate::Case| case.suite == Suite::Isolation;
        assert_eq!(first("", skipped).0, Verdict::Passed);
        let (verdict, why) = first(isolation, skipped);
        assert_eq!(verdict, Verdict::NotProven);
        assert!(why.contains("`[isolation]` showed nothing"), "{why}");
        let left_out = format!("{isolation}[[skip]]\ncase = \"isolation\"\nreason = \"later\"\n");
        let (verdict, why) = first(&left_out, skipped);
        assert_eq!(verdict, Verdict::Passed, "{why}");
        assert!(why.contains("because somebody asked for it"), "{why}");
    }
}
