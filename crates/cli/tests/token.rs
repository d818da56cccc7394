//! `tenantry token check|explain` against a simulator: rows 107 and 108, exit codes, and what must not be printed.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::{
    fs,
    path::{Path, PathBuf},
};

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

    fn down(&self) {
        self.simulator.set_faults(vec![Fault { kind: Some(FaultKind::Outage), ..Fault::default() }]).unwrap();
    }

    /// Writes `tenantry.toml`: this simulator, the API's audience, and `more` lines of `[auth]` and `[keys]`.
    fn config(&self, dir: &Path, auth: &str, keys: &str) -> PathBuf {
        let (path, audience, base) = (dir.join("tenantry.toml"), builtin::API, self.simulator.base());
        let auth = format!(
            "[auth]\naudiences = [\"{audience}\"]\n{auth}\n[[auth.authority]]\ncustom = \"{base}\"\n"
        );
        fs::write(&path, format!("{auth}[keys]\n{keys}\n")).unwrap();
        path
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

/// The line that lets one tenant in.
fn only(tenant: &str) -> String {
    format!("tenants = [\"{tenant}\"]")
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

    world.down();
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
    let token = dir.path().join("token.txt");
    fs::write(&token, world.token(&good())).unwrap();
    let config = world.config(dir.path(), &only(builtin::CONTOSO), "");
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

/// Flags come first, then the file that the environment names; `AZURE_AUTHORITY_HOST` is no more than a default.
#[test]
fn flags_come_before_the_environment() {
    let world = World::new();
    let dir = tempfile::tempdir().unwrap();
    let for_contoso = world.config(dir.path(), &only(builtin::CONTOSO), "");
    let token = world.token(&good());
    let with_both = |command: &mut Command, host: &str| {
        command.env("TENANTRY_CONFIG", &for_contoso).env("AZURE_AUTHORITY_HOST", host);
        command.write_stdin(token.clone()).output().unwrap().status.code()
    };
    let check = || {
        let mut command = tenantry();
        command.args(["token", "check"]);
        command
    };
    assert_eq!(with_both(&mut check(), "https://login.example.test"), Some(0), "the file, not the host");
    assert_eq!(
        with_both(check().arg("--config").arg(&for_contoso), "https://x.test"),
        Some(0),
        "named twice"
    );
    let flags = ["--audience", builtin::API, "--tenant"];
    let base = world.simulator.base();
    assert_eq!(with_both(check().args(flags).arg(builtin::CONTOSO), base), Some(0), "the host, by default");
    assert_eq!(with_both(check().args(flags).arg(builtin::FABRIKAM), base), Some(2), "flags, not the file");
    assert_eq!(with_both(check().args(flags).arg(builtin::CONTOSO), ""), Some(2), "an empty host is none");
    assert_eq!(
        with_both(&mut world.command("check"), "https://x.test"),
        Some(0),
        "`--authority`, not the host"
    );
    assert_eq!(with_both(check().args(["--tenant", builtin::CONTOSO]), base), Some(1), "half the flags");

    let conflict = world.command("check").arg("--config").arg(&for_contoso).assert().code(2);
    assert!(String::from_utf8_lossy(&conflict.get_output().stderr).contains("cannot be used with"));
}

/// Row 25: who lets every organisation in can still ask why a token was refused. Personal accounts are none.
#[test]
fn open_configurations_judge_too() {
    let world = World::new();
    let dir = tempfile::tempdir().unwrap();
    let open = world.config(dir.path(), "open-to-every-tenant = \"yes-any-organisation\"", "");
    let verdict = |tenant, user| {
        let token = world.token(&TokenRequest::for_user(tenant, user).audience(builtin::API));
        let told =
            tenantry().args(["token", "check", "--json", "--config"]).arg(&open).write_stdin(token).output();
        serde_json::from_slice::<Value>(&told.unwrap().stdout).unwrap()["verdict"].clone()
    };
    assert_eq!(verdict(builtin::NORTHWIND, builtin::NORTHWIND_ADMIN), "accepted");
    assert_eq!(verdict(builtin::PERSONAL_ACCOUNTS, builtin::PERSONAL_USER), "tenant");
}

/// Row 22: `cache-dir` serves here too, but not what was fetched at a made-up time; and without it, why there are no keys.
#[test]
fn keys_are_kept_where_the_file_says() {
    let world = World::new();
    let dir = tempfile::tempdir().unwrap();
    let kept = dir.path().join("keys");
    let config =
        world.config(dir.path(), &only(builtin::CONTOSO), &format!("cache-dir = '{}'", kept.display()));
    let token = world.token(&good());
    let check = |more: &[&str]| {
        let mut command = tenantry();
        command.args(["token", "check", "--config"]).arg(&config).args(more);
        command.write_stdin(token.clone()).assert()
    };
    check(&["--now", "1"]).code(2);
    assert!(!kept.exists(), "a made-up time is not written down");
    check(&[]).code(0);
    world.down();
    check(&[]).code(0);

    fs::remove_dir_all(&kept).unwrap();
    let told = check(&["--json"]).code(1);
    let told: Value = serde_json::from_slice(&told.get_output().stdout).unwrap();
    assert_eq!(told["verdict"], "keys_unavailable");
    let why = told["keys_error"].as_str().unwrap().to_owned();
    assert!(why.starts_with(world.simulator.base()), "{why}");
    let told = check(&[]).code(1);
    assert!(String::from_utf8_lossy(&told.get_output().stdout).contains(&format!("why no keys: {why}")));
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
