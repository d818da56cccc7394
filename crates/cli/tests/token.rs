//! `tenantry token check|explain` against a simulator: rows 107 and 108, exit codes, and what must not be printed.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::fs;

use assert_cmd::Command;
use serde_json::{Value, json};
use tenantry_simulator::{Fault, FaultKind, SignWith, Simulator, TokenRequest, builtin};

struct World {
    simulator: Simulator,
    // Serves the simulator while commands run.
    _runtime: tokio::runtime::Runtime,
}

impl World {
    fn new() -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let simulator = runtime.block_on(Simulator::start()).unwrap();
        Self { simulator, _runtime: runtime }
    }

    fn token(&self, request: &TokenRequest) -> String {
        self.simulator.mint(request).unwrap().token
    }

    fn command(&self, verb: &str) -> Command {
        let mut command = tenantry();
        command.args(["token", verb, "--authority", self.simulator.base(), "--audience", builtin::API]);
        command.args(["--tenant", builtin::CONTOSO]);
        command
    }
}

fn tenantry() -> Command {
    let mut command = Command::cargo_bin("tenantry").unwrap();
    command.env_remove("RUST_LOG").env_remove("TENANTRY_CONFIG").env_remove("AZURE_AUTHORITY_HOST");
    command
}

fn good() -> TokenRequest {
    TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN).audience(builtin::API)
}

#[test]
fn exit_codes_tell_accepted_from_refused_from_unknown() {
    let world = World::new();
    let accepted = world.command("check").write_stdin(world.token(&good())).assert().code(0);
    assert_eq!(String::from_utf8_lossy(&accepted.get_output().stdout), "accepted\n");

    let expired = world.token(&good().lifetime_s(-600));
    for scheme in ["Bearer ", "bearer  ", "BEARER\t", ""] {
        let refused = world.command("check").write_stdin(format!("{scheme}{expired}\n")).assert().code(2);
        let told = String::from_utf8_lossy(&refused.get_output().stdout).into_owned();
        assert!(told.starts_with("refused (expired): expired at "), "{scheme:?}: {told}");
    }
    let basic =
        world.command("check").write_stdin(format!("Basic {}", world.token(&good()))).assert().code(2);
    assert!(String::from_utf8_lossy(&basic.get_output().stdout).contains("malformed"));

    world.simulator.set_faults(vec![Fault { kind: Some(FaultKind::Outage), ..Fault::default() }]).unwrap();
    world.command("check").write_stdin(world.token(&good())).assert().code(1);
    world.command("check").write_stdin("").assert().code(1);
    tenantry().args(["token", "check", "a.b.c"]).assert().code(1);
    tenantry().args(["token", "judge"]).assert().code(2);
}

/// Row 108: ten steps, what was expected, what was seen, and what to do.
#[test]
fn explain_walks_the_ten_steps() {
    let world = World::new();
    let rogue = world
        .token(&TokenRequest::for_user(builtin::NORTHWIND, builtin::NORTHWIND_ADMIN).audience(builtin::API));
    let told = world.command("explain").arg("--json").write_stdin(rogue).assert().code(2);
    let told: Value = serde_json::from_slice(&told.get_output().stdout).unwrap();
    let outcomes: Vec<_> =
        told["steps"].as_array().unwrap().iter().map(|step| step["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes[..4], ["passed", "passed", "passed", "refused"]);
    assert!(outcomes[4..].iter().all(|outcome| *outcome == "not_reached") && outcomes.len() == 10);
    assert_eq!(told["verdict"], "tenant");
    assert!(told["steps"][3]["seen"].as_str().unwrap().contains(builtin::NORTHWIND));
    assert!(told["advice"].as_str().unwrap().contains("allow-list"));
}

/// T-007: a stranger's token makes us ask for nothing, not even at a desk.
#[test]
fn no_keys_are_fetched_for_a_stranger() {
    let world = World::new();
    let rogue = world
        .token(&TokenRequest::for_user(builtin::NORTHWIND, builtin::NORTHWIND_ADMIN).audience(builtin::API));
    world.simulator.clear_requests();
    world.command("explain").write_stdin(rogue).assert().code(2);
    assert_eq!(world.simulator.requests().requests.len(), 0);
    world.command("explain").write_stdin(world.token(&good())).assert().code(0);
    assert!(!world.simulator.requests().requests.is_empty());
}

/// T-113: what a stranger wrote reaches no terminal as it is.
#[test]
fn hostile_claims_are_escaped() {
    let world = World::new();
    let hostile =
        world.token(&good().claim("aud", json!("\u{1b}[2J\r\nfake: accepted")).sign_with(SignWith::OtherKey));
    let told = world.command("explain").write_stdin(hostile).assert().code(2);
    let printed = String::from_utf8_lossy(&told.get_output().stdout).into_owned();
    assert!(
        printed.contains("\\u{1b}[2J\\r\\n") && !printed.contains('\u{1b}') && !printed.contains('\r'),
        "{printed}"
    );
}

#[test]
fn keys_and_rules_come_from_files_too() {
    let world = World::new();
    let dir = tempfile::tempdir().unwrap();
    let (config, token) = (dir.path().join("tenantry.toml"), dir.path().join("token.txt"));
    fs::write(&token, world.token(&good())).unwrap();
    let toml = format!(
        "[auth]\naudiences = [\"{}\"]\ntenants = [\"{}\"]\n[[auth.authority]]\ncustom = \"{}\"\n",
        builtin::API,
        builtin::CONTOSO,
        world.simulator.base()
    );
    fs::write(&config, toml).unwrap();
    let by_config = |command: &mut Command| {
        command
            .args(["token", "check", "--config"])
            .arg(&config)
            .arg(format!("@{}", token.display()))
            .assert()
    };
    by_config(&mut tenantry()).code(0);
    by_config(tenantry().env("NO_COLOR", "1")).code(0);

    let keys = dir.path().join("keys.json");
    fs::write(&keys, r#"{"keys":[]}"#).unwrap();
    let offline =
        world.command("check").arg("--jwks").arg(&keys).arg(format!("@{}", token.display())).assert().code(2);
    assert!(String::from_utf8_lossy(&offline.get_output().stdout).contains("unknown_key"));
}

#[test]
fn config_check_names_the_mistake() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("tenantry.toml");
    fs::write(&path, "[auth]\naudiences = []\ntenant = []\n").unwrap();
    let refused = tenantry().args(["config", "check"]).arg(&path).assert().code(2);
    assert!(String::from_utf8_lossy(&refused.get_output().stderr).contains("tenant"));
    let json = tenantry().args(["config", "check", "--json"]).arg(&path).assert().code(2);
    assert_eq!(serde_json::from_slice::<Value>(&json.get_output().stdout).unwrap()["sound"], false);
    tenantry().args(["config", "check"]).arg(dir.path().join("missing.toml")).assert().code(2);
    tenantry().args(["config", "show"]).arg(dir.path().join("missing.toml")).assert().code(1);
}
