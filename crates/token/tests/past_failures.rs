//! `docs/past-failures.md` names vectors that guard us: they must exist, and each row must name a refusal.

#![allow(clippy::unwrap_used, reason = "tests")]

mod published;

use std::{collections::HashMap, fs};

#[test]
fn named_vectors_exist() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/past-failures.md");
    let vectors: HashMap<_, _> = published::sheets()
        .into_iter()
        .flat_map(|sheet| sheet.vectors)
        .map(|vector| (vector.id.clone(), vector))
        .collect();
    let text = fs::read_to_string(path).unwrap();
    let rows: Vec<_> =
        text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| project")).collect();
    assert!(rows.len() >= 20, "only {} rows", rows.len());
    for row in rows {
        let guards = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let guards: Vec<_> = guards.split(", ").map(|id| id.trim_matches('`')).collect();
        let unknown: Vec<_> = guards.iter().filter(|id| !vectors.contains_key(**id)).collect();
        assert!(unknown.is_empty(), "no such vectors: {unknown:?}");
        assert!(guards.iter().any(|id| !vectors[*id].is_accepted()), "nothing is refused here: {row}");
    }
}
