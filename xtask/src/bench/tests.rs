//! Reading results, from files as the benches leave them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::catalogue::{BENCHES, Figure, From};
use super::measured::Measured;
use super::{goal, json as as_json};

/// A criterion folder of this test's own, with medians in nanoseconds.
fn results(test: &str, medians: &[(&str, f64)]) -> Measured {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/xtask-tests").join(test);
    let _ = fs::remove_dir_all(&folder);
    for (id, median) in medians {
        write(
            &folder.join(id).join("new/estimates.json"),
            &json!({ "median": { "point_estimate": median } }),
        );
    }
    Measured { criterion: folder, started: SystemTime::UNIX_EPOCH, said: Value::Null }
}

fn write(path: &Path, value: &Value) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, value.to_string()).unwrap();
}

const RATIO: Figure =
    Figure { name: "cold_over_bare", from: From::Ratio("verdict/cold", "verdict/bare"), goal: Some(1.1) };
const MEMBER: Figure = Figure { name: "bytes_per_tenant", from: From::Member, goal: None };

#[test]
fn a_ratio_is_median_over_median() {
    let measured = results("ratio", &[("verdict/cold", 33_000.0), ("verdict/bare", 30_000.0)]);
    assert!((measured.value(&RATIO).unwrap() - 1.1).abs() < 1e-9);
}

#[test]
fn an_id_outside_a_group_is_found_as_well() {
    let measured = results("ungrouped", &[("verdict_cold", 40.0), ("verdict_bare", 20.0)]);
    assert!((measured.value(&RATIO).unwrap() - 2.0).abs() < 1e-9);
}

#[test]
fn a_missing_result_is_an_error_that_names_it() {
    let measured = results("missing", &[("verdict/cold", 1.0)]);
    let error = format!("{:#}", measured.value(&RATIO).unwrap_err());
    assert!(error.contains("`verdict/bare`"), "{error}");
}

#[test]
fn results_of_an_earlier_run_do_not_count() {
    let mut measured = results("stale", &[("verdict/cold", 1.0), ("verdict/bare", 1.0)]);
    let written =
        fs::metadata(measured.criterion.join("verdict/cold/new/estimates.json")).unwrap().modified().unwrap();
    measured.started = written + Duration::from_secs(1);
    assert!(format!("{:#}", measured.value(&RATIO).unwrap_err()).contains("earlier run"));
}

#[test]
fn a_member_comes_from_what_was_said_or_from_a_file() {
    let mut measured = results("member", &[]);
    write(&measured.criterion.join("bytes_per_tenant.json"), &json!({ "bytes_per_tenant": 96.5 }));
    assert!((measured.value(&MEMBER).unwrap() - 96.5).abs() < 1e-9);
    measured.said = json!({ "bytes_per_tenant": 12 });
    assert!((measured.value(&MEMBER).unwrap() - 12.0).abs() < 1e-9);
    measured.said = json!({ "bytes_per_tenant": "many" });
    assert!(measured.value(&MEMBER).is_err());
}

#[test]
fn goals_are_shown_met_or_missed() {
    assert!(goal(&RATIO, 1.1).ends_with("met"));
    assert!(goal(&RATIO, 1.11).ends_with("missed"));
    assert_eq!(goal(&MEMBER, 5.0), "");
}

#[test]
fn json_has_the_promised_names() {
    let verdict = BENCHES.iter().find(|bench| bench.name == "verdict").unwrap();
    let figures: Vec<_> = verdict.figures.iter().map(|figure| (figure, 1.0)).collect();
    let names = ["cold_over_bare", "cached_over_cold", "cold_100k_over_cold_1", "bytes_per_tenant"];
    let object = as_json(&figures);
    assert!(names.iter().all(|name| object[name].is_number()), "{object}");
}
