//! The executable, as an operator meets it. T-094, T-170.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use std::net::TcpListener;

use process::{LEAST, Server, run};
use tenantry_simulator::{TokenRequest, builtin};

#[path = "support/process.rs"]
mod process;
#[path = "support/simulator.rs"]
mod simulator;

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
