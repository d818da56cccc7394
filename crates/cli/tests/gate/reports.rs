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
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    folder.gate(&["--url", &format!("http://{nobody}"), "--out", "reports"]).ends(1);
    assert!(!folder.has("reports/report.html"), "an earlier run's verdict is not this one's");
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

/// Row 102: who signed which report can be checked offline, by whoever has the public key.
#[test]
fn evidence_is_of_one_report_and_by_one_key() {
    let folder = Folder::with_target("tasks");
    for name in ["release", "other"] {
        let made = folder.tenantry(&["allow-list", "key", name, "--out", &format!("{name}.pem")]).ends(0);
        let public = made.stdout.split('"').find(|part| part.starts_with("ed25519:")).unwrap().to_owned();
        folder.write(&format!("{name}.pub"), &public);
    }
    let run =
        [WITHOUT_WAITING, &["--out", "reports", "--sign-with", "release.pem", "--format", "junit"]].concat();
    folder.gate(&run).ends(0);
    let verify = |report: &str, key: &str| {
        let args = ["gate", "report", "--report", report, "--verify", "reports/evidence.json", "--keys", key];
        folder.tenantry(&args)
    };
    verify("reports/report.json", "release.pub").ends(0).says("genuine");
    verify("reports/report.json", "other.pub").ends(2).says("does not count");
    let altered = folder.read("reports/report.json").replace("\"requests\": ", "\"requests\": 1");
    folder.write("altered.json", &altered);
    verify("altered.json", "release.pub").ends(2).says("not the one that was signed");
    verify("nowhere.json", "release.pub").ends(1);
    verify("reports/report.json", "nowhere.pub").ends(1);
    verify("reports/report.json", "altered.json").ends(1).says("no public key");
    let all = ["gate", "report", "--report", "reports/report.json", "--all-gates"];
    folder.tenantry(&all).ends(1).says("gate 2");
    let evidence = folder.read("reports/evidence.json");
    folder.write("reports/evidence.json", &evidence.replacen("\"sig\": \"", "\"sig\": \"AAAA", 1));
    verify("reports/report.json", "release.pub").ends(2);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(folder.path().join("release.pem"), open).unwrap();
        folder.gate(&run).ends(1).says("chmod 600");
    }
}
