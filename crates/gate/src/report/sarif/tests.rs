use std::collections::BTreeSet;

use serde_json::Value;
use serde_sarif::sarif::Sarif;

use crate::report::{Report, Verdict, samples};

/// Read by types that are made of the official schema, and written again: a member that the schema does not have is lost.
fn log(report: &Report) -> Value {
    let text = report.sarif();
    let log: Value = serde_json::from_str(&text).unwrap();
    let typed: Sarif = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_value(typed).unwrap(), log);
    log
}

/// What the schema cannot say: every result has its rule, its place, and a fingerprint that no other has.
fn check(report: &Report) -> usize {
    let log = log(report);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    let mut fingerprints = BTreeSet::new();
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "gate.toml");
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        fingerprints.insert(result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap());
    }
    let distinct: BTreeSet<_> = report.failures().iter().map(|result| (&result.id, &result.probe)).collect();
    assert!(fingerprints.len() >= distinct.len());
    for rule in rules {
        let score: f64 = rule["properties"]["security-severity"].as_str().unwrap().parse().unwrap();
        assert!((0.0..=10.0).contains(&score));
        assert!(rule["helpUri"].as_str().unwrap().starts_with("https://"));
    }
    results.len()
}

#[test]
fn every_sample_follows_the_schema() {
    for (name, report) in samples::all() {
        assert!(check(&report) >= report.counts().failed, "{name}");
    }
}

#[test]
fn a_good_target_has_rules_and_no_results() {
    let log = log(&samples::passed());
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 0);
    assert_eq!(log["runs"][0]["properties"]["verdict"], "passed");
    assert!(log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().len() > 10);
}

#[test]
fn failures_come_worst_first_and_gates_after_them() {
    let mut report = samples::failed();
    report.gates[2].verdict = Verdict::Failed;
    let log = log(&report);
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results[0]["ruleId"], "tenancy/rogue-tenant");
    assert_eq!(
        results.last().unwrap()["ruleId"],
        "promotion/gate-3",
        "gate 1 fell by the cases above, gate 2 is open"
    );
    assert_eq!(results.len(), report.counts().failed + 1);
}

/// Gate 1 asks for more than the cases: 401 where `gate.toml` calls 403 a refusal too.
#[test]
fn a_first_gate_that_fails_alone_shows() {
    let mut report = samples::passed();
    report.gates[0].verdict = Verdict::Failed;
    assert_eq!(log(&report)["runs"][0]["results"][0]["ruleId"], "promotion/gate-1");
    report.gates[0].verdict = Verdict::NotProven;
    assert_eq!(log(&report)["runs"][0]["results"][0]["ruleId"], "promotion/gate-1");
}

/// T-162: what was skipped shows.
#[test]
fn skips_are_notifications() {
    let log = log(&samples::many_skips());
    let notes = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert!(
        notes.iter().any(|note| note["message"]["text"].as_str().unwrap().contains("tenancy/rogue-tenant"))
    );
}

#[test]
fn fingerprints_stay_when_details_change() {
    let mut changed = samples::failed();
    for result in &mut changed.results {
        result.detail = "other words".to_owned();
        result.took_ms += 1;
    }
    let of = |report: &Report| log(report)["runs"][0]["results"][0]["partialFingerprints"].clone();
    assert_eq!(of(&changed), of(&samples::failed()));
    changed.target = "Another API".to_owned();
    assert_ne!(of(&changed), of(&samples::failed()));
}
