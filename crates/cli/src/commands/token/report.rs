//! The verdict on a terminal.

use tenantry::{Explanation, Outcome, StepReport};

use super::world::Judgement;
use crate::terminal::{BAD, BOLD, GOOD, QUIET, styled};

/// How much to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    OneLine,
    TenSteps,
}

pub(super) fn print(judgement: &Judgement, length: Length) {
    let explanation = &judgement.explanation;
    if length == Length::TenSteps {
        explanation.steps.iter().for_each(print_step);
        anstream::println!();
    }
    print_verdict(explanation);
    if let Some(error) = &judgement.keys_error {
        anstream::println!("{} {error}", styled("why no keys:", BOLD));
    }
}

fn print_verdict(explanation: &Explanation) {
    match &explanation.reason {
        None => anstream::println!("{}", styled("accepted", GOOD)),
        Some(reason) => {
            let verdict = format!("refused ({})", explanation.verdict);
            anstream::println!("{}: {reason}", styled(&verdict, BAD));
        }
    }
    if let Some(advice) = explanation.advice {
        anstream::println!("{} {advice}", styled("what to do:", BOLD));
    }
}

fn print_step(step: &StepReport) {
    let (mark, style) = match step.outcome {
        Outcome::Passed => ("✓", GOOD),
        Outcome::Refused => ("✗", BAD),
        Outcome::NotReached => ("·", QUIET),
    };
    let title = format!("{mark} {:>2}. {:<12}", step.number, step.title);
    anstream::println!("{} {} {}", styled(&title, style), styled("expected", QUIET), step.expected);
    anstream::println!("{:18}{} {}", "", styled("    seen", QUIET), step.seen);
}
