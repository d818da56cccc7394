//! What came of the steps.

use std::fmt;
use std::time::Duration;

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Passed,
    Failed(String),
    /// This machine cannot do it, and why.
    Skipped(String),
}

impl Outcome {
    /// The same in continuous integration, where nothing may be skipped.
    pub(super) fn without_excuse(self) -> Self {
        match self {
            Self::Skipped(why) => Self::Failed(format!("nothing may be skipped in CI: {why}")),
            other => other,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => write!(out, "passed"),
            Self::Failed(why) => write!(out, "failed: {why}"),
            Self::Skipped(why) => write!(out, "skipped: {why}"),
        }
    }
}

/// All steps of a run, in order.
#[derive(Default)]
pub(super) struct Report {
    lines: Vec<(&'static str, Outcome, Duration)>,
}

impl Report {
    pub(super) fn add(&mut self, step: &'static str, outcome: Outcome, took: Duration) {
        self.lines.push((step, outcome, took));
    }

    pub(super) fn is_good(&self) -> bool {
        self.count(|outcome| matches!(outcome, Outcome::Failed(_))) == 0
    }

    /// A table, and the counts alone on the last line: scripts read that one.
    pub(super) fn print(&self) {
        println!("\n{:<10}  {:>8}  outcome", "step", "seconds");
        for (step, outcome, took) in &self.lines {
            println!("{step:<10}  {:>8.1}  {outcome}", took.as_secs_f64());
        }
        println!("\n{}", self.closing_line());
    }

    pub(super) fn closing_line(&self) -> String {
        let passed = self.count(|outcome| *outcome == Outcome::Passed);
        let failed = self.count(|outcome| matches!(outcome, Outcome::Failed(_)));
        let skipped = self.count(|outcome| matches!(outcome, Outcome::Skipped(_)));
        format!("{passed} passed, {failed} failed, {skipped} skipped")
    }

    fn count(&self, is: impl Fn(&Outcome) -> bool) -> usize {
        self.lines.iter().filter(|(_, outcome, _)| is(outcome)).count()
    }
}
