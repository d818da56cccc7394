//! JUnit XML, as GitHub, Azure Pipelines and GitLab read it: a test suite for each of ours, a test case for each case at
//! each probe, and one suite for the promotion gates.

use askama::Template;

use super::{CaseResult, Counts, Outcome, PromotionGate, Report, Verdict, date};

/// `templates/report/junit.xml`. Every text in it is printable already, so that XML 1.0 can say it.
#[derive(Template)]
#[template(path = "report/junit.xml")]
struct Junit<'r> {
    report: &'r Report,
    started: String,
    suites: Vec<TestSuite<'r>>,
    gates: &'r [PromotionGate],
}

struct TestSuite<'r> {
    name: &'static str,
    counts: Counts,
    results: Vec<&'r CaseResult>,
}

impl Report {
    /// The report as JUnit XML. A gate that is not proven is no pass: an `error` if it is the first, else `skipped` (T-162).
    pub fn junit(&self) -> String {
        let report = self.printable();
        let suite = |(suite, counts): (crate::Suite, Counts)| TestSuite {
            name: suite.name(),
            counts,
            results: report.results.iter().filter(|result| result.suite == suite).collect(),
        };
        let junit = Junit {
            report: &report,
            started: date::rfc3339(report.started_at),
            suites: report.counts_by_suite().into_iter().map(suite).collect(),
            gates: &report.gates,
        };
        // Writing to a String fails only if a template does, and this one has no fallible parts.
        junit.render().unwrap_or_default()
    }
}

impl Junit<'_> {
    fn failed_gates(&self) -> usize {
        self.gates.iter().filter(|gate| gate.verdict == Verdict::Failed).count()
    }

    /// Gates that could not be told and have to be.
    fn open_gates(&self) -> usize {
        self.gates.iter().filter(|gate| gate.verdict == Verdict::NotProven && gate.is_fault()).count()
    }

    fn skipped_gates(&self) -> usize {
        self.gates.iter().filter(|gate| gate.verdict == Verdict::NotProven && !gate.is_fault()).count()
    }
}

impl TestSuite<'_> {
    fn seconds(&self) -> String {
        seconds(self.results.iter().map(|result| result.took_ms).sum())
    }
}

fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

#[cfg(test)]
mod tests {
    use roxmltree::{Document, Node};

    use super::super::samples;
    use super::*;

    fn children<'a>(node: Node<'a, 'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
        node.children().filter(move |child| child.has_tag_name(name))
    }

    fn number(node: Node<'_, '_>, attribute: &str) -> usize {
        node.attribute(attribute).unwrap().parse().unwrap()
    }

    /// What readers rely on: counts that agree with what is there, names, seconds, and a message in every failure.
    fn check(report: &Report) -> usize {
        let xml = report.junit();
        let document = Document::parse(&xml).unwrap();
        let root = document.root_element();
        assert!(root.has_tag_name("testsuites"));
        let mut tests = 0;
        for suite in children(root, "testsuite") {
            for (attribute, name) in [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")] {
                let found =
                    children(suite, "testcase").filter(|case| children(*case, name).count() == 1).count();
                assert_eq!(number(suite, attribute), found, "{attribute}");
            }
            tests += children(suite, "testcase").count();
            assert_eq!(number(suite, "tests"), children(suite, "testcase").count());
            children(suite, "testcase").for_each(check_case);
        }
        assert_eq!(number(root, "tests"), tests);
        tests
    }

    fn check_case(case: Node<'_, '_>) {
        assert!(!case.attribute("name").unwrap().is_empty());
        assert!(case.attribute("classname").unwrap().starts_with("gate."));
        assert!(case.attribute("time").unwrap().parse::<f64>().is_ok());
        for outcome in case.children().filter(|child| child.is_element()) {
            assert!(!outcome.attribute("message").unwrap().is_empty());
            assert!(outcome.has_tag_name("skipped") || outcome.attribute("type").is_some());
        }
    }

    #[test]
    fn every_sample_is_well_formed_and_adds_up() {
        for (name, report) in samples::all() {
            let tests = check(&report);
            assert_eq!(tests, report.results.len() + report.gates.len(), "{name}");
        }
    }

    #[test]
    fn failures_skips_and_what_is_not_proven_show() {
        let report = samples::failed();
        let xml = report.junit();
        let document = Document::parse(&xml).unwrap();
        let named = |name: &'static str| document.descendants().filter(move |node| node.has_tag_name(name));
        assert_eq!(named("failure").count(), report.counts().failed + 1, "gate 1");
        let gate_2 = named("skipped").next().unwrap();
        assert!(gate_2.attribute("message").unwrap().starts_with("not proven: The target does not say"));
        let skipped = named("skipped").nth(1).unwrap();
        assert!(skipped.attribute("message").unwrap().starts_with("the target caches keys on disk"));
        let rogue = named("failure").nth(1).unwrap();
        assert_eq!(rogue.attribute("type"), Some("accepted"));
        assert!(rogue.text().unwrap().contains("Expected: Refused"));
    }

    /// T-162: the first gate always has to be proven.
    #[test]
    fn a_first_gate_that_is_not_proven_is_an_error() {
        let xml = samples::many_skips().junit();
        let document = Document::parse(&xml).unwrap();
        let errors: Vec<_> = document.descendants().filter(|node| node.has_tag_name("error")).collect();
        assert_eq!(errors.len(), 1);
        assert!(errors[0].parent().unwrap().attribute("name").unwrap().starts_with("gate 1"));
    }

    /// T-164.
    #[test]
    fn hostile_texts_stay_texts() {
        let (_, report) = samples::all().into_iter().find(|(name, _)| *name == "hostile").unwrap();
        check(&report);
        let xml = report.junit();
        assert!(!xml.contains("<script") && !xml.contains("]]>") && !xml.contains("eyJ"));
        assert!(!xml.contains("::error"), "no command for a pipeline that prints it");
    }
}
