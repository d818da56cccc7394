//! A report on a terminal: what it comes to, why, and where to look.

use tenantry_gate::{CaseResult, Counts, PromotionGate, Report, Suite, Verdict};

use crate::terminal::{BAD, BOLD, CHANGED, GOOD, LINK, QUIET, styled};

/// How many failures are shown; files have all of them.
const SHOWN_MAX: usize = 12;

/// Prints counts, gates, failures and, last because it is read first, the verdict.
pub(super) fn print(report: &Report, verdict: Verdict) {
    anstream::println!();
    anstream::println!("{}  {}", styled(&shown(&report.target), BOLD), styled(&shown(&report.url), LINK));
    anstream::println!("{}", counts(report));
    failures(report);
    anstream::println!();
    report.gates.iter().for_each(gate);
    anstream::println!();
    anstream::println!("{}", conclusion(report, verdict));
}

fn counts(report: &Report) -> String {
    let Counts { held, failed, skipped } = report.counts();
    let failed = match failed {
        0 => "0 failed".to_owned(),
        failed => styled(&format!("{failed} failed"), BAD),
    };
    let seconds = |ms: u64| format!("{}.{} s", ms / 1000, ms % 1000 / 100);
    let time = match report.waited_ms {
        0 => seconds(report.took_ms),
        waited => format!("{}, {} of them waiting", seconds(report.took_ms), seconds(waited)),
    };
    let rest = styled(&format!("{} requests in {time}", report.requests), QUIET);
    format!("{held} held, {failed}, {skipped} skipped  {rest}")
}

fn failures(report: &Report) {
    let failures = report.failures();
    for failure in failures.iter().take(SHOWN_MAX) {
        failure_lines(failure);
    }
    if failures.len() > SHOWN_MAX {
        let more = format!("  and {} more: `--out DIR` writes all of them", failures.len() - SHOWN_MAX);
        anstream::println!("{}", styled(&more, QUIET));
    }
}

fn failure_lines(failure: &CaseResult) {
    let severity = styled(&format!("{:<8}", failure.severity.name()), BAD);
    anstream::println!();
    anstream::println!(
        "  {severity} {}  {}",
        styled(&failure.id, BOLD),
        styled(&shown(&failure.probe), QUIET)
    );
    anstream::println!("           {}: {}", shown(&failure.title), shown(&failure.detail));
    anstream::println!(
        "           {}",
        styled(&format!("{} ({})", shown(&failure.reason), shown(&failure.source)), QUIET)
    );
    if failure.suite == Suite::Control {
        anstream::println!("           nothing else was tried: its result would mean nothing");
    }
}

fn gate(gate: &PromotionGate) {
    let (mark, word) = match gate.verdict {
        Verdict::Passed => (styled("✓", GOOD), styled("passed    ", GOOD)),
        Verdict::Failed => (styled("✗", BAD), styled("failed    ", BAD)),
        Verdict::NotProven => (styled("?", CHANGED), styled("not proven", CHANGED)),
    };
    anstream::println!("{mark} gate {}  {word}  {}", gate.number, shown(&gate.title));
    for reason in &gate.reasons {
        anstream::println!("                      {}", styled(&shown(reason), QUIET));
    }
}

fn conclusion(report: &Report, verdict: Verdict) -> String {
    match verdict {
        Verdict::Passed if report.verdict() == Verdict::Passed => {
            styled("May be promoted: all three gates are proven.", GOOD)
        }
        Verdict::Passed => styled("May be promoted, by the gates that had to be proven.", GOOD),
        Verdict::Failed => styled("Must not be promoted.", BAD),
        Verdict::NotProven => styled("Could not tell: not every gate that has to be proven is.", CHANGED),
    }
}

/// A text that may be a stranger's, on one line.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
