//! T-164: whatever a target answers, every format stays what it is, and small.

use std::{fs, path::Path};

use proptest::prelude::*;

use super::{Report, SignedEvidence, SigningKey, samples};

/// A hundred times the size of an ordinary report.
const BYTES_MAX: usize = 1 << 20;

fn check(text: &str) {
    let report = samples::written(text);
    let json = report.json();
    assert_eq!(Report::parse(&json).unwrap().json(), json);
    let junit = report.junit();
    let xml = roxmltree::Document::parse(&junit).unwrap();
    let cases = xml.descendants().filter(|node| node.has_tag_name("testcase")).count();
    assert_eq!(cases, report.results.len() + report.gates.len(), "nothing can add or close an element");
    let sarif = report.sarif();
    serde_json::from_str::<serde_sarif::sarif::Sarif>(&sarif).unwrap();
    let html = report.html();
    assert_eq!(html.matches("<details>").count(), report.counts_by_suite().len());
    assert!(!html.contains("<script"));
    for format in [&json, &junit, &sarif, &html] {
        assert!(format.len() < BYTES_MAX);
        assert!(!format.chars().any(|c| c.is_control() && c != '\n'));
    }
}

/// Every sample in every format, kept under `target/pages` to be looked at, and given to other tools.
#[test]
fn every_sample_in_every_format() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/pages");
    fs::create_dir_all(&folder).unwrap();
    for (name, report) in samples::all() {
        let key = SigningKey::from_pem(samples::PRIVATE_KEY).unwrap();
        let formats = [
            ("evidence.json", SignedEvidence::sign(&report, &key)),
            ("html", report.html()),
            ("json", report.json()),
            ("sarif", report.sarif()),
            ("txt", report.text(report.verdict(), 90)),
            ("xml", report.junit()),
        ];
        for (ending, text) in formats {
            fs::write(folder.join(format!("gate-{name}.{ending}")), text).unwrap();
        }
    }
}

#[test]
fn hostile_texts() {
    check(samples::HOSTILE);
    check("]]>");
    check("\u{1b}]8;;https://attacker.example\u{7}click\u{1b}]8;;\u{7}");
}

#[test]
fn a_megabyte() {
    check(&"<".repeat(1 << 20));
    check(&"\u{0}".repeat(1 << 20));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text(text in any::<String>()) {
        check(&text);
    }
}
