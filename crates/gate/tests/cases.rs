#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
//! All cases as one table: `docs/reference/gate-cases.md` is written here, and is never behind (T-160).
//!
//! `TENANTRY_REWRITE=1 cargo test -p tenantry-gate --test cases` writes it anew.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path;

use tenantry_gate::{Case, Expect, Severity, Suite, all_cases};

/// As many as the attack set has at least; a case that gets lost is noticed.
const CASES_MIN: usize = 140;

const BEGINNING: &str = "\
# The gate's cases

Every attack of `tenantry gate`, and every good token that must pass. Written by a test from the cases themselves: change
those, then run `TENANTRY_REWRITE=1 cargo test -p tenantry-gate --test cases`.

All tokens are genuinely signed unless it says otherwise. A case that the target cannot show (guests where there are none,
programs where none may call) is skipped, and the report says why. *Expected*: `refused` is 401, or what `api.refusal` says;
`tenant refused` is the same, or what `api.unlisted-tenant` says; `refused, or forbidden` allows 403 too; `refused, or
malformed` allows 400, 413, 414 and 431 too; `passes` is the probe's success. **Bold** names meet every probe, the others
the first.
";

const fn about(suite: Suite) -> &'static str {
    match suite {
        Suite::Control => {
            "Good tokens pass, and nothing passes without one. Otherwise no result means anything."
        }
        Suite::Tenancy => "Whose organisation.",
        Suite::Kind => "Which kind of token, for whom it acts, and what it permits.",
        Suite::Forgery => "Signatures, algorithms, and keys in headers.",
        Suite::Lifetime => "`exp`, `nbf` and `iat`, clear of the clock difference that the API forgives.",
        Suite::Audience => "`aud`.",
        Suite::Version => "`ver`, and the issuer that goes with it.",
        Suite::Shape => "Bytes, JSON, sizes.",
        Suite::Placement => "Where in the request the token is.",
        Suite::Answers => "What a refusal tells.",
        Suite::Oddities => "Unusual, legal, and good.",
        Suite::Memory => "What an earlier request leaves behind.",
        Suite::Keys => "Rotation, withdrawal, outage, floods.",
        Suite::Isolation => "One tenant's data, asked for by another.",
        Suite::Layers => "Each layer alone.",
    }
}

const fn expected(case: &Case) -> &'static str {
    match case.expect {
        Expect::Refused => "refused",
        Expect::TenantRefused => "tenant refused",
        Expect::Forbidden => "refused, or forbidden",
        Expect::Malformed => "refused, or malformed",
        Expect::Passes => "passes",
    }
}

const fn severity(case: &Case) -> &'static str {
    match case.severity {
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

fn row(case: &Case) -> String {
    let id = if case.everywhere { format!("**`{}`**", case.id) } else { format!("`{}`", case.id) };
    let source = format!("{} ({})", case.source, case.threats.join(", "));
    let cells = [&id, case.title, expected(case), severity(case), &source];
    format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
}

fn table(cases: &[Case]) -> String {
    let mut page = BEGINNING.to_owned();
    for of_suite in cases.chunk_by(|a, b| a.suite == b.suite) {
        let suite = of_suite[0].suite;
        write!(page, "\n## {}\n\n{}\n\n", suite.name(), about(suite)).unwrap();
        page.push_str("| case | what is presented | expected | severity | source |\n|---|---|---|---|---|\n");
        of_suite.iter().for_each(|case| page.push_str(&row(case)));
    }
    page
}

#[test]
fn the_table_in_the_documentation_is_this_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/gate-cases.md");
    let now = table(&all_cases());
    if std::env::var_os("TENANTRY_REWRITE").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == now, "{} is behind; see the top of this test", path.display());
}

/// T-160: skips, baselines and reports name cases by id, and every case says why, by whom, and against which requirement.
#[test]
fn every_case_is_whole_and_there_are_enough() {
    let cases = all_cases();
    let mut ids = HashSet::new();
    for case in &cases {
        assert!(ids.insert(case.id), "`{}` is there twice", case.id);
        assert!(case.id.starts_with(&format!("{}/", case.suite.name())), "`{}`", case.id);
        let said = [case.title, case.reason, case.source];
        assert!(said.iter().all(|text| !text.is_empty()), "`{}` does not say enough", case.id);
        assert!(
            !case.threats.is_empty() && case.threats.iter().all(|t| t.starts_with("T-")),
            "`{}`",
            case.id
        );
    }
    assert!(cases.len() >= CASES_MIN, "{} cases", cases.len());
}

/// In a report each stands alone: no two cases may look alike, and none may lean on its neighbour.
#[test]
fn every_title_stands_alone() {
    let mut titles = HashSet::new();
    for case in all_cases() {
        assert!(titles.insert(case.title), "`{}`: `{}` is there twice", case.id, case.title);
        for text in [case.title, case.reason] {
            assert!(!text.starts_with("the same in") && !text.starts_with("the same,"), "`{}`", case.id);
        }
    }
}
