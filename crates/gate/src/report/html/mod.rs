//! One page for whoever has to approve a release: no scripts, nothing fetched, fit for a ticket and for paper.
//!
//! `../views.rs` is what the page says, `templates/report/page.html` how, `templates/report/style.css` what it looks like.

use askama::Template;
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::views::{self, Failure, GateView, SkipGroup, SuiteView};
use super::{Approval, Counts, Outcome, Report, Verdict, date, words};

/// It stands in the page, whose policy allows it by its hash.
const STYLE: &str = include_str!("../../../templates/report/style.css");

/// The page.
#[derive(Template)]
#[template(path = "report/page.html")]
struct Page<'r> {
    report: &'r Report,
    verdict: Verdict,
    /// Why, in one sentence.
    lead: String,
    counts: Counts,
    gates: Vec<GateView<'r>>,
    failures: Vec<Failure<'r>>,
    skips: Vec<SkipGroup<'r>>,
    suites: Vec<SuiteView<'r>>,
    /// Of the report as JSON, which signed evidence names.
    digest: String,
    policy: String,
    style: &'static str,
}

impl Report {
    /// The report as one self-contained HTML page.
    pub fn html(&self) -> String {
        let report = self.printable();
        let page = Page {
            report: &report,
            verdict: report.verdict(),
            lead: report.lead(),
            counts: report.counts(),
            gates: views::gates(&report),
            failures: views::failures(&report),
            skips: views::skips(&report),
            suites: views::suites(&report),
            digest: report.digest(),
            policy: policy(),
            style: STYLE,
        };
        // Writing to a String fails only if a template does, and this one has no fallible parts.
        page.render().unwrap_or_default()
    }
}

/// No script, no address, no form: whatever a text in the page might try, a browser does not do.
fn policy() -> String {
    let hash = STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; form-action 'none'; base-uri 'none'"
    )
}

#[cfg(test)]
mod tests;
