//! How far a run has come: a bar on a terminal, a line for each suite elsewhere. Everything goes to standard error.

use std::io::IsTerminal;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tenantry_gate::{CaseResult, Counts, Observer, Outcome, Suite};

use crate::terminal::{BAD, GOOD, QUIET, styled};

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Telling {
    /// Nothing.
    Nothing,
    /// Suites, and failures as they happen.
    Suites,
    /// Every case.
    Cases,
}

/// Tells how far a run has come.
pub(super) struct Progress {
    telling: Telling,
    /// Whether the bar shows what lines would say otherwise; the summary has all of it in the end.
    draws: bool,
    bar: ProgressBar,
    now: Mutex<Now>,
}

/// The suite that runs just now.
struct Now {
    suite: Option<Suite>,
    counts: Counts,
    all: Counts,
    since: Instant,
}

const TEMPLATE: &str =
    "{spinner:.cyan} {prefix:<10} {wide_bar:.cyan/dim} {pos:>4}/{len}  {msg}  {elapsed:.dim} ";

impl Progress {
    pub(super) fn new(telling: Telling) -> Self {
        let draws = telling != Telling::Nothing && std::io::stderr().is_terminal();
        let target = if draws { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(style());
        let now =
            Now { suite: None, counts: Counts::default(), all: Counts::default(), since: Instant::now() };
        Self { telling, draws, bar, now: Mutex::new(now) }
    }

    /// Says what happens before the first case, in few words.
    pub(super) fn say(&self, text: &str) {
        if self.telling != Telling::Nothing {
            self.bar.suspend(|| anstream::eprintln!("{}", styled(text, QUIET)));
        }
    }

    /// The last suite's line, and the end of the bar.
    pub(super) fn end(&self) {
        let mut now = self.now();
        self.suite_ended(&mut now);
        self.bar.finish_and_clear();
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn suite_ended(&self, now: &mut Now) {
        let Some(suite) = now.suite.take() else { return };
        let line = suite_line(suite, now.counts, now.since.elapsed());
        if self.telling == Telling::Cases || (self.telling == Telling::Suites && !self.draws) {
            self.bar.suspend(|| anstream::eprintln!("{line}"));
        }
        now.counts = Counts::default();
        now.since = Instant::now();
    }
}

impl Observer for Progress {
    fn planned(&self, cases: usize) {
        self.bar.set_length(cases as u64);
        self.bar.enable_steady_tick(Duration::from_millis(120));
        self.now().since = Instant::now();
    }

    fn finished(&self, result: &CaseResult) {
        let mut now = self.now();
        if now.suite != Some(result.suite) {
            self.suite_ended(&mut now);
            now.suite = Some(result.suite);
            self.bar.set_prefix(result.suite.name());
        }
        let Now { counts, all, .. } = &mut *now;
        [counts, all].into_iter().for_each(|counts| count(counts, &result.outcome));
        let (held, failed) = (now.all.held, now.all.failed);
        let failed =
            if failed == 0 { "0 failed".to_owned() } else { styled(&format!("{failed} failed"), BAD) };
        self.bar.set_message(format!("{held} held, {failed}"));
        self.bar.inc(1);
        let tells = match self.telling {
            Telling::Nothing => false,
            Telling::Suites => result.failed() && !self.draws,
            Telling::Cases => true,
        };
        if tells {
            self.bar.suspend(|| anstream::eprintln!("{}", case_line(result)));
        }
    }

    fn enforcing(&self, tokens: usize) {
        self.end();
        self.bar.reset();
        self.bar.set_prefix("allow-list");
        self.bar.set_message("");
        self.bar.set_length(tokens as u64);
    }

    fn enforced(&self) {
        self.bar.inc(1);
    }
}

fn style() -> ProgressStyle {
    let style = ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.progress_chars("━╸─").tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ")
}

fn count(counts: &mut Counts, outcome: &Outcome) {
    match outcome {
        Outcome::Held => counts.held += 1,
        Outcome::Failed(_) => counts.failed += 1,
        Outcome::Skipped(_) => counts.skipped += 1,
    }
}

fn suite_line(suite: Suite, counts: Counts, took: Duration) -> String {
    let mark = if counts.failed > 0 { styled("✗", BAD) } else { styled("✓", GOOD) };
    let failed = match counts.failed {
        0 => "        ".to_owned(),
        failed => styled(&format!("{failed:>2} failed"), BAD),
    };
    let skipped = match counts.skipped {
        0 => String::new(),
        skipped => format!("{skipped:>3} skipped"),
    };
    let seconds = styled(&format!("{:>6.1} s", took.as_secs_f64()), QUIET);
    format!("{mark} {:<10} {:>3} held  {failed}  {skipped:<11} {seconds}", suite.name(), counts.held)
}

fn case_line(result: &CaseResult) -> String {
    let mark = match result.outcome {
        Outcome::Held => styled("held   ", GOOD),
        Outcome::Failed(_) => styled("failed ", BAD),
        Outcome::Skipped(_) => styled("skipped", QUIET),
    };
    let detail = result.detail.escape_debug();
    format!("  {mark} {}  {}  {detail}", result.id, styled(&result.probe, QUIET))
}
