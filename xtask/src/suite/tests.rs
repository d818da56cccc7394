//! Which steps run, and how their outcomes add up.

use std::time::Duration;

use super::choose;
use super::report::{Outcome, Report};
use super::steps::STEPS;

fn chosen(names: &[&str]) -> Vec<&'static str> {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    choose(&names).unwrap().iter().map(|step| step.name).collect()
}

fn report(outcomes: &[Outcome]) -> Report {
    let mut report = Report::default();
    outcomes.iter().for_each(|outcome| report.add("step", outcome.clone(), Duration::ZERO));
    report
}

fn skipped() -> Outcome {
    Outcome::Skipped("no PostgreSQL".to_owned())
}

#[test]
fn everything_runs_unless_steps_are_named() {
    assert_eq!(chosen(&[]).len(), STEPS.len());
}

#[test]
fn named_steps_bring_what_they_need_and_keep_their_order() {
    assert_eq!(chosen(&["test", "fmt"]), ["fmt", "postgres", "test"]);
}

#[test]
fn what_a_step_needs_exists_and_comes_before_it() {
    for (place, step) in STEPS.iter().enumerate() {
        for needed in step.needs {
            assert!(
                STEPS[..place].iter().any(|earlier| earlier.name == *needed),
                "{} needs {needed}",
                step.name
            );
        }
    }
}

#[test]
fn an_unknown_step_is_an_error_that_lists_the_steps() {
    let error = choose(&["tset".to_owned()]).err().unwrap().to_string();
    assert!(error.contains("`tset`") && error.contains("fmt, layers"), "{error}");
}

#[test]
fn the_closing_line_counts_steps() {
    let report = report(&[Outcome::Passed, skipped(), Outcome::Passed]);
    assert_eq!(report.closing_line(), "2 passed, 0 failed, 1 skipped");
    assert!(report.is_good());
}

#[test]
fn one_failure_fails_the_run() {
    let report = report(&[Outcome::Passed, Outcome::Failed("no".to_owned())]);
    assert_eq!(report.closing_line(), "1 passed, 1 failed, 0 skipped");
    assert!(!report.is_good());
}

#[test]
fn ci_takes_a_skip_for_a_failure_and_keeps_the_reason() {
    let report = report(&[skipped().without_excuse(), Outcome::Passed.without_excuse()]);
    assert_eq!(report.closing_line(), "1 passed, 1 failed, 0 skipped");
    assert!(skipped().without_excuse().to_string().contains("no PostgreSQL"));
}
