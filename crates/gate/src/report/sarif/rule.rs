//! Rules: every case that was to run, and the promotion gates that did not pass.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::report::{CaseResult, PromotionGate, Report};
use crate::{Severity, Suite};

/// Microsoft on what an API has to check: the page behind every case that cites no other.
pub(super) const ENTRA: &str = "https://learn.microsoft.com/entra/identity-platform/claims-validation";

/// A rule, and the id that results name it by.
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) json: Value,
}

/// Each once, in the order of the report.
pub(super) fn all(report: &Report) -> Vec<Rule> {
    let mut seen = BTreeSet::new();
    let cases = report.results.iter().filter(|result| seen.insert(&result.id));
    cases.map(of_case).chain(gates(report).map(of_gate)).collect()
}

/// Gates that did not pass, and say more than the cases do: gate 1 fails by them.
pub(super) fn gates(report: &Report) -> impl Iterator<Item = &PromotionGate> {
    let by_cases = report.counts().failed > 0;
    report.gates.iter().filter(move |gate| gate.is_fault() && !(by_cases && gate.number == 1))
}

/// The rule of a promotion gate.
pub(super) fn gate_id(gate: &PromotionGate) -> String {
    format!("promotion/gate-{}", gate.number)
}

fn of_case(result: &CaseResult) -> Rule {
    let advice = advice(result.suite);
    let mut tags = vec!["security", "authentication", result.suite.name()];
    tags.extend(result.threats.iter().map(String::as_str));
    let json = json!({
        "id": result.id,
        "name": camel_case(&result.id),
        "shortDescription": {"text": result.title},
        "fullDescription": {"text": format!("{}: {}.", result.title, result.reason)},
        "help": {
            "text": format!("Expected: {}. Why: {}. Source: {}. {advice}", result.expected.words(), result.reason, result.source),
        },
        "helpUri": help_uri(&result.source),
        "defaultConfiguration": {"level": level(result.severity)},
        "properties": {
            "tags": tags,
            "precision": "very-high",
            "problem.severity": level(result.severity).replace("note", "recommendation"),
            "security-severity": score(result.severity),
        },
    });
    Rule { id: result.id.clone(), json }
}

fn of_gate(gate: &PromotionGate) -> Rule {
    let id = gate_id(gate);
    let json = json!({
        "id": id,
        "name": camel_case(&id),
        "shortDescription": {"text": gate.title},
        "fullDescription": {"text": format!("Promotion gate {}: {}.", gate.number, gate.title)},
        "help": {"text": "A release needs all three promotion gates: attacks refused, an approved auth module, a reviewed and locked allow-list."},
        "helpUri": ENTRA,
        "defaultConfiguration": {"level": "error"},
        "properties": {
            "tags": ["security", "promotion"],
            "precision": "very-high",
            "problem.severity": "error",
            "security-severity": score(Severity::High),
        },
    });
    Rule { id, json }
}

/// For a case that failed in the way that its suite is about.
fn advice(suite: Suite) -> &'static str {
    use crate::Finding::{Accepted, RefusedGood, Told};
    match suite {
        Suite::Answers => Told,
        Suite::Oddities => RefusedGood,
        _ => Accepted,
    }
    .advice(suite)
}

/// How results of that severity are shown.
pub(super) const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// Code scanning's scale: above 9.0 is critical, from 7.0 high, from 4.0 medium.
const fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.5",
    }
}

/// `tenancy/rogue-tenant` → `TenancyRogueTenant`.
fn camel_case(id: &str) -> String {
    let words = id.split(|c: char| !c.is_alphanumeric()).map(str::chars);
    words.flat_map(|mut word| word.next().into_iter().flat_map(char::to_uppercase).chain(word)).collect()
}

/// Where the first RFC or CVE of a source can be read.
fn help_uri(source: &str) -> String {
    if let Some(number) = digits_after(source, "RFC ") {
        let section =
            source.split_once('§').map(|(_, rest)| leading(rest, |c| c.is_ascii_digit() || c == '.'));
        let section =
            section.map(|section| section.trim_end_matches('.')).filter(|section| !section.is_empty());
        let anchor = section.map(|section| format!("#section-{section}")).unwrap_or_default();
        return format!("https://www.rfc-editor.org/rfc/rfc{number}{anchor}");
    }
    if let Some((_, rest)) = source.split_once("CVE-") {
        let id = leading(rest, |c| c.is_ascii_digit() || c == '-');
        return format!("https://nvd.nist.gov/vuln/detail/CVE-{id}");
    }
    ENTRA.to_owned()
}

fn digits_after<'s>(text: &'s str, word: &str) -> Option<&'s str> {
    let digits = leading(text.split_once(word)?.1, |c| c.is_ascii_digit());
    (!digits.is_empty()).then_some(digits)
}

fn leading(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    &text[..text.find(|c| !belongs(c)).unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_become_addresses() {
        for (source, uri) in [
            ("RFC 7519 §4.1.4", "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4"),
            ("RFC 8725 §3.1; CVE-2015-9235", "https://www.rfc-editor.org/rfc/rfc8725#section-3.1"),
            ("RFC 6750", "https://www.rfc-editor.org/rfc/rfc6750"),
            ("CVE-2015-9235", "https://nvd.nist.gov/vuln/detail/CVE-2015-9235"),
            ("seed 000, gate 1", ENTRA),
            ("RFC <script>", ENTRA),
        ] {
            assert_eq!(help_uri(source), uri, "{source}");
        }
    }

    #[test]
    fn names_are_one_word() {
        assert_eq!(camel_case("tenancy/rogue-tenant"), "TenancyRogueTenant");
        assert_eq!(camel_case("é/ß--x"), "ÉSSX");
    }
}
