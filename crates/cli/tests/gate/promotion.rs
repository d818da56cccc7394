//! Gate 2: the version of the auth module, as the target or a lock file says.

use tenantry_gate::{Approval, Verdict};

use super::support::{Folder, WITHOUT_WAITING, gate};

fn approved(versions: &str) -> String {
    format!("[[module]]\nname = \"tenantry\"\necosystem = \"cargo\"\napproved = [{versions}]\n")
}

fn lock(version: &str) -> String {
    format!("version = 4\n[[package]]\nname = \"tenantry\"\nversion = \"{version}\"\n")
}

fn second(folder: &Folder, args: &[&str]) -> (i32, Verdict, String) {
    let args = [WITHOUT_WAITING, &["--approved-modules", "approved-modules.toml"], args].concat();
    let (code, report) = folder.report(&args);
    let gate = gate(&report, 2);
    (code, gate.verdict, gate.reasons.join("; "))
}

#[test]
fn the_target_tells_its_version_and_only_the_latest_approved_passes() {
    let folder = Folder::with_target("tasks");
    folder.write("approved-modules.toml", &approved("\"0.1.0\""));
    let args = [WITHOUT_WAITING, &["--approved-modules", "approved-modules.toml"]].concat();
    let (code, report) = folder.report(&args);
    assert_eq!((code, gate(&report, 2).verdict), (0, Verdict::Passed), "{:?}", report.gates);
    let module = report.module.unwrap();
    assert_eq!((module.version.as_str(), module.approval), ("0.1.0", Approval::Approved));

    folder.write("approved-modules.toml", &approved("\"0.1.0\", \"0.2.0\""));
    let (code, verdict, why) = second(&folder, &[]);
    assert_eq!((code, verdict), (2, Verdict::Failed));
    assert!(why.contains("latest approved version is 0.2.0"), "{why}");
}

#[test]
fn a_lock_file_that_says_something_else_fails() {
    let folder = Folder::with_target("tasks");
    folder.write("approved-modules.toml", &approved("\"0.1.0\""));
    folder.write("Cargo.lock", &lock("0.0.9"));
    let (code, verdict, why) = second(&folder, &["--lock-file", "Cargo.lock"]);
    assert_eq!((code, verdict), (2, Verdict::Failed), "{why}");
    folder.write("Cargo.lock", "not a lock file");
    folder.gate(&["--approved-modules", "approved-modules.toml", "--lock-file", "Cargo.lock"]).ends(1);
    folder.write("approved-modules.toml", "[[module]]\nname = \"x\"");
    folder.gate(&["--approved-modules", "approved-modules.toml"]).ends(1).says("approved-modules.toml");
}

/// T-162: a target that says nothing has not passed.
#[test]
fn a_target_that_tells_no_version_is_not_proven() {
    let folder = Folder::with_target("tasks");
    let text = folder.read("gate.toml").replace("TASKS_WELL_KNOWN = \"true\"", "");
    folder.write("gate.toml", &text);
    folder.write("approved-modules.toml", &approved("\"0.1.0\""));
    let (code, verdict, why) = second(&folder, &[]);
    assert_eq!((code, verdict), (1, Verdict::NotProven), "{why}");
    let approved = ["--approved-modules", "approved-modules.toml", "--out", "out"];
    folder.gate(&[WITHOUT_WAITING, &approved].concat()).ends(1);
    folder.tenantry(&["gate", "report", "--report", "out/report.json"]).ends(1);
}
