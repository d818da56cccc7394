//! `gate run`: each way in which it can end.

use tenantry_gate::{Finding, Outcome, Verdict};
use tenantry_simulator::Simulator;

use super::support::{Folder, WITHOUT_WAITING, failed, gate, verdicts};

#[test]
fn tasks_hold_every_attack() {
    let folder = Folder::with_target("tasks");
    let (code, report) = folder.report(&[]);
    assert_eq!(failed(&report), [""; 0]);
    assert_eq!((code, verdicts(&report)), (0, [Verdict::Passed, Verdict::NotProven, Verdict::NotProven]));
    assert!(report.counts().held > 140, "{:?}", report.counts());
}

#[test]
fn an_open_door_forbids_promotion() {
    let folder = Folder::with_target("any-tenant");
    let ended = folder.gate(WITHOUT_WAITING).ends(2);
    ended.says("tenancy/rogue-tenant").says("Must not be promoted");
    let (code, report) = folder.report(&[WITHOUT_WAITING, &["--fail-on", "critical"]].concat());
    assert_eq!((code, verdicts(&report)[0]), (2, Verdict::Failed), "{:?}", failed(&report));
}

/// Seed 000 asks for 401. A team may call 403 a refusal, and its cases hold; the gate says no all the same.
#[test]
fn a_rogue_tenant_has_to_get_401() {
    let folder = Folder::with_target("tasks");
    let text = folder.read("gate.toml").replace("[api]", "[api]\nunlisted-tenant = [403]");
    let text = text.replace("TASKS_WELL_KNOWN", "TASKS_UNLISTED_TENANT_STATUS = \"403\"\nTASKS_WELL_KNOWN");
    folder.write("gate.toml", &text);
    let (code, report) = folder.report(&["--only", "tenancy/rogue-tenant"]);
    let gate = gate(&report, 1);
    assert_eq!((code, gate.verdict, failed(&report).len()), (2, Verdict::Failed, 0), "{gate:?}");
    assert!(gate.reasons[0].contains("has to get 401"), "{gate:?}");
}

/// T-161: refusing everything is no way to pass.
#[test]
fn a_target_that_refuses_everybody_must_not_be_promoted() {
    let (code, report) = Folder::with_target("refuses").report(&[]);
    assert_eq!(code, 2);
    assert!(report.results.iter().any(|result| result.outcome == Outcome::Failed(Finding::RefusedGood)));
}

/// T-162: whatever did not run has not passed.
#[test]
fn what_could_not_be_told_is_no_pass() {
    let folder = Folder::with_target("tasks");
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    folder.gate(&["--url", &format!("http://{nobody}")]).ends(1).says("does not answer");
    folder.gate(&["--simulator", &format!("http://{nobody}")]).ends(1).says("simulator");
    folder.gate(&["--only", "tenancy/no-such-case"]).ends(1).says("no case is selected");
    folder.gate(&["--target", "nowhere.toml"]).ends(1).says("tenantry gate init");
    folder.gate(&["--only", "control", "--out", "part"]).ends(1).says("were not selected");
    assert!(folder.has("part/report.json"), "what ran is written all the same");
    folder.gate(&[WITHOUT_WAITING, &["--only", "control", "--all-gates"]].concat()).ends(1);
    folder.gate(&["--skip", "control"]).ends(2).says("NAME=REASON");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let folder = Folder::with_target("tasks");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ended = folder.gate(&["--simulator-http", &address]).ends(1);
    ended.says("is taken").says("--simulator-http");
    folder.gate(&["--simulator-http", "0.0.0.0:0"]).ends(1).says("other machines");
}

#[test]
fn nothing_is_left_after_a_command_that_does_not_start() {
    let folder = Folder::with_target("tasks");
    let text = folder.read("gate.toml").replace("served_when_asked", "no_such_test");
    folder.write("gate.toml", &text);
    folder.gate(&[]).ends(1).says("does not start");
}

/// An API that no world has heard of is registered with the simulator in use, and so are tenants named by id.
#[tokio::test(flavor = "multi_thread")]
async fn a_simulator_that_runs_already_learns_the_api() {
    let simulator = Simulator::start().await.unwrap();
    let base = simulator.base().to_owned();
    let folder = Folder::with_target("tasks");
    let (id, tenant) = ("0de0de00-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-00000000000a");
    let text = folder.read("gate.toml").replace(tenantry_simulator::builtin::API, id);
    let text = text.replace(super::support::HOME, tenant).replace(
        "[[probe]]\npath = \"/api/tasks\"",
        &format!(
            "[tenants]\nlisted = [\"{tenant}\", \"fabrikam.example\"]\n[[probe]]\npath = \"/api/tasks\""
        ),
    );
    folder.write("gate.toml", &text);
    let ended = tokio::task::spawn_blocking(move || {
        folder.gate(&[WITHOUT_WAITING, &["--simulator", &base]].concat()).ends(0)
    });
    let ended = ended.await.unwrap();
    ended.says(&format!("added to its world: API {id}")).says(&format!("tenant {tenant}"));
}

/// Frameworks that take no plain HTTP trust the other listener, by a file that `{ca}` names.
#[test]
fn a_target_may_trust_the_https_listener() {
    let folder = Folder::with_target("tasks");
    let text = folder.read("gate.toml").replace("[simulator]", "[simulator]\nauthority = \"https\"");
    folder
        .write("gate.toml", &text.replace("TASKS_WELL_KNOWN", "TASKS_CA_FILE = \"{ca}\"\nTASKS_WELL_KNOWN"));
    let (_, report) = folder.report(&["--only", "control"]);
    assert_eq!(failed(&report), [""; 0]);
    assert!(report.authority.starts_with("https://"), "{}", report.authority);
}

/// T-165: the same number gives the same attacks, and the same verdicts.
#[test]
fn two_runs_are_equal() {
    let folder = Folder::with_target("tasks");
    let args = &[WITHOUT_WAITING, &["--only", "tenancy,kind", "--seed", "7"]].concat();
    let [one, other] = [0, 1].map(|_| folder.report(args).1);
    let told = |report: &tenantry_gate::Report| {
        let of_result = |result: &tenantry_gate::CaseResult| (result.id.clone(), result.outcome.clone());
        report.results.iter().map(of_result).collect::<Vec<_>>()
    };
    assert_eq!(told(&one), told(&other));
}

/// Ctrl-C ends target and simulator with it, and proves nothing.
#[cfg(unix)]
#[test]
fn an_interrupted_run_proves_nothing() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Command, Stdio};

    let folder = Folder::with_target("tasks");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenantry"));
    command.args(["gate", "run"]).current_dir(folder.path()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    let mut target = String::new();
    while !target.contains("started") {
        target.clear();
        assert!(lines.read_line(&mut target).unwrap() > 0, "it ended before it had started anything");
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let mut rest = String::new();
    lines.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{rest}");
    assert!(rest.contains("nothing was proven"), "{rest}");
    let address = target.rsplit("http://").next().unwrap().trim().trim_end_matches("\u{1b}[0m").to_owned();
    // A killed process is gone when the system gets round to it.
    let listens = || std::net::TcpStream::connect(&address).is_ok();
    let pause = std::time::Duration::from_millis(100);
    let gone = (0..50).any(|_| {
        !listens() || {
            std::thread::sleep(pause);
            false
        }
    });
    assert!(gone, "the target still listens at {address}");
}
