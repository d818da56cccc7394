//! The executable, as an operator meets it. T-094, T-170.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use tenantry_simulator::{TokenRequest, builtin};

#[path = "support/simulator.rs"]
mod simulator;

fn tasks(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tasks"));
    command.args(arguments).env_clear().envs(variables.iter().copied());
    command
}

fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = tasks(arguments, variables).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

const LEAST: [(&str, &str); 2] =
    [("AZURE_API_CLIENT_ID", builtin::API), ("ALLOWED_TENANT_IDS", builtin::CONTOSO)];

#[test]
fn help_lists_every_variable() {
    let (code, out, _) = run(&["--help"], &[]);
    assert_eq!(code, 0);
    for variable in tasks::VARIABLES {
        assert!(out.contains(variable.name), "{}", variable.name);
    }
}

#[test]
fn check_prints_the_configuration_without_secrets() {
    let database = ("DATABASE_URL", "postgres://u:s3cret@db.example/tasks");
    let (code, out, err) = run(&["--check"], &[LEAST[0], LEAST[1], database]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("DATABASE_URL=postgres://db.example/tasks\n") && !out.contains("s3cret"), "{out}");
}

/// T-170.
#[test]
fn a_variable_that_does_not_exist_is_named() {
    let (code, _, err) = run(&["--check"], &[LEAST[0], LEAST[1], ("TASKS_DEFUALT_ROLE", "Admin")]);
    assert_eq!(code, 0);
    assert!(err.contains("WARN") && err.contains("TASKS_DEFUALT_ROLE"), "{err}");
}

#[test]
fn impossible_orders_end_with_2_and_say_what_to_do() {
    for (arguments, variables, says) in [
        (&["--chekc"][..], &[][..], "--help"),
        (&[], &[], "AZURE_API_CLIENT_ID"),
        (&[], &LEAST[..1], "ALLOWED_TENANT_IDS"),
        (&["--check"], &[LEAST[0], LEAST[1], ("ALLOW_ANY_TENANT", "true")], "unset one of the two"),
        (&["--check"], &[LEAST[0], LEAST[1], ("TASKS_LISTEN", "here")], "TASKS_LISTEN is `here`"),
    ] {
        let (code, out, err) = run(arguments, variables);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(says), "{err}");
    }
}

#[test]
fn a_taken_port_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let variables = [LEAST[0], LEAST[1], ("DATABASE_URL", "sqlite::memory:"), ("TASKS_LISTEN", &address)];
    let (code, _, err) = run(&[], &variables);
    assert_eq!(code, 1);
    assert!(err.contains(&address) && err.contains("taken by another program"), "{err}");
}

/// A running server; ended by the test, or with it.
struct Server {
    process: Child,
    log: BufReader<ChildStderr>,
    /// Everything logged up to the address.
    said: String,
    base: String,
}

impl Server {
    fn start(variables: &[(&str, &str)]) -> Self {
        let mut process = tasks(&[], variables).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap());
        let mut said = String::new();
        while !said.contains("http://127.0.0.1:") {
            assert_ne!(log.read_line(&mut said).unwrap(), 0, "ended early: {said}");
        }
        let port = said.trim_end().rsplit(':').next().unwrap();
        let base = format!("http://127.0.0.1:{port}");
        Self { process, log, said, base }
    }

    /// As a service manager does.
    fn end(&mut self) -> i32 {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut rest = String::new();
        while self.log.read_line(&mut rest).unwrap() > 0 {}
        self.process.wait().unwrap().code().expect("an exit code, not a signal")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn it_serves_and_ends_when_told() {
    let authority = simulator::simulator().base().to_owned();
    let directory = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", directory.path().join("data").display());
    let variables = [
        LEAST[0],
        LEAST[1],
        ("AZURE_AUTHORITY_HOST", &authority),
        ("DATABASE_URL", &database),
        ("TASKS_LISTEN", "127.0.0.1:0"),
    ];
    let admin = TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN).audience(builtin::API);
    let token = simulator::token(&admin);
    let client = reqwest::Client::new();
    for round in 0..2 {
        let mut server = Server::start(&variables);
        assert!(!server.said.contains("every organisation"), "{}", server.said);
        let tasks = format!("{}/api/tasks", server.base);
        let new = client.post(&tasks).bearer_auth(&token).header("content-type", "application/json");
        assert_eq!(new.body(r#"{"title":"kept"}"#).send().await.unwrap().status(), 201);
        let list: serde_json::Value =
            client.get(&tasks).bearer_auth(&token).send().await.unwrap().json().await.unwrap();
        assert_eq!(list.as_array().unwrap().len(), round + 1, "tasks outlive the process");
        assert_eq!(server.end(), 0);
    }
}

/// Row 101: a build for tests is as tight as any other until the variable is set, and then says so.
#[cfg(feature = "test-layers")]
#[tokio::test]
async fn a_wall_that_is_down_is_told_at_start() {
    let authority = simulator::simulator().base().to_owned();
    for (off, loud) in [("", false), ("tenant-column", true)] {
        let mut server = Server::start(&[
            LEAST[0],
            LEAST[1],
            ("AZURE_AUTHORITY_HOST", &authority),
            ("DATABASE_URL", "sqlite::memory:"),
            ("TASKS_LISTEN", "127.0.0.1:0"),
            ("TASKS_TEST_LAYERS_OFF", off),
        ]);
        let told =
            server.said.contains("ERROR") && server.said.contains("TASKS_TEST_LAYERS_OFF=tenant-column");
        assert_eq!(told, loud, "{}", server.said);
        assert_eq!(server.end(), 0);
    }
}

/// T-094: loud.
#[tokio::test]
async fn open_mode_warns_at_start() {
    let authority = simulator::simulator().base().to_owned();
    let mut server = Server::start(&[
        LEAST[0],
        ("ALLOW_ANY_TENANT", "true"),
        ("AZURE_AUTHORITY_HOST", &authority),
        ("DATABASE_URL", "sqlite::memory:"),
        ("TASKS_LISTEN", "127.0.0.1:0"),
    ]);
    assert!(
        server.said.contains("WARN") && server.said.contains("every organisation in the world"),
        "{}",
        server.said
    );
    assert_eq!(server.end(), 0);
}
