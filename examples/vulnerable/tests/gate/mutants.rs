//! One hole at a time in a validator that is right otherwise.

use std::fmt::Write as _;

use futures_util::{StreamExt as _, stream};
use vulnerable::{Hole, Holes, Program};

use crate::stage::{attack, failed, is_found};

/// Runs at the same time.
const WIDTH: usize = 4;

const REFERENCE: &str = include_str!("../../../../docs/reference/gate-mutations.md");

#[tokio::test(flavor = "multi_thread")]
async fn without_a_hole_nothing_fails() {
    let report = attack(Program::Holes(Holes::default()), &[]).await;
    let failures = report.failures();
    let failures: Vec<String> = failures
        .iter()
        .map(|result| format!("{} at {}: {}", result.id, result.probe, result.detail))
        .collect();
    assert_eq!(failures, Vec::<String>::new());
}

/// T-160.
#[tokio::test(flavor = "multi_thread")]
async fn each_hole_is_noticed() {
    let missed = stream::iter(Hole::ALL).map(|&hole| missed(hole)).buffered(WIDTH);
    let missed: Vec<String> = missed.filter_map(async |missed| missed).collect().await;
    assert_eq!(missed, Vec::<String>::new());
}

#[test]
fn the_reference_has_the_table() {
    let mut table = String::from("| hole | what is wrong | case that notices |\n|---|---|---|\n");
    for hole in Hole::ALL {
        let known = hole.known();
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| `{}` | {} | `{}` |", known.name, known.wrong, known.found_by);
    }
    assert!(REFERENCE.contains(&table), "put this into docs/reference/gate-mutations.md:\n{table}");
}

/// What happened instead, if the case did not notice.
async fn missed(hole: Hole) -> Option<String> {
    let known = hole.known();
    let report = attack(Program::Holes(Holes::default().with(hole)), &[known.found_by]).await;
    let failed = failed(&report);
    (!is_found(known, &failed)).then(|| format!("{} by {}: {failed:?}", known.name, known.found_by))
}
