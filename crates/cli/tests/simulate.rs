//! `tenantry simulate --check` and `--print-world`: what a person is told about a world, right or wrong.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use assert_cmd::Command;
use serde_json::Value;

fn simulate(args: &[&str]) -> std::process::Output {
    Command::cargo_bin("tenantry").unwrap().arg("simulate").args(args).output().unwrap()
}

fn told(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_template_is_a_sound_world() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.toml");
    let file = file.to_str().unwrap();
    let printed = simulate(&["--world", "minimal", "--print-world"]);
    assert!(printed.status.success() && told(&printed.stdout).starts_with("# A world to start from"));
    std::fs::write(file, &printed.stdout).unwrap();

    let checked = simulate(&["--check", "--config", file]);
    assert_eq!(checked.status.code(), Some(0));
    assert_eq!(told(&checked.stdout), format!("{file} is sound: 2 tenants, 4 users, 2 applications\n"));

    let again = simulate(&["--print-world", "--config", file]);
    assert!(told(&again.stdout).contains("[[tenants.service_principals.grants]]"));
}

#[test]
fn a_mistake_is_shown_where_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.toml");
    let minimal = simulate(&["--world", "minimal", "--print-world"]);
    std::fs::write(&file, told(&minimal.stdout).replacen("domains = [", "domain = [", 1)).unwrap();
    let file = file.to_str().unwrap();

    let checked = simulate(&["--check", "--config", file]);
    let error = told(&checked.stderr);
    assert_eq!(checked.status.code(), Some(1));
    assert!(
        error.starts_with(&format!("error: {file}:10:1: unknown key `domain`; did you mean `domains`?")),
        "{error}"
    );
    assert!(error.contains("10 | domain = [\"home.example\"]\n   | ^^^^^^\n"), "{error}");

    let checked: Value =
        serde_json::from_slice(&simulate(&["--check", "--json", "--config", file]).stdout).unwrap();
    assert_eq!((&checked["sound"], &checked["line"]), (&false.into(), &10.into()));

    // The same words when it is started, and nothing runs.
    let started = simulate(&["--http", "0", "--https", "0", "--config", file]);
    assert_eq!(started.status.code(), Some(1));
    assert!(told(&started.stderr).contains(":10:1: unknown key `domain`"));
}

#[test]
fn doubts_are_warnings_and_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.toml");
    let minimal = told(&simulate(&["--world", "minimal", "--print-world"]).stdout);
    let (tenants, applications) = minimal.split_once("[[applications]]").unwrap();
    let without = tenants.split("[[tenants.service_principals]]").next().unwrap();
    std::fs::write(&file, format!("{without}[[applications]]{applications}")).unwrap();
    let file = file.to_str().unwrap();
    let checked = simulate(&["--check", "--config", file]);
    assert_eq!(checked.status.code(), Some(0));
    let expected = "warning: `My API` can be called by nobody: no tenant has a service principal of it";
    assert!(told(&checked.stdout).contains(expected), "{}", told(&checked.stdout));
    let checked: Value =
        serde_json::from_slice(&simulate(&["--check", "--json", "--config", file]).stdout).unwrap();
    assert_eq!((&checked["sound"], &checked["counts"]["tenants"]), (&true.into(), &1.into()));
    assert_eq!(checked["warnings"].as_array().unwrap().len(), 1);
}

#[test]
fn every_shipped_world_is_sound() {
    for (world, counts) in [("demo", "5 tenants"), ("minimal", "2 tenants"), ("large", "10005 tenants")] {
        let checked = simulate(&["--check", "--world", world]);
        assert!(told(&checked.stdout).starts_with(&format!("{world} is sound: {counts}")), "{world}");
        assert!(!told(&checked.stdout).contains("warning"), "{world}");
    }
}

#[test]
fn wrong_usage_is_refused() {
    for args in [
        &["--world", "huge"][..],
        &["--world", "demo", "--config", "world.toml"],
        &["--check", "--print-world"],
        &["--json"],
        &["--no-watch"],
        &["--http", "my-machine:9400"],
    ] {
        assert_eq!(simulate(args).status.code(), Some(2), "{args:?}");
    }
    let missing = simulate(&["--check", "--config", "no-such-world.toml"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(told(&missing.stderr).contains("cannot read `no-such-world.toml`"));
}

#[test]
fn other_machines_are_let_in_only_when_told_twice() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        for listener in ["--http", "--https"] {
            let other = if listener == "--http" { "--https" } else { "--http" };
            let refused = simulate(&[listener, address, other, "0"]);
            assert_eq!(refused.status.code(), Some(1), "{listener} {address}");
            let error = told(&refused.stderr);
            assert!(error.contains("--danger-reachable-from-other-machines"), "{error}");
        }
    }
}

#[test]
fn a_real_entra_host_is_never_posed_as() {
    for base in
        ["https://login.microsoftonline.com", "https://contoso.ciamlogin.com", "https://sts.windows.net"]
    {
        let refused = simulate(&["--http", "0", "--https", "0", "--public-base", base]);
        assert_eq!(refused.status.code(), Some(1), "{base}");
        assert!(told(&refused.stderr).contains("real identity provider"), "{base}");
    }
}

#[test]
fn completion_scripts_know_the_worlds() {
    for shell in ["bash", "zsh", "fish"] {
        let script = Command::cargo_bin("tenantry").unwrap().args(["completions", shell]).output().unwrap();
        let script = told(&script.stdout);
        assert!(
            script.contains("print-world") && script.contains("minimal") && script.contains("large"),
            "{shell}"
        );
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let written = Command::cargo_bin("tenantry").unwrap().arg("man").arg(folder.path()).output().unwrap();
    assert!(written.status.success(), "{}", told(&written.stderr));
    for page in ["tenantry.1", "tenantry-simulate.1", "tenantry-token-check.1", "tenantry-gate-run.1"] {
        let text = std::fs::read_to_string(folder.path().join(page)).unwrap();
        assert!(text.contains(".SH SYNOPSIS"), "{page}");
    }
    let in_the_way = folder.path().join("tenantry.1");
    let refused = Command::cargo_bin("tenantry").unwrap().arg("man").arg(in_the_way).output().unwrap();
    assert_eq!(refused.status.code(), Some(1), "a file is no folder");
}
