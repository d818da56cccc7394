//! Results: what failed, and which promotion gates did not pass.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::{ARTIFACT, rule, rule::Rule};
use crate::report::{CaseResult, Outcome, PromotionGate, Report, hex};

/// Failures, worst first, then gates.
pub(super) fn all(report: &Report, rules: &[Rule]) -> Vec<Value> {
    let index = |id: &str| rules.iter().position(|rule| rule.id == id);
    let failures = report.failures().into_iter().map(|result| of_case(report, result, index(&result.id)));
    let gates = rule::gates(report).map(|gate| of_gate(report, gate, index(&rule::gate_id(gate))));
    failures.chain(gates).collect()
}

fn of_case(report: &Report, result: &CaseResult, index: Option<usize>) -> Value {
    let Outcome::Failed(finding) = result.outcome else { return Value::Null };
    let text = format!(
        "{} {} when it was presented with {}. {}",
        report.target,
        finding.words(),
        result.title,
        result.detail
    );
    json!({
        "ruleId": result.id,
        "ruleIndex": index,
        "level": rule::level(result.severity),
        "message": {"text": text},
        "locations": [location(report, &result.probe)],
        "partialFingerprints": fingerprints(&[&report.target, &result.id, &result.probe]),
        "properties": {"finding": finding.code(), "status": result.status},
    })
}

fn of_gate(report: &Report, gate: &PromotionGate, index: Option<usize>) -> Value {
    let id = rule::gate_id(gate);
    let text = format!("{}: {}", gate.title, gate.why());
    json!({
        "ruleId": id,
        "ruleIndex": index,
        "level": "error",
        "message": {"text": text},
        "locations": [location(report, &report.target)],
        "partialFingerprints": fingerprints(&[&report.target, &id]),
    })
}

fn location(report: &Report, name: &str) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": {"uri": ARTIFACT, "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 1},
        },
        "logicalLocations": [{
            "name": name,
            "fullyQualifiedName": format!("{}/{name}", report.target),
            "kind": "resource",
        }],
    })
}

/// The same for the same failure of the same target, whatever else changed. Code scanning reads the first name, and would
/// otherwise take all failures in the one file for one.
fn fingerprints(parts: &[&str]) -> Value {
    let digest = digest(&SHA256, parts.join("\n").as_bytes());
    let id = &hex(digest.as_ref())[..32];
    json!({"primaryLocationLineHash": format!("{id}:1"), "tenantryGate/v1": id})
}
