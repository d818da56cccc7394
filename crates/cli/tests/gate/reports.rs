//! Reports as files, and written again from one.

use tenantry_gate::Report;

use super::support::{Folder, WITHOUT_WAITING};

#[test]
fn every_format_is_written_and_can_be_written_again() {
    let folder = Folder::with_target("any-tenant");
    folder.gate(&[WITHOUT_WAITING, &["--out", "reports"]].concat()).ends(2).says("Reports: reports");
    let report = Report::parse(&folder.read("reports/report.json")).unwrap();
    assert!(report.counts().failed > 0);
    let again = ["gate", "report", "--report", "reports/report.json"];
    for (flag, name) in [("--junit", "junit.xml"), ("--sarif", "report.sarif"), ("--html", "report.html")] {
        folder.tenantry(&[&again[..], &[flag, "again"]].concat()).ends(0);
        assert_eq!(folder.read("again"), folder.read(&format!("reports/{name}")), "{name}");
    }
    folder.tenantry(&again).ends(2).says("Must not be promoted");
    let one = [WITHOUT_WAITING, &["--only", "control", "--out", "one", "--format", "junit"]].concat();
    folder.gate(&one).ends(1);
    assert!(folder.has("one/junit.xml") && !folder.has("one/report.json"));
}

#[test]
fn what_is_no_report_is_refused() {
    let folder = Folder::new();
    folder.tenantry(&["gate", "report"]).ends(1).says("report.json");
    for text in ["", "{}", "{\"schema\":\"tenantry-gate/2\"}"] {
        folder.write("report.json", text);
        folder.tenantry(&["gate", "report"]).ends(1).says("cannot be used");
    }
}
