//! The report as text for a terminal. The verdict comes last, where the eye is when a run ends.

use anstyle::{AnsiColor, Style};
use textwrap::Options;

use super::views::{self, Failure, GateView, SkipGroup};
use super::words::sentence;
use super::{Counts, Report, Verdict, date};
use crate::Severity;

const BOLD: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const OPEN: Style = AnsiColor::Yellow.on_default().bold();

/// Narrower is not readable, wider neither.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=100;
/// Failures that are shown. Files have all of them.
const FAILURES_MAX: usize = 12;
/// Columns to the left of every text.
const INDENT: &str = "          ";

/// Lines that are being written.
struct Lines {
    text: String,
    width: usize,
}

impl Report {
    /// The report for people at a terminal of `width` columns, in colours, to be printed through `anstream`, which leaves them
    /// out where they do not belong. `verdict` is what the caller makes of the report: [`Report::verdict`], or what the gates
    /// come to that had to be proven.
    pub fn text(&self, verdict: Verdict, width: usize) -> String {
        let report = self.printable();
        let mut lines = Lines { text: String::new(), width: width.clamp(*WIDTHS.start(), *WIDTHS.end()) };
        lines.head(&report);
        lines.suites(&report);
        let failures = views::failures(&report);
        failures.iter().take(FAILURES_MAX).for_each(|failure| lines.failure(failure));
        lines.more(failures.len().saturating_sub(FAILURES_MAX));
        views::skips(&report).iter().for_each(|group| lines.skips(group));
        views::gates(&report).iter().for_each(|gate| lines.gate(gate));
        lines.conclusion(&report, verdict);
        lines.text
    }
}

impl Lines {
    fn head(&mut self, report: &Report) {
        self.wrapped("", &styled(&report.target, BOLD));
        self.wrapped("", &styled(&format!("{}, {}", report.url, date::minute(report.started_at)), QUIET));
        let waiting = match report.waited_ms {
            0 => String::new(),
            waited => format!(", {} of them waiting", date::span(waited)),
        };
        let spent = format!("{} requests in {}{waiting}", report.requests, date::span(report.took_ms));
        self.wrapped("", &styled(&spent, QUIET));
    }

    fn suites(&mut self, report: &Report) {
        self.line("");
        self.line(&styled("suite        held  failed  skipped", QUIET));
        report.counts_by_suite().into_iter().for_each(|(suite, counts)| self.counts(suite.name(), counts));
        self.counts("all", report.counts());
    }

    fn counts(&mut self, name: &str, Counts { held, failed, skipped }: Counts) {
        let number = |count: usize, width: usize, style| match count {
            0 => styled(&format!("{:>width$}", "·"), QUIET),
            count => styled(&format!("{count:>width$}"), style),
        };
        let plain = Style::new();
        let numbers = [number(held, 6, plain), number(failed, 8, BAD), number(skipped, 9, OPEN)].concat();
        self.line(&format!("{name:<11}{numbers}"));
    }

    fn failure(&mut self, failure: &Failure<'_>) {
        let case = failure.case;
        let style = if case.severity >= Severity::High { BAD } else { OPEN };
        self.line("");
        let severity = styled(&format!("{:<10}", case.severity.name()), style);
        self.wrapped(&severity, &styled(&case.id, BOLD));
        self.wrapped(INDENT, &sentence(&case.title));
        self.wrapped(INDENT, &format!("The target {}.", failure.what));
        for (probe, detail) in &failure.places {
            self.wrapped(INDENT, &format!("{probe}: {detail}"));
        }
        self.wrapped(INDENT, &styled(&format!("Why: {} ({})", sentence(&case.reason), case.source), QUIET));
        if let Some(advice) = case.advice() {
            self.wrapped(INDENT, &format!("{} {advice}", styled("What to do:", BOLD)));
        }
    }

    fn more(&mut self, more: usize) {
        if more > 0 {
            self.line("");
            self.wrapped(
                INDENT,
                &styled(&format!("and {more} more: the reports in files have all of them"), QUIET),
            );
        }
    }

    fn skips(&mut self, group: &SkipGroup<'_>) {
        self.line("");
        self.wrapped(&styled("skipped   ", OPEN), &group.why);
        self.wrapped(INDENT, &styled(&group.cases.join(", "), QUIET));
    }

    fn gate(&mut self, gate: &GateView<'_>) {
        let (mark, style) = match gate.verdict {
            Verdict::Passed => ("✓", GOOD),
            Verdict::Failed => ("✗", BAD),
            Verdict::NotProven => ("?", OPEN),
        };
        self.line("");
        let head = styled(&format!("{mark} gate {}  ", gate.number), style);
        self.wrapped(&head, &format!("{}: {}", styled(gate.title, BOLD), styled(gate.verdict.word(), style)));
        for reason in &gate.reasons {
            self.wrapped(INDENT, reason);
        }
    }

    fn conclusion(&mut self, report: &Report, verdict: Verdict) {
        let style = match verdict {
            Verdict::Passed => GOOD,
            Verdict::Failed => BAD,
            Verdict::NotProven => OPEN,
        };
        let why = match verdict == report.verdict() {
            true => report.lead(),
            false => "By the gates that had to be proven.".to_owned(),
        };
        self.line("");
        self.wrapped("", &format!("{} {why}", styled(&format!("{}.", verdict.sentence()), style)));
    }

    fn line(&mut self, line: &str) {
        self.text += line.trim_end();
        self.text.push('\n');
    }

    /// A paragraph, whose first line begins with `first` and the others below what follows it.
    fn wrapped(&mut self, first: &str, text: &str) {
        let rest = if first.is_empty() { "" } else { INDENT };
        let options = Options::new(self.width).initial_indent(first).subsequent_indent(rest);
        textwrap::wrap(text, options).iter().for_each(|line| self.line(line));
    }
}

fn styled(text: &str, style: Style) -> String {
    format!("{style}{text}{style:#}")
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    /// As a pipe or a file gets it.
    fn plain(report: &Report, width: usize) -> String {
        let text = report.text(report.verdict(), width);
        let mut plain = String::new();
        let mut parts = text.split('\u{1b}');
        plain += parts.next().unwrap_or_default();
        parts.for_each(|part| plain += part.split_once('m').map_or("", |(_, rest)| rest));
        plain
    }

    #[test]
    fn the_verdict_is_last_and_the_worst_failure_first() {
        let text = plain(&samples::failed(), 80);
        let last = text.lines().last().unwrap();
        assert_eq!(last, "Must not be promoted. 6 of 19 cases failed, 3 of them critical.");
        assert!(
            text.find("critical  tenancy/rogue-tenant").unwrap()
                < text.find("low       answers/names").unwrap()
        );
        assert!(text.contains("What to do: Compare `tid` with the list of tenants first"));
        assert!(text.contains("? gate 2  The auth module is an approved version: not proven"));
        assert!(text.contains("all            13       6        1"));
    }

    /// T-162.
    #[test]
    fn skips_and_gates_that_were_not_asked_show() {
        assert!(
            plain(&samples::many_skips(), 80)
                .contains("skipped   Programs may not call this API for themselves.")
        );
        assert_eq!(plain(&samples::attacks_alone(), 80).matches("This run did not ask it.").count(), 3);
        let report = samples::many_skips();
        let by_gate_2 = report.text(Verdict::Passed, 80);
        assert!(by_gate_2.contains("By the gates that had to be proven."), "and says so");
    }

    #[test]
    fn no_line_is_too_long() {
        for (name, report) in samples::all() {
            for width in [0, 40, 80, 100, 500] {
                let text = plain(&report, width);
                let longest = text.lines().map(textwrap::core::display_width).max().unwrap_or_default();
                assert!(longest <= width.clamp(40, 100), "{name} at {width}: {longest}");
            }
        }
    }

    /// T-164: the only escapes are ours.
    #[test]
    fn hostile_texts_do_not_reach_the_terminal() {
        let report = samples::written(samples::HOSTILE);
        let text = report.text(report.verdict(), 80);
        let ours = |after: &str| after.starts_with('[') && after[1..].split('m').next().unwrap().len() <= 3;
        assert!(text.split('\u{1b}').skip(1).all(ours));
        assert!(!text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\u{1b}')));
        assert!(!text.contains("::error") && !text.contains("eyJ"), "no command to a pipeline, no token");
    }
}
