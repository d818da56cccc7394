use super::*;
use crate::report::samples;

/// What holds for every page.
fn check(name: &str, report: &Report) -> String {
    let html = report.html();
    assert!(html.contains(report.verdict().sentence()), "{name}");
    assert_eq!(html.matches("<h1").count(), 1, "{name}");
    assert!(
        !html.contains("<script") && !html.contains(" onfocus=\"") && !html.contains(" style="),
        "{name}"
    );
    assert!(
        !html.contains("src=") && !html.contains("href=\"http") && !html.contains("url("),
        "{name} fetches"
    );
    assert_eq!(html.matches("</style>").count(), 1, "{name}");
    assert!(html.contains(&format!("<style>{STYLE}</style>")), "{name}");
    assert!(html.contains(&report.digest()), "{name}");
    html
}

#[test]
fn every_sample_stands_alone() {
    for (name, report) in samples::all() {
        check(name, &report);
    }
}

/// T-162: what was left out, and what was not asked, can be seen.
#[test]
fn nothing_that_is_missing_is_hidden() {
    let skips = check("many-skips", &samples::many_skips());
    assert!(skips.contains("Left out until the list is enforced; ask the identity team."));
    assert!(skips.contains("Not proven") && skips.contains("No locked list is known"));
    let alone = check("attacks-alone", &samples::attacks_alone());
    assert_eq!(alone.matches("This run did not ask it.").count(), 3);
    let empty = check("empty", &Report { results: Vec::new(), ..samples::passed() });
    assert!(empty.contains("No case ran.") && !empty.contains("May be promoted"));
}

#[test]
fn a_failure_at_two_probes_is_told_once_with_both() {
    let failures = check("failed", &samples::failed());
    assert_eq!(failures.matches("<article").count(), 5);
    assert!(
        failures.contains("<code>GET /api/orders</code>")
            && failures.contains("<code>POST /api/orders</code>")
    );
    let critical = failures.find("tenancy/rogue-tenant").unwrap();
    assert!(critical < failures.find("answers/names-the-tenant").unwrap(), "worst first");
}

#[test]
fn the_lead_says_why() {
    for (report, lead) in [
        (samples::passed(), "All three promotion gates passed; 20 cases held and none failed."),
        (samples::failed(), "6 of 19 cases failed, 3 of them critical."),
        (
            samples::tolerated(),
            "All three promotion gates passed; 13 cases held and 1 failed, below the severity that decides.",
        ),
        (
            samples::refuses_everything(),
            "2 of 4 cases failed, all of them critical. Nothing else was tried, since it would have shown nothing.",
        ),
        (samples::attacks_alone(), "No case failed, but promotion gates 1, 2 and 3 are not proven."),
    ] {
        assert_eq!(report.lead(), lead);
    }
}
